"""Forms of activities for tests, and what activities say of themselves."""

from typing import Any

from app.domain.training.activities import ActivityKind
from app.domain.training.contest_results import ContestResult
from app.domain.training.destinations import ActivityDestination
from app.domain.training.forms import ActivityForm, NewForm, form_row
from app.domain.training.staff import ActivityStaff
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, Person, make_activity

SOURCE: dict[str, Any] = {"document": "测试文件", "article": "第一条"}
STEPS: list[dict[str, Any]] = [
    {"code": "problem", "zh": "问题", "en": "Problem"},
    {"code": "action", "zh": "行动", "en": "Action"},
    {"code": "summary", "zh": "总结", "en": "Summary", "required": False},
]


def new_form(city: Row, **changed: Any) -> NewForm:
    """A form of a city to be published."""
    given: dict[str, Any] = {
        "unit_id": city["id"],
        "code": "test_form",
        "name_zh": "测试样式",
        "name_en": "Test form",
        "kind": "seminar",
        "sources": [SOURCE],
    }
    return NewForm.model_validate(given | changed)


async def make_form(
    db: Connection, city: Row, *, version: int = 1, ended: bool = False, **changed: Any
) -> Row:
    """A version of a form of a city, in force unless `ended`."""
    form = new_form(city, **changed)
    row = form_row(form, city_id=city["id"], version=version, published_at=NOW)
    row |= {"ended_at": NOW if ended else None}
    await db.insert(ActivityForm, row)
    return row


async def make_staff(db: Connection, activity: Row, teacher: Row | None, **more: Any) -> Row:
    """A teacher, or else somebody from outside, as speaker of an activity."""
    person = (
        {"teacher_id": teacher["id"]}
        if teacher
        else {"outside_name": "测试专家", "outside_unit": "测试大学"}
    )
    row = {"id": new_id(), "activity_id": activity["id"], "role": "speaker", **person} | more
    await db.insert(ActivityStaff, row)
    return row


async def make_destination(db: Connection, activity: Row, **more: Any) -> Row:
    """A school in another province to which an activity leads."""
    place = {"host": "测试名校", "province": "山东省", "level": "national"}
    row = {"id": new_id(), "activity_id": activity["id"], **place} | more
    await db.insert(ActivityDestination, row)
    return row


async def make_result(db: Connection, activity: Row, teacher: Row, by: Person, **more: Any) -> Row:
    """A teacher's second prize in a competition."""
    row = {
        "id": new_id(),
        "activity_id": activity["id"],
        "teacher_id": teacher["id"],
        **{each: teacher[each] for each in ("city_id", "county_id", "school_id")},
        "work_title": "测试课件",
        "award": "second",
        "recorded_by": by.actor.account_id,
        "recorded_at": NOW,
    } | more
    await db.insert(ContestResult, row)
    return row


async def make_formed_activities(db: Connection, city: City) -> None:
    """Two competitions of two forms, each with staff, destinations and results of two teachers."""
    for code, title in (("area_contest", "片区竞赛"), ("courseware_contest", "课件竞赛")):
        form = await make_form(db, city.city, code=code, kind="competition", steps=STEPS)
        activity = await make_activity(
            db, city.county, city.county_admin, kind=ActivityKind.COMPETITION, title=title,
            form_id=form["id"], sessions=2,
        )  # fmt: skip
        for session in activity["sessions"]:
            await make_staff(db, activity, city.teacher, session_id=session["id"])
            await make_staff(db, activity, None, session_id=session["id"], role="reviewer")
        for teacher in (city.teacher, city.colleague):
            await make_result(db, activity, teacher, city.county_admin)
            await make_destination(db, activity)
