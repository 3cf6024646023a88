"""Handing something in for a topic, taking it back, and deciding on it."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import Uuid, bindparam, exists, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict, Invalid, NotAllowed, Unfit
from app.domain.learning.topic_steps.step import (
    TOPIC_STEPS,
    AppraisalState,
    StepKind,
    StepState,
    TopicAppraisal,
    TopicStep,
    TopicStepAhead,
    TopicStepDecided,
    TopicStepFields,
    open_step,
    place_of_decision,
)
from app.domain.learning.topics import (
    EDITABLE,
    RUNNING,
    Topic,
    TopicGrade,
    TopicLevel,
    TopicMember,
    TopicState,
    TopicStateWrong,
    open_topic,
)
from app.domain.training.files import FILES
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

_FILED_IN = {
    StepKind.APPLICATION: EDITABLE,
    StepKind.OPENING: frozenset({TopicState.APPROVED}),
    StepKind.MIDTERM: frozenset({TopicState.OPENED}),
    StepKind.EXTENSION: RUNNING,
    StepKind.CONCLUSION: frozenset({TopicState.MIDTERM}),
    StepKind.WITHDRAWAL: RUNNING,
}
"""Where a topic stands when this is handed in."""

_LEADS_TO = {
    StepKind.APPLICATION: TopicState.APPROVED,
    StepKind.OPENING: TopicState.OPENED,
    StepKind.MIDTERM: TopicState.MIDTERM,
    StepKind.CONCLUSION: TopicState.CONCLUDED,
    StepKind.WITHDRAWAL: TopicState.WITHDRAWN,
}
"""Where a topic stands when this was passed."""


class NewTopicStep(TopicStepFields, Command):
    """What is to be handed in for a topic."""

    @model_validator(mode="after")
    def _asks_for_a_day(self) -> Self:
        if (self.kind is StepKind.EXTENSION) != (self.due_on is not None):
            raise Unfit(
                "延期申请须填延期至的日期，其他环节不填。",
                "An extension names the day that it asks for, and nothing else does.",
            )
        return self


class TopicStepDecision(Command):
    """What whoever approves the topic says to what was handed in."""

    verdict: StepState = Field(
        description="审核结果：通过、退回或不予通过 / passed, returned or refused"
    )
    opinion: str = Field(min_length=2, max_length=2000, description="审核意见 / opinion")
    number: str | None = Field(
        default=None,
        min_length=1,
        max_length=60,
        description="立项编号 / number of an approved topic",
    )
    grade: TopicGrade | None = Field(
        default=None, description="结题等级，通过结题时必填 / grade of a conclusion that is passed"
    )
    certificate_number: str | None = Field(
        default=None,
        min_length=1,
        max_length=60,
        description="结题证书编号 / number of its certificate",
    )

    @model_validator(mode="after")
    def _decides(self) -> Self:
        if self.verdict not in {StepState.PASSED, StepState.RETURNED, StepState.REFUSED}:
            raise Unfit("请选择通过、退回或不予通过。", "Decide: passed, returned or refused.")
        return self


# What can be refused.


class TopicStepOpen(Conflict):
    """Something that was handed in for the topic waits: one thing after the other."""

    code = "topic_step_open"
    zh = "该课题已有待审事项，请等待审核或先撤回。"
    en = "Something handed in for this topic waits already: take it back, or wait."


class TopicNotSponsored(NotAllowed):
    """Above the school's level the unit applies, not the teacher alone."""

    code = "topic_not_sponsored"
    zh = "校级以上课题由承担单位申报。"
    en = "Above the school's level the unit that carries a topic applies for it."


class TopicDueNotLater(Invalid):
    """An extension asks for a later day."""

    code = "topic_due_not_later"
    zh = "延期日期须晚于现定日期 {due_on}。"
    en = "An extension asks for a day after {due_on}."


class TopicOfOneself(Conflict):
    """Nobody decides on a topic in which they take part, or on what they handed in."""

    code = "topic_of_oneself"
    zh = "不能审核本人参与的课题，也不能审核由本人提交的事项。"
    en = "Nobody decides on a topic of their own, or on what they handed in themselves."


class TopicGradeMissing(Invalid):
    """Whoever passes a conclusion says how the topic was concluded."""

    code = "topic_grade_missing"
    zh = "通过结题须给出结题等级。"
    en = "A conclusion is passed with a grade."


class TopicAppraisalsOpen(Conflict):
    """Experts who were asked have not answered yet."""

    code = "topic_appraisals_open"
    zh = "还有专家既未评分也未回避。"
    en = "Some of the experts have neither scored it nor declined."


class TopicNumberTaken(Conflict):
    """Another topic of the level has this number."""

    code = "topic_number_taken"
    zh = "该级别已有课题使用此立项编号。"
    en = "Another topic of this level has that number."


# What may be done.


async def file_topic_step(
    db: Connection, actor: Actor, *, topic_id: UUID, new: NewTopicStep, now: datetime
) -> Row:
    """Hand something in for a topic that the actor leads or that is their unit's."""
    topic = await open_topic(db, actor, topic_id=topic_id)
    if topic["state"] not in _FILED_IN[new.kind]:
        waits = topic["state"] == TopicState.SUBMITTED
        raise TopicStepOpen if waits else TopicStateWrong(state=topic["state"])
    if new.held_on is not None and new.held_on > civil_date(now):
        raise TopicStepAhead(held_on=new.held_on.isoformat())
    if new.due_on is not None and new.due_on <= topic["due_on"]:
        raise TopicDueNotLater(due_on=topic["due_on"].isoformat())
    applies = new.kind is StepKind.APPLICATION
    if applies and topic["level"] != TopicLevel.SCHOOL:
        place = {name: topic[name] for name in PLACE}
        if not actor.scope(Permission.TOPIC_WRITE).covers(place):
            raise TopicNotSponsored(Permission.TOPIC_WRITE.value)
    if new.file_id is not None:  # Held, so that nobody forgets it meanwhile.
        await FILES.get(db, actor, new.file_id, lock=True)
    row = {
        "id": new_id(),
        "topic_id": topic_id,
        **new.model_dump(),
        "filed_at": now,
        "filed_by": actor.account_id,
        "state": StepState.FILED,
    }
    try:
        await db.insert(TopicStep, row)
    except UniqueViolationError:
        raise TopicStepOpen from None
    if applies:
        await db.change(Topic, topic_id, {"state": TopicState.SUBMITTED})
    return await TOPIC_STEPS.get(db, actor, row["id"])


async def take_back_topic_step(
    db: Connection, actor: Actor, *, step_id: UUID, now: datetime
) -> Row:
    """Take back what was handed in and has not been decided; an application is a draft again."""
    step = await TOPIC_STEPS.get(db, actor, step_id)
    await open_topic(db, actor, topic_id=step["topic_id"])
    step = await TOPIC_STEPS.get(db, actor, step_id, lock=True)
    if step["state"] != StepState.FILED:
        raise TopicStepDecided(state=step["state"])
    settled = {
        "state": StepState.TAKEN_BACK, "decided_at": now, "decided_by": actor.account_id,
    }  # fmt: skip
    await db.change(TopicStep, step_id, settled)
    if step["kind"] == StepKind.APPLICATION:
        await db.change(Topic, step["topic_id"], {"state": TopicState.DRAFT})
    return await TOPIC_STEPS.get(db, actor, step_id)


_step_id = bindparam("step_id", type_=Uuid)
_SITUATION = Statement(
    select(
        col(TopicStep.filed_by),
        exists(
            select(col(TopicAppraisal.id)).where(
                col(TopicAppraisal.step_id) == _step_id,
                col(TopicAppraisal.state) == AppraisalState.ASKED,
            )
        ).label("asked"),
    ).where(col(TopicStep.id) == _step_id)
)
_MEMBERS = Statement(
    select(col(TopicMember.teacher_id)).where(
        col(TopicMember.topic_id) == bindparam("topic_id", type_=Uuid)
    )
)


async def check_no_own(db: Connection, actor: Actor, *, topic_id: UUID) -> None:
    """Refuse whoever takes part in a topic to decide on it, or on who is to score it."""
    members = [row["teacher_id"] for row in await db.all(_MEMBERS, topic_id=topic_id)]
    if await is_oneself(db, actor, teacher_ids=members):
        raise TopicOfOneself


def _becomes(step: Row, decision: TopicStepDecision, now: datetime) -> dict[str, Any]:
    """What a topic is to be, after this was decided on it."""
    kind = StepKind(step["kind"])
    if decision.verdict is not StepState.PASSED:
        is_back = decision.verdict is StepState.RETURNED
        state = TopicState.RETURNED if is_back else TopicState.REJECTED
        return {"state": state} if kind is StepKind.APPLICATION else {}
    if kind is StepKind.EXTENSION:
        return {"due_on": step["due_on"]}
    changes: dict[str, Any] = {"state": _LEADS_TO[kind]}
    if kind is StepKind.APPLICATION:
        changes |= {"number": decision.number, "approved_on": civil_date(now)}
    if kind is StepKind.CONCLUSION:
        if decision.grade is None:
            raise TopicGradeMissing
        changes |= {
            "grade": decision.grade, "concluded_on": step["held_on"] or civil_date(now),
            "certificate_number": decision.certificate_number,
        }  # fmt: skip
    return changes


async def decide_topic_step(
    db: Connection, actor: Actor, *, step_id: UUID, decision: TopicStepDecision, now: datetime
) -> Row:
    """Decide, at the level that approves the topic, on what was handed in for it.

    Where experts were asked, all have answered. Of two who decide at once the second is told that it
    was decided.
    """
    review = Permission.TOPIC_REVIEW
    step, topic = await open_step(db, actor, step_id=step_id, permission=review)
    actor.require(review, place_of_decision(topic))
    await check_no_own(db, actor, topic_id=topic["id"])
    found = await db.one(_SITUATION, step_id=step_id)
    if found is None or found["filed_by"] in actor.accounts:
        raise TopicOfOneself
    if found["asked"]:
        raise TopicAppraisalsOpen
    changes = _becomes(step, decision, now)
    try:
        await db.change(Topic, topic["id"], changes)
    except UniqueViolationError:
        raise TopicNumberTaken from None
    settled = {
        "state": decision.verdict, "opinion": decision.opinion, "decided_at": now,
        "decided_by": actor.account_id,
    }  # fmt: skip
    await db.change(TopicStep, step_id, settled)
    return await TOPIC_STEPS.get(db, actor, step_id)
