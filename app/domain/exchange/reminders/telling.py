"""Whom work concerns, and what of it is told by itself: before it falls due, and above once it is late."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Date,
    Integer,
    Select,
    Text,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.sql.visitors import iterate
from sqlmodel import col

from app.domain.access.accounts import Account
from app.domain.access.grants import RoleGrant
from app.domain.access.roles import Permission, Role, at_subject
from app.domain.base import civil_date, holds_on
from app.domain.exchange.deliveries import IS_REACHED, DeliveryKind, queued
from app.domain.exchange.reminders.rules import USUAL, ReminderRule
from app.domain.exchange.tasks import WORKFLOWS, Waiting
from app.domain.exchange.tasks.waiting import ESCALATED_AFTER, TODAY
from app.domain.people.teachers.strata import is_among
from app.sql import Connection, Statement

_LATE_FOR = 30
"""Days for which work that is late is told above, counted from when it is found there; then it was."""
_AT_ONCE = "reminders"
"""The name of the lock under which one process at a time looks for what is to be told."""


def roles_with(permission: Permission) -> Sequence[Role]:
    """The roles that permit this at their subject."""
    return [role for role in Role if permission in at_subject(role)]


def holders_beside(rows: Any, place: Any, permission: Permission) -> Any:
    """`rows` joined with the accounts that hold the permission over the very place of each."""
    holds = (
        (col(RoleGrant.subject_id) == place)
        & is_among(col(RoleGrant.role), roles_with(permission))
        & holds_on(RoleGrant, TODAY)
    )
    return rows.join(RoleGrant, holds).join(
        Account, (col(Account.id) == col(RoleGrant.account_id)) & IS_REACHED
    )


def _told(waiting: Waiting, *, above: bool) -> Select[Any]:
    """Whom a workflow's work concerns today, where it is done or above that."""
    rows = waiting.everything().subquery("rows")
    place = rows.c.above if above else rows.c.waits_at
    unit = func.coalesce(col(Account.school_id), col(Account.county_id), col(Account.city_id))
    ahead = func.coalesce(col(ReminderRule.days_before), literal(USUAL, Integer))
    days = cast(rows.c.due_on, Date) - TODAY
    after = ESCALATED_AFTER.days
    is_due = (days < -after) & (days >= -after - _LATE_FOR) if above else days.between(0, ahead)
    kind, due = literal(waiting.kind.value, Text), cast(rows.c.due_on, Text)
    return (
        select(
            col(Account.id).label("account_id"),
            rows.c.subject_id.label("subject_id"),
            func.concat_ws(" ", kind, due).label("occasion"),
        )
        .select_from(
            holders_beside(rows, place, waiting.permission).outerjoin(
                ReminderRule, col(ReminderRule.unit_id) == unit
            )
        )
        .where(is_due)
    )


@lru_cache(maxsize=2)
def _queue(*, above: bool) -> tuple[Statement, frozenset[str]]:
    """The statement for all workflows, and the names of what it is to be given."""
    parts = [
        _told(each, above=above)
        for each in WORKFLOWS
        if not each.personal and each.due is not None and (each.above is not None or not above)
    ]
    told = select(union_all(*parts).subquery("all_told"))
    made = queued(DeliveryKind.LATE if above else DeliveryKind.DUE, told)
    binds = (each for each in iterate(made) if isinstance(each, BindParameter))
    return Statement(made), frozenset(each.key for each in binds if each.required)


_LOCK = Statement(select(func.pg_try_advisory_xact_lock(func.hashtext(literal(_AT_ONCE)))))


async def queue_due_tasks(db: Connection, *, now: datetime) -> int:
    """Tell of work that falls due soon, and above of work that was left undone; how many were queued.

    Each is told once for each due day; of many processes one does it at a time, and the others nothing.
    """
    if not await db.value(_LOCK):
        return 0
    made = 0
    for above in (False, True):
        statement, names = _queue(above=above)
        given = {"now": now, "today": civil_date(now)}
        made += await db.run(statement, **{name: given[name] for name in names})
    return made
