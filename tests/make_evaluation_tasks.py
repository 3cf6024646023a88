"""One piece of work of each kind of evaluations, for tests."""

from app.domain.access.roles import Role
from app.sql import Connection
from tests.made import Made
from tests.make import City, make_account
from tests.make_evaluations import (
    make_appealed,
    make_evaluation_of_school,
    make_handed_in,
    make_proved,
    make_rectification,
)


async def self_inspection_to_hand_in(db: Connection, city: City) -> Made:
    row = await make_evaluation_of_school(db, city)
    return Made(row["id"], city.school_admin, city.school["id"])


async def evaluation_to_publish(db: Connection, city: City) -> Made:
    row = await make_handed_in(db, city)
    return Made(row["id"], city.county_admin, city.county["id"])


async def evaluation_appeal_to_decide(db: Connection, city: City) -> Made:
    row = await make_appealed(db, city)
    other = await make_account(db, "county.second", Role.COUNTY_ADMIN, city.county)
    return Made(row["id"], other, city.county["id"])


async def rectification_to_prove(db: Connection, city: City) -> Made:
    row = await make_rectification(db, city)
    return Made(row["id"], city.school_admin, city.school["id"])


async def rectification_to_conclude(db: Connection, city: City) -> Made:
    row = await make_proved(db, city)
    return Made(row["id"], city.county_admin, city.county["id"])
