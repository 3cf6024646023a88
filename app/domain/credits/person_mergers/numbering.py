"""What is numbered for each person and thing: of two records it is numbered anew, in the order of time.

Attempts at one test, and what was handed in to one exercise, begin with number one under either record.
Numbered as they came about, all of them go along, and the last is the last that the person made.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Text,
    Uuid,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.base import MOMENT, Table
from app.domain.learning.exercise_submissions.table import ExerciseState, ExerciseSubmission
from app.domain.learning.test_attempts import CourseTestAttempt
from app.domain.people.teachers.strata import is_among
from app.sql import Connection, Statement

_survivor, _merged = (bindparam(name, type_=Uuid) for name in ("survivor_id", "merged_id"))
_ASIDE = 1_000_000
"""More than anybody's numbers: what is to be numbered anew stands above them meanwhile."""
_MOST_WORDS = 5000


def _is_of_either(rows: Any) -> ColumnElement[bool]:
    return or_(rows.c.teacher_id == _survivor, rows.c.teacher_id == _merged)


def _numbered_by(table: type[Table], moment: str, *thing: str) -> tuple[Statement, Statement]:
    """Both statements that number the rows of two records of each thing of which both have some."""
    rows: Any = table.__table__  # type: ignore[attr-defined]
    others = rows.alias("others")
    other = or_(
        and_(rows.c.teacher_id == _survivor, others.c.teacher_id == _merged),
        and_(rows.c.teacher_id == _merged, others.c.teacher_id == _survivor),
    )
    alike = [others.c[name] == rows.c[name] for name in thing]
    lift = (
        update(rows)
        .where(
            _is_of_either(rows),
            exists(select(others.c.id).where(other, *alike)),
        )
        .values(number=rows.c.number + _ASIDE)
    )
    order = func.row_number().over(
        partition_by=[others.c[name] for name in thing], order_by=(others.c[moment], others.c.id)
    )
    given = (
        select(others.c.id, order.label("place"))
        .where(
            _is_of_either(others),
            others.c.number > _ASIDE,
        )
        .subquery("given")
    )
    give = update(rows).where(rows.c.id == given.c.id).values(number=given.c.place)
    return Statement(lift), Statement(give)


_NUMBER = (
    *_numbered_by(CourseTestAttempt, "started_at", "test_id", "activity_id"),
    *_numbered_by(ExerciseSubmission, "handed_in_at", "exercise_id"),
)
_other: Any = aliased(ExerciseSubmission)
_mine: Any = ExerciseSubmission
_accepted, _waiting = ExerciseState.ACCEPTED, ExerciseState.WAITING
_stand = (_accepted, _waiting)
_RETURN = Statement(
    # Of two that stand, the other one: what was accepted stands before what waits, then the survivor's.
    update(ExerciseSubmission)
    .where(
        is_among(_mine.state, _stand),
        or_(
            and_(
                _mine.teacher_id == _merged,
                _other.teacher_id == _survivor,
                or_(_other.state == _accepted, _mine.state == _waiting),
            ),
            and_(
                _mine.teacher_id == _survivor,
                _other.teacher_id == _merged,
                _other.state == _accepted,
                _mine.state == _waiting,
            ),
        ),
        _other.exercise_id == _mine.exercise_id,
        is_among(_other.state, _stand),
    )
    .values(
        state=ExerciseState.RETURNED,
        comment=func.left(
            func.concat_ws(literal("\n", Text), bindparam("because", type_=Text), _mine.comment),
            _MOST_WORDS,
        ),
        reviewed_at=func.coalesce(col(_mine.reviewed_at), bindparam("now", type_=MOMENT)),
        reviewed_by=func.coalesce(col(_mine.reviewed_by), bindparam("by", type_=Uuid)),
    )
)
_BECAUSE = (
    "同一人重复登记，两条记录均已提交，以另一份为准。"
    " / One person entered twice: both records had handed in, and the other counts."
)


async def number_anew(
    db: Connection, *, survivor_id: UUID, merged_id: UUID, by: UUID, now: datetime
) -> None:
    """Let no row of the merged record have a number, or a standing, that the other's has."""
    both = {"survivor_id": survivor_id, "merged_id": merged_id}
    for statement in _NUMBER:
        await db.run(statement, **both)
    await db.run(_RETURN, **both, because=_BECAUSE, by=by, now=now)
