"""What was told of some people in some classes, as the statements that find doubts look at it."""

from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    String,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    not_,
    null,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import col

from app.domain.learning.learning_doubts.doubt import (
    DECIDED,
    LearningDoubt,
    LearningDoubtKind,
)
from app.domain.learning.learning_records import LearningRecord

RECORD: Any = LearningRecord.__table__.alias("record")  # type: ignore[attr-defined]
_VOIDER: Any = LearningRecord.__table__.alias("voider")  # type: ignore[attr-defined]
GIVEN = ("activity_id", "teacher_id")


def asked_pairs() -> Any:
    """The people and classes that are looked at, as rows."""
    arrays = (bindparam(f"{name}s", type_=ARRAY(Uuid)) for name in GIVEN)
    return func.unnest(*arrays).table_valued(*GIVEN, name="pair").render_derived()


def stands(record: Any) -> ColumnElement[bool]:
    """Neither void, nor what makes another void."""
    return and_(record.c.voids.is_(None), not_(exists().where(_VOIDER.c.voids == record.c.id)))


def is_open(kind: LearningDoubtKind, record: Any) -> ColumnElement[bool]:
    """A record stands, and nobody has decided about it in this respect."""
    doubt = LearningDoubt
    decided = exists().where(
        col(doubt.activity_id) == record.c.activity_id,
        col(doubt.teacher_id) == record.c.teacher_id,
        col(doubt.kind) == kind,
        or_(*(col(doubt.state) == state for state in DECIDED)),
        record.c.id == any_(col(doubt.records)),
    )
    return and_(stands(record), not_(decided))


def records_told(kind: LearningDoubtKind, *more: Any) -> Select[Any]:
    """The records of the pairs about which nobody has decided in this respect."""
    pairs = asked_pairs()
    of_pair = and_(*(RECORD.c[name] == pairs.c[name] for name in GIVEN))
    return (
        select(RECORD.c.id, RECORD.c.activity_id, RECORD.c.teacher_id, *more)
        .select_from(RECORD.join(pairs, of_pair))
        .where(is_open(kind, RECORD))
    )


def found_of(rows: Any, others: Any, **figures: Any) -> Select[Any]:
    """What is found of each pair; `others` are classes in which the same is to be looked for."""
    named = [each for name, value in figures.items() for each in (literal(name, String), value)]
    ids = func.array_agg(aggregate_order_by(func.distinct(rows.c.id), rows.c.id.asc()))
    count = func.count(func.distinct(rows.c.id))
    return select(
        rows.c.activity_id,
        rows.c.teacher_id,
        ids.label("records"),
        func.jsonb_build_object(literal("records", String), count, *named).label("figures"),
        others.label("others"),
    ).group_by(rows.c.activity_id, rows.c.teacher_id)


NO_OTHERS = cast(null(), ARRAY(Uuid))


def whole(number: Any) -> ColumnElement[int]:
    """A whole number; what a broken clock adds up to is no reason to count nobody."""
    return cast(func.round(number), BigInteger)
