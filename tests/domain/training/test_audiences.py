from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, select
from sqlmodel import col

from app.domain.training.activities import Activity
from app.domain.training.activities.audience import AUDIENCE
from app.sql import Connection, Row, Statement
from tests.make import TODAY, City, make_activity, make_group
from tests.make_organisation import make_network

_MEANT = Statement(
    select(
        AUDIENCE.is_for(col(Activity.id), bindparam("addresses", type_=ARRAY(Uuid))),
        AUDIENCE.shown(col(Activity.id)).label("shown"),
    ).where(col(Activity.id) == bindparam("activity_id", type_=Uuid))
)


async def meant(db: Connection, activity: Row, *addresses: UUID) -> tuple[bool, Sequence[UUID]]:
    row = await db.one(_MEANT, activity_id=activity["id"], addresses=list(addresses))
    assert row is not None
    found, shown = row.values()
    return found, shown


async def test_a_group_stands_for_its_members_and_a_unit_must_be_named(
    db: Connection, city: City
) -> None:
    group = await make_group(db, city.school, city.teacher)
    activity = await make_activity(db, city.school, city.school_admin, group)
    assert await meant(db, activity, city.teacher["id"]) == (True, [group["id"]])
    assert await meant(db, activity, city.colleague["id"], city.school["id"]) == (
        False, [group["id"]],
    )  # fmt: skip


async def test_other_targets_take_the_place_of_the_first(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.county, city.county_admin)
    schools = sorted([city.school["id"], city.sibling["id"]])
    await AUDIENCE.replace(db, thing_id=activity["id"], targets=schools)
    assert await meant(db, activity, city.county["id"]) == (False, schools)
    assert (await meant(db, activity, city.sibling["id"]))[0]


async def test_a_network_stands_for_the_schools_of_the_day(db: Connection, city: City) -> None:
    network = await make_network(db, city.county, city.school)
    activity = await make_activity(db, city.county, city.county_admin)
    other = await make_activity(db, city.county, city.county_admin)
    for each in (activity, other):
        await AUDIENCE.replace(db, thing_id=each["id"], targets=[network["id"]])
    before = db.statements
    await AUDIENCE.expand_networks(db, thing_id=activity["id"], today=TODAY)
    await AUDIENCE.expand_networks(db, thing_id=activity["id"], today=TODAY)
    assert db.statements - before == 2
    assert (await meant(db, activity))[1] == sorted([network["id"], city.school["id"]])
    assert (await meant(db, other))[1] == [network["id"]]
