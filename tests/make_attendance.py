"""Leave and doubts for tests, made with as little as they need."""

from typing import Any

from app.domain.training.doubts import AttendanceDoubt
from app.domain.training.leaves import Leave
from app.sql import Connection, Row, new_id
from tests.make import NOW, TODAY


def _session(session: Row) -> dict[str, Any]:
    return {"id": new_id(), "session_id": session["id"], "activity_id": session["activity_id"]}


def _place(of: Row) -> dict[str, Any]:
    return {name: of[name] for name in ("city_id", "county_id", "school_id")}


async def make_leave(db: Connection, session: Row, teacher: Row) -> Row:
    """Leave from a session that a teacher has asked for."""
    row = {
        **_session(session), "teacher_id": teacher["id"], **_place(teacher), "reason": "外出学习",
        "state": "asked", "asked_at": NOW, "due_on": TODAY,
    }  # fmt: skip
    await db.insert(Leave, row)
    return row


async def make_doubt(db: Connection, session: Row, activity: Row, *people: Row) -> Row:
    """An open doubt about a session."""
    row = {
        **_session(session), **_place(activity), "kind": "no_check_out",
        "people": [each["id"] for each in people], "figures": {"teachers": len(people)},
        "about": str(session["id"]), "state": "open", "found_at": NOW,
    }  # fmt: skip
    await db.insert(AttendanceDoubt, row)
    return row
