"""Settling what is due: doubts are looked for first, then progress is counted without what is in doubt.

It may be done at any time and by any number of processes: done again, nothing changes. What is open and
is not found again has lapsed: what it rested on is so no more.
"""

from collections.abc import Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Text,
    Uuid,
    any_,
    bindparam,
    cast,
    column,
    exists,
    func,
    not_,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import col

from app.domain.access.doors import PLACE
from app.domain.aside import SetAside
from app.domain.base import MOMENT, text_enum
from app.domain.learning.learning_doubts.doubt import (
    LearningDoubt,
    LearningDoubtKind,
    LearningDoubtState,
)
from app.domain.learning.learning_doubts.kinds import FINDERS
from app.domain.learning.learning_doubts.told import GIVEN, asked_pairs
from app.domain.learning.learning_progress import count_progress, take_due
from app.domain.learning.learning_progress.counting import Pair
from app.domain.learning.learning_records import LearningDue, mark_due
from app.domain.training.activities import Activity
from app.sql import Connection, Row, Statement, new_id

_FIND = {kind: Statement(find()) for kind, find in FINDERS.items()}
_OPEN = LearningDoubtState.OPEN
_LINE = (*GIVEN, "kind")
"""What tells open doubts apart: of one kind a person has one at most in a class."""
_line = itemgetter(*_LINE)


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
            index_elements=[*_LINE],
            index_where=text("state = 'open'"),
            set_={name: made.excluded[name] for name in told},
            where=or_(*(table.c[name] != made.excluded[name] for name in told)),
        ).returning(*(table.c[name] for name in _LINE))
    )


_PUT_UP = _put_up()


def _let_lapse() -> Statement:
    """What is open about some people in some classes and was not found again; returns what it was."""
    table: Any = LearningDoubt.__table__  # type: ignore[attr-defined]
    pairs = asked_pairs()
    again = (
        func.unnest(*(bindparam(f"each_{name}", type_=ARRAY(table.c[name].type)) for name in _LINE))
        .table_valued(*_LINE, name="again")
        .render_derived()
    )
    return Statement(
        update(table)
        .where(
            table.c.state == _OPEN,
            *(table.c[name] == pairs.c[name] for name in GIVEN),
            not_(exists().where(*(table.c[name] == again.c[name] for name in _LINE))),
        )
        .values(
            state=bindparam("to", LearningDoubtState.LAPSED, type_=table.c.state.type),
            decided_at=bindparam("now", type_=MOMENT),
        )
        .returning(*(table.c[name] for name in _LINE))
    )


_LET_LAPSE = _let_lapse()
_DUE_AGAIN = Statement(
    insert(LearningDue)
    .from_select(
        ["activity_id", "teacher_id", "since"],
        select(
            col(LearningDoubt.activity_id),
            col(LearningDoubt.teacher_id),
            bindparam("now", type_=MOMENT),
        )
        .where(col(LearningDoubt.state) == _OPEN)
        .distinct()
        .order_by(col(LearningDoubt.activity_id), col(LearningDoubt.teacher_id)),
    )
    .on_conflict_do_nothing()
)
_ELSEWHERE = Statement(
    select(col(LearningDoubt.activity_id), col(LearningDoubt.teacher_id)).where(
        col(LearningDoubt.teacher_id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))),
        col(LearningDoubt.kind) == LearningDoubtKind.TWO_PLACES,
        col(LearningDoubt.state) == _OPEN,
    )
)
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
    pairs = asked_pairs()
    of_pair = tuple_(*(col(getattr(LearningDoubt, name)) for name in GIVEN)) == tuple_(
        *(pairs.c[name] for name in GIVEN)
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


async def have_open_doubts_found_again(db: Connection, *, now: datetime) -> int:
    """Have everybody looked at again of whom a doubt is open; how many they are. For every night.

    What a doubt rests on may change without a player's telling: an attendance is corrected, an activity
    cancelled, the days of a class moved.
    """
    return await db.run(_DUE_AGAIN, now=now)


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
    # In the order of their key, so that two who find the same at once wait for each other.
    found.sort(key=_line)
    others = await _lapse(db, keys, found, now) | await _put_up_found(db, found, now)
    if left := others.difference(pairs):
        await db.run(_DUE_AS_WELL, **_keys(sorted(left)), now=now)


async def _lapse(
    db: Connection, keys: dict[str, list[UUID]], found: Sequence[Row], now: datetime
) -> set[Pair]:
    """Close what is open of these people and not found again; where else it may be so no more."""
    again = {f"each_{name}": [row[name] for row in found] for name in _LINE}
    lapsed = await db.all(_LET_LAPSE, **keys, **again, now=now)
    people = {row["teacher_id"] for row in lapsed if row["kind"] == LearningDoubtKind.TWO_PLACES}
    rows = await db.all(_ELSEWHERE, teacher_ids=list(people)) if people else []
    return {(row["activity_id"], row["teacher_id"]) for row in rows}


async def _put_up_found(db: Connection, found: Sequence[Row], now: datetime) -> set[Pair]:
    """Put up what was found; in which other classes the same is in doubt, and looked for next."""
    if not found:
        return set()
    names = (*_LINE, "records", "figures")
    columns = {f"each_{name}": [row[name] for row in found] for name in names}
    columns["each_records"] = ["{" + ",".join(map(str, row["records"])) + "}" for row in found]
    changed = await db.all(_PUT_UP, each_id=[new_id() for _ in found], now=now, **columns)
    told = {_line(row) for row in changed}
    return {
        (other, row["teacher_id"])
        for row in found
        if _line(row) in told
        for other in row["others"] or ()
    }
