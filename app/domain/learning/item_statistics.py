"""Item statistics (题目分析): how each question of a test did, over the attempts that are marked.

Facility (难度系数) is the mean share of its points that was reached; discrimination (区分度) the point-biserial
correlation of that with the points of the attempt's other questions. Nothing is told of fewer than five.
"""

from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Float, Numeric, Uuid, bindparam, case, cast, func, null, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.learning.bank_questions import BankQuestionVersion
from app.domain.learning.course_tests import COURSE_TESTS
from app.domain.learning.test_attempts import (
    IS_MARKED,
    CourseTestAnswer,
    CourseTestAttempt,
)
from app.domain.people.teachers import Teacher
from app.domain.training.surveys.cells import FEWEST
from app.sql import Connection, Row, Statement


class ItemStatistic(BaseModel):
    """How a question did in a test; no more than which it is where fewer than five attempts had it."""

    question_id: UUID = Field(description="题目 / question")
    version: int = Field(description="版本号 / number of its version")
    attempts: int | None = Field(description="作答人次，少于5不显示 / marked attempts that had it")
    facility: Decimal | None = Field(
        description="难度系数：平均得分率，0 至 1 / mean share of its points, 0 to 1"
    )
    discrimination: Decimal | None = Field(
        description="区分度：与其余题目得分的点二列相关，-1 至 1；得分无差异时为空 / point-biserial"
        " correlation with the points of the other questions, -1 to 1; null where nothing varies"
    )


# What may be asked.

_TOTAL = (
    select(
        col(CourseTestAnswer.attempt_id).label("attempt_id"),
        func.sum(col(CourseTestAnswer.awarded)).label("total"),
    )
    .join_from(
        CourseTestAnswer,
        CourseTestAttempt,
        col(CourseTestAnswer.attempt_id) == col(CourseTestAttempt.id),
    )
    .join(Teacher, col(CourseTestAttempt.teacher_id) == col(Teacher.id))
    .where(
        col(CourseTestAttempt.test_id) == bindparam("test_id", type_=Uuid),
        IS_MARKED,
        # What somebody who was entered twice has at both records is counted once.
        col(Teacher.merged_into_id).is_(None),
    )
    .group_by(col(CourseTestAnswer.attempt_id))
    .subquery("marked")
)
_share = cast(col(CourseTestAnswer.awarded) / col(CourseTestAnswer.points), Float)
_others = cast(_TOTAL.c.total - col(CourseTestAnswer.awarded), Float)
_shown = func.count() >= FEWEST


def _told(figure: object) -> object:
    """A figure of two places, of no few."""
    return case((_shown, func.round(cast(figure, Numeric), 2)), else_=null())


_STATISTICS = Statement(
    select(
        col(BankQuestionVersion.question_id),
        col(BankQuestionVersion.number).label("version"),
        case((_shown, func.count()), else_=null()).label("attempts"),
        _told(func.avg(_share)).label("facility"),  # type: ignore[attr-defined]
        _told(func.corr(_share, _others)).label("discrimination"),  # type: ignore[attr-defined]
    )
    .join_from(CourseTestAnswer, _TOTAL, col(CourseTestAnswer.attempt_id) == _TOTAL.c.attempt_id)
    .join(BankQuestionVersion, col(CourseTestAnswer.version_id) == col(BankQuestionVersion.id))
    .group_by(col(BankQuestionVersion.question_id), col(BankQuestionVersion.number))
    .order_by(col(BankQuestionVersion.question_id), col(BankQuestionVersion.number))
)


async def list_item_statistics(db: Connection, actor: Actor, *, test_id: UUID) -> list[Row]:
    """How each question did in a test that the actor gives."""
    await COURSE_TESTS.get(db, actor, test_id, permission=Permission.COURSE_WRITE)
    return await db.all(_STATISTICS, test_id=test_id)
