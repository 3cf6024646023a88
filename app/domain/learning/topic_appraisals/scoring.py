"""Asking experts to score a topic, what they answer, and waiting for one no longer."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, exists, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict
from app.domain.learning.topic_appraisals.appraisal import TOPIC_APPRAISALS
from app.domain.learning.topic_steps import (
    TOPIC_STEPS,
    StepState,
    TopicStep,
    TopicStepDecided,
    open_step,
    place_of_decision,
)
from app.domain.learning.topic_steps.deciding import check_no_own
from app.domain.learning.topic_steps.step import AppraisalState, TopicAppraisal
from app.domain.learning.topics import Topic, TopicMember
from app.domain.people.teachers import TEACHERS, Teacher, TeacherNotFound
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class TopicExperts(Command):
    """Who is to score what was handed in."""

    expert_ids: list[UUID] = Field(
        min_length=1, max_length=20, description="专家（教师） / experts, who are teachers"
    )


class TopicScore(Command):
    """What an expert says."""

    score: Decimal = Field(
        ge=0, le=100, max_digits=5, decimal_places=2, description="评分，满分 100 / score, of 100",
    )  # fmt: skip
    opinion: str = Field(min_length=2, max_length=2000, description="评审意见 / opinion")


class TopicAppraisalDecline(Command):
    """Why an expert does not score a topic."""

    reason: str = Field(min_length=2, max_length=500, description="回避理由 / why")


class TopicExpertRelease(Command):
    """Why an expert who has not answered is waited for no longer."""

    reason: str = Field(min_length=2, max_length=500, description="解除理由 / why")


# What can be refused.


class TopicAppraisalAnswered(Conflict):
    """The expert has answered; what was said stays as it is."""

    code = "topic_appraisal_answered"
    zh = "该评审已答复。"
    en = "This has been answered already."


class TopicExpertExists(Conflict):
    """The expert was asked about this already."""

    code = "topic_expert_exists"
    zh = "所列专家中有人已受邀评审。"
    en = "One of these experts was asked already."


class TopicExpertOfOwnSchool(Conflict):
    """Nobody scores a topic of their own school."""

    code = "topic_expert_of_own_school"
    zh = "专家不得评审本校课题。"
    en = "An expert does not score a topic of their own school."


class TopicExpertIsMember(Conflict):
    """Nobody scores a topic in which they take part."""

    code = "topic_expert_is_member"
    zh = "专家不得评审本人参与的课题。"
    en = "An expert does not score a topic in which they take part."


# What may be done.

_experts = bindparam("expert_ids", type_=ARRAY(Uuid))
_CONFLICTS = Statement(
    select(
        col(Teacher.id),
        (col(Teacher.school_id) == col(Topic.school_id)).label("is_of_school"),
        exists(
            select(col(TopicMember.id)).where(
                col(TopicMember.topic_id) == col(Topic.id),
                col(TopicMember.teacher_id) == col(Teacher.id),
            )
        ).label("is_member"),
    )
    .join_from(Teacher, Topic, col(Topic.id) == bindparam("topic_id", type_=Uuid))
    .where(col(Teacher.id) == any_(_experts))
)


async def _check_disinterested(
    db: Connection, *, topic_id: UUID, expert_ids: Sequence[UUID]
) -> None:
    found = await db.all(_CONFLICTS, topic_id=topic_id, expert_ids=list(expert_ids))
    if any(row["is_member"] for row in found):
        raise TopicExpertIsMember
    if any(row["is_of_school"] for row in found):
        raise TopicExpertOfOwnSchool


async def ask_topic_experts(
    db: Connection, actor: Actor, *, step_id: UUID, new: TopicExperts, now: datetime
) -> Row:
    """Ask teachers, whom the actor knows, to score what was handed in; all of them or none."""
    review = Permission.TOPIC_REVIEW
    _, topic = await open_step(db, actor, step_id=step_id, permission=review)
    actor.require(review, place_of_decision(topic))
    await check_no_own(db, actor, topic_id=topic["id"])
    expert_ids = list(dict.fromkeys(new.expert_ids))
    known = await TEACHERS.by_id(db, actor, expert_ids, columns=frozenset({"id"}))
    if any(row is None for row in known.values()):
        raise TeacherNotFound
    await _check_disinterested(db, topic_id=topic["id"], expert_ids=expert_ids)
    asked = {
        "step_id": step_id, "state": AppraisalState.ASKED, "asked_by": actor.account_id,
        "asked_at": now,
    }  # fmt: skip
    rows = [{"id": new_id(), "expert_id": each, **asked} for each in expert_ids]
    try:
        await db.insert_all(TopicAppraisal, rows)
    except UniqueViolationError:
        raise TopicExpertExists from None
    return await TOPIC_STEPS.get(db, actor, step_id)


_OWN = Permission.RECORD_OWN
_STATE = Statement(
    select(col(TopicStep.state))
    .where(col(TopicStep.id) == bindparam("step_id", type_=Uuid))
    .with_for_update(key_share=True, read=True)
)


async def _answer(db: Connection, actor: Actor, appraisal_id: UUID, **values: Any) -> Row:
    """Keep what an expert answers, who is the one who acts."""
    appraisal = await TOPIC_APPRAISALS.get(db, actor, appraisal_id, permission=_OWN, lock=True)
    if appraisal["state"] != AppraisalState.ASKED:
        raise TopicAppraisalAnswered
    await db.change(TopicAppraisal, appraisal_id, values)
    return await TOPIC_APPRAISALS.get(db, actor, appraisal_id)


async def score_topic(
    db: Connection, actor: Actor, *, appraisal_id: UUID, new: TopicScore, now: datetime
) -> Row:
    """Score what one was asked about, once, while it waits to be decided."""
    appraisal = await TOPIC_APPRAISALS.get(db, actor, appraisal_id, permission=_OWN)
    state = await db.value(_STATE, step_id=appraisal["step_id"])
    if state != StepState.FILED:
        raise TopicStepDecided(state=state)
    # Between being asked and answering, the expert may have gone to the school, or joined.
    await _check_disinterested(
        db, topic_id=appraisal["topic_id"], expert_ids=[appraisal["expert_id"]]
    )
    said = {"state": AppraisalState.SCORED, "score": new.score, "opinion": new.opinion}
    return await _answer(db, actor, appraisal_id, **said, answered_at=now)


async def decline_topic_appraisal(
    db: Connection, actor: Actor, *, appraisal_id: UUID, new: TopicAppraisalDecline, now: datetime
) -> Row:
    """Say that one does not score a topic, and why: a conflict of interest, or no time."""
    said = {"state": AppraisalState.DECLINED, "opinion": new.reason}
    return await _answer(db, actor, appraisal_id, **said, answered_at=now)


async def release_topic_expert(
    db: Connection, actor: Actor, *, appraisal_id: UUID, new: TopicExpertRelease, now: datetime
) -> Row:
    """Wait no longer for an expert who has not answered, and say why; what was scored stays.

    It is for whoever decides on the step: an expert may be ill, have left, or have no account, and the topic
    would wait for ever. The expert is asked no more, and sees the step no more.
    """
    review = Permission.TOPIC_REVIEW
    appraisal = await TOPIC_APPRAISALS.get(db, actor, appraisal_id)
    _, topic = await open_step(db, actor, step_id=appraisal["step_id"], permission=review)
    actor.require(review, place_of_decision(topic))
    await check_no_own(db, actor, topic_id=topic["id"])
    appraisal = await TOPIC_APPRAISALS.get(db, actor, appraisal_id, lock=True)
    if appraisal["state"] != AppraisalState.ASKED:
        raise TopicAppraisalAnswered
    said = {"state": AppraisalState.RELEASED, "opinion": new.reason, "answered_at": now}
    await db.change(TopicAppraisal, appraisal_id, said)
    return await TOPIC_APPRAISALS.get(db, actor, appraisal_id)
