"""Trainers and what is kept of them, for tests, made with as little as it needs."""

from datetime import date
from typing import Any
from uuid import UUID

from app.domain.learning.trainer_assessments import TrainerAssessment
from app.domain.learning.trainer_courses import TrainerCourse
from app.domain.learning.trainer_hires import TrainerHire
from app.domain.learning.trainer_tours import TrainerTour
from app.domain.learning.trainers import Trainer
from app.domain.training.staff import ActivityStaff
from app.domain.training.vocabulary import ActivityState
from app.sql import Connection, Row, new_id
from tests.make import NOW, TODAY, City, Person, make_activity

EXPERT = {"outside_name": "李教授", "outside_unit": "测试师范大学"}


async def make_trainer(
    db: Connection, unit: Row, by: Person, teacher: Row | None = None, **more: Any
) -> Row:
    """Somebody who has accepted to be in a unit's library: a teacher, or else an outside expert."""
    row = {
        "id": new_id(),
        **{name: unit[name] for name in ("city_id", "county_id", "school_id")},
        **({"teacher_id": teacher["id"]} if teacher else EXPERT),
        "engagement": "part_time",
        "stages": ["primary"],
        "subjects": ["chinese"],
        "contents": [],
        "qualification": "市级学科带头人",
        "state": "accepted",
        "invited_at": NOW,
        "invited_by": by.actor.account_id,
        "answered_at": NOW,
        "entered_on": TODAY,
    } | more
    await db.insert(Trainer, row)
    return row


async def make_invited(
    db: Connection, unit: Row, by: Person, teacher: Row | None = None, **more: Any
) -> Row:
    """Somebody who is invited and has not answered."""
    waiting = {"state": "invited", "answered_at": None, "entered_on": None}
    return await make_trainer(db, unit, by, teacher, **waiting | more)


async def make_appearance(
    db: Connection,
    unit: Row,
    by: Person,
    trainer: Row,
    state: ActivityState = ActivityState.CLOSED,
    **more: Any,
) -> Row:
    """That a trainer carries an activity of a unit."""
    activity = await make_activity(db, unit, by, state=state, **more)
    person = {name: trainer.get(name) for name in ("teacher_id", *EXPERT)}
    row = {"id": new_id(), "activity_id": activity["id"], "role": "speaker", **person}
    await db.insert(ActivityStaff, row)
    return row


async def make_trainer_assessment(
    db: Connection, trainer: Row, by: Person, year: int = 2026
) -> Row:
    """That a year of a trainer was judged."""
    row = {
        "id": new_id(), "trainer_id": trainer["id"], "year": year, "grade": "qualified",
        "remark": "认真负责", "assessed_by": by.actor.account_id, "assessed_at": NOW,
    }  # fmt: skip
    await db.insert(TrainerAssessment, row)
    return row


async def make_tour(
    db: Connection, trainer: Row, by: Person, home: Row, to: Row, **more: Any
) -> Row:
    """That a trainer is lent to another county this school year."""
    row = {
        "id": new_id(), "trainer_id": trainer["id"], "from_county_id": home["id"],
        "to_county_id": to["id"], "purpose": "巡回示教", "valid_from": date(2026, 9, 1),
        "valid_to": date(2027, 7, 1), "lent_at": NOW, "lent_by": by.actor.account_id,
    } | more  # fmt: skip
    await db.insert(TrainerTour, row)
    return row


async def make_hire(db: Connection, trainer: Row, by: Person, **more: Any) -> Row:
    """That somebody was hired for a lecture."""
    row = {
        "id": new_id(), "trainer_id": trainer["id"], "topic": "核心素养与课堂", "held_on": TODAY,
        "fee": "800.00", "funds_line": "教师培训费", "agreed_by": by.actor.account_id,
        "agreed_at": NOW,
    } | more  # fmt: skip
    await db.insert(TrainerHire, row)
    return row


async def make_trainer_course(db: Connection, trainer: Row, course_id: UUID) -> Row:
    """That a trainer gives a course."""
    row = {
        "id": new_id(),
        "trainer_id": trainer["id"],
        "course_id": course_id,
        "added_at": NOW,
    }
    await db.insert(TrainerCourse, row)
    return row


async def make_busy_trainers(db: Connection, city: City) -> None:
    """Two trainers of the city's library, each with whatever is kept of one."""
    by = city.city_admin
    courses = await db._driver.fetch("SELECT id FROM course")
    for teacher in (city.teacher, city.colleague):
        trainer = await make_trainer(db, city.city, by, teacher)
        await make_trainer_assessment(db, trainer, by)
        await make_hire(db, trainer, by)
        await make_tour(db, trainer, by, city.county, city.other_county)
        for course in courses:
            await make_trainer_course(db, trainer, course["id"])
