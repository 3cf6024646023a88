"""Ledger entries for tests of what leaves the house, entered the way recognition enters them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.domain.credits.entries.ledger import append_entries, lock_heads
from app.sql import Connection, Row, new_id

RECORDED = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def entry(teacher: Row, **more: Any) -> Row:
    """An entry of two credits for a school's activity."""
    return {
        "id": new_id(),
        "city_id": teacher["city_id"],
        "teacher_id": teacher["id"],
        "kind": "earn",
        "source_kind": "activity",
        "source_id": new_id(),
        "attempt": 1,
        "reverses_id": None,
        "earned_on": date(2026, 11, 19),
        "recorded_at": RECORDED,
        "hours": Decimal("4.00"),
        "credits": Decimal("2.00"),
        "level": "school",
        "activity_kind": "lecture",
        "mode": "concentrated",
        "role": "participant",
        "channel": "school_based",
        "content": ["ethics", "teaching_methods"],
        "awarded_rank": "first_grade",
        "awarded_posts": ["teacher"],
        "awarded_school_id": teacher["school_id"],
        "awarded_county_id": teacher["county_id"],
        "pack_id": "made-up",
        "pack_version": 1,
        "rule_id": "any",
        "reason": None,
        "recorded_by": None,
        **more,
    }


def reversal(of: Row, reason: str = "记错") -> Row:
    """The entry that reverses one."""
    return {
        **of,
        "id": new_id(),
        "kind": "reverse",
        "source_kind": "entry",
        "source_id": of["id"],
        "reverses_id": of["id"],
        "recorded_at": of["recorded_at"] + timedelta(minutes=1),
        "hours": -of["hours"],
        "credits": -of["credits"],
        "reason": reason,
    }


async def enter(db: Connection, *entries: Row) -> list[Row]:
    """Enter them at the ends of their chains."""
    teacher_ids: set[UUID] = {each["teacher_id"] for each in entries}
    heads = await lock_heads(db, teacher_ids=sorted(teacher_ids))
    return await append_entries(db, entries=entries, heads=heads)
