"""The change feed (变更流): everything that changed, in an order that a reader can follow and resume.

A row's change version is the transaction that wrote it last and a sequence within it. Transactions
end in another order than they begin, so the feed shows only versions below the oldest transaction
still running: what is behind the reader's cursor can no longer grow. A reader that stops and goes on
from `next` therefore sees every committed change at least once, each as the thing is when it is read;
a long writer delays the feed and never tears it.

What leaves a reader's scope (a teacher who moves to another county) is not told: the feed shows what
the reader may see. Nothing is ever deleted. An entry of the ledger keeps its version when its teacher
moves, so a reader to whom a teacher is new asks for that teacher's entries once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import BigInteger, bindparam, func, literal, literal_column, select, tuple_
from sqlmodel import Field, col

from app.domain.access.actors import Actor, Shape, within
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Table
from app.domain.credits.entries import ENTRIES, CreditEntryView
from app.domain.errors import Conflict
from app.domain.organisation.units import UNITS, UnitView
from app.domain.paging import BadCursor, decode_cursor, encode_cursor
from app.domain.people.teachers import TEACHERS, TeacherView
from app.domain.training.activities.activity import ACTIVITIES, ActivityView
from app.sql import Connection, Row, Statement

LONGEST_READ = 500
"""Changes that one read answers with at most."""


class ChangeKind(StrEnum):
    """What has changed; also the name under which a change shows it."""

    UNIT = "unit"
    TEACHER = "teacher"
    ACTIVITY = "activity"
    CREDIT_ENTRY = "credit_entry"


_MOST = 2**63 - 1  # PostgreSQL's bigint

SOURCES: dict[ChangeKind, Door] = {
    ChangeKind.UNIT: UNITS,
    ChangeKind.TEACHER: TEACHERS,
    ChangeKind.ACTIVITY: ACTIVITIES,
    ChangeKind.CREDIT_ENTRY: ENTRIES,
}
"""Where each kind is read."""


class ChangeEpoch(Table, table=True):
    """A restoration of the database from a copy; the highest number is the present epoch."""

    epoch: int = Field(primary_key=True)
    raised_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs={"server_default": func.now()})


class ChangeView(BaseModel):
    """A change: the thing as it is now, under the name of its kind."""

    kind: ChangeKind = Field(description="类别 / kind of thing")
    id: UUID = Field(description="标识 / key of the thing")
    change: str = Field(description="此变更之后的游标 / cursor after this change")
    unit: UnitView | None = Field(default=None, description="单位 / unit")
    teacher: TeacherView | None = Field(default=None, description="教师（脱敏） / teacher, masked")
    activity: ActivityView | None = Field(default=None, description="活动 / activity")
    credit_entry: CreditEntryView | None = Field(
        default=None, description="台账记录，含冲销 / entry of the ledger, reversals included"
    )


class ChangesView(BaseModel):
    """What a read of the feed answers."""

    items: list[ChangeView] = Field(description="变更，按先后 / changes in their order")
    next: str = Field(description="下次从此处继续 / where to go on, now or later; never null")
    more: bool = Field(description="是否还有 / whether more can be read at once")


# What can be refused.


class EpochRaised(Conflict):
    """The database was restored after the cursor was given: what it points to may never have been."""

    code = "change_epoch_raised"
    zh = "数据库曾从备份恢复，游标已失效，请从头读取。"
    en = "The database was restored meanwhile: read the feed again from its beginning."


class VersionsAhead(Conflict):
    """Rows have versions that this server has not come to: they were loaded from another's dump."""

    code = "change_versions_ahead"
    zh = (
        "数据中的变更版本（{newest}）超前于本服务器的事务号（{present}）：数据由转储文件载入，"
        "变更流和批次将会遗漏。请改用物理备份恢复。"
    )
    en = (
        "The data has change versions ({newest}) beyond this server's transactions ({present}): it was"
        " loaded from a dump, and the feed and the batches would miss changes. Restore a physical copy."
    )


# What may be asked.

_HORIZON = Statement(
    select(
        func.coalesce(
            select(func.max(col(ChangeEpoch.epoch))).scalar_subquery(), literal_column("0")
        ).label("epoch"),
        literal_column("pg_snapshot_xmin(pg_current_snapshot())::text::bigint").label("horizon"),
    )
)


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the feed: after this sequence of this transaction, in this epoch."""

    epoch: int
    transaction: int = 0
    sequence: int = 0

    def cursor(self) -> str:
        """The same, opaque."""
        return encode_cursor("changes", [self.epoch, self.transaction, self.sequence])


async def list_changes(
    db: Connection,
    actor: Actor,
    *,
    after: str | None = None,
    limit: int = 100,
    kinds: Sequence[ChangeKind] | None = None,
) -> Row:
    """The changes after a cursor that the actor may see, the oldest first (`ChangesView`).

    All kinds are read below one horizon, taken first; what commits meanwhile comes with the next
    read. A page that is not full leaves the cursor at the horizon.
    """
    scope = actor.require(Permission.CHANGE_READ)
    [now] = await db.all(_HORIZON)
    start = _position(after, now["epoch"])
    limit = min(max(limit, 1), LONGEST_READ)
    found: list[tuple[int, int, ChangeKind, Row]] = []
    for kind in dict.fromkeys(kinds or ChangeKind):
        known = SOURCES[kind].placed()
        rows = await db.all(
            _changes(kind, scope.shape),
            transaction=start.transaction,
            sequence=start.sequence,
            horizon=now["horizon"],
            limit=limit + 1,
            **{f"scope_{name}": ids for name, ids in scope.values.items() if name in known},
        )
        found += [(row.pop("_transaction"), row.pop("_sequence"), kind, row) for row in rows]
    found.sort(key=lambda each: each[:2])
    items = [_change(now["epoch"], *each) for each in found[:limit]]
    if len(found) > limit:
        return {"items": items, "next": items[-1]["change"], "more": True}
    end = Position(now["epoch"], max(now["horizon"], start.transaction), 0)
    caught_up = (end.transaction, 0) > (start.transaction, start.sequence)
    return {"items": items, "next": (end if caught_up else start).cursor(), "more": False}


def _position(after: str | None, epoch: int) -> Position:
    if after is None:
        return Position(epoch)
    position = Position(*decode_cursor(after, "changes", [int, int, int]))
    if not (0 <= position.transaction <= _MOST and 0 <= position.sequence <= _MOST):
        raise BadCursor
    if position.epoch != epoch:
        raise EpochRaised
    return position


def _change(
    epoch: int, transaction: int, sequence: int, kind: ChangeKind, thing: Mapping[str, Any]
) -> Row:
    return {
        "kind": kind,
        "id": thing["id"],
        "change": Position(epoch, transaction, sequence).cursor(),
        **{each.value: thing if each is kind else None for each in ChangeKind},
    }


@lru_cache(maxsize=64)
def _changes(kind: ChangeKind, shape: Shape) -> Statement:
    door = SOURCES[kind]
    columns = door.table.__table__.c  # type: ignore[attr-defined]
    transaction, sequence = columns.change_transaction, columns.change_sequence
    position = tuple_(
        bindparam("transaction", type_=BigInteger), bindparam("sequence", type_=BigInteger)
    )
    return Statement(
        door.select(transaction.label("_transaction"), sequence.label("_sequence"))
        .where(
            tuple_(transaction, sequence) > position,
            transaction < bindparam("horizon", type_=BigInteger),
            within(shape, door.placed()),
        )
        .order_by(transaction, sequence)
        .limit(bindparam("limit"))
    )


# What may be done.

_RAISE = Statement(
    ChangeEpoch.__table__.insert()  # type: ignore[attr-defined]
    .from_select(
        ["epoch"], select(func.coalesce(func.max(col(ChangeEpoch.epoch)), literal(0)) + literal(1))
    )
    .returning(col(ChangeEpoch.epoch))
)


_NEWEST = Statement(
    select(
        func.greatest(
            *(
                select(func.max(source.table.__table__.c.change_transaction)).scalar_subquery()  # type: ignore[attr-defined]
                for source in SOURCES.values()
            )
        ).label("newest"),
        literal_column("pg_snapshot_xmax(pg_current_snapshot())::text::bigint").label("present"),
    )
)


async def raise_change_epoch(db: Connection) -> int:
    """Begin a new epoch after the database was restored from a copy; the operator's to call.

    Refused where the copy was a dump that another server wrote: its versions mean nothing here.
    """
    [versions] = await db.all(_NEWEST)
    if versions["newest"] is not None and versions["newest"] >= versions["present"]:
        raise VersionsAhead(**versions)
    return int(await db.value(_RAISE))
