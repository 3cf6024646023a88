"""Regulations: versions of one title, marks of several, and which of the five sets are missing."""

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.errors import NotAllowed
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.domain.plain_text import TitleTooLongInPlain
from app.domain.quality import regulations
from app.domain.quality.regulations import (
    NewRegulation,
    NewRegulationVersion,
    RegulationKind,
    RegulationRepeal,
)
from app.domain.training.files import FileKeptInside, FileLinks, FileNotFound, NewFileLink
from app.sql import Connection, Row
from tests.make import NOW, TODAY, City, Person
from tests.make_documents import make_regulation
from tests.make_evidence import make_file

PAGE = PageRequest(limit=50)
TITLE = "二小校本研训制度"


def new(unit: Row, **more: Any) -> NewRegulation:
    given = {
        "unit_id": unit["id"], "kind": "school_teaching_research", "title": TITLE,
        "effective_from": "2014-09-01", "text": "一、指导思想",
    } | more  # fmt: skip
    return NewRegulation.model_validate(given)


async def make(db: Connection, by: Person, unit: Row, **more: Any) -> Row:
    return await regulations.create_regulation(db, by.actor, new=new(unit, **more), now=NOW)


async def add(db: Connection, by: Person, regulation: Row, since: str, **more: Any) -> Row:
    version = NewRegulationVersion.model_validate(
        {"effective_from": since, "text": "修订稿"} | more
    )
    return await regulations.add_regulation_version(
        db, by.actor, regulation_id=regulation["id"], new=version, now=NOW
    )


async def test_one_title_with_three_texts_is_three_versions(db: Connection, city: City) -> None:
    by = city.school_admin
    made = await make(db, by, city.school)
    await add(db, by, made, "2015-09-01", signed_by="元状第二小学")
    row = await add(db, by, made, "2016-09-01", changes="计划改为学期与学年")
    assert (row["version"], row["effective_from"], row["signed_by"]) == (3, date(2016, 9, 1), None)
    texts = await regulations.list_regulation_versions(
        db, city.teacher_account.actor, regulation_id=made["id"]
    )
    assert [(each["number"], each["signed_by"]) for each in texts] == [
        (1, None), (2, "元状第二小学"), (3, None),
    ]  # fmt: skip
    with pytest.raises(regulations.RegulationVersionEarlier):
        await add(db, by, made, "2016-08-31")


async def test_or_three_regulations_that_a_mark_tells_apart(db: Connection, city: City) -> None:
    by = city.school_admin
    await make(db, by, city.school)
    for same in (TITLE, "二小 校本研训制度"):
        with pytest.raises(regulations.RegulationTitleTaken):
            async with db.transaction():
                await make(db, by, city.school, title=same)
    for mark in ("（二）", "（三）"):
        await make(db, by, city.school, mark=mark)
    page = await regulations.list_regulations(db, by.actor, page=PAGE, unit_id=city.school["id"])
    assert [row["mark"] for row in page.items] == ["", "（二）", "（三）"]
    # Another school has its own.
    await make(db, city.sibling_admin, city.sibling)


async def test_missing_sets_are_told_by_school_and_by_bureau(db: Connection, city: City) -> None:
    for kind in RegulationKind:
        await make_regulation(db, city.school, city.school_admin, kind)
    await make_regulation(db, city.sibling, city.sibling_admin, RegulationKind.MANAGEMENT)
    gone = await make_regulation(db, city.sibling, city.sibling_admin, RegulationKind.INCENTIVES)
    await regulations.repeal_regulation(
        db, city.sibling_admin.actor, regulation_id=gone["id"], repeal=RegulationRepeal(), now=NOW
    )
    kinds = [kind.value for kind in RegulationKind]

    async def missing(person: Person, unit: Row) -> dict[Any, list[str]]:
        before = db.statements
        rows = await regulations.list_missing_regulations(
            db, person.actor, unit_id=unit["id"], now=NOW
        )
        assert db.statements - before == 2
        return {row["unit_id"]: row["missing"] for row in rows}

    without = [kind for kind in kinds if kind != "management"]
    assert await missing(city.county_admin, city.county) == {city.sibling["id"]: without}
    assert await missing(city.school_admin, city.school) == {}
    everywhere = await missing(city.city_admin, city.city)
    assert everywhere.keys() == {
        city.sibling["id"], city.far_school["id"], city.direct_school["id"]
    }  # fmt: skip
    assert everywhere[city.far_school["id"]] == kinds
    with pytest.raises(UnitNotFound):
        await missing(city.school_admin, city.sibling)
    rows = await regulations.list_regulation_coverage(
        db, city.city_admin.actor, unit_id=city.city["id"], now=NOW
    )
    counted = {(row["unit_id"], row["kind"]): (row["schools"], row["with_it"]) for row in rows}
    assert len(rows) == 3 * 5
    assert counted[city.county["id"], "management"] == (2, 2)
    assert counted[city.county["id"], "incentives"] == (2, 1)
    assert counted[city.city["id"], "management"] == (1, 0)


async def test_what_was_repealed_is_changed_no_more(db: Connection, city: City) -> None:
    by = city.school_admin
    made = await make(db, by, city.school)
    repeal = RegulationRepeal(on=TODAY + timedelta(days=1))
    key = {"regulation_id": made["id"], "repeal": repeal, "now": NOW}
    with pytest.raises(NotAllowed):
        await regulations.repeal_regulation(db, city.auditor.actor, **key)
    await regulations.repeal_regulation(db, by.actor, **key)
    with pytest.raises(regulations.RegulationRepealed):
        await regulations.repeal_regulation(db, by.actor, **key)
    with pytest.raises(regulations.RegulationRepealed):
        await add(db, by, made, "2026-09-01")
    for day, expected in ((TODAY, 1), (TODAY + timedelta(days=1), 0), (date(2014, 8, 31), 0)):
        page = await regulations.list_regulations(db, by.actor, page=PAGE, in_force_on=day)
        assert len(page.items) == expected, day


async def test_the_text_in_force_holds_until_the_next_does(db: Connection, city: City) -> None:
    by = city.school_admin
    made = await make(db, by, city.school)
    await add(db, by, made, (TODAY + timedelta(days=30)).isoformat())
    page = await regulations.list_regulations(db, by.actor, page=PAGE, in_force_on=TODAY)
    assert [row["in_force"] for row in page.items] == [True]


async def test_what_has_not_begun_is_missing(db: Connection, city: City) -> None:
    by, begins = city.school_admin, TODAY + timedelta(days=30)
    made = await make(db, by, city.school, effective_from=begins.isoformat())
    assert made["in_force"] is False
    for now, lacks in ((NOW, True), (NOW + timedelta(days=30), False)):
        rows = await regulations.list_missing_regulations(
            db, by.actor, unit_id=city.school["id"], now=now
        )
        assert [made["kind"] in row["missing"] for row in rows] == [lacks]


async def test_a_title_of_joined_characters_is_refused_where_it_is_too_long(
    db: Connection, city: City
) -> None:
    with pytest.raises(TitleTooLongInPlain):
        await make(db, city.school_admin, city.school, title="㍿" * 60)


async def test_who_reads_them(db: Connection, city: City) -> None:
    made = await make(db, city.school_admin, city.school)
    key = {"regulation_id": made["id"]}
    for person in (city.teacher_account, city.county_admin, city.auditor):
        assert (await regulations.get_regulation(db, person.actor, **key))["title"] == TITLE
    own = await regulations.list_own_regulations(db, city.teacher_account.actor, page=PAGE)
    assert [row["id"] for row in own.items] == [made["id"]]
    for person in (city.sibling_admin, city.sibling_teacher_account, city.other_county_admin):
        with pytest.raises(regulations.RegulationNotFound):
            await regulations.get_regulation(db, person.actor, **key)


@pytest.mark.parametrize(
    "bad", [{"text": None}, {"title": "——"}, {"effective_from": "9999-12-31"}, {"kind": "sports"}]
)
def test_a_regulation_that_cannot_be_meant(bad: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        new({"id": "01890000-0000-7000-8000-000000000000"}, **bad)


async def test_whoever_reads_a_regulation_opens_its_text(db: Connection, city: City) -> None:
    by, links = city.school_admin, FileLinks(b"k" * 32)
    plain = await make_file(db, city.school, by)
    pupils = await make_file(db, city.school, by, shows_pupils=True)
    made = await make(db, by, city.school, file_id=str(plain["id"]), text=None)
    await add(db, by, made, "2015-09-01", file_id=str(pupils["id"]))
    await add(db, by, made, "2016-09-01")

    async def opened(person: Person, number: int) -> str:
        link = await regulations.create_regulation_file_link(
            db, person.actor, regulation_id=made["id"], number=number, new=NewFileLink(),
            links=links, now=NOW,
        )  # fmt: skip
        return str(link["url"])

    for person in (by, city.teacher_account, city.county_admin):
        assert str(plain["id"]) in await opened(person, 1)
        for number in (3, 4):
            with pytest.raises(FileNotFound):
                await opened(person, number)
    for person in (by, city.teacher_account):
        assert str(pupils["id"]) in await opened(person, 2)
    with pytest.raises(FileKeptInside):
        await opened(city.county_admin, 2)
    with pytest.raises(regulations.RegulationNotFound):
        await opened(city.sibling_admin, 1)
