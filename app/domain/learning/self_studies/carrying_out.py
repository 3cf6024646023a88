"""Carrying a self-study out: what the school decides, what is reported, and how it ends."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict
from app.domain.learning.self_studies.study import MILESTONES, SELF_STUDIES, check_study_state
from app.domain.learning.self_studies.table import (
    SelfStudy,
    SelfStudyMilestone,
    SelfStudyState,
)
from app.domain.training.files import FILES
from app.sql import Connection, Row, Statement


class SelfStudyDecision(Command):
    """Whether the school agrees to what waits, the plan or the conclusion, and why."""

    agreed: bool = Field(description="是否同意 / whether agreed")
    opinion: str = Field(min_length=2, max_length=2000, description="审定意见 / opinion")


class MilestoneReport(Command):
    """What was done for a milestone, and what shows it."""

    report: str = Field(min_length=10, max_length=20_000, description="完成情况 / what was done")
    file_id: UUID | None = Field(default=None, description="佐证文件 / file that shows it")


class SelfStudyConclusion(Command):
    """What came of a self-study."""

    conclusion: str = Field(
        min_length=10, max_length=20_000, description="结题报告 / what came of it"
    )


class SelfStudyEnd(Command):
    """Why a self-study is given up."""

    reason: str = Field(min_length=2, max_length=500, description="终止原因 / why")


# What can be refused.


class SelfStudyOfOneself(Conflict):
    """Nobody decides on their own self-study, nor on one that they submitted."""

    code = "self_study_of_oneself"
    zh = "不能审定本人的或由本人提交的自主学习课程。"
    en = "Nobody decides on their own self-study, nor on one that they submitted."


class MilestonesOpen(Conflict):
    """It is concluded when all milestones were reported."""

    code = "self_study_milestones_open"
    zh = "尚有 {milestones} 个学习节点未填报。"
    en = "Milestones that were not reported: {milestones}."


# What may be done.

_SUBMITTER = Statement(
    select(col(SelfStudy.submitted_by), col(SelfStudy.submitted_for)).where(
        col(SelfStudy.id) == bindparam("study_id", type_=Uuid)
    )
)
_LEADS_TO = {
    (SelfStudyState.SUBMITTED, True): SelfStudyState.AGREED,
    (SelfStudyState.SUBMITTED, False): SelfStudyState.RETURNED,
    (SelfStudyState.REPORTED, True): SelfStudyState.CONCLUDED,
    (SelfStudyState.REPORTED, False): SelfStudyState.AGREED,
}
"""To which state a decision leads; a conclusion that is not agreed to is worked on."""


async def _enter(db: Connection, actor: Actor, study_id: UUID, now: datetime, **values: Any) -> Row:
    await db.change(SelfStudy, study_id, {"since": now, **values})
    return await SELF_STUDIES.get(db, actor, study_id)


async def decide_self_study(
    db: Connection, actor: Actor, *, study_id: UUID, decision: SelfStudyDecision, now: datetime
) -> Row:
    """Agree, for the school, to the plan or the conclusion that waits, or give it back."""
    study = await SELF_STUDIES.get(
        db, actor, study_id, permission=Permission.PLAN_REVIEW, lock=True
    )
    check_study_state(study, SelfStudyState.SUBMITTED, SelfStudyState.REPORTED)
    submitters = await db.one(_SUBMITTER, study_id=study_id) or {}
    own = await is_oneself(db, actor, teacher_ids=[study["teacher_id"]])
    if own or not actor.accounts.isdisjoint(submitters.values()):
        raise SelfStudyOfOneself
    to = _LEADS_TO[SelfStudyState(study["state"]), decision.agreed]
    concluded = civil_date(now) if to is SelfStudyState.CONCLUDED else None
    return await _enter(
        db, actor, study_id, now, state=to, opinion=decision.opinion,
        decided_by=actor.account_id, concluded_on=concluded,
    )  # fmt: skip


async def report_self_study_milestone(
    db: Connection, actor: Actor, *, milestone_id: UUID, report: MilestoneReport, now: datetime
) -> Row:
    """Report what was done for a milestone of a self-study under way; a later report takes the place."""
    write = Permission.PLAN_WRITE
    milestone = await MILESTONES.get(db, actor, milestone_id, permission=write)
    study = await SELF_STUDIES.get(db, actor, milestone["study_id"], permission=write, lock=True)
    check_study_state(study, SelfStudyState.AGREED)
    if report.file_id is not None:
        await FILES.get(db, actor, report.file_id, lock=True)
    await db.change(SelfStudyMilestone, milestone_id, {**report.model_dump(), "reported_at": now})
    return await MILESTONES.get(db, actor, milestone_id)


_OPEN = Statement(
    select(func.count()).where(
        col(SelfStudyMilestone.study_id) == bindparam("study_id", type_=Uuid),
        col(SelfStudyMilestone.reported_at).is_(None),
    )
)


async def report_self_study(
    db: Connection, actor: Actor, *, study_id: UUID, conclusion: SelfStudyConclusion, now: datetime
) -> Row:
    """Hand the conclusion to the school, once all milestones were reported."""
    study = await SELF_STUDIES.get(db, actor, study_id, permission=Permission.PLAN_WRITE, lock=True)
    check_study_state(study, SelfStudyState.AGREED)
    if missing := await db.value(_OPEN, study_id=study_id):
        raise MilestonesOpen(milestones=missing)
    return await _enter(
        db, actor, study_id, now, state=SelfStudyState.REPORTED,
        conclusion=conclusion.conclusion, submitted_by=actor.account_id,
        submitted_for=actor.on_behalf_of,
    )  # fmt: skip


async def end_self_study(
    db: Connection, actor: Actor, *, study_id: UUID, end: SelfStudyEnd, now: datetime
) -> Row:
    """Give a self-study up that is not concluded, and say why; what was reported stays."""
    study = await SELF_STUDIES.get(db, actor, study_id, permission=Permission.PLAN_WRITE, lock=True)
    over = {SelfStudyState.CONCLUDED, SelfStudyState.ENDED}
    check_study_state(study, *(each for each in SelfStudyState if each not in over))
    return await _enter(
        db, actor, study_id, now, state=SelfStudyState.ENDED, ended_because=end.reason
    )
