"""When a reorganisation takes effect, what becomes of rights and codes, and who is told of it."""

from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from app.domain.access.grants import NewGrant, grant_role
from app.domain.access.roles import Role
from app.domain.organisation.attachments import NewAttachment, attach_unit
from app.domain.organisation.names_and_codes import (
    CodeKind,
    UnitCalled,
    UnitCodeTaken,
    code_units,
    name_units,
)
from app.domain.organisation.reorganisations import (
    Closure,
    Merger,
    Move,
    ReorganisationTooEarly,
    close_unit,
    list_reorganisations,
    merge_school,
    move_school,
)
from app.domain.organisation.units import Level
from app.sql import Connection
from tests.domain.organisation.reorganising import reorganise
from tests.make import NOW, TODAY, City, make_unit

DAY = timedelta(days=1)
CODE = "2143000001"


async def test_it_follows_what_was_reorganised_before(db: Connection, city: City) -> None:
    await reorganise(db, city, "city_admin", "move", "school", "other_county", effective_on=TODAY)
    for what, to in (("move", "county"), ("merge", "sibling")):
        with pytest.raises(ReorganisationTooEarly):
            async with db.transaction():
                await reorganise(
                    db, city, "city_admin", what, "school", to, effective_on=TODAY - DAY
                )
    await reorganise(db, city, "city_admin", "move", "school", "county", effective_on=TODAY)


@pytest.mark.parametrize("on", [date(1, 1, 1), TODAY - 31 * DAY])
async def test_nothing_is_reorganised_before_it_was_there(
    db: Connection, city: City, on: date
) -> None:
    """Neither the school that ends nor the one that takes it in."""
    for each in ("school", "sibling"):
        founded = NOW - 30 * DAY
        async with db.transaction():
            called = UnitCalled(getattr(city, each)["id"], "校", None, CodeKind.SCHOOL)
            await name_units(db, called=[called], now=founded)
        with pytest.raises(ReorganisationTooEarly):
            async with db.transaction():
                await reorganise(
                    db, city, "city_admin", "merge", "school", "sibling", effective_on=on
                )


async def test_a_school_closes_after_the_last_have_left_it(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    """That they were there is not unsaid by a day before they left."""
    empty = await make_unit(db, "空校", Level.SCHOOL, city.county)
    relation = "SELECT valid_to FROM employment WHERE school_id = $1 AND superseded_at IS NULL"
    await driver.execute(
        "INSERT INTO employment (id, teacher_id, school_id, valid_from, valid_to)"
        " VALUES (gen_random_uuid(), $1, $2, '2010-09-01', '2015-09-01')",
        city.teacher["id"], empty["id"],
    )  # fmt: skip
    actor = city.county_admin.actor
    early = Closure(effective_on=date(2015, 8, 31))
    with pytest.raises(ReorganisationTooEarly):
        async with db.transaction():
            await close_unit(db, actor, unit_id=empty["id"], closure=early, now=NOW)
    on = Closure(effective_on=date(2015, 9, 1))
    await close_unit(db, actor, unit_id=empty["id"], closure=on, now=NOW)
    assert await driver.fetchval(relation, empty["id"]) == date(2015, 9, 1)


async def test_a_code_is_void_for_ever_though_it_was_given_on_the_day_of_closing(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    empty = await make_unit(db, "空校", Level.SCHOOL, city.county)
    given: dict[str, Any] = {"since": TODAY, "now": NOW - DAY}
    code = (CodeKind.SCHOOL, CODE)
    await code_units(db, codes={empty["id"]: code}, **given)
    await close_unit(db, city.county_admin.actor, unit_id=empty["id"], closure=Closure(), now=NOW)
    row = await driver.fetchrow("SELECT * FROM unit_code WHERE superseded_at IS NULL")
    assert row is not None
    assert (row["unit_id"], row["valid_from"], row["valid_to"]) == (empty["id"], TODAY, TODAY + DAY)
    with pytest.raises(UnitCodeTaken):
        await code_units(db, codes={city.school["id"]: code}, **given)


async def test_what_the_head_schools_accounts_may_do_ends_when_it_is_merged(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    """The attachment ends with the head school, and the rights by which that administered it."""
    actor, account_id = city.city_admin.actor, city.school_admin.actor.account_id
    point = await make_unit(db, "教学点", Level.SCHOOL, city.county)
    attachment = NewAttachment.model_validate({"head_id": city.school["id"], "kind": "campus"})
    await attach_unit(db, actor, unit_id=point["id"], new=attachment, now=NOW)
    new = NewGrant(role=Role.SCHOOL_ADMIN, subject_id=point["id"])
    await grant_role(db, actor, account_id=account_id, new=new, now=NOW - 5 * DAY)
    version = "SELECT security_version FROM account WHERE id = $1"
    before = await driver.fetchval(version, account_id)
    merger = Merger(successor_id=city.sibling["id"])
    await merge_school(db, actor, unit_id=city.school["id"], merger=merger, now=NOW)
    held = await driver.fetch(
        "SELECT valid_to FROM role_grant WHERE subject_id = $1 AND superseded_at IS NULL",
        point["id"],
    )
    assert [row["valid_to"] for row in held] == [TODAY]
    assert await driver.fetchval(version, account_id) > before


async def test_of_a_superior_only_its_own_reorganisations_are_told(
    db: Connection, city: City
) -> None:
    """Which other schools came and went is for who may see the schools of that bureau."""
    move = Move(bureau_id=city.other_county["id"])
    await move_school(db, city.city_admin.actor, unit_id=city.sibling["id"], move=move, now=NOW)
    counts = {}
    for who in ("county_admin", "city_admin", "school_admin", "teacher_account"):
        found = await list_reorganisations(db, getattr(city, who).actor, unit_id=city.county["id"])
        counts[who] = len(found)
    assert counts == {"county_admin": 1, "city_admin": 1, "school_admin": 0, "teacher_account": 0}
    [own] = await list_reorganisations(db, city.sibling_admin.actor, unit_id=city.sibling["id"])
    assert own["to_id"] == city.other_county["id"]
