"""One piece of work of each kind of demonstration schools and model cases, for tests."""

from datetime import timedelta

from app.domain.access.roles import Role
from app.sql import Connection
from tests.made import Made
from tests.make import NOW, City, make_account
from tests.make_demonstrations import (
    appoint,
    hand_in,
    make_adoption,
    make_application,
    make_awarded,
    make_call,
    make_experts,
    make_objected,
    make_public,
    make_published_case,
    make_returned_case,
    make_submitted_case,
    make_title_appealed,
    make_under_review,
)


async def demonstration_to_recommend(db: Connection, city: City) -> Made:
    call = await make_call(db, city.city, city.city_admin)
    row = await make_application(db, call, city.school, city.school_admin)
    await hand_in(db, row, city.school_admin)
    return Made(row["id"], city.county_admin, city.county["id"])


async def demonstration_to_appraise(db: Connection, city: City) -> Made:
    row = await make_under_review(db, city)
    [expert] = await make_experts(db, city, 1)
    await appoint(db, row, city.city_admin, expert)
    return Made(row["id"], expert, city.city["id"])


async def demonstration_to_decide(db: Connection, city: City) -> Made:
    row = await make_under_review(db, city, of_county=True)
    return Made(row["id"], city.county_admin, city.county["id"])


async def demonstration_objection_to_decide(db: Connection, city: City) -> Made:
    row = await make_objected(db, city, city.teacher_account, of_county=True)
    other = await make_account(db, "county.second", Role.COUNTY_ADMIN, city.county)
    return Made(row["id"], other, city.county["id"])


async def demonstration_to_award(db: Connection, city: City) -> Made:
    row = await make_public(db, city, of_county=True, now=NOW - timedelta(days=8))
    return Made(row["id"], city.county_admin, city.county["id"])


async def demonstration_to_reevaluate(db: Connection, city: City) -> Made:
    row = await make_awarded(db, city, of_county=True, now=NOW - timedelta(days=700), term_years=2)
    return Made(row["id"], city.county_admin, city.county["id"])


async def demonstration_appeal_to_decide(db: Connection, city: City) -> Made:
    row = await make_title_appealed(db, city, of_county=True)
    other = await make_account(db, "county.second", Role.COUNTY_ADMIN, city.county)
    return Made(row["id"], other, city.county["id"])


async def model_case_to_review(db: Connection, city: City) -> Made:
    row = await make_submitted_case(db, city.school, city.school_admin)
    return Made(row["id"], city.county_admin, city.county["id"])


async def model_case_to_revise(db: Connection, city: City) -> Made:
    row = await make_returned_case(db, city)
    return Made(row["id"], city.school_admin, city.school["id"])


async def model_adoption_to_report(db: Connection, city: City) -> Made:
    case = await make_published_case(db, city)
    row = await make_adoption(db, case, city.sibling, city.sibling_admin)
    return Made(row["id"], city.sibling_admin, city.sibling["id"])
