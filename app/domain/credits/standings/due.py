"""What falls due: stored standings that a day or a changed fact has made stale.

A birthday, 1 September, the end of a cycle or a new rank can turn a verdict without any entry. Whoever
reads one person's standing gets it judged anew anyway; the sums of schools count the stored verdicts,
so the operator lets those be judged anew, every night: `yanxun recount`.
"""

from datetime import date

from sqlalchemy import Date, bindparam, or_, select
from sqlmodel import col

from app.domain.credits.entries.ledger import lock_heads
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


async def recount_due(db: Connection, *, day: date, at_most: int) -> int:
    """Judge the standings of so many people anew whose verdict fell due by `day`; how many it were.

    Ask again until the answer is zero. Each call is one transaction's work and holds the heads of
    these people's chains, so that it waits for recognitions and they for it, never in a circle.
    """
    rows = await db.all(_DUE, day=day, at_most=at_most)
    teacher_ids = [row["teacher_id"] for row in rows]
    if not teacher_ids:
        return 0
    await lock_heads(db, teacher_ids=teacher_ids)
    people = await read_people(db, teacher_ids=teacher_ids)
    for city_id in {person.city_id for person in people.values()}:
        packs = await read_packs(db, city_id=city_id)
        of_city = {key: person for key, person in people.items() if person.city_id == city_id}
        await count_again(db, people=of_city, packs=packs, day=day)
    return len(teacher_ids)
