"""Collection forms for tests: a bureau's workbook, issued and confirmed by the domain itself."""

from collections.abc import AsyncIterator, Sequence
from hashlib import sha256
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

from app.domain.paging import PageRequest
from app.domain.quality.collection_forms import (
    FormConfirmation,
    NewCollectionForm,
    confirm_form_return,
    issue_collection_form,
    list_form_returns,
)
from app.domain.training.files import File
from app.sql import Connection, Row, new_id
from tests.made import Made
from tests.make import NOW, City, Person

CELLS = [
    {"cell": "B4", "label": "在册教师数", "measure": "teachers"},
    {"cell": "C4", "label": "举办活动数", "measure": "activities_held"},
    {"cell": "D4", "label": "到会率", "measure": "attendance_share"},
    {"cell": "E4", "label": "图书册数", "measure": "stated"},
]
FORM: dict[str, Any] = {
    "title": "校本研修情况统计表", "since": "2026-09-01", "until": "2026-11-20",
    "due_on": "2026-12-10", "cells": CELLS,
}  # fmt: skip


def workbook() -> bytes:
    """The bureau's own form: a title over merged cells, a line of names, and a formula beside the cells."""
    made = BytesIO()
    with Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet("统计表")
        sheet.set_column(0, 0, 24)
        sheet.merge_range("A2:F2", "校本研修情况统计表")
        for column, text in enumerate(["项目", "教师", "活动", "到会率", "图书", "合计"]):
            sheet.write_string(2, column, text)
        sheet.write_string(3, 0, "本校")
        sheet.write_formula("F4", "=B4+C4")
    return made.getvalue()


class Shelf:
    """A file store that holds one content, whatever it is asked for."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    async def read(self, name: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The content, in one piece."""
        del name
        yield self.content[start:end]


async def make_form_file(db: Connection, bureau: Row, by: Person, content: bytes) -> Row:
    """What is known of a bureau's workbook; its content is on the shelf."""
    row = {
        "id": new_id(), "name": "统计表", "sharing": "unit", "shows_pupils": False,
        **{name: bureau[name] for name in ("city_id", "county_id", "school_id")},
        "sha256": sha256(content).hexdigest(), "size": len(content), "kind": "document",
        "media_type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "uploaded_by": by.actor.account_id, "uploaded_at": NOW,
    }  # fmt: skip
    await db.insert(File, row)
    return row


async def make_form(
    db: Connection, bureau: Row, by: Person, *, content: bytes | None = None, **more: Any
) -> Row:
    """The form of these tests, issued by a bureau to all schools below it."""
    content = content or workbook()
    file = await make_form_file(db, bureau, by, content)
    given = {"unit_id": bureau["id"], "file_id": file["id"]}
    new = NewCollectionForm.model_validate(FORM | given | more)
    store: Any = Shelf(content)
    return await issue_collection_form(db, by.actor, new=new, store=store, now=NOW)


async def returns_of(db: Connection, by: Person, form: Row) -> dict[Any, Row]:
    """The returns of a form by the school."""
    page = await list_form_returns(db, by.actor, page=PageRequest(limit=50), form_id=form["id"])
    return {row["school_id"]: row for row in page.items}


async def make_confirmed(
    db: Connection, by: Person, row: Row, cells: Sequence[dict[str, Any]] = ()
) -> Row:
    """A return that its school confirmed, with 300 books unless it says otherwise."""
    stated = list(cells) or [{"cell": "E4", "value": "300"}]
    said = FormConfirmation.model_validate({"cells": stated})
    return await confirm_form_return(db, by.actor, return_id=row["id"], said=said, now=NOW)


async def form_return_to_confirm(db: Connection, city: City) -> Made:
    """What waits for the school."""
    form = await make_form(db, city.county, city.county_admin)
    row = (await returns_of(db, city.county_admin, form))[city.school["id"]]
    return Made(row["id"], city.school_admin, city.school["id"])


async def make_busy_collection_forms(db: Connection, city: City) -> None:
    """Two forms of the city, which whoever stands highest sees, with the returns of its schools."""
    for _ in range(2):
        await make_form(db, city.city, city.city_admin)
