"""Checklists for tests: one with an item that counts and one that somebody ticks."""

from datetime import date
from typing import Any

from app.domain.base import civil_date
from app.domain.quality.checklists import (
    NewChecklist,
    NewTick,
    create_checklist,
    tick_checklist_item,
)
from app.sql import Connection, Row
from tests.make import NOW, City, Person

DONE = civil_date(NOW)
ITEMS: list[dict[str, Any]] = [
    {"wording": "写一篇研修笔记", "measure": "notes"},
    {"wording": "读一本教育专著"},
]


async def make_checklist(db: Connection, by: Person, school: Row, **more: Any) -> Row:
    """'八个一' of a school with two items, asked since September."""
    said = {"name": "八个一", "term": "year", "items": ITEMS, "valid_from": date(2026, 9, 1)} | more
    new = NewChecklist.model_validate(said)
    return await create_checklist(db, by.actor, unit_id=school["id"], new=new, now=NOW)


async def make_tick(db: Connection, by: Person, checklist: Row, teacher: Row, **more: Any) -> Row:
    """That the teacher has read the book."""
    said = {"checklist_id": checklist["id"], "number": 2, "done_on": DONE} | more
    new = NewTick.model_validate(said)
    return await tick_checklist_item(db, by.actor, teacher_id=teacher["id"], new=new, now=NOW)


async def make_busy_checklists(db: Connection, city: City) -> None:
    """Of each of two schools a checklist, with a tick of its teacher."""
    for by, school, teacher in (
        (city.school_admin, city.school, city.teacher),
        (city.sibling_admin, city.sibling, city.sibling_teacher),
    ):
        checklist = await make_checklist(db, by, school)
        await make_tick(db, by, checklist, teacher)
