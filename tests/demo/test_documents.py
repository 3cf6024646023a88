"""The demo city's document: its 31 articles, what they ask, and which of the schools have done it."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.access.actors import Actor
from app.domain.access.sign_in import actor_of_account, find_account
from app.domain.paging import PageRequest
from app.domain.quality.article_duties import list_article_coverage
from app.domain.quality.article_duties.shipped import ShippedDocument, shipped_document
from app.domain.quality.official_documents import list_official_documents, plain_number
from app.domain.quality.regulations import list_regulation_coverage
from app.sql import Connection
from tests.demo.conftest import Database
from tests.make import NOW

YEAR = 2025
"""The school year of what the demo city held."""


def test_the_shipped_document_is_whole() -> None:
    shipped = shipped_document()
    assert [each.number for each in shipped.articles] == list(range(1, 32))
    assert (shipped.document.issued_on, shipped.document.published_on) == (
        date(2013, 5, 7), date(2013, 6, 18),
    )  # fmt: skip
    numbers = [plain_number(each.number) for each in shipped.bases if each.number]
    assert numbers == ["国发201241", "教师20111", "岳办发20101"]
    with_duties = [each.number for each in shipped.articles if each.duties]
    with_data = [
        each.number for each in shipped.articles if any(duty.shown_by for duty in each.duties)
    ]
    assert sorted(set(range(1, 32)) - set(with_duties)) == [1, 2, 3, 6, 7, 8]
    assert with_data == with_duties
    assert all(duty.shown_by for each in shipped.articles for duty in each.duties)


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": 1},
        {"duties": [{"bearer": "county", "task": "学分", "rhythm": "yearly", "shown_by": "teachers_credited"}]},
        {"paragraph": 1},
    ],
)  # fmt: skip
def test_a_document_that_is_not_right_is_refused(wrong: dict[str, Any]) -> None:
    content = shipped_document().model_dump(mode="json", exclude_defaults=True)
    ShippedDocument.model_validate(content)
    content["articles"][1] |= wrong
    with pytest.raises(ValidationError):
        ShippedDocument.model_validate(content)


@pytest.fixture
async def bureau(city: Database) -> AsyncIterator[tuple[Connection, Actor]]:
    """A connection, and the city's administrator."""
    url = city.settings.database_url
    assert url is not None
    pool = await Pool.open(url, size=2, patience=10, statement_timeout=30)
    try:
        async with pool.connection() as db:
            account = await find_account(db, name="city.admin")
            assert account is not None
            yield db, await actor_of_account(db, account=account, now=NOW)
    finally:
        await pool.close()


async def test_every_article_says_whether_data_lie_behind_it(
    bureau: tuple[Connection, Actor],
) -> None:
    db, actor = bureau
    page = await list_official_documents(
        db, actor, page=PageRequest(), number="岳市教发〔2013〕18号"
    )
    (document,) = page.items
    assert (len(document["basis_ids"]), document["status"]) == (4, "in_force")
    rows = await list_article_coverage(
        db, actor, document_id=document["id"], school_year=YEAR, now=NOW
    )
    assert {row["number"] for row in rows} == set(range(1, 32))
    units = {
        bearer: {row["units"] for row in rows if row["bearer"] == bearer and row["shown_by"]}
        for bearer in ("city", "county", "school")
    }
    assert units == {"city": {1}, "county": {12}, "school": {24}}
    done = {(row["number"], row["shown_by"]): row["fulfilled"] for row in rows}
    assert done[31, "responsible_named"] == 24
    assert done[24, "regulations_complete"] == 24 // 6
    assert 0 < done[25, "teachers_credited"] <= 24
    assert done[27, "schools_designated"] == 1
    # Every duty is one that data shows; six articles are principles and aims and lay down none.
    assert {row["number"] for row in rows if row["shown_by"] is None} == {1, 2, 3, 6, 7, 8}


async def test_of_the_five_sets_each_bureau_has_a_count(bureau: tuple[Connection, Actor]) -> None:
    db, actor = bureau
    (city_id,) = actor.cities
    rows = await list_regulation_coverage(db, actor, unit_id=city_id, now=NOW)
    totals: dict[str, int] = {}
    for row in rows:
        totals[row["kind"]] = totals.get(row["kind"], 0) + row["with_it"]
    assert list(totals.values()) == [20, 16, 12, 8, 4]
