"""The states of a survey and the ways between them.

    draft ──open──▶ open ──close──▶ closed ──publish──▶ published

Answers are taken while it is open and its time has come. Its results are shown to those in charge once it
is closed, and to those it was for once they are published.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, delete, func, insert, select, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.audit import Provenance, record_act
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, civil_date, text_enum
from app.domain.errors import Conflict
from app.domain.training.surveys.drafting import check_survey_state
from app.domain.training.surveys.survey import CANDIDATES, SURVEYS
from app.domain.training.surveys.table import Survey, SurveyResponse
from app.domain.training.surveys.vocabulary import SurveyState
from app.sql import Connection, Row, Statement

# What can be refused.


class SurveyIsTemplate(Conflict):
    """A template is copied; nobody answers it."""

    code = "survey_is_template"
    zh = "模板不能开放作答，请先复制为问卷。"
    en = "A template is not answered: copy it first."


class SurveyWindowPassed(Conflict):
    """The time in which it was to be answered is over."""

    code = "survey_window_passed"
    zh = "问卷的截止时间已过（{closes_at}），请先修改。"
    en = "The survey was to close at {closes_at}: change that first."


# What may be done.

_ENTER = Statement(
    update(Survey)
    .where(col(Survey.id) == bindparam("survey_id", type_=Uuid))
    .values(
        state=bindparam("new_state", type_=text_enum(SurveyState)),
        closed_at=bindparam("new_closed_at", type_=MOMENT),
        published_at=bindparam("new_published_at", type_=MOMENT),
    )
)


async def _held(db: Connection, actor: Actor, survey_id: UUID, state: SurveyState) -> Row:
    """The survey, locked, in this state: whoever answers waits, or has answered."""
    permission = Permission.SURVEY_WRITE
    survey = await SURVEYS.get(db, actor, survey_id, permission=permission, lock=True)
    check_survey_state(survey, state)
    return survey


async def _enter(
    db: Connection, actor: Actor, survey: Row, state: SurveyState, **at: object
) -> Row:
    moments = {"new_closed_at": survey["closed_at"], "new_published_at": survey["published_at"]}
    await db.run(_ENTER, survey_id=survey["id"], new_state=state, **moments | at)
    return await SURVEYS.get(db, actor, survey["id"])


async def open_survey(db: Connection, actor: Actor, *, survey_id: UUID, now: datetime) -> Row:
    """Let a draft be answered from its first moment on; what it asks is settled, and of whom.

    Strata stand for the teachers who count in one today.
    """
    survey = await _held(db, actor, survey_id, SurveyState.DRAFT)
    if survey["is_template"]:
        raise SurveyIsTemplate
    if survey["closes_at"] <= now:
        raise SurveyWindowPassed(closes_at=survey["closes_at"])
    await CANDIDATES.write(db, thing_id=survey_id, strata=survey["strata"], day=civil_date(now))
    return await _enter(db, actor, survey, SurveyState.OPEN)


def _mix() -> Statement:
    """Writes anonymous answers anew: one transaction has written all, and their order is of chance."""
    names = ("survey_id", "of_school_id", "strata", "answers")
    moved = (
        delete(SurveyResponse)
        .where(
            col(SurveyResponse.survey_id) == any_(bindparam("survey_ids", type_=ARRAY(Uuid))),
            col(SurveyResponse.teacher_id).is_(None),
        )
        .returning(*(col(getattr(SurveyResponse, name)) for name in names))
        .cte("moved")
    )
    mixed = select(func.gen_random_uuid(), *(moved.c[name] for name in names))
    written = insert(SurveyResponse).from_select(
        ["id", *names], mixed.order_by(func.random()), include_defaults=False
    )
    return Statement(written)


_MIX = _mix()


async def _mix_answers(db: Connection, survey_ids: Sequence[UUID]) -> None:
    if survey_ids:
        await db.run(_MIX, survey_ids=list(survey_ids))


async def close_survey(db: Connection, actor: Actor, *, survey_id: UUID, now: datetime) -> Row:
    """End the answering, before its time if need be, and mix what was answered anonymously."""
    survey = await _held(db, actor, survey_id, SurveyState.OPEN)
    await _mix_answers(db, [survey_id])
    return await _enter(db, actor, survey, SurveyState.CLOSED, new_closed_at=now)


async def publish_survey(db: Connection, actor: Actor, *, survey_id: UUID, now: datetime) -> Row:
    """Show the results as a whole to all whom the survey was for."""
    survey = await _held(db, actor, survey_id, SurveyState.CLOSED)
    return await _enter(db, actor, survey, SurveyState.PUBLISHED, new_published_at=now)


_NOW = bindparam("now", type_=MOMENT)
_CLOSE_DUE = Statement(
    update(Survey)
    .where(
        col(Survey.id).in_(
            select(col(Survey.id))
            .where(col(Survey.state) == SurveyState.OPEN, col(Survey.closes_at) <= _NOW)
            .order_by(col(Survey.id))
            .limit(200)
            .with_for_update(skip_locked=True)
        )
    )
    .values(state=SurveyState.CLOSED, closed_at=_NOW)
    .returning(col(Survey.id))
)


async def close_due_surveys(db: Connection, *, now: datetime) -> int:
    """Close the surveys whose time is over, at most two hundred at once; how many there were."""
    due = [row["id"] for row in await db.all(_CLOSE_DUE, now=now)]
    await _mix_answers(db, due)
    if due:
        operation = "close_due_surveys"
        await record_act(db, None, operation=operation, target_id=None, provenance=Provenance())
    return len(due)
