"""Classes, players and statements for tests of learning records."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from app.domain.access.roles import Role
from app.domain.learning.learning_doubts import LearningDoubt, settle_due_progress
from app.domain.learning.learning_progress import LearningProgress
from app.domain.learning.learning_records import LearningRecord, keep_statements
from app.domain.training.activities import ActivityMode
from app.domain.training.enrolments import Enrolment
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, Person, make_account, make_activity

ISSUER = "http://127.0.0.1:8000"
ADL = "http://adlnet.gov/expapi/verbs/"
AGENT = {"account": {"homePage": ISSUER, "name": "somebody"}}
"""Somebody with an account of ours who is no teacher."""
LESSON = {"id": "https://player.example/lesson"}
PLACE = ("city_id", "county_id", "school_id")


async def make_player(db: Connection, unit: Row, name: str = "player") -> Person:
    """An application that may tell of the teachers and classes of a unit."""
    return await make_account(db, name, Role.INTEGRATION, unit)


async def enrol(db: Connection, activity: Row, *teachers: Row) -> None:
    """Give these teachers a place in a class."""
    rows = [
        {
            "id": new_id(), "activity_id": activity["id"], "teacher_id": each["id"],
            **{name: each[name] for name in PLACE}, "enrolled_at": NOW,
        }
        for each in teachers
    ]  # fmt: skip
    await db.insert_all(Enrolment, rows)


async def make_class(db: Connection, city: City, *teachers: Row, **more: Any) -> Row:
    """A published class of the county in November, in which these have a place; by default one."""
    of: dict[str, Any] = {"mode": ActivityMode.SELF_DIRECTED, "starts_on": date(2026, 11, 1)}
    given = of | {"ends_on": date(2026, 11, 30)} | more
    activity = await make_activity(db, city.county, city.county_admin, **given)
    await enrol(db, activity, *(teachers or (city.teacher,)))
    return activity


def actor(teacher: Row) -> dict[str, Any]:
    """A teacher as the actor of a statement."""
    return {"account": {"homePage": ISSUER, "name": str(teacher["id"])}}


def statement(
    teacher: Row,
    activity: Row,
    verb: str = "completed",
    item: str | None = None,
    at: datetime = NOW,
    **result: Any,
) -> dict[str, Any]:
    """What a player tells of a teacher: of a class as a whole, or of an item of it."""
    of_class = {"id": f"{ISSUER}/activities/{activity['id']}"}
    told: dict[str, Any] = {
        "id": str(uuid4()),
        "actor": actor(teacher),
        "verb": {"id": f"{ADL}{verb}"},
        "object": of_class if item is None else {"id": f"https://player.example/{item}"},
        "timestamp": at.isoformat(),
    }
    if item is not None:
        told["context"] = {"contextActivities": {"parent": [of_class]}}
    if result:
        told["result"] = result
    return told


async def tell(
    db: Connection, player: Person, *told: dict[str, Any], now: datetime = NOW
) -> list[UUID]:
    """Have a player tell these statements, as they would be read of a request."""
    return await keep_statements(db, player.actor, told=told, issuer=ISSUER, now=now)


async def settle(db: Connection, now: datetime = NOW) -> None:
    """Look for doubts and count progress until nothing is due."""
    while await settle_due_progress(db, now=now, at_most=100):
        pass


async def make_record(db: Connection, activity: Row, teacher: Row, player: Person) -> Row:
    """A record of a teacher in a class."""
    key = new_id()
    row = {
        "id": key, "activity_id": activity["id"], "teacher_id": teacher["id"],
        **{name: teacher[name] for name in PLACE}, "player_id": player.actor.account_id,
        "verb": f"{ADL}completed", "object": f"{ISSUER}/activities/{activity['id']}",
        "of_class": True, "happened_at": NOW, "stored_at": NOW, "completed": True, "tags": "{}",
        "document": "{}", "digest": b"\0" * 32,
    }  # fmt: skip
    await db.copy(LearningRecord, [row])
    return row


async def make_progress(db: Connection, activity: Row, teacher: Row) -> Row:
    """The progress of a teacher who has completed a class."""
    row = {
        "id": new_id(), "activity_id": activity["id"], "teacher_id": teacher["id"],
        **{name: teacher[name] for name in PLACE}, "share": 100, "seconds": 3600, "items_done": 0,
        "completed_at": NOW, "records": 1, "set_aside": 0, "counted_at": NOW,
    }  # fmt: skip
    await db.insert(LearningProgress, row)
    return row


async def make_learning_doubt(db: Connection, activity: Row, teacher: Row, record: Row) -> Row:
    """An open doubt about a record of a teacher in a class."""
    row = {
        "id": new_id(), "activity_id": activity["id"], "teacher_id": teacher["id"],
        **{name: activity[name] for name in PLACE}, "kind": "outside_window",
        "records": [record["id"]], "figures": {"records": 1}, "state": "open", "found_at": NOW,
    }  # fmt: skip
    await db.insert(LearningDoubt, row)
    return row


async def make_school_doubt(db: Connection, city: City) -> Row:
    """An open doubt about a teacher in a class of the school."""
    activity = await make_activity(db, city.school, city.school_admin)
    return await make_learning_doubt(db, activity, city.teacher, activity)
