"""One piece of work of each kind of rewards, penalties, inputs to pay and follow-ups, for tests."""

from datetime import timedelta

from app.domain.paging import PageRequest
from app.domain.quality.pay_sheets import PayObjection, list_pay_lines, object_to_pay_line
from app.sql import Connection, Row
from tests.made import Made
from tests.make import NOW, City
from tests.make_incentives import (
    make_appealed,
    make_assessment,
    make_follow_up,
    make_penalty,
    make_published,
    make_rule,
    make_scheme,
    make_second,
    make_sheet,
    propose,
    raise_objection,
)


async def penalty_to_answer(db: Connection, city: City) -> Made:
    row = await make_penalty(db, city)
    return Made(row["id"], city.teacher_account, city.teacher["id"])


async def incentive_to_decide(db: Connection, city: City) -> Made:
    rule = await make_rule(db, city.school_admin, city.school)
    row = await propose(db, await make_second(db, city), city.teacher, rule)
    return Made(row["id"], city.school_admin, city.school["id"])


async def incentive_objection_to_decide(db: Connection, city: City) -> Made:
    row = await raise_objection(db, city.colleague_account, await make_published(db, city))
    return Made(row["id"], city.school_admin, city.school["id"])


async def incentive_to_give(db: Connection, city: City) -> Made:
    row = await make_published(db, city, NOW - timedelta(days=10))
    return Made(row["id"], city.school_admin, city.school["id"])


async def incentive_appeal_to_decide(db: Connection, city: City) -> Made:
    row = await make_appealed(db, city)
    return Made(row["id"], city.county_admin, city.county["id"])


async def pay_line_of(db: Connection, sheet: Row, city: City) -> Row:
    """The teacher's line of a sheet."""
    page = await list_pay_lines(
        db, city.teacher_account.actor, page=PageRequest(limit=5), sheet_id=sheet["id"]
    )
    [line] = page.items
    return line


async def pay_objection_to_decide(db: Connection, city: City) -> Made:
    await make_scheme(db, city.school_admin, city.school)
    sheet = await make_sheet(db, await make_second(db, city), city.school)
    line = await pay_line_of(db, sheet, city)
    said = PayObjection(objection="少记一场主讲")
    await object_to_pay_line(db, city.teacher_account.actor, line_id=line["id"], said=said, now=NOW)
    return Made(line["id"], city.school_admin, city.school["id"])


async def pay_sheet_to_confirm(db: Connection, city: City) -> Made:
    await make_scheme(db, city.school_admin, city.school)
    before = NOW - timedelta(days=10)
    row = await make_sheet(db, await make_second(db, city), city.school, before)
    return Made(row["id"], city.school_admin, city.school["id"])


async def follow_up_to_give(db: Connection, city: City) -> Made:
    row = await make_assessment(db, city.school_admin, city.teacher)
    return Made(row["id"], city.school_admin, city.school["id"])


async def follow_up_to_answer(db: Connection, city: City) -> Made:
    assessment = await make_assessment(db, city.school_admin, city.teacher)
    row = await make_follow_up(db, city.school_admin, assessment)
    return Made(row["id"], city.teacher_account, city.teacher["id"])


async def follow_up_to_review(db: Connection, city: City) -> Made:
    assessment = await make_assessment(db, city.school_admin, city.teacher)
    row = await make_follow_up(
        db, city.county_admin, assessment, NOW - timedelta(days=3),
        follow_up_on=(NOW - timedelta(days=1)).date(),
    )  # fmt: skip
    return Made(row["id"], city.school_admin, city.school["id"])
