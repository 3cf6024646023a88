"""Files, evidence, rubrics and observation sheets for tests, put there as they are."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.domain.training.evidence import Evidence
from app.domain.training.evidence_kinds import EvidenceKind
from app.domain.training.files import File, FileSharing, MediaKind
from app.domain.training.notes import NoteResemblance
from app.domain.training.observation_sheets import ObservationKind, ObservationSheet
from app.domain.training.rubrics import STANDARD, Rubric
from app.sql import Connection, Row, new_id
from tests.make import NOW, Person

DIMENSIONS = [each.model_dump(mode="json") for each in STANDARD.dimensions]


def place(of: Row) -> Row:
    return {name: of[name] for name in ("city_id", "county_id", "school_id")}


async def make_file(
    db: Connection, unit: Row, by: Person, teacher: Row | None = None, **more: Any
) -> Row:
    """A file of a unit, or of a teacher there; its content lies nowhere."""
    row = {
        "id": new_id(), "name": "照片.png", "shows_pupils": False, "sharing": FileSharing.UNIT,
        "sha256": f"{new_id().int:064x}", "size": 1000, "media_type": "image/png",
        "kind": MediaKind.IMAGE, "teacher_id": teacher["id"] if teacher else None,
        **place(unit), "uploaded_by": by.actor.account_id, "uploaded_at": NOW,
    } | more  # fmt: skip
    await db.insert(File, row)
    return row


async def make_evidence(
    db: Connection, activity: Row, by: Person, teacher: Row | None = None, **more: Any
) -> Row:
    """A piece of evidence of an activity, or about a teacher in it."""
    row = {
        "id": new_id(), "kind": EvidenceKind.SUMMARY, "title": "活动总结", "text": "圆满完成。",
        "activity_id": activity["id"], "teacher_id": teacher["id"] if teacher else None,
        "added_by": by.actor.account_id, "added_at": NOW,
    } | more  # fmt: skip
    await db.insert(Evidence, row)
    return row


async def make_rubric(db: Connection, unit: Row, by: Person, **more: Any) -> Row:
    """A rubric of a unit: the dimensions of the standard one."""
    row = {
        "id": new_id(), "code": "ours", "name": "本单位量表", "source": "本单位制度第 1 条",
        "assumed": False, "dimensions": DIMENSIONS, "version": 1, **place(unit),
        "published_at": NOW, "published_by": by.actor.account_id,
    } | more  # fmt: skip
    await db.insert(Rubric, row)
    return row


async def make_sheet(
    db: Connection, teacher: Row, by: Person, observer: Row | None = None, **more: Any
) -> Row:
    """A sheet about a lesson of a teacher, by another teacher or by an account that is none."""
    row = {
        "id": new_id(), "teacher_id": teacher["id"], **place(teacher),
        "observer_id": observer["id"] if observer else None, "observer": by.name,
        "kind": ObservationKind.ROUTINE, "held_on": date(2026, 11, 19), "class_name": "三（2）班",
        "subject": "chinese", "title": f"课题{new_id()}", "record": "课堂观察记录" * 5,
        "diagnosis": "提问有层次。", "suggestions": "多留白。", "total": Decimal(80),
        "scores": [{"code": each["code"], "score": "80"} for each in DIMENSIONS],
        "submitted_by": by.actor.account_id, "submitted_at": NOW,
    } | more  # fmt: skip
    await db.insert(ObservationSheet, row)
    return row


async def make_resemblance(db: Connection, one: UUID, other: UUID, **more: Any) -> Row:
    """A resemblance between two notes as they are now."""
    first, second = sorted((one, other))
    row = {
        "id": new_id(), "note_id": first, "note_version": 1, "other_id": second,
        "other_version": 1, "share": Decimal("0.9"), "found_at": NOW, "state": "open",
    } | more  # fmt: skip
    await db.insert(NoteResemblance, row)
    return row
