"""What people and scripts do with an import: hand it in, have it entered, cancel it, take it back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, String, Uuid, bindparam, exists, func, select
from sqlalchemy import delete as remove
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command, text_enum
from app.domain.errors import Conflict, NotAllowed
from app.domain.exchange.imports.keeping import SealedFile
from app.domain.exchange.imports.kind import ImportAction, ImportSubject
from app.domain.exchange.imports.kinds import KINDS
from app.domain.exchange.imports.room import (
    AT_WORK,
    check_at_work,
    check_room,
    hold_asker,
    hold_place,
    hold_room,
)
from app.domain.exchange.imports.row import ImportRow, RowState
from app.domain.exchange.imports.run import (
    IMPORTS,
    Import,
    ImportFields,
    ImportStage,
    ImportWork,
)
from app.domain.exchange.imports.staging import hold_import, kind_of
from app.domain.exchange.imports.undoing import LAST
from app.domain.organisation.units import hold_unit, place_of
from app.domain.progress import ProgressState, cancel_work
from app.queue import enqueue
from app.sql import Connection, Row, Statement

JOB = "import"
"""The job that does the work on an import that its row names."""


class NewImport(ImportFields, Command):
    """A file to be taken over."""

    unit_id: UUID


# What can be refused.


class ImportBusy(Conflict):
    """Work on the import is under way."""

    code = "import_busy"
    zh = "该导入正在处理中，请稍候。"
    en = "Work on this import is under way: wait for it, or cancel it."


class ImportNotChecked(Conflict):
    """What is not checked, or was entered already, is not entered."""

    code = "import_not_checked"
    zh = "该导入未处于已核对状态。"
    en = "This import has not been checked, or it was entered or ended already."


class ImportNotApplied(Conflict):
    """Nothing of it was entered that could be taken back."""

    code = "import_not_applied"
    zh = "该导入没有可撤回的内容。"
    en = "Nothing of this import was entered, or it was taken back already."


class ImportShrinks(Conflict):
    """A full roster lacks too many of a school: it may be of another school, or cut off."""

    code = "import_shrinks"
    zh = "完整名册缺少的人数过多（{schools} 所学校超过 {share}%），已停止导入。请核对文件或调整允许比例。"
    en = (
        "The full roster lacks too many people ({schools} schools, more than {share}%): nothing was"
        " entered. Check the file, or hand it in with a larger share."
    )


class ImportEntered(Conflict):
    """A part of it was entered: it goes on, or it is taken back."""

    code = "import_entered"
    zh = "该导入已有部分写入，请继续导入或撤回。"
    en = "A part of this import was entered: let it go on, or take it back."


# What may be asked.

_later = Import.__table__.alias("later")  # type: ignore[attr-defined]
_SAME = Statement(
    select(col(Import.id))
    .where(
        col(Import.unit_id) == bindparam("unit_id", type_=Uuid),
        col(Import.sha256) == bindparam("sha256", type_=String),
        col(Import.subject) == bindparam("subject", type_=text_enum(ImportSubject)),
        col(Import.stage) == ImportStage.APPLIED,
        col(Import.rejects) == 0,
        col(Import.undone) == 0,
        col(Import.full_roster) == bindparam("full_roster", type_=Boolean),
        ~exists(
            select(_later.c.id).where(
                _later.c.city_id == col(Import.city_id),
                _later.c.subject == col(Import.subject),
                _later.c.id != col(Import.id),
                _later.c.applied > 0,
                _later.c.created_at > col(Import.created_at),
            )
        ),
    )
    .order_by(col(Import.created_at).desc())
    .limit(1)
)


async def check_import(db: Connection, actor: Actor, *, new: NewImport, now: datetime) -> None:
    """Refuse whoever may not take over such a file, or has no room for one, before its bytes come."""
    unit = await _unit_of(db, actor, new)
    await check_at_work(db, actor)
    await check_room(db, actor, unit_id=unit["id"], size=0, now=now)


async def _unit_of(db: Connection, actor: Actor, new: NewImport) -> Row:
    """The unit below which the actor may take over such a file."""
    if actor.on_behalf_of is not None:
        raise NotAllowed(Permission.IMPORT_WRITE.value)
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=Permission.IMPORT_WRITE)
    actor.require(KINDS[new.subject].permission, place_of(unit))
    return unit


# What may be done.


async def create_import(
    db: Connection, actor: Actor, *, new: NewImport, file: SealedFile, now: datetime
) -> Row:
    """Take a file in whose bytes have come, and have it checked.

    The very file that was entered here last, wholly, is that import again: nothing is to be done.
    """
    await hold_asker(db, actor)
    unit = await _unit_of(db, actor, new)
    if not new.overwrite:
        same = await db.value(
            _SAME, unit_id=new.unit_id, sha256=file.sha256, subject=new.subject,
            full_roster=new.full_roster,
        )  # fmt: skip
        if same is not None:
            return await IMPORTS.get(db, actor, same)
    await check_at_work(db, actor)
    await hold_room(db, unit_id=unit["id"])
    await check_room(db, actor, unit_id=unit["id"], size=file.stored_size, now=now)
    row = {
        "id": file.import_id,
        **new.model_dump(include=set(ImportFields.model_fields)),
        **place_of(unit),
        "stage": ImportStage.RECEIVED,
        "sha256": file.sha256,
        "size": file.size,
        "stored_size": file.stored_size,
        "created_at": now,
        "created_by": actor.account_id,
        "applied": 0, "undone": 0, "missing": 0,
        "creates": 0, "changes": 0, "unchanged": 0, "rejects": 0,
        **_begun(actor, ImportWork.CHECK, mark=0, total=None),
    }  # fmt: skip
    await db.insert(Import, row)
    await enqueue(db, JOB, about=file.import_id)
    return await IMPORTS.get(db, actor, file.import_id)


def _begun(actor: Actor, work: ImportWork, *, mark: int, total: int | None) -> Row:
    """The columns of a piece of work that waits to be done for this actor."""
    return {
        "work": work,
        "mark": mark,
        "state": ProgressState.WAITING,
        "done": 0,
        "total": total,
        "tries": 0,
        "started_at": None,
        "finished_at": None,
        "failure_code": None,
        "failure_zh": None,
        "failure_en": None,
        "asked_by": actor.account_id,
        "client_id": actor.client_id,
        "scopes": None if actor.scopes is None else sorted(actor.scopes),
    }


async def hold_idle(db: Connection, actor: Actor, *, import_id: UUID) -> Row:
    """An import that the actor may work on, held, on which no work is under way."""
    await IMPORTS.get(db, actor, import_id)
    run = await hold_import(db, import_id=import_id)
    actor.require(kind_of(run).permission, run)
    if run["state"] in AT_WORK:
        raise ImportBusy
    return run


async def _begin(db: Connection, actor: Actor, run: Row, values: Row) -> Row:
    """Begin what writes, unless another import writes in the same place."""
    if actor.on_behalf_of is not None:
        raise NotAllowed(Permission.IMPORT_WRITE.value)
    await hold_place(db, actor, run=run)
    await db.change(Import, run["id"], values)
    await enqueue(db, JOB, about=run["id"])
    return await IMPORTS.get(db, actor, run["id"])


_LEFT = Statement(
    select(func.count()).where(
        col(ImportRow.import_id) == bindparam("import_id", type_=Uuid),
        col(ImportRow.state) == RowState.STAGED,
        col(ImportRow.action) != ImportAction.REJECT,
    )
)


async def apply_import(db: Connection, actor: Actor, *, import_id: UUID) -> Row:
    """Have a checked import entered, or the rest of one that was stopped; rows that cannot be are left."""
    run = await hold_idle(db, actor, import_id=import_id)
    if run["stage"] != ImportStage.CHECKED:
        raise ImportNotChecked
    kind_of(run).check_enters()
    if run["shrunk"]:
        raise ImportShrinks(schools=len(run["shrunk"]), share=run["shrink_share"])
    total = await db.value(_LEFT, import_id=import_id)
    # From the first row on: those that were dealt with are known by their state, and others may have
    # been repaired behind the mark.
    return await _begin(db, actor, run, _begun(actor, ImportWork.APPLY, mark=0, total=total))


async def undo_import(db: Connection, actor: Actor, *, import_id: UUID) -> Row:
    """Have taken back what an import has entered, as far as nothing rests on it and nobody changed it."""
    run = await hold_idle(db, actor, import_id=import_id)
    if not run["applied"] or run["stage"] not in {ImportStage.CHECKED, ImportStage.APPLIED}:
        raise ImportNotApplied
    goes_on = run["work"] == ImportWork.UNDO
    mark = run["mark"] if goes_on else LAST
    values = _begun(actor, ImportWork.UNDO, mark=mark, total=run["applied"])
    if goes_on:
        values["done"] = run["done"]
    return await _begin(db, actor, run, values)


_DROP = Statement(
    remove(ImportRow).where(col(ImportRow.import_id) == bindparam("import_id", type_=Uuid))
)


async def cancel_import(db: Connection, actor: Actor, *, import_id: UUID, now: datetime) -> Row:
    """Stop the work on an import; one of which nothing was entered is over, and its rows are forgotten.

    Of one that is being entered, the part in progress is finished and the rest is not begun.
    """
    await IMPORTS.get(db, actor, import_id)
    run = await hold_import(db, import_id=import_id)
    actor.require(kind_of(run).permission, run)
    at_work = run["state"] in AT_WORK
    if at_work:
        await cancel_work(db, Import, row_id=import_id, now=now)
    if run["applied"]:
        if not at_work:
            raise ImportEntered
    elif run["stage"] in {ImportStage.RECEIVED, ImportStage.CHECKED}:
        await db.run(_DROP, import_id=import_id)
        await db.change(Import, import_id, {"stage": ImportStage.CANCELLED})
    else:
        raise ImportNotChecked
    return await IMPORTS.get(db, actor, import_id)
