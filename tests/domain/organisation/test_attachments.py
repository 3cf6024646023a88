import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from app.database.pool import Pool
from app.domain.access.grants import NewGrant, grant_role, list_grants
from app.domain.access.roles import Role
from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.attachments import (
    AttachmentCircle,
    AttachmentEnd,
    AttachmentExists,
    AttachmentNotFound,
    NewAttachment,
    attach_unit,
    attachments_of,
    end_attachment,
    list_attachments,
)
from app.domain.organisation.facts import DayInFuture, FactEnded, FactNotLater
from app.domain.organisation.units import Level, NotASchool, UnitNotFound
from app.domain.paging import PageRequest
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, TODAY, City, Person, make_city, make_unit

ALL = PageRequest(limit=100)
SINCE = TODAY - timedelta(days=100)


async def attach(
    db: Connection, by: Person, unit: Row, head: Row, kind: str = "campus", **more: Any
) -> Row:
    fields = {"head_id": head["id"], "kind": kind, "valid_from": SINCE} | more
    new = NewAttachment.model_validate(fields)
    return await attach_unit(db, by.actor, unit_id=unit["id"], new=new, now=NOW)


async def end(db: Connection, by: Person, attachment: Row, **more: Any) -> Row:
    later = NOW + timedelta(days=2)
    return await end_attachment(
        db, by.actor, attachment_id=attachment["id"], end=AttachmentEnd(**more), now=later
    )


async def test_a_school_belongs_to_another_and_is_supervised_as_before(
    db: Connection, city: City
) -> None:
    by = city.county_admin
    made = await attach(db, by, city.sibling, city.school, "teaching_point")
    assert (made["unit_id"], made["head_id"]) == (city.sibling["id"], city.school["id"])
    await attach(db, by, city.sibling, city.school, "education_group")
    shown = await list_attachments(db, by.actor, page=ALL, head_id=city.school["id"], as_of=TODAY)
    assert len(shown.items) == 2
    # What it is attached to gives the head school nothing: that is granted, or not.
    own = await list_attachments(db, city.school_admin.actor, page=ALL)
    assert own.items == []
    await end(db, by, made, on=TODAY)
    for day, number in ((TODAY - timedelta(1), 2), (TODAY, 1)):
        found = await list_attachments(db, by.actor, page=ALL, as_of=day)
        assert len(found.items) == number
    edges = await attachments_of(db, by.actor, unit_ids=[city.sibling["id"], city.school["id"]])
    assert [len(rows) for rows in edges.values()] == [2, 0]
    with pytest.raises(FactEnded):
        await end(db, by, made, on=TODAY)


async def test_the_superior_lets_the_head_school_administer_and_it_ends_with_the_attachment(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    by, account_id = city.county_admin, city.school_admin.actor.account_id
    made = await attach(db, by, city.sibling, city.school)
    new = NewGrant(role=Role.SCHOOL_ADMIN, subject_id=city.sibling["id"])
    await grant_role(db, by.actor, account_id=account_id, new=new, now=NOW - timedelta(days=5))
    version = "SELECT security_version FROM account WHERE id = $1"
    before = await driver.fetchval(version, account_id)
    await end(db, by, made)
    grants = await list_grants(db, by.actor, account_id=account_id)
    ends = {row["subject_id"]: row["valid_to"] for row in grants}
    assert ends == {city.school["id"]: None, city.sibling["id"]: TODAY + timedelta(days=2)}
    assert await driver.fetchval(version, account_id) > before
    own = await list_grants(db, by.actor, account_id=city.sibling_admin.actor.account_id)
    assert [row["valid_to"] for row in own] == [None]


@pytest.mark.parametrize(
    ("who", "unit", "head", "more", "refusal"),
    [
        ("county_admin", "school", "school", {}, AttachmentCircle),
        ("county_admin", "school", "sibling", {}, AttachmentCircle),
        ("county_admin", "third", "sibling", {"kind": "education_group"}, AttachmentCircle),
        ("county_admin", "sibling", "third", {}, AttachmentExists),
        ("county_admin", "third", "county", {}, NotASchool),
        ("county_admin", "county", "school", {}, NotASchool),
        ("county_admin", "third", "far_school", {}, UnitNotFound),
        ("county_admin", "third", "school", {"valid_from": TODAY + timedelta(1)}, DayInFuture),
        ("school_admin", "school", "school", {}, NotAllowed),
    ],
)
async def test_what_is_refused(
    driver: asyncpg.Connection, db: Connection, city: City, who: str, unit: str, head: str,
    more: dict[str, Any], refusal: type[DomainError],
) -> None:  # fmt: skip
    # The sibling belongs to the school, and the school to the third one's group.
    third = await make_unit(db, "甲县第三小学", Level.SCHOOL, city.county)
    await attach(db, city.county_admin, city.sibling, city.school)
    await attach(db, city.county_admin, city.school, third, "education_group")
    known = {"third": third}
    with pytest.raises(refusal):
        async with db.transaction():
            await attach(
                db, getattr(city, who), known.get(unit) or getattr(city, unit),
                known.get(head) or getattr(city, head), **more,
            )  # fmt: skip
    assert await driver.fetchval("SELECT count(*) FROM unit_attachment") == 2


async def test_who_cannot_see_it_cannot_end_it(db: Connection, city: City) -> None:
    made = await attach(db, city.county_admin, city.sibling, city.school)
    with pytest.raises(AttachmentNotFound):
        await end(db, city.other_county_admin, made)
    with pytest.raises(NotAllowed):
        await end(db, city.sibling_admin, made)
    with pytest.raises(FactNotLater):
        await end(db, city.county_admin, made, on=SINCE - timedelta(1))


async def test_two_at_once_close_no_circle(real_pool: Pool, resources: Resources) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)

    async def one(unit: Row, head: Row) -> Row:
        async with real_pool.transaction() as db:
            return await attach(db, city.county_admin, unit, head)

    done = await asyncio.gather(
        one(city.school, city.sibling), one(city.sibling, city.school), return_exceptions=True
    )
    assert [type(each) for each in done if isinstance(each, Exception)] == [AttachmentCircle]


async def test_of_what_has_ended_neither_twice_nor_in_a_circle(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    by = city.county_admin
    made = await attach(db, by, city.sibling, city.school)
    await end(db, by, made, on=SINCE + timedelta(50))
    third = await make_unit(db, "甲县第三小学", Level.SCHOOL, city.county)
    meanwhile = SINCE + timedelta(20)
    for unit, head, refusal in (
        (city.sibling, third, AttachmentExists), (city.school, city.sibling, AttachmentCircle),
    ):  # fmt: skip
        with pytest.raises(refusal):
            async with db.transaction():
                await attach(db, by, unit, head, valid_from=meanwhile)
    await attach(db, by, city.school, city.sibling, valid_from=SINCE + timedelta(50))
    assert await driver.fetchval(
        "SELECT count(*) FROM unit_attachment WHERE superseded_at IS NULL"
    ) == 2  # fmt: skip
