"""A task (待办): what waits for the one who asks, read from all workflows by one statement."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    bindparam,
    func,
    literal_column,
    select,
    union_all,
)
from sqlmodel import Field

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission, SubjectKind
from app.domain.base import civil_date
from app.domain.exchange.tasks.kinds import TaskKind
from app.domain.exchange.tasks.waiting import TODAY, held_places
from app.domain.exchange.tasks.workflows import PERMISSIONS, WORKFLOWS
from app.domain.paging import (
    Page,
    PageRequest,
    Total,
    UnknownSort,
    after,
    decode_cursor,
)
from app.sql import Connection, Row, Statement


class TaskView(BaseModel):
    """Something that waits for the one who asks."""

    kind: TaskKind = Field(description="待办类型 / what is to be done")
    subject_id: UUID = Field(
        description="事项标识，按类型为更正申请、调动、计划等 / key of the correction, the plan, …"
    )
    title: str | None = Field(description="事项名称 / what it is about")
    since: datetime | None = Field(description="开始等待的时间 / since when it waits")
    due_on: date | None = Field(description="应办结日期，未规定时为空 / due day, if there is one")
    overdue: bool = Field(description="是否逾期 / whether that day is over")
    waits_at: UUID = Field(
        description="在何处待办：单位、教研组、部门、片区或教师 / the place where it waits"
    )
    escalated: bool = Field(
        description="是否因下级逾期未办而列出 / whether it waits below, and has for too long"
    )


class TaskCount(BaseModel):
    """How much of one kind waits."""

    kind: TaskKind = Field(description="待办类型 / what is to be done")
    tasks: int = Field(description="待办数 / tasks")
    overdue: int = Field(description="其中逾期数 / of them, overdue")
    escalated: int = Field(description="其中下级逾期未办数 / of them, left undone below")


# What may be asked.

_NEVER = literal_column("date '9999-01-01'", Date)
"""The due day of what has none: it stands last. (The driver takes the last day of all for infinity.)"""
_LISTED = tuple(name for name in TaskView.model_fields if name != "overdue")


SORTS = ("due_on", "since")


def _waiting(permissions: frozenset[Permission], kind: TaskKind | None) -> Any:
    """All that waits where the actor holds one of these permissions."""
    parts = [
        each.for_actor()
        for each in WORKFLOWS
        if each.permission in permissions and kind in {None, each.kind}
    ]
    return union_all(*parts).subquery("waiting") if parts else None


def _orders(waiting: Any) -> dict[str, list[Any]]:
    """The sorts of the list; each ends in what tells two tasks apart."""
    c = waiting.c
    due, one = func.coalesce(c.due_on, _NEVER, type_=Date), [c.subject_id, c.waits_at, c.kind]
    return {"due_on": [due, c.since, *one], "since": [c.since, *one]}


def _overdue(waiting: Any) -> ColumnElement[bool]:
    overdue: ColumnElement[bool] = func.coalesce(waiting.c.due_on < TODAY, literal_column("false"))
    return overdue


@lru_cache(maxsize=512)
def _page(
    permissions: frozenset[Permission],
    kind: TaskKind | None,
    overdue: bool | None,
    sort: str,
    resumed: bool,
) -> tuple[Statement, list[type[Any]]] | None:
    """The statement, and the types of the keys of its order."""
    waiting = _waiting(permissions, kind)
    if waiting is None:
        return None
    order, descending = _orders(waiting)[sort.removeprefix("-")], sort.startswith("-")
    late = _overdue(waiting)
    query = select(
        *(waiting.c[name] for name in _LISTED),
        late.label("overdue"),
        *(column.label(f"_key_{n}") for n, column in enumerate(order)),
    )
    if overdue is not None:
        query = query.where(late if overdue else ~late)
    if resumed:
        query = query.where(after(order, descending=descending))
    query = query.order_by(*(c.desc() if descending else c.asc() for c in order))
    types = [getattr(c.type, "impl", c.type).python_type for c in order]
    return Statement(query.limit(bindparam("limit"))), types


@lru_cache(maxsize=256)
def _counts(
    permissions: frozenset[Permission], kind: TaskKind | None, overdue: bool | None
) -> Statement | None:
    waiting = _waiting(permissions, kind)
    if waiting is None:
        return None
    late = _overdue(waiting)
    query: Select[Any] = select(
        waiting.c.kind,
        func.count().label("tasks"),
        func.count().filter(late).label("overdue"),
        func.count().filter(waiting.c.escalated).label("escalated"),
    )
    if overdue is not None:
        query = query.where(late if overdue else ~late)
    return Statement(query.group_by(waiting.c.kind).order_by(waiting.c.kind))


def _held(actor: Actor) -> dict[Permission, list[UUID]]:
    """The places over which the actor may do what something waits for, by the permission."""
    places = {each: held_places(actor.scope(each).values) for each in PERMISSIONS}
    return {permission: held for permission, held in places.items() if held}


def _arguments(
    actor: Actor, held: dict[Permission, list[UUID]], asked: Statement, now: datetime
) -> dict[str, Any]:
    own = [grant for grant in actor.grants if grant.subject is SubjectKind.SELF]
    units = {unit for grant in own for unit in grant.ancestors}
    given = {
        "account_id": actor.account_id,
        "teacher_id": actor.teacher_id,
        "addresses": [*units, *(grant.subject_id for grant in own)],
        "now": now,
        "today": civil_date(now),
        **{f"at_{permission.name.lower()}": places for permission, places in held.items()},
    }
    return {name: value for name, value in given.items() if name in asked.required}


async def list_tasks(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    now: datetime,
    kind: TaskKind | None = None,
    overdue: bool | None = None,
) -> Page:
    """What waits for the actor in every workflow, the first due first, what has no due day last.

    Each is shown to whoever holds the permission over the place where it waits, and once it has waited
    too long to whoever holds it over the place above; never to those who may not decide it themselves.
    """
    sort = page.sort or "due_on"
    if sort.removeprefix("-") not in SORTS:
        raise UnknownSort(sort=sort[:40], allowed=", ".join(SORTS))

    async def count(db: Connection, owners: Sequence[Any]) -> Mapping[Any, int]:
        counted = await _counted(db, actor, kind, overdue, now)
        return dict.fromkeys(owners, sum(row["tasks"] for row in counted))

    held = _held(actor)
    asked = _page(frozenset(held), kind, overdue, sort, page.cursor is not None)
    if asked is None:
        return Page([], [], sort, more=False, total=Total(count))
    statement, types = asked
    arguments = _arguments(actor, held, statement, now)
    if page.cursor is not None:
        values = decode_cursor(page.cursor, sort, types)
        arguments |= {f"after_{n}": value for n, value in enumerate(values)}
    limit = page.rows
    rows = await db.all(statement, limit=limit + 1, **arguments)
    keys = [[row.pop(f"_key_{n}") for n in range(len(types))] for row in rows]
    return Page(rows[:limit], keys[:limit], sort, more=len(rows) > limit, total=Total(count))


async def list_task_counts(db: Connection, actor: Actor, *, now: datetime) -> list[Row]:
    """How much of each kind waits for the actor; a kind of which nothing waits is left out."""
    return await _counted(db, actor, None, None, now)


async def _counted(
    db: Connection, actor: Actor, kind: TaskKind | None, overdue: bool | None, now: datetime
) -> list[Row]:
    held = _held(actor)
    asked = _counts(frozenset(held), kind, overdue)
    if asked is None:
        return []
    return await db.all(asked, **_arguments(actor, held, asked, now))
