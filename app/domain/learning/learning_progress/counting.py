"""Counting progress: one statement over all that was told of some people in some classes.

What is counted follows from the records alone, so that counting again gives the same.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Uuid,
    and_,
    bindparam,
    case,
    delete,
    func,
    not_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.domain.access.doors import PLACE
from app.domain.aside import not_among
from app.domain.base import MOMENT
from app.domain.learning.learning_progress.progress import LearningProgress
from app.domain.learning.learning_records import LearningDue, LearningRecord, is_voided
from app.domain.people.teachers import Teacher
from app.sql import Connection, Statement, new_id

Pair = tuple[UUID, UUID]
"""A class (the key of its activity) and a teacher."""
_WHOLE = 100
_MOST_SECONDS = 2_147_483_647


def _take() -> Statement:
    key = (col(LearningDue.activity_id), col(LearningDue.teacher_id))
    first = (
        select(*key)
        .where(not_among(col(LearningDue.teacher_id)))
        .order_by(col(LearningDue.since))
        .limit(bindparam("at_most"))
        .with_for_update(skip_locked=True)
    )
    return Statement(delete(LearningDue).where(tuple_(*key).in_(first)).returning(*key))


_TAKE = _take()


def _yielded(counts: ColumnElement[bool]) -> dict[str, Any]:
    """What the records of a person in a class come to; those that do not count are only numbered."""
    record = LearningRecord
    of_class = and_(counts, col(record.of_class))
    done = and_(of_class, col(record.completed))
    moment = col(record.happened_at)
    return {
        "share": func.max(case((col(record.completed), _WHOLE), else_=col(record.share))).filter(
            of_class
        ),
        "seconds": func.least(
            func.coalesce(func.sum(col(record.seconds)).filter(counts), 0), _MOST_SECONDS
        ),
        "items_done": func.count(func.distinct(col(record.object))).filter(
            counts, col(record.completed), not_(col(record.of_class))
        ),
        "score": func.max(col(record.score)).filter(of_class),
        "completed_at": func.min(moment).filter(done),
        "first_at": func.min(moment).filter(counts),
        "last_at": func.max(moment).filter(counts),
        "records": func.count(col(record.id)).filter(counts),
        "set_aside": func.count(col(record.id)).filter(not_(counts)),
    }


def _count() -> Statement:
    given = ("id", "activity_id", "teacher_id")
    pairs = (
        func.unnest(*(bindparam(f"{name}s", type_=ARRAY(Uuid)) for name in given))
        .table_valued(*given, name="pair")
        .render_derived()
    )
    told = and_(
        col(LearningRecord.activity_id) == pairs.c.activity_id,
        col(LearningRecord.teacher_id) == pairs.c.teacher_id,
        col(LearningRecord.voids).is_(None),
        not_(is_voided()),
    )
    place = [col(getattr(Teacher, name)) for name in PLACE]
    # Thousands may be set aside: joined they are looked up, and not gone through for each record.
    aside = (
        select(func.unnest(bindparam("set_aside", type_=ARRAY(Uuid))).label("id"))
        .distinct()
        .subquery("aside")
    )
    yielded = _yielded(aside.c.id.is_(None))
    now = bindparam("now", type_=MOMENT)
    rows = (
        select(*(pairs.c[name] for name in given), *place, *yielded.values(), now)
        .select_from(pairs)
        .join(Teacher, col(Teacher.id) == pairs.c.teacher_id)
        .outerjoin(LearningRecord, told)
        .outerjoin(aside, aside.c.id == col(LearningRecord.id))
        # Who was entered twice is counted under the record that stays.
        .where(col(Teacher.merged_into_id).is_(None))
        .group_by(*(pairs.c[name] for name in given), *place)
        .order_by(pairs.c.activity_id, pairs.c.teacher_id)
    )
    made = insert(LearningProgress).from_select([*given, *PLACE, *yielded, "counted_at"], rows)
    return Statement(
        made.on_conflict_do_update(
            index_elements=["activity_id", "teacher_id"],
            set_={name: made.excluded[name] for name in (*yielded, "counted_at")},
        )
    )


_COUNT = _count()


async def take_due(db: Connection, *, at_most: int, aside: Sequence[UUID] = ()) -> list[Pair]:
    """Some whose progress is due, the longest due first; theirs to count until the transaction ends.

    Teachers who are set `aside` are left for later. Whoever tells of one of the others meanwhile waits, and
    has it fall due anew.
    """
    rows = await db.all(_TAKE, at_most=at_most, aside=list(aside))
    return [(row["activity_id"], row["teacher_id"]) for row in rows]


async def count_progress(
    db: Connection, *, pairs: Sequence[Pair], set_aside: Sequence[UUID], now: datetime
) -> None:
    """Count the progress of these anew, without the records that are set aside."""
    await db.run(
        _COUNT,
        ids=[new_id() for _ in pairs],
        activity_ids=[activity_id for activity_id, _ in pairs],
        teacher_ids=[teacher_id for _, teacher_id in pairs],
        set_aside=list(set_aside),
        now=now,
    )
