"""Choice rounds for tests."""

from datetime import datetime, timedelta
from typing import Any

from app.domain.learning.choice_rounds import (
    ChoiceOffering,
    ChoiceRound,
    ChoiceRoundState,
    ChoiceWay,
)
from app.domain.learning.choices import Choice
from app.domain.training.enrolments import PlaceRule
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, Person, make_activity

HELD = NOW + timedelta(days=10)
"""When what can be chosen takes place, if nothing else is said."""
CLOSED = NOW + timedelta(days=3)
"""When a round is closed, if nothing else is said; it opens a day before now."""


async def make_choice_round(
    db: Connection, unit: Row, by: Person, *activities: Row, **more: Any
) -> Row:
    """A published two-way round of a unit in which these activities can be chosen, two of them each."""
    draft = more.get("state") is ChoiceRoundState.DRAFT
    row = {
        "id": new_id(),
        "title": "测试选课",
        "way": ChoiceWay.TWO_WAY,
        "opens_at": NOW - timedelta(days=1),
        "closes_at": CLOSED,
        "most_choices": 2,
        "most_places": 2,
        "priorities": [],
        "favoured": [],
        **{each: unit[each] for each in ("city_id", "county_id", "school_id")},
        "state": ChoiceRoundState.PUBLISHED,
        "published_at": None if draft else NOW - timedelta(days=1),
        "created_by": by.actor.account_id,
    } | more
    await db.insert(ChoiceRound, row)
    keys = [each["id"] for each in activities]
    offered = [{"round_id": row["id"], "activity_id": key} for key in keys]
    await db.insert_all(ChoiceOffering, offered)
    rules = {"waiting_list": False, "by_nomination": False, "by_choice": True}
    await db.insert_all(PlaceRule, [{"activity_id": key, **rules} for key in keys])
    return row


async def make_chosen(
    db: Connection, unit: Row, by: Person, *, begins: datetime = HELD, **more: Any
) -> Row:
    """An activity of a unit that is still to come."""
    return await make_activity(db, unit, by, begins=begins, **more)


async def make_choice(db: Connection, round_: Row, activity: Row, teacher: Row) -> Row:
    """That a teacher chose an activity in a round; nobody has decided about it."""
    row = {
        "id": new_id(),
        "round_id": round_["id"],
        "activity_id": activity["id"],
        "teacher_id": teacher["id"],
        **{each: teacher[each] for each in ("city_id", "county_id", "school_id")},
        "preference": 1,
        "chosen_at": NOW,
    }
    await db.insert(Choice, row)
    return row


async def make_busy_choices(db: Connection, city: City) -> None:
    """A round of a county and one of a school, in each of which two teachers chose."""
    for unit in (city.county, city.school):
        activity = await make_chosen(db, unit, city.county_admin)
        round_ = await make_choice_round(db, unit, city.county_admin, activity)
        for teacher in (city.teacher, city.colleague):
            await make_choice(db, round_, activity, teacher)
