"""Forgetting files to which nothing refers: handed in and never attached, or never wholly arrived.

Rows and contents are forgotten apart, so that a crash in between leaves only more to forget: first the
rows, then, under the lock by which contents are kept, what no row names any more.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import (
    ARRAY,
    String,
    Uuid,
    any_,
    bindparam,
    column,
    delete,
    exists,
    func,
    or_,
    select,
    table,
)
from sqlmodel import col

from app.domain.base import MOMENT
from app.domain.training.evidence.piece import Evidence
from app.domain.training.files import File, FileStore, hold_content, stored_name
from app.domain.training.outside_training import OutsideTraining
from app.sql import Connection, Statement

UNATTACHED = timedelta(days=30)
"""How long a file is kept that is attached to nothing."""
UNFINISHED = timedelta(days=1)
"""How long bytes are kept that belong to no file."""

_ABOVE = tuple(
    table(name, column("file_id", Uuid))
    for name in (
        "archive_piece", "arrived_growth_file",
        "claim_evidence", "evaluation_evidence", "exercise_file", "exercise_submission_file",
        "expense_attachment", "incentive", "official_document", "rectification", "regulation_version",
        "research_output", "resource_version", "self_study_milestone", "topic_step",
        "claim_evidence", "collection_form", "evaluation_evidence", "exercise_file",
        "exercise_submission_file", "expense_attachment", "official_document", "rectification",
        "regulation_version", "research_output", "resource_version", "self_study_milestone", "topic_step",
    )
)  # fmt: skip
"""What files show in the wings that lie above, by name: their tables cannot be known here."""
_attached = or_(
    *(exists(select(each.c.file_id).where(each.c.file_id == col(File.id))) for each in _ABOVE),
    *(
        exists(select(col(each.id)).where(col(each.file_id) == col(File.id)))
        for each in (Evidence, OutsideTraining)
    ),
)
_HOLD = Statement(
    select(col(File.id))
    .where(col(File.uploaded_at) < bindparam("before", type_=MOMENT), ~_attached)
    .order_by(col(File.id))
    .limit(1000)
    .with_for_update(skip_locked=True)
)
_FORGET = Statement(
    delete(File).where(col(File.id) == any_(bindparam("held", type_=ARRAY(Uuid))), ~_attached)
)


async def forget_unattached_files(db: Connection, *, now: datetime) -> int:
    """Forget files that have been attached to nothing for thirty days, a thousand at most; how many.

    Whoever attaches a file holds it. So what is being attached is passed over, and what was attached
    just before it could be held is seen by the second statement.
    """
    held = [row["id"] for row in await db.all(_HOLD, before=now - UNATTACHED)]
    return await db.run(_FORGET, held=held) if held else 0


_given = (
    func.unnest(bindparam("given", type_=ARRAY(String))).table_valued("sha256").render_derived()
)
_UNKNOWN = Statement(
    select(_given.c.sha256)
    .where(~exists(select(col(File.id)).where(col(File.sha256) == _given.c.sha256)))
    .order_by(_given.c.sha256)
)


async def forget_content(db: Connection, *, store: FileStore, names: Iterable[str]) -> int:
    """Forget of these contents those that no file has; how many. In a transaction."""
    forgotten, given = 0, [name.rpartition("/")[2] for name in names]
    # One lock after the other, in one order: few are ever left to forget.
    for row in await db.all(_UNKNOWN, given=given):
        await hold_content(db, sha256=row["sha256"])
        if await db.all(_UNKNOWN, given=[row["sha256"]]):
            await store.remove([stored_name(row["sha256"])])
            forgotten += 1
    return forgotten
