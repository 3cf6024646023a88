import asyncio
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.database.pool import Pool
from app.domain.access.actors import NotInPerson
from app.domain.access.roles import Permission
from app.domain.errors import DomainError, NotAllowed
from app.domain.paging import PageRequest
from app.domain.quality.pay_sheets import (
    PayLineNotFound,
    PayObjection,
    PayObjectionDecision,
    PayObjectionMade,
    PaySchemeMissing,
    PaySheetNotFound,
    PaySheetOfOneself,
    PaySheetOpenToObjections,
    PaySheetOverlaps,
    PaySheetState,
    PaySheetTooEarly,
    PaySheetWithdrawal,
    PaySheetWrongState,
    confirm_pay_sheet,
    decide_pay_objection,
    get_pay_line,
    get_pay_sheet,
    list_pay_lines,
    list_pay_sheets,
    object_to_pay_line,
    withdraw_pay_sheet,
)
from app.domain.quality.pay_sheets.confirming import PayObjectionTooLate
from app.domain.training.attendance import AttendanceRole
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.domain.credits.making import until_somebody_waits
from tests.make import NOW, City, Person, make_activity, make_attendance, make_city
from tests.make_incentive_tasks import pay_line_of
from tests.make_incentives import WEEK_LATER, make_scheme, make_second, make_sheet

PAGE = PageRequest(limit=50)
DAY = timedelta(days=1)
UNTIL_TODAY = {"ends_on": date(2026, 11, 20)}
"""So that what happens at `NOW` lies in the period, which is counted on the day after."""
TOMORROW = NOW + DAY


async def attend(db: Connection, city: City) -> None:
    """The teacher speaks at one session of two hours."""
    activity = await make_activity(db, city.school, city.school_admin)
    await make_attendance(
        db, activity["sessions"][0], city.school_admin, city.teacher, role=AttendanceRole.SPEAKER
    )


async def make_counted(db: Connection, city: City) -> tuple[Person, Row]:
    """A sheet that another administrator made, of a term in which the teacher spoke once."""
    await make_scheme(db, city.school_admin, city.school)
    await attend(db, city)
    second = await make_second(db, city)
    return second, await make_sheet(db, second, city.school, TOMORROW, **UNTIL_TODAY)


async def objected(db: Connection, city: City, sheet: Row) -> Row:
    """The teacher's line, objected to."""
    line = await pay_line_of(db, sheet, city)
    said = PayObjection(objection="少记一场主讲")
    return await object_to_pay_line(
        db, city.teacher_account.actor, line_id=line["id"], said=said, now=TOMORROW
    )


async def test_each_line_says_how_its_points_came_about(db: Connection, city: City) -> None:
    _, sheet = await make_counted(db, city)
    assert (sheet["teachers"], sheet["state"]) == (2, "open")
    page = await list_pay_lines(db, city.school_admin.actor, page=PAGE, sheet_id=sheet["id"])
    lines = {each["teacher_id"]: each for each in page.items}
    mine = lines[city.teacher["id"]]
    assert mine["points"] == Decimal("4.00")
    told = [(each["measure"], Decimal(each["reached"]), each["points"]) for each in mine["parts"]]
    assert told == [("hours", Decimal(2), "1.00"), ("talks", Decimal(1), "3.00")]
    assert mine["parts"][1]["rule"] == "每主讲一场3分，最高15分"
    assert lines[city.colleague["id"]]["points"] == 0


async def test_teachers_see_their_own_line_alone(db: Connection, city: City) -> None:
    _, sheet = await make_counted(db, city)
    own = await list_pay_lines(db, city.teacher_account.actor, page=PAGE)
    assert [each["teacher_id"] for each in own.items] == [city.teacher["id"]]
    line_id = own.items[0]["id"]
    for other in (city.colleague_account, city.sibling_admin):
        with pytest.raises(PayLineNotFound):
            await get_pay_line(db, other.actor, line_id=line_id)
        with pytest.raises(PaySheetNotFound):
            await get_pay_sheet(db, other.actor, sheet_id=sheet["id"])
    with pytest.raises(NotAllowed):
        await get_pay_line(db, city.auditor.actor, line_id=line_id)


@pytest.mark.parametrize(
    ("days", "refusal"),
    [({"ends_on": date(2026, 11, 20)}, PaySheetTooEarly), ({}, PaySchemeMissing)],
)
async def test_what_cannot_be_counted(
    db: Connection, city: City, days: dict[str, Any], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        await make_sheet(db, city.school_admin, city.school, **days)
    assert not (await list_pay_sheets(db, city.city_admin.actor, page=PAGE)).items


async def test_no_day_counts_twice(db: Connection, city: City) -> None:
    _, sheet = await make_counted(db, city)
    with pytest.raises(PaySheetOverlaps):
        await make_sheet(
            db,
            city.school_admin,
            city.school,
            starts_on=date(2026, 11, 1),
            ends_on=date(2026, 11, 5),
        )
    said = PaySheetWithdrawal(reason="考勤补登后重算")
    about: dict[str, Any] = {"sheet_id": sheet["id"], "withdrawal": said, "now": NOW}
    gone = await withdraw_pay_sheet(db, city.school_admin.actor, **about)
    assert (gone["state"], gone["withdrawn_because"]) == ("withdrawn", "考勤补登后重算")
    with pytest.raises(PaySheetWrongState):
        await withdraw_pay_sheet(db, city.school_admin.actor, **about)
    again = await make_sheet(db, city.school_admin, city.school)
    assert again["state"] == "open"
    assert (
        await list_pay_sheets(db, city.city_admin.actor, page=PAGE, state=PaySheetState.OPEN)
    ).items


async def test_an_upheld_objection_counts_the_line_anew(db: Connection, city: City) -> None:
    _, sheet = await make_counted(db, city)
    line = await objected(db, city, sheet)
    with pytest.raises(PayObjectionMade):
        await objected(db, city, sheet)
    await attend(db, city)
    yes = PayObjectionDecision(upheld=True, answer="已补登")
    about: dict[str, Any] = {"line_id": line["id"], "decision": yes, "now": TOMORROW}
    own = replace(city.school_admin.actor, teacher_id=city.teacher["id"])
    with pytest.raises(PaySheetOfOneself):
        await decide_pay_objection(db, own, **about)
    answered = await decide_pay_objection(db, city.school_admin.actor, **about)
    assert (answered["points"], answered["upheld"]) == (Decimal("8.00"), True)
    with pytest.raises(PayObjectionMade):
        await decide_pay_objection(db, city.school_admin.actor, **about)


async def test_one_that_is_not_upheld_changes_no_points(db: Connection, city: City) -> None:
    _, sheet = await make_counted(db, city)
    line = await objected(db, city, sheet)
    await attend(db, city)
    no = PayObjectionDecision(upheld=False, answer="核对无误")
    answered = await decide_pay_objection(
        db, city.school_admin.actor, line_id=line["id"], decision=no, now=TOMORROW
    )
    assert (answered["points"], answered["answer"]) == (line["points"], "核对无误")


async def test_a_human_who_is_not_on_it_confirms_it(db: Connection, city: City) -> None:
    second, sheet = await make_counted(db, city)
    line = await objected(db, city, sheet)
    later = WEEK_LATER + DAY
    about: dict[str, Any] = {"sheet_id": sheet["id"], "now": later}
    with pytest.raises(PaySheetOpenToObjections):
        await confirm_pay_sheet(db, city.school_admin.actor, sheet_id=sheet["id"], now=TOMORROW)
    with pytest.raises(PaySheetOpenToObjections):
        await confirm_pay_sheet(db, city.school_admin.actor, **about)
    no = PayObjectionDecision(upheld=False, answer="核对无误")
    await decide_pay_objection(
        db, city.school_admin.actor, line_id=line["id"], decision=no, now=later
    )
    with pytest.raises(PaySheetOfOneself):
        await confirm_pay_sheet(db, second.actor, **about)
    # A colleague who administers the school, too, is on the sheet.
    head = replace(city.colleague_account.actor, grants=city.school_admin.actor.grants)
    with pytest.raises(PaySheetOfOneself):
        await confirm_pay_sheet(db, head, **about)
    confirmed = await confirm_pay_sheet(db, city.school_admin.actor, **about)
    assert (confirmed["state"], confirmed["confirmed_at"]) == ("confirmed", later)
    with pytest.raises(PaySheetWrongState):
        await confirm_pay_sheet(db, city.city_admin.actor, **about)


async def test_objections_have_their_days(db: Connection, city: City) -> None:
    _, sheet = await make_counted(db, city)
    line = await pay_line_of(db, sheet, city)
    said = PayObjection(objection="迟了")
    with pytest.raises(PayObjectionTooLate):
        await object_to_pay_line(
            db, city.teacher_account.actor, line_id=line["id"], said=said, now=WEEK_LATER + DAY
        )
    with pytest.raises(NotAllowed):
        await object_to_pay_line(
            db, city.school_admin.actor, line_id=line["id"], said=said, now=NOW
        )
    kept = await get_pay_line(db, city.teacher_account.actor, line_id=line["id"])
    assert kept["objected_at"] is None


async def test_what_was_confirmed_is_withdrawn_by_who_might_have_confirmed_it(
    db: Connection, city: City
) -> None:
    second, sheet = await make_counted(db, city)
    later = WEEK_LATER + DAY
    about: dict[str, Any] = {"sheet_id": sheet["id"], "now": later}
    confirmed = await confirm_pay_sheet(db, city.school_admin.actor, **about)
    said = PaySheetWithdrawal(reason="本人得分偏低")
    on_it = replace(city.colleague_account.actor, grants=city.school_admin.actor.grants)
    for actor in (second.actor, on_it):
        with pytest.raises(PaySheetOfOneself):
            await withdraw_pay_sheet(db, actor, **about, withdrawal=said)
    assert await get_pay_sheet(db, city.school_admin.actor, sheet_id=sheet["id"]) == confirmed
    gone = await withdraw_pay_sheet(db, city.county_admin.actor, **about, withdrawal=said)
    assert gone["state"] == "withdrawn"


async def test_nothing_is_confirmed_past_an_objection_that_is_just_made(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        _, sheet = await make_counted(db, city)
        line = await pay_line_of(db, sheet, city)

    async def confirm() -> Any:
        async with real_pool.transaction() as db:
            return await confirm_pay_sheet(
                db, city.school_admin.actor, sheet_id=sheet["id"], now=WEEK_LATER + DAY
            )

    async with real_pool.transaction() as db:
        said = PayObjection(objection="少记一场主讲")
        await object_to_pay_line(
            db, city.teacher_account.actor, line_id=line["id"], said=said, now=TOMORROW
        )
        confirming = asyncio.create_task(confirm())
        await until_somebody_waits(db)
    with pytest.raises(PaySheetOpenToObjections):
        await confirming


async def test_no_application_objects_for_the_teacher(db: Connection, city: City) -> None:
    _, sheet = await make_counted(db, city)
    line = await pay_line_of(db, sheet, city)
    own = city.teacher_account.actor
    scopes = frozenset({Permission.RECORD_OWN, Permission.INCENTIVE_READ})
    application = replace(own, client_id=new_id(), scopes=scopes)
    said = PayObjection(objection="少记一场主讲")
    with pytest.raises(NotInPerson):
        await object_to_pay_line(db, application, line_id=line["id"], said=said, now=TOMORROW)
    assert await get_pay_line(db, own, line_id=line["id"]) == line
