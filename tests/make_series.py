"""Series, training attended elsewhere and trainees in activities for tests."""

from datetime import date
from decimal import Decimal
from typing import Any

from app.domain.organisation.units import place_of
from app.domain.people.trainees import Trainee, TraineeCategory
from app.domain.training.activity_trainees import ActivityTrainee
from app.domain.training.destinations import HostLevel
from app.domain.training.outside_training import OutsideTraining, OutsideTrainingState
from app.domain.training.series import ActivitySeries
from app.domain.training.vocabulary import ActivityChannel, ActivityKind, ActivityMode
from app.sql import Connection, Row, new_id
from tests.make import NOW, Person


async def make_series(db: Connection, unit: Row, by: Person, **more: Any) -> Row:
    """A series of a unit."""
    row = {
        "id": new_id(),
        "title": "名师讲堂",
        **place_of(unit),
        "created_by": by.actor.account_id,
        "created_at": NOW,
    } | more
    await db.insert(ActivitySeries, row)
    return row


async def make_outside_training(db: Connection, teacher: Row, by: Person, **more: Any) -> Row:
    """What a teacher stated to have attended elsewhere."""
    row = {
        "id": new_id(),
        "teacher_id": teacher["id"],
        **{name: teacher[name] for name in ("city_id", "county_id", "school_id")},
        "title": "国培计划",
        "organiser": "师范大学",
        "level": HostLevel.NATIONAL,
        "kind": ActivityKind.LECTURE,
        "mode": ActivityMode.CONCENTRATED,
        "channel": ActivityChannel.OFF_JOB,
        "content": [],
        "starts_on": date(2026, 8, 3),
        "ends_on": date(2026, 8, 7),
        "hours": Decimal("40.00"),
        "state": OutsideTrainingState.STATED,
        "stated_at": NOW,
        "stated_by": by.actor.account_id,
    } | more
    await db.insert(OutsideTraining, row)
    return row


async def make_trainee(db: Connection, unit: Row, **more: Any) -> Row:
    """A student teacher in the register of a unit."""
    row = {
        "id": new_id(),
        **place_of(unit),
        "name": "实习甲",
        "category": TraineeCategory.STUDENT_TEACHER,
        "employer": "师范学院",
        "registered_at": NOW,
    } | more
    await db.insert(Trainee, row)
    return row


async def make_activity_trainee(db: Connection, activity: Row, trainee: Row, by: Person) -> Row:
    """A trainee who takes part in an activity."""
    row = {
        "id": new_id(),
        "activity_id": activity["id"],
        "trainee_id": trainee["id"],
        "entered_at": NOW,
        "entered_by": by.actor.account_id,
    }
    await db.insert(ActivityTrainee, row)
    return row
