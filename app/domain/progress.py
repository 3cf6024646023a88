"""How far a piece of background work is: the same columns, words and steps for every noun that has a job.

A noun's fields inherit `ProgressFields`, its table has `progress_constraints()`, and its request puts a job
into the queue (`app.queue`). The worker moves the row along: `begin_work`, then `finish_work` or
`fail_work`. What does the work says how far it is with `advance_work`, in the transaction of each part.
"""

from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    Integer,
    TableClause,
    Text,
    Uuid,
    bindparam,
    func,
    or_,
    update,
)
from sqlmodel import Field

from app.domain.base import MOMENT, Table, text_enum
from app.domain.errors import Conflict, DomainError
from app.sql import Connection, Statement

TOPIC = "progress"
"""Under which topic each step is announced to streams, with the key of the row."""
_CHANNEL = "live"
"""That of `exchange.live`, which stands above."""


class ProgressState(StrEnum):
    """Where a piece of background work stands; the last three are final."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ProgressFields(BaseModel):
    """How far a piece of background work is, for whoever asks."""

    state: ProgressState = Field(
        default=ProgressState.WAITING,
        description="进度状态 / waiting, running, done, failed or cancelled",
        sa_type=text_enum(ProgressState),
    )
    done: int = Field(default=0, ge=0, description="已完成数量 / how much is done, of `total`")
    total: int | None = Field(
        default=None, ge=0, description="总数量，未知时为空 / how much there is, null until known"
    )
    tries: int = Field(
        default=0, ge=0, description="本步尝试次数 / how often it was begun since it last got on"
    )
    started_at: datetime | None = Field(
        default=None, description="开始时间 / when it was first begun", sa_type=MOMENT
    )
    finished_at: datetime | None = Field(
        default=None, description="结束时间 / when it ended, however", sa_type=MOMENT
    )
    failure_code: str | None = Field(
        default=None, max_length=60, description="失败代码 / code of why it failed"
    )
    failure_zh: str | None = Field(
        default=None, description="失败原因（中文） / why, in Chinese", sa_type=Text
    )
    failure_en: str | None = Field(
        default=None, description="失败原因（英文） / why, in English", sa_type=Text
    )


def progress_constraints() -> tuple[CheckConstraint, ...]:
    """What has ended says when, what has failed says why, and nothing else does."""
    return (
        CheckConstraint(
            "(finished_at IS NULL) = (state IN ('waiting', 'running'))", name="finished_at"
        ),
        CheckConstraint(
            "num_nonnulls(failure_code, failure_zh, failure_en)"
            " = CASE state WHEN 'failed' THEN 3 ELSE 0 END",
            name="failure",
        ),
        CheckConstraint("done >= 0 AND total >= 0", name="progress"),
    )


# What can be refused.


class WorkOver(Conflict):
    """The work has ended already: it cannot be cancelled, nor go on."""

    code = "work_over"
    zh = "该任务已结束。"
    en = "This work is over."


# What may be done.


class _Steps(NamedTuple):
    """The statements that move the rows of one table along."""

    begin: Statement
    advance: Statement
    finish: Statement
    fail: Statement
    cancel: Statement


@lru_cache(maxsize=64)
def _steps(table: type[Table]) -> _Steps:
    described: TableClause = table.__table__  # type: ignore[attr-defined]
    columns = described.c
    now = bindparam("now", type_=MOMENT)
    running, over = (ProgressState.RUNNING,), {"finished_at": now}
    open_ = (ProgressState.WAITING, *running)

    def step(states: tuple[ProgressState, ...], state: ProgressState, **values: Any) -> Statement:
        stands = or_(*(columns.state == each for each in states))
        chosen = columns.id == bindparam("row_id", type_=Uuid), stands
        moved = update(described).where(*chosen).values(state=state, **values)
        told = func.pg_notify(_CHANNEL, func.concat(f"{TOPIC} ", columns.id))
        return Statement(moved.returning(columns.tries, told))

    return _Steps(
        begin=step(
            open_,
            ProgressState.RUNNING,
            tries=columns.tries + 1,
            started_at=func.coalesce(columns.started_at, now),
        ),
        advance=step(
            running,
            ProgressState.RUNNING,
            done=bindparam("done", type_=Integer),
            total=func.coalesce(bindparam("total", type_=Integer), columns.total),
            tries=1,
        ),
        finish=step(running, ProgressState.DONE, **over),
        fail=step(
            open_,
            ProgressState.FAILED,
            failure_code=bindparam("code", type_=Text),
            failure_zh=bindparam("zh", type_=Text),
            failure_en=bindparam("en", type_=Text),
            **over,
        ),
        cancel=step(open_, ProgressState.CANCELLED, **over),
    )


async def begin_work(
    db: Connection, table: type[Table], *, row_id: UUID, now: datetime
) -> int | None:
    """Begin, or begin again after an interruption: which try that is; None where the work is over."""
    tries: int | None = await db.value(_steps(table).begin, row_id=row_id, now=now)
    return tries


async def advance_work(
    db: Connection, table: type[Table], *, row_id: UUID, done: int, total: int | None = None
) -> None:
    """Say how far the work is, in the transaction of the part that was just done.

    Refused with `WorkOver` where it was cancelled meanwhile, which undoes that part and ends the work.
    Tries are counted anew from here, so that long work may be interrupted any number of times.
    """
    moved = await db.value(_steps(table).advance, row_id=row_id, done=done, total=total)
    if moved is None:
        raise WorkOver


async def finish_work(db: Connection, table: type[Table], *, row_id: UUID, now: datetime) -> None:
    """Say that all of it is done; nothing happens where it was cancelled meanwhile."""
    await db.value(_steps(table).finish, row_id=row_id, now=now)


async def fail_work(
    db: Connection, table: type[Table], *, row_id: UUID, reason: DomainError, now: datetime
) -> None:
    """Say that it will not be done, and why; nothing happens where it is over."""
    await db.value(
        _steps(table).fail,
        row_id=row_id,
        code=reason.code,
        zh=reason.message("zh"),
        en=reason.message("en"),
        now=now,
    )


async def cancel_work(db: Connection, table: type[Table], *, row_id: UUID, now: datetime) -> None:
    """Cancel it, before or while it is done: it ends at its next step. Refused once it is over."""
    if await db.value(_steps(table).cancel, row_id=row_id, now=now) is None:
        raise WorkOver
