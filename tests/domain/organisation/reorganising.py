"""Reorganisations by words, for tests: what is done to which unit, by whom."""

from datetime import timedelta
from typing import Any

from app.domain.organisation.reorganisations import (
    Closure,
    Merger,
    Move,
    close_unit,
    merge_school,
    move_school,
)
from app.domain.people.teachers import NewTeacher
from app.sql import Connection, Row
from tests.make import NOW, TODAY, City

TOMORROW = TODAY + timedelta(days=1)


async def reorganise(
    db: Connection, city: City, who: str, what: str, unit: str, to: str | None, **more: Any
) -> Row:
    """Do what the words say: close, merge or move, today or tomorrow."""
    actor, unit_id = getattr(city, who).actor, getattr(city, unit)["id"]
    target: Any = to and getattr(city, to)["id"]
    if what.endswith("tomorrow"):
        more["effective_on"] = TOMORROW
    if what.startswith("close"):
        return await close_unit(db, actor, unit_id=unit_id, closure=Closure(**more), now=NOW)
    if what.startswith("merge"):
        merger = Merger(successor_id=target, **more)
        return await merge_school(db, actor, unit_id=unit_id, merger=merger, now=NOW)
    move = Move(bureau_id=target, **more)
    return await move_school(db, actor, unit_id=unit_id, move=move, now=NOW)


def new_teacher(school: Row) -> NewTeacher:
    return NewTeacher.model_validate(
        {
            "name": "新教师", "subject": "chinese", "stage": "primary", "school_id": school["id"],
            "id_kind": "passport", "id_number": "E12345678", "birth_date": "1990-01-01",
        }
    )  # fmt: skip
