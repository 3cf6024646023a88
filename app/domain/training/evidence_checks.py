"""Checks (学校检查): that the school has looked at a note, a sheet or a piece of evidence, and its word.

「学校要及时检查,督促落实」 (S0 two (3)). A check is a record of its own and is never changed; a later one
stands beside it. It says which version of a note was read. It refuses nothing: a note that was returned
is still a note until the school or the organiser does something about it.
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import ARRAY, CheckConstraint, Index, Uuid, any_, bindparam, func, select, union_all
from sqlmodel import Field, col

from app.domain.access.actors import Actor, Shape, within
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Table, columns_of, key, text_enum
from app.domain.errors import Conflict, NotAllowed, NotFound, Unfit
from app.domain.training.evidence import EVIDENCE, OWN_EVIDENCE, get_evidence
from app.domain.training.notes import NOTES, Note
from app.domain.training.observation_sheets import SHEETS, get_observation_sheet
from app.sql import Connection, Row, Statement, new_id


class CheckVerdict(StrEnum):
    """What the school says (检查结论)."""

    CHECKED = "checked"
    """已检查"""
    RETURNED = "returned"
    """退回修改"""
    COMMENDED = "commended"
    """表扬"""


class CheckFields(BaseModel):
    """What was looked at, and what is said of it: one of the three keys."""

    note_id: UUID | None = Field(default=None, description="研修笔记 / note", sa_type=Uuid)
    note_version: int | None = Field(
        default=None, ge=1, description="所读版本，检查笔记时必填 / version read; needed for a note"
    )
    sheet_id: UUID | None = Field(
        default=None, description="听课记录 / observation sheet", sa_type=Uuid
    )
    evidence_id: UUID | None = Field(default=None, description="佐证材料 / evidence", sa_type=Uuid)
    verdict: CheckVerdict = Field(description="结论 / verdict", sa_type=text_enum(CheckVerdict))
    remark: str | None = Field(
        default=None, min_length=2, max_length=500, description="意见，退回时必填 / remark"
    )


class EvidenceCheck(CheckFields, Table, table=True):
    """One check; rows are only ever added."""

    __table_args__ = (
        CheckConstraint("num_nonnulls(note_id, sheet_id, evidence_id) = 1", name="of_one"),
        CheckConstraint("(note_id IS NULL) = (note_version IS NULL)", name="of_a_version"),
        CheckConstraint("verdict <> 'returned' OR remark IS NOT NULL", name="returned_with_remark"),
        Index(None, "note_id", "id"),
        Index(None, "sheet_id", "id"),
        Index(None, "evidence_id", "id"),
    )

    id: UUID = key()
    note_id: UUID | None = Field(default=None, foreign_key="note.id", sa_type=Uuid)
    sheet_id: UUID | None = Field(default=None, foreign_key="observation_sheet.id", sa_type=Uuid)
    evidence_id: UUID | None = Field(default=None, foreign_key="evidence.id", sa_type=Uuid)
    checked_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    checked_at: datetime = Field(sa_type=MOMENT)


class CheckView(CheckFields):
    """A check as both faces show it."""

    id: UUID = Field(description="标识 / key")
    checked_at: datetime = Field(description="检查时间 / when it was checked")


class NewCheck(CheckFields, Command):
    """One check of a batch."""

    @model_validator(mode="after")
    def _is_of_one(self) -> Self:
        if sum(each is not None for each in (self.note_id, self.sheet_id, self.evidence_id)) != 1:
            raise Unfit("每项只检查一件材料。", "Each check is of one thing.")
        if (self.note_id is None) != (self.note_version is None):
            raise Unfit("检查笔记时须填写所读版本。", "Of a note, say which version was read.")
        if self.verdict is CheckVerdict.RETURNED and self.remark is None:
            raise Unfit("退回时须填写意见。", "Say why it is returned.")
        return self


class NewChecks(Command):
    """A batch: all of it is recorded, or nothing."""

    checks: list[NewCheck] = Field(
        min_length=1, max_length=200, description="各项检查 / the checks"
    )


class ChecksRecorded(BaseModel):
    """What was recorded."""

    recorded: int = Field(description="记录的检查数 / how many checks were recorded")


# What can be refused.


class CheckedNotFound(NotFound):
    """Something in the batch does not exist for the one who asks: nothing was recorded."""

    code = "checked_evidence_not_found"
    zh = "第 {number} 项材料未找到，未记录任何检查。"
    en = "Number {number} does not exist here: nothing was recorded."


class NoteChangedMeanwhile(Conflict):
    """A note was replaced after it was read."""

    code = "checked_note_changed"
    zh = "第 {number} 项笔记已有新版本，请重新阅读后再检查。"
    en = "Number {number} has been replaced meanwhile: read it again."


# What may be asked.


def _checks_of(column: Any) -> Statement:
    return Statement(
        select(*columns_of(EvidenceCheck, CheckView))
        .where(column == bindparam("key", type_=Uuid))
        .order_by(col(EvidenceCheck.id).desc())
        .limit(100)
    )


_OF_NOTE = _checks_of(col(EvidenceCheck.note_id))
_OF_SHEET = _checks_of(col(EvidenceCheck.sheet_id))
_OF_EVIDENCE = _checks_of(col(EvidenceCheck.evidence_id))


async def list_note_checks(db: Connection, actor: Actor, *, note_id: UUID) -> list[Row]:
    """The checks of a note, one's own or of a teacher in the actor's place; the latest first."""
    await NOTES.get(db, actor, note_id)
    return await db.all(_OF_NOTE, key=note_id)


async def list_observation_sheet_checks(
    db: Connection, actor: Actor, *, sheet_id: UUID
) -> list[Row]:
    """The checks of an observation sheet that the actor may see: see `get_observation_sheet`."""
    await get_observation_sheet(db, actor, sheet_id=sheet_id)
    return await db.all(_OF_SHEET, key=sheet_id)


async def list_evidence_checks(db: Connection, actor: Actor, *, evidence_id: UUID) -> list[Row]:
    """The checks of a piece of evidence that the actor may see: see `get_evidence`."""
    await get_evidence(db, actor, evidence_id=evidence_id)
    return await db.all(_OF_EVIDENCE, key=evidence_id)


# What may be done.


_Shapes = tuple[Shape, Shape]
"""The shapes of the actor's reach, and of where the actor may check."""
_KEYS = bindparam("keys", type_=ARRAY(Uuid))


def _among(door: Door, *shown: Any) -> Callable[[_Shapes], Statement]:
    """The statement, by shapes, of those of many keys that the actor sees, and whether it may check them."""

    @lru_cache(maxsize=64)
    def statement(shapes: _Shapes) -> Statement:
        reach, scope = shapes
        allowed = within(scope, door.placed()).label("allowed")
        chosen = select(door.key, allowed, *shown).select_from(door.rows)
        seen = within(reach, door.placed(), prefix="reach")
        return Statement(chosen.where(door.key == any_(_KEYS), seen))

    return statement


_NOTES_AMONG = _among(NOTES, col(Note.version))
_SHEETS_AMONG = _among(SHEETS)


@lru_cache(maxsize=64)
def _evidence_among(shapes: _Shapes) -> Statement:
    """Evidence of activities of the actor's place, and about teachers of it."""
    reach, scope = shapes
    parts = [
        select(door.key, within(scope, door.placed()).label("allowed"))
        .select_from(door.rows)
        .where(door.key == any_(_KEYS), within(reach, door.placed(), prefix="reach"))
        for door in (EVIDENCE, OWN_EVIDENCE)
    ]
    found = union_all(*parts).subquery()
    return Statement(
        select(found.c.id, func.bool_or(found.c.allowed).label("allowed")).group_by(found.c.id)
    )


async def _found(
    db: Connection,
    actor: Actor,
    statement: Callable[[_Shapes], Statement],
    keys: list[UUID],
    *doors: Door,
) -> dict[UUID, Row]:
    """Those of the keys that the actor sees; nothing is asked where there are none."""
    if not keys:
        return {}
    known = {column for door in doors for column in door.placed()}
    scopes = {"reach": actor.reach, "scope": actor.scope(Permission.EVIDENCE_CHECK)}
    arguments: dict[str, Any] = {}
    for name, scope in scopes.items():
        arguments |= scope.parameters(known, prefix=name)
    asked = statement((scopes["reach"].shape, scopes["scope"].shape))
    return {row["id"]: row for row in await db.all(asked, keys=keys, **arguments)}


async def check_evidence(
    db: Connection, actor: Actor, *, new: NewChecks, now: datetime
) -> dict[str, int]:
    """Record what the school says of many notes, sheets and pieces of evidence: all, or nothing.

    At most four statements, however many there are. Each check is a row of its own.
    """
    given = new.checks
    notes, sheets, pieces = (
        [key for check in given if (key := getattr(check, name)) is not None]
        for name in ("note_id", "sheet_id", "evidence_id")
    )
    found = {
        **await _found(db, actor, _NOTES_AMONG, notes, NOTES),
        **await _found(db, actor, _SHEETS_AMONG, sheets, SHEETS),
        **await _found(db, actor, _evidence_among, pieces, EVIDENCE, OWN_EVIDENCE),
    }
    for number, check in enumerate(given, start=1):
        row = found.get(check.note_id or check.sheet_id or check.evidence_id)  # type: ignore[arg-type]
        if row is None:
            raise CheckedNotFound(number=number)
        if not row["allowed"]:
            raise NotAllowed(Permission.EVIDENCE_CHECK.value)
        if check.note_id is not None and row["version"] != check.note_version:
            raise NoteChangedMeanwhile(number=number)
    made = {"checked_by": actor.account_id, "checked_at": now}
    await db.insert_all(
        EvidenceCheck, [{"id": new_id(), **check.model_dump(), **made} for check in given]
    )
    return {"recorded": len(given)}
