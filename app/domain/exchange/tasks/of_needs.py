"""What waits in the workflows of surveys, problems, diagnoses and notices."""

from typing import Any

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.access.roles import Permission
from app.domain.exchange.tasks.kinds import TaskKind
from app.domain.exchange.tasks.of_people import beside
from app.domain.exchange.tasks.places import above_unit_of, city_over_bureau, unit_of
from app.domain.exchange.tasks.waiting import (
    ACCOUNT,
    ADDRESSES,
    AHEAD,
    NOW,
    TEACHER,
    TODAY,
    Waiting,
)
from app.domain.organisation.units import Unit
from app.domain.people.teachers.strata import is_among
from app.domain.training.diagnoses.diagnosis import Diagnosis
from app.domain.training.notices.addressed import is_for_unit
from app.domain.training.notices.notice import (
    CANDIDATES,
    Notice,
    NoticeState,
    Receipt,
    is_addressed,
)
from app.domain.training.notices.receipts import NoticeReading, NoticeReceipt
from app.domain.training.problems.problem import ProblemState, TeachingProblem
from app.domain.training.surveys.answering import SurveyReceipt
from app.domain.training.surveys.survey import is_to_answer
from app.domain.training.surveys.table import Survey
from app.domain.training.surveys.vocabulary import SurveyState

# Surveys, problems, diagnoses.

_LATER: Any = aliased(Diagnosis)
_ANSWERED = exists(
    select(col(SurveyReceipt.survey_id)).where(
        col(SurveyReceipt.survey_id) == col(Survey.id), col(SurveyReceipt.teacher_id) == TEACHER
    )
)
_DIAGNOSED = beside(Diagnosis, Unit, col(Diagnosis.unit_id) == col(Unit.id))

OF_NEEDS = (
    Waiting(
        kind=TaskKind.SURVEY_TO_ANSWER,
        permission=Permission.PARTICIPATE,
        table=Survey,
        title=col(Survey.title),
        since=col(Survey.opens_at),
        due=func.timezone("Asia/Shanghai", col(Survey.closes_at)),
        at=TEACHER,
        waits=and_(
            is_among(col(Survey.state), [SurveyState.OPEN]),
            col(Survey.opens_at) <= NOW,
            col(Survey.closes_at) > NOW,
            is_to_answer(ADDRESSES, TEACHER),
            ~_ANSWERED,
        ),
        personal=True,
    ),
    Waiting(
        kind=TaskKind.PROBLEM_TO_TRIAGE,
        permission=Permission.PROBLEM_TRIAGE,
        table=TeachingProblem,
        title=col(TeachingProblem.statement),
        since=col(TeachingProblem.stated_at),
        at=unit_of(TeachingProblem),
        above=above_unit_of(TeachingProblem),
        waits=is_among(col(TeachingProblem.state), [ProblemState.STATED]),
    ),
    Waiting(
        kind=TaskKind.DIAGNOSIS_TO_ANSWER,
        permission=Permission.GUIDANCE_ANSWER,
        table=Diagnosis,
        rows=_DIAGNOSED,
        title=col(Unit.name),
        since=col(Diagnosis.recorded_at),
        at=col(Diagnosis.unit_id),
        above=above_unit_of(Diagnosis),
        waits=col(Diagnosis.answered_at).is_(None),
    ),
    Waiting(
        kind=TaskKind.DIAGNOSIS_DUE,
        permission=Permission.GUIDANCE_EVALUATE,
        table=Diagnosis,
        rows=_DIAGNOSED,
        title=col(Unit.name),
        since=col(Diagnosis.recorded_at),
        due=col(Diagnosis.next_due_on),
        at=col(Diagnosis.by_unit_id),
        above=city_over_bureau(Diagnosis),
        waits=and_(
            col(Diagnosis.next_due_on) <= TODAY + AHEAD.days,
            col(Unit.closed_on).is_(None),
            ~exists(
                select(_LATER.id).where(
                    _LATER.unit_id == col(Diagnosis.unit_id),
                    _LATER.diagnosed_on > col(Diagnosis.diagnosed_on),
                )
            ),
        ),
    ),
)  # fmt: skip

# Notices.

_CONFIRMED = exists(
    select(col(NoticeReceipt.unit_id)).where(
        col(NoticeReceipt.notice_id) == col(Notice.id), col(NoticeReceipt.unit_id) == col(Unit.id)
    )
)
_READ_AND_CONFIRMED = exists(
    select(col(NoticeReading.account_id)).where(
        col(NoticeReading.notice_id) == col(Notice.id),
        col(NoticeReading.account_id) == ACCOUNT,
        col(NoticeReading.confirmed_at).is_not(None),
    )
)

OF_NOTICES = (
    Waiting(
        kind=TaskKind.NOTICE_TO_CONFIRM,
        permission=Permission.NOTICE_WRITE,
        table=Notice,
        rows=beside(Notice, Unit, col(Unit.city_id) == col(Notice.city_id)),
        title=col(Notice.title),
        since=col(Notice.published_at),
        due=col(Notice.due_on),
        at=col(Unit.id),
        above=col(Notice.unit_id),
        waits=and_(
            is_among(col(Notice.state), [NoticeState.PUBLISHED]),
            is_among(col(Notice.receipt), [Receipt.UNITS]),
            col(Unit.id) != col(Notice.unit_id),
            col(Unit.closed_on).is_(None),
            is_for_unit(col(Notice.id)),
            ~_CONFIRMED,
        ),
    ),
    Waiting(
        kind=TaskKind.NOTICE_TO_CONFIRM,
        permission=Permission.PARTICIPATE,
        table=Notice,
        title=col(Notice.title),
        since=col(Notice.published_at),
        due=col(Notice.due_on),
        at=TEACHER,
        waits=and_(
            is_among(col(Notice.receipt), [Receipt.PEOPLE]),
            is_addressed(ADDRESSES),
            CANDIDATES.includes(col(Notice.id), TEACHER),
            ~_READ_AND_CONFIRMED,
        ),
        personal=True,
    ),
)
