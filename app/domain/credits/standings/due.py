"""What falls due: stored standings that a day or a changed fact has made stale.

A birthday, 1 September, the end of a cycle or a new rank can turn a verdict without any entry. Whoever
reads one person's standing gets it judged anew anyway; the sums of schools count the stored verdicts,
so every process judges those anew beside its requests, in rounds; `yanxun recount` does at once.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Date, Uuid, bindparam, or_, select
from sqlmodel import col

from app.domain.credits.entries.ledger import lock_heads
from app.domain.credits.entries.table import CreditChain
from app.domain.credits.standings.facts import read_people
from app.domain.credits.standings.governing import read_packs
from app.domain.credits.standings.table import Standing
from app.domain.credits.standings.writing import count_again
from app.domain.people.teachers import Teacher
from app.sql import Connection, Statement

_DUE = Statement(
    select(col(Standing.teacher_id))
    .distinct()
    .join(Teacher, col(Teacher.id) == col(Standing.teacher_id))
    .where(
        or_(
            col(Standing.verdict_until) <= bindparam("day", type_=Date),
            col(Standing.facts_version) != col(Teacher.change_sequence),
        ),
    )
    .order_by(col(Standing.teacher_id))
    .limit(bindparam("at_most"))
)


_NEXT = Statement(
    # Of a record that was merged into another nothing is in force, and it has no standing.
    select(col(CreditChain.teacher_id))
    .join(Teacher, col(Teacher.id) == col(CreditChain.teacher_id))
    .where(
        col(CreditChain.teacher_id) > bindparam("after", type_=Uuid),
        col(Teacher.merged_into_id).is_(None),
    )
    .order_by(col(CreditChain.teacher_id))
    .limit(bindparam("at_most"))
)
FIRST = UUID(int=0)
"""Before the first person."""


async def recount_due(db: Connection, *, day: date, at_most: int) -> int:
    """Judge the standings of so many people anew whose verdict fell due by `day`; how many it were.

    Ask again until the answer is zero. Each call is one transaction's work and holds the heads of
    these people's chains, so that it waits for recognitions and they for it, never in a circle.
    """
    rows = await db.all(_DUE, day=day, at_most=at_most)
    return await count_people_again(db, teacher_ids=[row["teacher_id"] for row in rows], day=day)


async def rebuild_standings(
    db: Connection, *, after: UUID, day: date, at_most: int
) -> tuple[UUID | None, int]:
    """Count the next people anew from their ledgers, in the order of their keys after `after`.

    The last of them, or None where nobody was left, and how many it were. Begin with `FIRST`. Each
    call is one transaction's work, as that of `recount_due`.
    """
    rows = await db.all(_NEXT, after=after, at_most=at_most)
    teacher_ids = [row["teacher_id"] for row in rows]
    await count_people_again(db, teacher_ids=teacher_ids, day=day)
    return (teacher_ids[-1] if teacher_ids else None), len(teacher_ids)


async def count_people_again(db: Connection, *, teacher_ids: Sequence[UUID], day: date) -> int:
    """Fold all standings of these people anew, holding the heads of their chains; how many they are."""
    if not teacher_ids:
        return 0
    await lock_heads(db, teacher_ids=teacher_ids)
    people = await read_people(db, teacher_ids=teacher_ids)
    for city_id in {person.city_id for person in people.values()}:
        packs = await read_packs(db, city_id=city_id)
        of_city = {key: person for key, person in people.items() if person.city_id == city_id}
        await count_again(db, people=of_city, packs=packs, day=day)
    return len(teacher_ids)
