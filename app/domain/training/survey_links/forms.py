"""What a parent is asked who has a token, and what the parent answers."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from pydantic import BaseModel
from sqlalchemy import LargeBinary, bindparam, delete, select
from sqlmodel import Field, col

from app.domain.errors import Invalid, NotFound
from app.domain.organisation.units import Stage, Unit
from app.domain.training.survey_links.link import LinkKind, SurveyLink, SurveyToken
from app.domain.training.surveys import (
    ASKED,
    Breakdown,
    QuestionView,
    Survey,
    SurveyAlreadyAnswered,
    SurveyAnswers,
    SurveyResponse,
    SurveyState,
    check_open,
    read_answers,
)
from app.sql import Connection, Row, Statement, UniqueViolationError


class SurveyForm(BaseModel):
    """What a parent is shown: the questions, and nothing else of the system."""

    title: str = Field(description="标题 / title")
    introduction: str | None = Field(description="说明 / introduction")
    school: str = Field(description="学校 / school")
    stages: list[Stage] = Field(description="可选学段 / stages of the school, to choose from")
    closes_at: datetime = Field(description="截止时间 / when it closes")
    questions: list[QuestionView] = Field(description="题目 / questions")


class FormAnswers(SurveyAnswers):
    """What a parent answers."""

    submission: UUID = Field(
        description="客户端为本次填写生成的随机标识，重发时不变 / made by chance for this form"
    )
    stage: Stage | None = Field(default=None, description="孩子所在学段 / stage of the child")


class FormReceived(BaseModel):
    """That the answers were taken."""

    received: bool = Field(description="已收到 / taken")


# What can be refused.


class SurveyFormNotFound(NotFound):
    """The token is none, was used or revoked, or its survey is over: which, is not told."""

    code = "survey_form_not_found"
    zh = "链接无效、已使用、已作废或问卷已截止。"
    en = "The link is not valid: it was used or revoked, or the survey is over."


class StageNotTaught(Invalid):
    """The school of the link does not teach this stage."""

    code = "survey_stage_not_taught"
    zh = "该学校没有所选学段。"
    en = "The school does not teach this stage."


# What may be asked.

_BY_TOKEN = (
    select(
        *ASKED,
        col(Survey.id).label("survey_id"),
        col(Survey.title),
        col(Survey.introduction),
        col(SurveyLink.kind),
        col(SurveyLink.school_id),
        col(Unit.name).label("school"),
        col(Unit.stages),
    )
    .select_from(SurveyToken)
    .join(SurveyLink, col(SurveyLink.id) == col(SurveyToken.link_id))
    .join(Survey, col(Survey.id) == col(SurveyLink.survey_id))
    .join(Unit, col(Unit.id) == col(SurveyLink.school_id))
    .where(
        col(SurveyToken.token_hash) == bindparam("token_hash", type_=LargeBinary),
        col(SurveyLink.revoked_at).is_(None),
        col(Survey.anonymous),  # a draft can become named after its links were made
        col(Survey.state) == SurveyState.OPEN,
    )
)
_FORM = Statement(_BY_TOKEN)
_HELD_FORM = Statement(_BY_TOKEN.with_for_update(read=True, of=Survey))


async def get_survey_form(db: Connection, *, token_hash: bytes, now: datetime) -> Row:
    """What a parent is asked who has this token."""
    form = await db.one(_FORM, token_hash=token_hash)
    if form is None:
        raise SurveyFormNotFound
    check_open(form, now)
    return {name: form[name] for name in SurveyForm.model_fields}


# What may be done.

_USE = Statement(
    delete(SurveyToken).where(
        col(SurveyToken.token_hash) == bindparam("token_hash", type_=LargeBinary)
    )
)


async def answer_survey_form(
    db: Connection, *, token_hash: bytes, given: FormAnswers, now: datetime
) -> Row:
    """Take what a parent answers; a single token is used up, the same form is taken once."""
    form = await db.one(_HELD_FORM, token_hash=token_hash)
    if form is None:
        raise SurveyFormNotFound
    check_open(form, now)
    if given.stage is not None and given.stage not in form["stages"]:
        raise StageNotTaught
    answers = read_answers(form["questions"], given.answers)
    single = form["kind"] == LinkKind.SINGLE
    if single and not await db.run(_USE, token_hash=token_hash):
        raise SurveyFormNotFound
    row = {
        "id": uuid4() if single else uuid5(form["survey_id"], str(given.submission)),
        "survey_id": form["survey_id"],
        "teacher_id": None,
        **_kept_of_parent(form, given.stage),
        "answers": answers,
    }
    try:
        await db.insert(SurveyResponse, row)
    except UniqueViolationError:
        raise SurveyAlreadyAnswered from None
    return {"received": True}


def _kept_of_parent(form: Row, stage: Stage | None) -> dict[str, Any]:
    """What an answer keeps of a parent: the school and the stage, where the survey tells them apart."""
    breakdowns = form["breakdowns"]
    by_school = not {Breakdown.SCHOOL, Breakdown.COUNTY}.isdisjoint(breakdowns)
    by_stage = Breakdown.STAGE in breakdowns and stage is not None
    return {
        "of_school_id": form["school_id"] if by_school else None,
        "strata": {Breakdown.STAGE.value: [stage]} if by_stage else {},
    }
