"""Reports for tests: a draft of a school's autumn, a minimum, and things that a report counts."""

from datetime import date
from typing import Any

from app.domain.base import civil_date
from app.domain.organisation.designations import NewDesignation, award_designation
from app.domain.quality.activity_minimums import NewActivityMinimum, set_activity_minimum
from app.domain.quality.reports import NewReport, draft_report
from app.domain.training.attendance import AttendanceRole
from app.domain.training.vocabulary import ActivityState
from app.sql import Connection, Row
from tests.made import Made
from tests.make import NOW, City, Person, make_activity, make_attendance

SINCE, UNTIL = date(2026, 9, 1), date(2027, 8, 31)
TODAY = civil_date(NOW)
HELD = ActivityState.HELD


async def make_autumn(db: Connection, unit: Row, by: Person, *teachers: Row) -> Row:
    """An activity of two sessions that was held: all came to the first, the first one demonstrated."""
    activity = await make_activity(db, unit, by, sessions=2, state=HELD)
    first, second = activity["sessions"]
    await make_attendance(db, first, by, *teachers)
    await make_attendance(db, second, by, teachers[0], role=AttendanceRole.DEMONSTRATOR)
    return activity


async def make_report(db: Connection, by: Person, unit: Row, **more: Any) -> Row:
    """A draft of a unit of which something is known."""
    new = NewReport.model_validate({"unit_id": unit["id"]} | more)
    return await draft_report(db, by.actor, new=new, now=NOW)


async def make_minimum(db: Connection, by: Person, bureau: Row, **more: Any) -> Row:
    """That a bureau asks for two activities in three months."""
    said = {"at_least": 2, "months": 3, "source": "县校本研修管理办法 第五条"} | more
    new = NewActivityMinimum.model_validate(said)
    return await set_activity_minimum(db, by.actor, unit_id=bureau["id"], new=new, now=NOW)


async def make_titled(db: Connection, by: Person, school: Row, **more: Any) -> Row:
    """That a school is an experimental school of the county since September."""
    said = {
        "kind": "experimental", "level": "county", "title": "高效课堂实验校", "issuer": "甲县教育局",
        "valid_from": SINCE,
    } | more  # fmt: skip
    new = NewDesignation.model_validate(said)
    return await award_designation(db, by.actor, unit_id=school["id"], new=new, now=NOW)


async def report_to_issue(db: Connection, city: City) -> Made:
    """A draft that waits to be issued."""
    await make_autumn(db, city.school, city.school_admin, city.teacher)
    row = await make_report(db, city.school_admin, city.school)
    return Made(row["id"], city.school_admin, city.school["id"])


async def inactive_school_to_visit(db: Connection, city: City) -> Made:
    """One school of the county holds something, the other nothing."""
    await make_minimum(db, city.county_admin, city.county, at_least=1)
    await make_activity(db, city.school, city.school_admin, state=HELD)
    return Made(city.sibling["id"], city.county_admin, city.county["id"])


def frozen() -> list[dict[str, Any]]:
    """Two figures of a report, as they lie in the database."""
    figure = {
        "meaning": "counted for a test", "counted_in": "things", "measured": "项", "is_share": False,
        "denominator": None, "as_of": TODAY.isoformat(), "stated": None, "stated_source": None,
        "stated_precision": None,
        "stated_difference": None, "rows": "/api/v1/reports", "parts": [],
    }  # fmt: skip
    seminars = [{"part": "seminar", "label": "专题研讨", "number": 2}]
    return [
        figure
        | {"code": "students", "label": "在校学生", "numerator": 0, "value": "0", "counted_in": "persons"},
        figure
        | {
            "code": "activities_held", "label": "举办的研修活动", "numerator": 2, "value": "2",
            "parts": seminars,
        },
    ]  # fmt: skip


async def make_busy_reports(db: Connection, city: City) -> None:
    """Of each of two schools a draft; a minimum of their county, and one of the city."""
    for by, school, teacher in (
        (city.school_admin, city.school, city.teacher),
        (city.sibling_admin, city.sibling, city.sibling_teacher),
    ):
        await make_autumn(db, school, by, teacher)
        await make_report(db, by, school)
    await make_minimum(db, city.county_admin, city.county)
    await make_minimum(db, city.city_admin, city.city)
