"""Whom work concerns, and what of it is told by itself: before it falls due, and above once it is late."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Integer,
    Select,
    Text,
    and_,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlmodel import col

from app.domain.access.accounts import Account
from app.domain.access.grants import RoleGrant
from app.domain.access.roles import Duty, Permission, Role, at_subject, beyond_subject
from app.domain.base import civil_date, holds_on
from app.domain.exchange.deliveries import IS_REACHED, DeliveryKind, queued
from app.domain.exchange.reminders.rules import USUAL, ReminderRule
from app.domain.exchange.tasks import WORKFLOWS, Waiting
from app.domain.exchange.tasks.waiting import ESCALATED_AFTER, TODAY, not_own
from app.domain.organisation.departments import Department
from app.domain.people.teachers.strata import is_among
from app.sql import Connection, Statement

_LATE_FOR = 30
"""Days for which work that is late is told above, counted from when it is found there; then it was."""
_AT_ONCE = "reminders"
"""The name of the lock under which one process at a time looks for what is to be told."""


def _holders(permission: Permission) -> Any:
    """Who holds a permission today, and over which place: by a role, or as a department's officer.

    What a department's officers may do follows from its duties: for the department, and a bureau's
    department for its bureau.
    """
    is_officer = is_among(col(RoleGrant.role), [Role.DEPARTMENT_OFFICER])
    roles = [each for each in Role if permission in at_subject(each)]

    def granted(place: Any, *conditions: ColumnElement[bool]) -> Select[Any]:
        held = select(place.label("place"), col(RoleGrant.account_id).label("account_id"))
        return held.where(holds_on(RoleGrant, TODAY), *conditions)

    def of_officers(
        place: Any, permits: Callable[[Role, list[Duty]], frozenset[Permission]]
    ) -> Any:
        duties = [each for each in Duty if permission in permits(Role.DEPARTMENT_OFFICER, [each])]
        charged = col(Department.duties).op("&&")(cast(literal(duties, ARRAY(Text)), ARRAY(Text)))
        is_of = col(Department.id) == col(RoleGrant.subject_id)
        return granted(place, is_officer, is_of, charged)

    return union_all(
        granted(col(RoleGrant.subject_id), is_among(col(RoleGrant.role), roles), ~is_officer),
        of_officers(col(Department.id), at_subject),
        of_officers(col(Department.county_id), beyond_subject).where(
            col(Department.school_id).is_(None)
        ),
    ).subquery("holders")


def holders_beside(waiting: Waiting, rows: Any, place: Any) -> Any:
    """`rows` of a workflow, joined with the accounts that may do it at the place of each."""
    holders = _holders(waiting.permission)
    others = not_own(rows.c.get("by"), rows.c.get("of"), col(Account.id), col(Account.teacher_id))
    may = and_(col(Account.id) == holders.c.account_id, IS_REACHED, *others)
    return rows.join(holders, holders.c.place == place).join(Account, may)


def _told(waiting: Waiting, *, above: bool) -> Select[Any]:
    """Whom a workflow's work concerns today, where it is done or above that."""
    rows = waiting.told().subquery("rows")
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
            holders_beside(waiting, rows, place).outerjoin(
                ReminderRule, col(ReminderRule.unit_id) == unit
            )
        )
        .where(is_due)
    )


@lru_cache(maxsize=2)
def _queue(*, above: bool) -> Statement:
    """The statement for all workflows."""
    parts = [
        _told(each, above=above)
        for each in WORKFLOWS
        if not each.personal and each.due is not None and (each.above is not None or not above)
    ]
    told = select(union_all(*parts).subquery("all_told"))
    return Statement(queued(DeliveryKind.LATE if above else DeliveryKind.DUE, told))


_LOCK = Statement(select(func.pg_try_advisory_xact_lock(func.hashtext(literal(_AT_ONCE)))))


async def queue_due_tasks(db: Connection, *, now: datetime) -> int:
    """Tell of work that falls due soon, and above of work that was left undone; how many were queued.

    Each is told once for each due day; of many processes one does it at a time, and the others nothing.
    """
    if not await db.value(_LOCK):
        return 0
    made, given = 0, {"now": now, "today": civil_date(now)}
    for above in (False, True):
        statement = _queue(above=above)
        made += await db.run(statement, **statement.chosen(given))
    return made
