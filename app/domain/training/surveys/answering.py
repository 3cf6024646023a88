"""Answering a survey (作答): once each, and without a way from an anonymous answer to who gave it.

That a teacher has answered is kept beside the answers, to the day: the two have no key, no moment and no
order in common.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from pydantic import BaseModel, Field
from sqlalchemy import ARRAY, Date, Index, Uuid, bindparam, func, select
from sqlmodel import Field as Column
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.base import Command, Table, civil_date, holds_on
from app.domain.errors import Conflict
from app.domain.people.facts.posts import TeacherPost
from app.domain.people.facts.ranks import TeacherRank
from app.domain.people.teachers import Teacher
from app.domain.people.teachers.strata import STRATA, Dimension, Stratum, counts_in
from app.domain.training.activities import addresses_of
from app.domain.training.surveys.questions import MOST_QUESTIONS, GivenAnswer, read_answers
from app.domain.training.surveys.survey import SurveyNotFound, is_to_answer
from app.domain.training.surveys.table import Survey, SurveyResponse
from app.domain.training.surveys.vocabulary import Breakdown, SurveyState
from app.sql import Connection, Row, Statement, UniqueViolationError


class SurveyReceipt(Table, table=True):
    """That a teacher has answered a survey, and on which day; nothing leads from it to the answer."""

    __table_args__ = (Index(None, "teacher_id"),)

    survey_id: UUID = Column(primary_key=True, foreign_key="survey.id", sa_type=Uuid)
    teacher_id: UUID = Column(primary_key=True, foreign_key="teacher.id", sa_type=Uuid)
    answered_on: date


class SurveyReceiptView(BaseModel):
    """That one has answered."""

    survey_id: UUID = Field(description="问卷 / survey")
    answered_on: date = Field(description="作答日期 / day on which it was answered")


class SurveyAnswers(Command):
    """The answers to a survey."""

    answers: list[GivenAnswer] = Field(
        max_length=MOST_QUESTIONS, description="各题作答 / answers, one for each question"
    )


# What can be refused.


class SurveyNotOpen(Conflict):
    """Answers are taken while the survey is open, from its first moment to its last."""

    code = "survey_not_open"
    zh = "问卷不在开放作答期间（{opens_at} 至 {closes_at}）。"
    en = (
        "The survey takes no answers now; it does from {opens_at} to {closes_at}, while it is open."
    )


class SurveyAlreadyAnswered(Conflict):
    """A survey is answered once."""

    code = "survey_already_answered"
    zh = "该问卷已作答，每人只能作答一次。"
    en = "The survey was answered already: each answers once."


def check_open(survey: Row, now: datetime) -> None:
    """Refuse answers outside the survey's time."""
    opens_at, closes_at = survey["opens_at"], survey["closes_at"]
    if survey["state"] != SurveyState.OPEN or not opens_at <= now < closes_at:
        raise SurveyNotOpen(opens_at=opens_at, closes_at=closes_at)


# What may be done.

ASKED = tuple(
    col(getattr(Survey, name))
    for name in ("questions", "state", "anonymous", "breakdowns", "opens_at", "closes_at")
)
"""What of a survey matters to who answers it."""

_OFFERED = Statement(
    select(*ASKED)
    .where(
        col(Survey.id) == bindparam("survey_id", type_=Uuid),
        is_to_answer(
            bindparam("addresses", type_=ARRAY(Uuid)), bindparam("teacher_id", type_=Uuid)
        ),
    )
    .with_for_update(read=True, of=Survey)
)
_DAY = bindparam("day", type_=Date)
_DIMENSIONS = {Dimension.LAYER: Breakdown.LAYER, Dimension.CATEGORY: Breakdown.CATEGORY}
_COUNTED = [each for each in Stratum if STRATA[each].dimension in _DIMENSIONS]


def _held(fact: Any, value: Any) -> Any:
    """What the teacher holds of a kind of fact on the day."""
    held = select(value).where(col(fact.teacher_id) == col(Teacher.id), holds_on(fact, _DAY))
    return func.array(held.distinct().correlate(Teacher).scalar_subquery())


_OF_TEACHER = Statement(
    select(
        col(Teacher.school_id),
        col(Teacher.stage),
        col(Teacher.subject),
        _held(TeacherRank, col(TeacherRank.rank)).label("rank"),
        _held(TeacherPost, col(TeacherPost.post)).label("post"),
        *(counts_in(stratum, _DAY).label(f"in_{stratum.value}") for stratum in _COUNTED),
    ).where(col(Teacher.id) == bindparam("teacher_id", type_=Uuid))
)


async def _kept_of_teacher(
    db: Connection, actor: Actor, breakdowns: Sequence[str], day: date
) -> Row:
    """What an answer keeps of the teacher who gave it: as much as the breakdowns ask, no more."""
    if not breakdowns:
        return {"of_school_id": None, "strata": {}}
    teacher = await db.one(_OF_TEACHER, teacher_id=actor.teacher_id, day=day)
    if teacher is None:
        raise SurveyNotFound
    known: dict[str, list[str]] = {
        Breakdown.STAGE: [teacher["stage"]],
        Breakdown.SUBJECT: [teacher["subject"]],
        Breakdown.RANK: teacher["rank"],
        Breakdown.POST: teacher["post"],
        Breakdown.LAYER: [],
        Breakdown.CATEGORY: [],
    }
    for stratum in _COUNTED:
        if teacher[f"in_{stratum.value}"]:
            known[_DIMENSIONS[STRATA[stratum].dimension]].append(stratum.value)
    by_school = not {Breakdown.SCHOOL, Breakdown.COUNTY}.isdisjoint(breakdowns)
    return {
        "of_school_id": teacher["school_id"] if by_school else None,
        "strata": {name: values for name, values in known.items() if name in breakdowns},
    }


async def answer_survey(
    db: Connection, actor: Actor, *, survey_id: UUID, given: SurveyAnswers, now: datetime
) -> Row:
    """Answer a survey that is for the teacher who asks; the answers do not say who, if anonymous."""
    survey = await db.one(
        _OFFERED, survey_id=survey_id, addresses=addresses_of(actor), teacher_id=actor.teacher_id
    )
    if survey is None:
        raise SurveyNotFound
    check_open(survey, now)
    answers = read_answers(survey["questions"], given.answers)
    today = civil_date(now)
    receipt = {
        "survey_id": survey_id,
        "teacher_id": actor.teacher_id,
        "answered_on": today,
    }
    try:
        await db.insert(SurveyReceipt, receipt)
    except UniqueViolationError:
        raise SurveyAlreadyAnswered from None
    row = {
        "id": uuid4(),
        "survey_id": survey_id,
        "teacher_id": None if survey["anonymous"] else actor.teacher_id,
        **await _kept_of_teacher(db, actor, survey["breakdowns"], today),
        "answers": answers,
    }
    await db.insert(SurveyResponse, row)
    return {"survey_id": survey_id, "answered_on": today}
