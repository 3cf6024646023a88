"""What falls due: stored standings that a day or a changed fact has made stale.

A birthday, 1 September, the end of a cycle or a new rank can turn a verdict without any entry. Whoever
reads one person's standing gets it judged anew anyway; the sums of schools count the stored verdicts,
so every process judges those anew beside its requests, in rounds; `yanxun recount` does at once.
"""

import logging
from collections.abc import Sequence
from datetime import date, datetime
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import ARRAY, Date, Uuid, any_, bindparam, or_, select
from sqlmodel import col

from app.domain.base import civil_date
from app.domain.credits.entries.ledger import lock_free_heads, lock_heads
from app.domain.credits.entries.table import CreditChain
from app.domain.credits.standings.facts import facts_version, read_people
from app.domain.credits.standings.failures import (
    failures_due,
    forget_failures,
    is_set_aside,
    set_aside,
)
from app.domain.credits.standings.governing import read_packs
from app.domain.credits.standings.table import Standing
from app.domain.credits.standings.writing import count_again, lock_schools
from app.domain.people.teachers import Teacher
from app.sql import (
    LOST,
    Connection,
    DataError,
    IntegrityConstraintViolationError,
    RaiseError,
    Statement,
)

log = logging.getLogger("yanxun")

_after = bindparam("after", type_=Uuid)
_DUE = Statement(
    select(col(Standing.teacher_id))
    .distinct()
    .join(Teacher, col(Teacher.id) == col(Standing.teacher_id))
    .where(
        col(Standing.teacher_id) > _after,
        or_(
            col(Standing.verdict_until) <= bindparam("day", type_=Date),
            col(Standing.facts_version) != facts_version(),
        ),
        ~is_set_aside(col(Standing.teacher_id)),
    )
    .order_by(col(Standing.teacher_id))
    .limit(bindparam("at_most"))
)


_NEXT = Statement(
    # Of a record that was merged into another nothing is in force, and it has no standing.
    select(col(CreditChain.teacher_id))
    .join(Teacher, col(Teacher.id) == col(CreditChain.teacher_id))
    .where(col(CreditChain.teacher_id) > _after, col(Teacher.merged_into_id).is_(None))
    .order_by(col(CreditChain.teacher_id))
    .limit(bindparam("at_most"))
)
_STAYING = Statement(
    select(col(Teacher.id)).where(
        col(Teacher.id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))),
        col(Teacher.merged_into_id).is_(None),
    )
)
_SCHOOLS = Statement(
    select(col(Teacher.school_id)).where(
        col(Teacher.id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid)))
    )
)
FIRST = UUID(int=0)
"""Before the first person."""
_OF_SOMEBODY = (DataError, IntegrityConstraintViolationError, RaiseError)
"""What the database refuses because of what stands there of somebody: an amount, a constraint, a trigger."""

Place = TypeVar("Place")


class Part(NamedTuple, Generic[Place]):
    """What one transaction of a round came to: how many people it counted, and after whom to go on.

    `last` is None where nobody was left: the round is over, and the next begins anew.
    """

    counted: int
    last: Place | None


async def recount_due(
    db: Connection, *, after: UUID = FIRST, now: datetime, at_most: int
) -> Part[UUID]:
    """Judge the standings of so many people anew whose verdict fell due, in the order of their keys.

    Each call is one transaction's work. Who is held by somebody else is left out: it is counted there, or in
    the next round; so that several processes take different people.
    """
    rows = await db.all(_DUE, after=after, day=civil_date(now), at_most=at_most)
    return await count_part(db, teacher_ids=[row["teacher_id"] for row in rows], now=now)


async def rebuild_standings(
    db: Connection, *, after: UUID = FIRST, now: datetime, at_most: int
) -> Part[UUID]:
    """Count the next people anew from their ledgers; it waits for whoever holds one of them."""
    rows = await db.all(_NEXT, after=after, at_most=at_most)
    teacher_ids = [row["teacher_id"] for row in rows]
    await lock_heads(db, teacher_ids=teacher_ids)
    return await count_part(db, teacher_ids=teacher_ids, now=now)


async def retry_failures(db: Connection, *, now: datetime, at_most: int) -> int:
    """Try those again who were set aside and whose time has come; how many could be counted now."""
    teacher_ids = await failures_due(db, now=now, at_most=at_most)
    part = await count_part(db, teacher_ids=sorted(teacher_ids), now=now)
    return part.counted


async def count_part(db: Connection, *, teacher_ids: Sequence[UUID], now: datetime) -> Part[UUID]:
    """Fold all standings of these people anew, as far as nobody else holds the heads of their chains.

    Whoever cannot be counted is set aside, with a line in the log, and the others are counted.
    """
    if not teacher_ids:
        return Part(0, None)
    free = await lock_free_heads(db, teacher_ids=teacher_ids)
    # Asked once the heads are held: whoever was found may have been merged into another meanwhile.
    staying = [row["id"] for row in await db.all(_STAYING, teacher_ids=free)]
    counted, failed = await _counted(db, staying, civil_date(now))
    for teacher_id, error in failed.items():
        log.error("the standings of %s cannot be counted", teacher_id, exc_info=error)
    if failed:
        await set_aside(db, failed=failed, now=now)
    if counted:
        await forget_failures(db, teacher_ids=counted)
    return Part(len(counted), teacher_ids[-1])


async def _counted(
    db: Connection, teacher_ids: Sequence[UUID], day: date
) -> tuple[list[UUID], dict[UUID, Exception]]:
    """Who was counted, and what was raised of whom: all at once, or else one by one."""
    try:
        async with db.transaction():
            await _count(db, teacher_ids, day)
    except Exception as error:
        if _is_lost(error):
            raise
        if len(teacher_ids) == 1:
            return [], {teacher_ids[0]: error}
    else:
        return list(teacher_ids), {}
    # One by one they would hold their schools in the order of the people: two would wait in a circle.
    rows = await db.all(_SCHOOLS, teacher_ids=teacher_ids)
    await lock_schools(db, school_ids=[row["school_id"] for row in rows])
    counted: list[UUID] = []
    failed: dict[UUID, Exception] = {}
    for teacher_id in teacher_ids:
        one, of_one = await _counted(db, [teacher_id], day)
        counted += one
        failed |= of_one
    return counted, failed


def _is_lost(error: Exception) -> bool:
    """Whether it is the database that does not answer, and nobody's ledger that is the matter."""
    return isinstance(error, LOST) and not isinstance(error, _OF_SOMEBODY)


async def _count(db: Connection, teacher_ids: Sequence[UUID], day: date) -> None:
    people = await read_people(db, teacher_ids=teacher_ids)
    for city_id in {person.city_id for person in people.values()}:
        packs = await read_packs(db, city_id=city_id)
        of_city = {key: person for key, person in people.items() if person.city_id == city_id}
        await count_again(db, people=of_city, packs=packs, day=day)
