"""Appraisals of topics (专家评审): whom the level that approves a topic asks to score it, and their scores.

An expert never scores a topic of their own school, nor one in which they take part; one who sees another
conflict of interest declines. Scores are seen by who asked for them, and one's own by the expert; the mean
is shown with the decision.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ARRAY, Uuid, any_, bindparam, exists, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict, NotFound
from app.domain.learning.topic_steps import (
    TOPIC_STEPS,
    StepKind,
    StepState,
    TopicStep,
    TopicStepDecided,
    open_step,
    place_of_decision,
)
from app.domain.learning.topic_steps.deciding import check_no_own
from app.domain.learning.topic_steps.step import AppraisalState, TopicAppraisal
from app.domain.learning.topics import TOPIC_PLACES, Topic, TopicLevel, TopicMember
from app.domain.learning.topics.topic import is_of_members
from app.domain.organisation.units import Unit
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import TEACHERS, PersonName, Teacher, TeacherNotFound
from app.domain.people.teachers.strata import is_among
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class TopicAppraisalView(BaseModel):
    """What one expert is asked, and said."""

    id: UUID = Field(description="标识 / key")
    step_id: UUID = Field(description="课题环节 / step that is scored")
    topic_id: UUID = Field(description="课题 / topic")
    title: str = Field(description="课题名称 / title of the topic")
    topic_summary: str = Field(description="选题论证 / what the topic studies, and why")
    kind: StepKind = Field(description="环节 / what was handed in")
    summary: str = Field(description="内容摘要 / what was handed in says")
    expert_id: UUID = Field(description="专家 / expert")
    name: PersonName = Field(description="专家姓名 / name of the expert")
    school: str = Field(description="专家所在学校 / name of the expert's school")
    state: AppraisalState = Field(description="状态 / what became of it")
    score: Decimal | None = Field(description="评分，满分 100 / score, out of 100")
    opinion: str | None = Field(
        description="评审意见，回避或解除邀请的理由 / opinion, or why it was declined or released"
    )
    asked_at: datetime = Field(description="邀请时间 / when the expert was asked")
    answered_at: datetime | None = Field(
        description="答复或解除时间 / when it was answered, or released"
    )


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


class TopicAppraisalNotFound(NotFound):
    """There is no such appraisal for the one who asks."""

    code = "topic_appraisal_not_found"
    zh = "未找到该专家评审。"
    en = "There is no such appraisal."


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


# What may be asked.


def _decided_at(column: str, *levels: TopicLevel) -> Any:
    """What is decided on within a place of this kind: what stands below is of these levels."""
    return lambda ids: (TOPIC_PLACES[column] == any_(ids)) & is_among(col(Topic.level), levels)


_joined = (
    TopicAppraisal.__table__.join(  # type: ignore[attr-defined]
        TopicStep.__table__,  # type: ignore[attr-defined]
        col(TopicAppraisal.step_id) == col(TopicStep.id),
    )
    .join(Topic.__table__, col(TopicStep.topic_id) == col(Topic.id))  # type: ignore[attr-defined]
    .join(Teacher.__table__, col(TopicAppraisal.expert_id) == col(Teacher.id))  # type: ignore[attr-defined]
    .join(Unit.__table__, col(Teacher.school_id) == col(Unit.id))  # type: ignore[attr-defined]
)

TOPIC_APPRAISALS = Door(
    table=TopicAppraisal,
    view=TopicAppraisalView,
    read=Permission.TOPIC_APPRAISAL_READ,
    missing=TopicAppraisalNotFound,
    places={
        "city_id": TOPIC_PLACES["city_id"],
        "county_id": _decided_at("county_id", TopicLevel.SCHOOL, TopicLevel.COUNTY),
        "school_id": _decided_at("school_id", TopicLevel.SCHOOL),
        "teacher_id": col(TopicAppraisal.expert_id),
    },
    computed={
        "topic_id": col(Topic.id), "title": col(Topic.title),
        "topic_summary": col(Topic.summary), "summary": col(TopicStep.summary),
        "kind": col(TopicStep.kind),
        "name": col(Teacher.name), "school": col(Unit.name),
    },
    joined=_joined,
    filters={
        "step_id": col(TopicAppraisal.step_id),
        "expert_id": col(TopicAppraisal.expert_id),
        "state": col(TopicAppraisal.state),
    },
    sorts={"created": (), "score": (col(TopicAppraisal.score),)},
    withheld=is_of_members,
)  # fmt: skip
"""Appraisals, seen where the topic is decided on and above, and by the expert; not by those who apply, nor by
who takes part in the topic, whatever roles they have."""


async def get_topic_appraisal(db: Connection, actor: Actor, *, appraisal_id: UUID) -> Row:
    """One appraisal: one's own, or of a topic that is decided on in the actor's place."""
    return await TOPIC_APPRAISALS.get(db, actor, appraisal_id)


async def list_topic_appraisals(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    step_id: UUID | None = None,
    expert_id: UUID | None = None,
    state: AppraisalState | None = None,
) -> Page:
    """The appraisals that the actor may see, in the order in which they were asked for."""
    filters = {"step_id": step_id, "expert_id": expert_id, "state": state}
    return await TOPIC_APPRAISALS.page(db, actor, page, filters=filters)


async def topic_appraisals_of(
    db: Connection, actor: Actor, *, step_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, list[Row]]:
    """The appraisals of each of many steps that the actor may see."""
    owner = col(TopicAppraisal.step_id)
    return await TOPIC_APPRAISALS.rows_of(db, actor, owner, step_ids, columns=columns)


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
