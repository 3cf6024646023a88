"""What recognition needs, made with as little as it needs: a pack in force, and closed activities."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from app.domain.credits.packs import PackDocument, shipped_packs
from app.domain.credits.packs.published import RulePack, pack_row
from app.domain.credits.recognition import recognise_activity
from app.domain.training.activities import ActivitySession, ActivityState
from app.sql import Connection, Row, Statement, new_id
from tests.make import NOW, Person, make_activity, make_attendance

DAY = date(2026, 3, 10)
_WAITING = Statement(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))


async def until_somebody_waits(db: Connection) -> None:
    """Return once a transaction waits for what another one holds."""
    async with asyncio.timeout(30):
        while not await db.value(_WAITING):
            pass  # the other goes on while this one is answered


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
    state: ActivityState = ActivityState.CLOSED,
    **more: Any,
) -> Row:
    """A closed activity of one session, with so many hours; `by` keeps its attendance."""
    begins = datetime(on.year, on.month, on.day, 1, tzinfo=UTC)
    row: dict[str, Any] = {
        "kind": "collective_planning",
        "content": ["ethics", "teaching_methods"],
        "hours": Decimal(hours),
    } | more
    made = await make_activity(db, organiser, by, state=state, sessions=0, begins=begins, **row)
    session = {
        "id": new_id(),
        "activity_id": made["id"],
        "ordinal": 1,
        "starts_at": begins,
        "ends_at": begins.replace(hour=9),
        "hours": made["hours"],
        "secret": bytes(32),
    }
    await db.insert(ActivitySession, session)
    return made | {"sessions": [session], "by": by}


async def attend(db: Connection, activity: Row, teachers: Sequence[Row], **as_what: Any) -> None:
    """Put these teachers on the activity's attendance list, with `status` and `role`."""
    await make_attendance(db, activity["sessions"][0], activity["by"], *teachers, **as_what)


async def make_recognised(
    db: Connection,
    organiser: Row,
    by: Person,
    teachers: Sequence[Row],
    now: datetime = NOW,
    **more: Any,
) -> Row:
    """A closed activity with these participants, recognised by `by` when it is over; the activity."""
    activity = await make_closed_activity(db, organiser, by, **more)
    await attend(db, activity, teachers)
    over = max(now, activity["sessions"][0]["ends_at"])
    done = await recognise_activity(db, by.actor, activity_id=activity["id"], now=over)
    assert done["entered"] == len(teachers), done
    return activity
