"""What every part of the work on an import has in common: the import held, its rows as drafts, and back."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from pydantic import ValidationError
from sqlalchemy import ARRAY, Uuid, any_, bindparam, func, null, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import text_enum
from app.domain.errors import DomainError, TooMany, Unavailable
from app.domain.exchange.imports.comparing import settle
from app.domain.exchange.imports.kind import Draft, Ground, ImportAction, ImportKind, ImportSubject
from app.domain.exchange.imports.kinds import KINDS
from app.domain.exchange.imports.reading import read_draft
from app.domain.exchange.imports.reasons import RowClashes
from app.domain.exchange.imports.row import ImportOrigin, ImportRow, RowState
from app.domain.exchange.imports.run import Import, ImportNotFound
from app.domain.people.identity import PersonalDataCipher
from app.domain.progress import ProgressState, WorkOver
from app.sql import (
    CheckViolationError,
    Connection,
    ExclusionViolationError,
    ForeignKeyViolationError,
    Row,
    Statement,
    UniqueViolationError,
)

_VIOLATIONS = (
    CheckViolationError,
    ExclusionViolationError,
    ForeignKeyViolationError,
    UniqueViolationError,
)
_PASSING = (TooMany, Unavailable)
"""Refusals that say nothing of the rows: the work is tried again later."""

T = TypeVar("T")

_HOLD = Statement(
    select(Import.__table__)  # type: ignore[attr-defined]
    .where(col(Import.id) == bindparam("import_id", type_=Uuid))
    .with_for_update()
)


async def hold_import(db: Connection, *, import_id: UUID) -> Row:
    """The whole row of an import, which nobody else works on until the transaction ends."""
    run = await db.one(_HOLD, import_id=import_id)
    if run is None:
        raise ImportNotFound
    return run


async def hold_at_work(db: Connection, *, import_id: UUID) -> Row:
    """The same, while work on it is under way; refused with `WorkOver` where it was cancelled since."""
    run = await hold_import(db, import_id=import_id)
    if run["state"] != ProgressState.RUNNING:
        raise WorkOver
    return run


def require_writer(actor: Actor, kind: ImportKind, run: Row) -> None:
    """Refuse who may not, or may no longer, take over such a file in the place of the import."""
    actor.require(Permission.IMPORT_WRITE, run)
    actor.require(kind.permission, run)


def kind_of(run: Row) -> ImportKind:
    """What kind of file an import takes over."""
    return KINDS[ImportSubject(run["subject"])]


def ground_of(run: Row, cipher: PersonalDataCipher, now: datetime) -> Ground:
    """Where an import takes place."""
    is_school = run["school_id"] is not None
    return Ground(run["id"], run["unit_id"], run["city_id"], is_school, cipher, now)


def _context(row_id: UUID) -> str:
    return f"import_row|given|{row_id}"


def draft_of(row: Row, ground: Ground) -> Draft:
    """A staged row as a draft, with what is secret of it."""
    given = dict(row["given"])
    if row["given_sealed"] is not None:
        sealed = ground.cipher.open(row["given_sealed"], context=_context(row["id"]))
        given |= msgspec.json.decode(sealed)
    return Draft(row_id=row["id"], number=row["number"], given=given, digest=row["digest"])


def row_of(kind: ImportKind, draft: Draft, ground: Ground) -> Row:
    """A draft as the row that is staged: what is secret of it is sealed."""
    secret = {name: draft.given[name] for name in kind.secrets if name in draft.given}
    sealed = None
    if secret and not draft.is_settled:
        plain = msgspec.json.encode(secret).decode()
        sealed = ground.cipher.seal(plain, context=_context(draft.row_id))
    return {
        "id": draft.row_id,
        "import_id": ground.import_id,
        "number": draft.number,
        "digest": draft.digest,
        "state": RowState.SETTLED if draft.is_settled else RowState.STAGED,
        "given": {name: text for name, text in draft.given.items() if name not in secret},
        "given_sealed": sealed,
        "key": draft.key,
        **_found(draft),
    }


def _found(draft: Draft) -> Row:
    """What was found out about a row."""
    return {
        "action": draft.action,
        "label": draft.label[:200],
        "unit_id": None if draft.unit is None else draft.unit["id"],
        "target_id": draft.target_id,
        "before": draft.before,
        "after": draft.after,
        "reasons": draft.reasons,
    }


_WRITTEN = Statement(
    select(col(ImportOrigin.thing_id), col(ImportOrigin.written)).where(
        col(ImportOrigin.subject) == bindparam("subject", type_=text_enum(ImportSubject)),
        col(ImportOrigin.thing_id) == any_(bindparam("thing_ids", type_=ARRAY(Uuid))),
    )
)


async def compare_drafts(
    db: Connection, *, kind: ImportKind, ground: Ground, drafts: Sequence[Draft],
    overwrite: bool, lock: bool,
) -> None:  # fmt: skip
    """Look up what the drafts are about, and say what each does; those that were not are read before."""
    for draft in drafts:
        read_draft(kind, draft, ground)
    readable = [draft for draft in drafts if draft.said is not None]
    rows: list[Row] = []
    if readable:
        async with db.planned_anew():
            await kind.find(db, ground, readable, lock)
            things = [draft.target_id for draft in readable if draft.target_id is not None]
            if things:
                rows = await db.all(_WRITTEN, subject=kind.subject, thing_ids=things)
    written = {row["thing_id"]: row["written"] for row in rows}
    for draft in drafts:
        origin = written.get(draft.target_id) if draft.target_id is not None else None
        settle(kind, draft, origin, overwrite=overwrite)


_table: Any = ImportRow.__table__  # type: ignore[attr-defined]
_KNOWN = ("action", "label", "unit_id", "target_id", "before", "after", "reasons", "state",
          "applied_at", "given_sealed")  # fmt: skip


def _record() -> Statement:
    arrays = [
        bindparam(name, type_=ARRAY(_table.c[name].type, dimensions=1)) for name in ("id", *_KNOWN)
    ]
    rows = func.unnest(*arrays).table_valued("id", *_KNOWN).render_derived()
    return Statement(
        update(_table)
        .where(_table.c.id == rows.c.id)
        .values({name: rows.c[name] for name in _KNOWN})
    )


_RECORD = _record()


async def record_drafts(
    db: Connection, *, drafts: Sequence[Draft], sealed: Mapping[UUID, bytes | None], now: datetime
) -> None:
    """Keep what became of rows: what was entered no longer needs what is secret of it."""
    rows = []
    for draft in drafts:
        rejected = draft.action is ImportAction.REJECT
        rows.append(
            {"id": draft.row_id, **_found(draft)}
            | {
                "state": _state(draft),
                "applied_at": now if draft.does else None,
                "given_sealed": sealed[draft.row_id] if rejected else None,
            }
        )
    if rows:
        await db.run(_RECORD, **{name: [row[name] for row in rows] for name in rows[0]})


def _state(draft: Draft) -> RowState:
    """What became of a row that was dealt with."""
    if draft.does:
        return RowState.APPLIED
    rejected = draft.action is ImportAction.REJECT
    return RowState.STAGED if rejected else RowState.SETTLED


_ORIGIN = ("subject", "thing_id", "import_id", "written", "row_id", "digest")


@lru_cache(maxsize=16)
def _remember(kind: ImportKind) -> Statement:
    table: Any = ImportOrigin.__table__  # type: ignore[attr-defined]
    arrays = [bindparam(name, type_=ARRAY(table.c[name].type, dimensions=1)) for name in _ORIGIN]
    rows = func.unnest(*arrays).table_valued(*_ORIGIN).render_derived()
    stamp = null() if kind.stamp is None else kind.stamp(rows.c.thing_id)
    chosen = select(*(rows.c[name] for name in _ORIGIN), stamp)
    given = insert(table).from_select([*_ORIGIN, "stamp"], chosen)
    merged = table.c.written.op("||", return_type=JSONB)(given.excluded.written)
    known = ("row_id", "digest", "stamp")
    return Statement(
        given.on_conflict_do_update(
            index_elements=["subject", "thing_id"],
            set_={"import_id": given.excluded.import_id, "written": merged}
            | {name: given.excluded[name] for name in known},
            where=or_(
                merged != table.c.written,
                *(table.c[name].is_distinct_from(given.excluded[name]) for name in known[1:]),
            ),
        )
    )


async def remember_origins(
    db: Connection, *, kind: ImportKind, import_id: UUID, drafts: Sequence[Draft]
) -> None:
    """Keep what this import has made so, or found so: what is otherwise later was corrected by hand.

    Of a row by which a thing is wholly as it was wanted the digest is kept as well (`known`).
    """
    rows: dict[UUID, Row] = {}
    for draft in drafts:
        if draft.target_id is None or draft.action is ImportAction.REJECT:
            continue
        present = (draft.current or {}) | draft.after
        so = {name: value for name, value in draft.wanted.items() if present.get(name) == value}
        if so:
            is_whole = kind.stamp is not None and len(so) == len(draft.wanted) and not draft.reasons
            before = rows.get(draft.target_id, {}).get("written", {})
            rows[draft.target_id] = {
                "subject": kind.subject,
                "thing_id": draft.target_id,
                "import_id": import_id,
                "written": before | so,
                "row_id": draft.row_id,
                "digest": draft.digest if is_whole else None,
            }
    if rows:
        columns = {name: [row[name] for row in rows.values()] for name in _ORIGIN}
        await db.run(_remember(kind), **columns)


async def try_parts(
    db: Connection,
    *,
    items: Sequence[T],
    do: Callable[[Sequence[T]], Awaitable[None]],
    refuse: Callable[[T, DomainError], None],
) -> None:
    """Do something with all of these, or with as many as it can be done with.

    What is refused of many is tried with each half; what is refused of one is the refusal of that one,
    with nothing of it done.
    """
    if not items:
        return
    try:
        async with db.transaction():
            await do(items)
    except (DomainError, ValidationError, *_VIOLATIONS) as problem:
        if isinstance(problem, _PASSING):
            raise
        if len(items) == 1:
            refuse(items[0], problem if isinstance(problem, DomainError) else RowClashes())
            return
        middle = len(items) // 2
        await try_parts(db, items=items[:middle], do=do, refuse=refuse)
        await try_parts(db, items=items[middle:], do=do, refuse=refuse)
