"""What recognition needs, made with as little as it needs: a pack in force, and closed activities."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from app.domain.credits.packs import PackDocument, shipped_packs
from app.domain.credits.packs.published import RulePack, pack_row
from app.domain.credits.recognition import recognise_activity
from app.domain.training.activities import Activity, ActivitySession
from app.domain.training.attendance import Attendance
from app.sql import Connection, Row, new_id
from tests.make import NOW, Person

DAY = date(2026, 3, 10)


def open_ended(pack_id: str = "yueyang-demo-2026") -> PackDocument:
    """The demonstration pack in five-year cycles without an end: 2021 to 2025, 2026 to 2030, …"""
    content = shipped_packs()[pack_id].model_dump(mode="json", exclude_defaults=True)
    content["effective_from"]["value"] = content["calendar"]["cycle_start"]["value"] = "2006-01-01"
    content.pop("effective_to")
    return PackDocument.model_validate(content)


async def make_pack(db: Connection, city: Row, document: PackDocument | None = None) -> Row:
    """A pack in force in a city; `open_ended()` unless said otherwise."""
    row = pack_row(document or open_ended(), city_id=city["id"], published_at=NOW)
    await db.insert(RulePack, row)
    return row


async def make_closed_activity(
    db: Connection,
    organiser: Row,
    by: Person,
    hours: str = "10.00",
    on: date = DAY,
    **more: Any,
) -> Row:
    """A closed activity of one session."""
    place = {name: organiser[name] for name in ("city_id", "county_id", "school_id")}
    moment = datetime(on.year, on.month, on.day, 1, tzinfo=UTC)
    row = {
        "id": new_id(),
        "title": "集体备课",
        "kind": "collective_planning",
        "mode": "concentrated",
        "channel": "school_based",
        "content": ["ethics", "teaching_methods"],
        "hours": Decimal(hours),
        "requires_note": False,
        "starts_on": on,
        "ends_on": on,
        "state": "closed",
        "published_at": moment,
        "closed_at": moment,
        "created_by": by.actor.account_id,
        **place,
        **more,
    }
    await db.insert(Activity, row)
    session = {
        "id": new_id(),
        "activity_id": row["id"],
        "ordinal": 1,
        "starts_at": moment,
        "ends_at": moment.replace(hour=9),
        "hours": row["hours"],
        "secret": bytes(32),
    }
    await db.insert(ActivitySession, session)
    return row | {"session_id": session["id"]}


async def attend(
    db: Connection,
    activity: Row,
    teachers: Sequence[Row],
    status: str = "present",
    role: str = "participant",
) -> None:
    """Put these teachers on the activity's attendance list."""
    rows = [
        {
            "id": new_id(),
            "session_id": activity["session_id"],
            "activity_id": activity["id"],
            "teacher_id": teacher["id"],
            **{name: teacher[name] for name in ("city_id", "county_id", "school_id")},
            "status": status,
            "method": "organiser",
            "role": role,
            "recorded_by": activity["created_by"],
        }
        for teacher in teachers
    ]
    await db.insert_all(Attendance, rows)


async def make_recognised(
    db: Connection,
    organiser: Row,
    by: Person,
    teachers: Sequence[Row],
    now: datetime = NOW,
    **more: Any,
) -> Row:
    """A closed activity with these participants, recognised by `by`; the activity."""
    activity = await make_closed_activity(db, organiser, by, **more)
    await attend(db, activity, teachers)
    done = await recognise_activity(db, by.actor, activity_id=activity["id"], now=now)
    assert done["entered"] == len(teachers), done
    return activity
