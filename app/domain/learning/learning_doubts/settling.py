"""Settling what is due: doubts are looked for first, then progress is counted without what is in doubt.

It may be done at any time and by any number of processes: done again, nothing changes.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, bindparam, cast, column, func, or_, select, text, tuple_
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import col

from app.domain.access.doors import PLACE
from app.domain.aside import SetAside
from app.domain.base import MOMENT, text_enum
from app.domain.learning.learning_doubts.doubt import LearningDoubt, LearningDoubtState
from app.domain.learning.learning_doubts.kinds import FINDERS
from app.domain.learning.learning_progress import count_progress, take_due
from app.domain.learning.learning_progress.counting import Pair
from app.domain.learning.learning_records import LearningDue, mark_due
from app.domain.training.activities import Activity
from app.sql import Connection, Row, Statement, new_id

_FIND = {kind: Statement(find()) for kind, find in FINDERS.items()}
_OPEN = LearningDoubtState.OPEN


def _put_up() -> Statement:
    """What was found, as one array for each column; returns what is new, or newly otherwise."""
    table: Any = LearningDoubt.__table__  # type: ignore[attr-defined]
    kinds: dict[str, Any] = {
        "id": Uuid(), "activity_id": Uuid(), "teacher_id": Uuid(), "kind": table.c.kind.type,
        "records": Text(), "figures": JSONB(),
    }  # fmt: skip
    found = (
        func.unnest(
            *(
                bindparam(f"each_{name}", type_=ARRAY(kind, dimensions=1))
                for name, kind in kinds.items()
            )
        )
        .table_valued(*(column(name, kind) for name, kind in kinds.items()), name="found")
        .render_derived()
    )
    values: dict[str, Any] = {
        **{name: found.c[name] for name in kinds},
        "records": cast(found.c.records, ARRAY(Uuid)),
        **{name: col(getattr(Activity, name)) for name in PLACE},
        "state": bindparam("state", _OPEN, type_=text_enum(LearningDoubtState)),
        "found_at": bindparam("now", type_=MOMENT),
    }
    rows = select(*values.values()).join_from(
        found, Activity, col(Activity.id) == found.c.activity_id
    )
    made = insert(LearningDoubt).from_select(list(values), rows)
    told = ("records", "figures")
    return Statement(
        made.on_conflict_do_update(
            index_elements=["activity_id", "teacher_id", "kind"],
            index_where=text("state = 'open'"),
            set_={name: made.excluded[name] for name in told},
            where=or_(*(table.c[name] != made.excluded[name] for name in told)),
        ).returning(table.c.activity_id, table.c.teacher_id, table.c.kind)
    )


_PUT_UP = _put_up()
_DUE_AS_WELL = Statement(
    insert(LearningDue)
    .from_select(
        ["activity_id", "teacher_id", "since"],
        select(
            func.unnest(bindparam("activity_ids", type_=ARRAY(Uuid))),
            func.unnest(bindparam("teacher_ids", type_=ARRAY(Uuid))),
            bindparam("now", type_=MOMENT),
        ),
    )
    .on_conflict_do_nothing()
)


def _set_aside() -> Statement:
    given = ("activity_id", "teacher_id")
    arrays = (bindparam(f"{name}s", type_=ARRAY(Uuid)) for name in given)
    pairs = func.unnest(*arrays).table_valued(*given, name="pair").render_derived()
    of_pair = tuple_(*(col(getattr(LearningDoubt, name)) for name in given)) == tuple_(
        *(pairs.c[name] for name in given)
    )
    standing = [LearningDoubtState.OPEN, LearningDoubtState.CONFIRMED]
    return Statement(
        select(func.unnest(col(LearningDoubt.records)).label("id"))
        .select_from(pairs)
        .join(LearningDoubt, of_pair)
        .where(or_(*(col(LearningDoubt.state) == each for each in standing)))
        .distinct()
    )


_SET_ASIDE = _set_aside()


async def settle_due_progress(
    db: Connection, *, now: datetime, at_most: int, aside: SetAside | None = None
) -> int:
    """Look for doubts about some whose progress is due, and count it; how many they were.

    A part of the upkeep: in a transaction of its own, until there are none. A teacher with whom it fails is
    set aside, and stays due.
    """
    aside = aside or SetAside("learner")
    due = await take_due(db, at_most=at_most, aside=aside.keys(now))

    async def settle(rows: Sequence[Row]) -> int:
        await _settle(db, [row["pair"] for row in rows], now)
        return len(rows)

    if due:
        await aside.work(db, [{"id": pair[1], "pair": pair} for pair in due], settle, now=now)
        failed = set(aside.keys(now))
        if left := [pair for pair in due if pair[1] in failed]:
            await mark_due(db, pairs=left, now=now)
    return len(due)


async def _settle(db: Connection, pairs: Sequence[Pair], now: datetime) -> None:
    await _find_doubts(db, pairs, now)
    set_aside = [row["id"] for row in await db.all(_SET_ASIDE, **_keys(pairs))]
    await count_progress(db, pairs=pairs, set_aside=set_aside, now=now)


def _keys(pairs: Sequence[Pair]) -> dict[str, list[UUID]]:
    return {
        "activity_ids": [activity_id for activity_id, _ in pairs],
        "teacher_ids": [teacher_id for _, teacher_id in pairs],
    }


async def _find_doubts(db: Connection, pairs: Sequence[Pair], now: datetime) -> None:
    keys = _keys(pairs)
    found: list[Row] = []
    for kind, statement in _FIND.items():
        found += [row | {"kind": kind} for row in await db.all(statement, **keys)]
    if not found:
        return
    # In the order of their key, so that two who find the same at once wait for each other.
    found.sort(key=lambda row: (row["activity_id"], row["teacher_id"], row["kind"]))
    names = ("activity_id", "teacher_id", "kind", "records", "figures")
    columns = {f"each_{name}": [row[name] for row in found] for name in names}
    columns["each_records"] = ["{" + ",".join(map(str, row["records"])) + "}" for row in found]
    changed = await db.all(_PUT_UP, each_id=[new_id() for _ in found], now=now, **columns)
    told = {(row["activity_id"], row["teacher_id"], row["kind"]) for row in changed}
    # In the other class the same is in doubt: it is looked for there next.
    others = {
        (other, row["teacher_id"])
        for row in found
        if (row["activity_id"], row["teacher_id"], row["kind"]) in told
        for other in row["others"] or ()
    } - set(pairs)
    if others:
        await db.run(_DUE_AS_WELL, **_keys(sorted(others)), now=now)
