"""Planning an evaluation, opening it when its activity closes, and summing the activity up."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Integer, Text, Uuid, and_, bindparam, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, civil_date
from app.domain.errors import Invalid
from app.domain.training.activities import ACTIVITIES, Activity, ActivityState, check_state
from app.domain.training.evaluations.evaluation import (
    EVALUATIONS,
    SUMMARY_DAYS,
    WINDOW_DAYS,
    ActivityEvaluation,
    EvaluationPlan,
    NewSummary,
)
from app.domain.training.surveys import (
    SURVEYS,
    NewOption,
    NewQuestion,
    QuestionKind,
    Survey,
    SurveyPurpose,
    SurveyState,
)
from app.sql import Connection, Row, Statement, new_id


def _scale(code: str, text: str) -> NewQuestion:
    return NewQuestion(code=code, kind=QuestionKind.SCALE, text=text, minimum=1, maximum=5)


DEFAULT_QUESTIONS = (
    _scale("relevance", "活动内容是否切合您的教学需要？（1 不切合 – 5 很切合）"),
    _scale("quality", "活动的组织和主讲质量如何？（1 差 – 5 好）"),
    _scale("use", "所学能否用到自己的课堂？（1 不能 – 5 完全能）"),
    NewQuestion(
        code="next_form",
        kind=QuestionKind.MULTIPLE_CHOICE,
        text="下一次您更希望以哪些方式开展？",
        required=False,
        options=[
            NewOption(code="lecture", text="专题讲座"),
            NewOption(code="lesson", text="观课议课"),
            NewOption(code="workshop", text="研讨工作坊"),
            NewOption(code="online", text="网络研修"),
        ],
    ),
    NewQuestion(code="advice", kind=QuestionKind.TEXT, text="收获、问题与建议", required=False),
)
"""What is asked where neither the organiser nor the city has a template: so every activity is evaluated."""


# What can be refused.


class NoEvaluationTemplate(Invalid):
    """An activity is evaluated by a template that was made for it."""

    code = "evaluation_template_unfit"
    zh = "所选问卷不是活动评估模板。"
    en = "The survey named is no template for evaluating activities."


# What may be done.


def _upsert(**columns: Any) -> Statement:
    """Write these columns of an activity's evaluation, which there may be or not be yet."""
    given = {name: bindparam(f"new_{name}", type_=kind) for name, kind in columns.items()}
    keys = {name: bindparam(name, type_=Uuid) for name in ("id", "activity_id")}
    defaults = {"window_days": WINDOW_DAYS, "summary_days": SUMMARY_DAYS}
    row = insert(ActivityEvaluation).values(**keys, **defaults | given)
    return Statement(
        row.on_conflict_do_update(
            index_elements=[col(ActivityEvaluation.activity_id)],
            set_={name: row.excluded[name] for name in given},
        ).returning(col(ActivityEvaluation.id))
    )


_PLAN = _upsert(template_id=Uuid, window_days=Integer, summary_days=Integer)
_OPEN = _upsert(survey_id=Uuid, summary_due_on=Date)
_SUMMARISE = _upsert(
    summary=Text, effects=Text, problems=Text, next_steps=Text, summarised_by=Uuid,
    summarised_at=MOMENT,
)  # fmt: skip


async def plan_evaluation(
    db: Connection, actor: Actor, *, activity_id: UUID, plan: EvaluationPlan
) -> Row:
    """Say how an activity is to be evaluated, until it closes."""
    permission = Permission.ACTIVITY_WRITE
    activity = await ACTIVITIES.get(db, actor, activity_id, permission=permission, lock=True)
    check_state(activity, ActivityState.DRAFT, ActivityState.PUBLISHED, ActivityState.HELD)
    if plan.template_id is not None:
        template = await SURVEYS.get(db, actor, plan.template_id)
        right = template["purpose"] == SurveyPurpose.ACTIVITY_EVALUATION
        if not (template["is_template"] and right):
            raise NoEvaluationTemplate
    values = {f"new_{name}": value for name, value in plan.model_dump().items()}
    found = await db.value(_PLAN, id=new_id(), activity_id=activity_id, **values)
    return await EVALUATIONS.get(db, actor, found)


def _situation() -> Statement:
    """A closing activity with its place, its plan, and the template that its evaluation follows."""
    planned = col(ActivityEvaluation.template_id)
    is_named = col(Survey.id) == planned
    owners = (col(Survey.group_id), col(Survey.network_id), col(Survey.department_id))
    is_citys = and_(
        planned.is_(None),
        col(Survey.unit_id) == col(Activity.city_id),
        *(owner.is_(None) for owner in owners),
    )
    template = (
        select(
            *(col(getattr(Survey, name)) for name in ("introduction", "breakdowns", "questions"))
        )
        .where(
            col(Survey.is_template),
            col(Survey.purpose) == SurveyPurpose.ACTIVITY_EVALUATION,
            is_named | is_citys,
        )
        .order_by(col(Survey.id).desc())
        .limit(1)
        .lateral("template")
    )
    organisers = ("group", "network", "department")
    return Statement(
        select(
            *(col(getattr(Activity, name)) for name in PLACE),
            *(col(getattr(Activity, f"organiser_{each}_id")).label(f"{each}_id")
              for each in organisers),
            col(ActivityEvaluation.window_days),
            col(ActivityEvaluation.summary_days),
            *(template.c[name] for name in ("introduction", "breakdowns", "questions")),
        )
        .select_from(Activity)
        .outerjoin(ActivityEvaluation, col(ActivityEvaluation.activity_id) == col(Activity.id))
        .outerjoin(template, true())
        .where(col(Activity.id) == bindparam("activity_id", type_=Uuid))
    )  # fmt: skip


_SITUATION = _situation()


async def open_evaluation(db: Connection, actor: Actor, *, activity: Row, now: datetime) -> None:
    """Let those who attended an activity that is just closed evaluate it, and ask for its summary."""
    activity_id = activity["id"]
    found = await db.one(_SITUATION, activity_id=activity_id) or {}
    window, summary = (
        timedelta(days=found.pop(name) or default)
        for name, default in (("window_days", WINDOW_DAYS), ("summary_days", SUMMARY_DAYS))
    )
    survey = {
        **found,
        "id": new_id(),
        "purpose": SurveyPurpose.ACTIVITY_EVALUATION,
        "title": f"活动评估：{activity['title']}"[:200],
        "anonymous": True,
        "breakdowns": found["breakdowns"] or [],
        "questions": found["questions"]
        or [question.model_dump(mode="json") for question in DEFAULT_QUESTIONS],
        "is_template": False,
        "activity_id": activity_id,
        "opens_at": now,
        "closes_at": now + window,
        "state": SurveyState.OPEN,
        "created_by": actor.account_id,
    }
    await db.insert(Survey, survey)
    due = civil_date(now + summary)
    await db.value(
        _OPEN, id=new_id(), activity_id=activity_id, new_survey_id=survey["id"],
        new_summary_due_on=due,
    )  # fmt: skip


async def summarise_activity(
    db: Connection, actor: Actor, *, activity_id: UUID, new: NewSummary, now: datetime
) -> Row:
    """Sum a closed activity up for its organiser; a later summary takes an earlier one's place."""
    permission = Permission.ACTIVITY_WRITE
    activity = await ACTIVITIES.get(db, actor, activity_id, permission=permission, lock=True)
    check_state(activity, ActivityState.CLOSED)
    values = {f"new_{name}": value for name, value in new.model_dump().items()}
    found = await db.value(
        _SUMMARISE, id=new_id(), activity_id=activity_id, **values,
        new_summarised_by=actor.account_id, new_summarised_at=now,
    )  # fmt: skip
    return await EVALUATIONS.get(db, actor, found)
