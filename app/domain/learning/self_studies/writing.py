"""Writing a self-study: the plan with its milestones, until the school has agreed to it."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import Uuid, bindparam, delete
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict, Unfit
from app.domain.learning.self_studies.study import (
    SELF_STUDIES,
    check_study_state,
    milestones_of,
)
from app.domain.learning.self_studies.table import (
    MOST_MILESTONES,
    MilestoneFields,
    SelfStudy,
    SelfStudyFields,
    SelfStudyMilestone,
    SelfStudyState,
)
from app.domain.people.teachers import TEACHERS
from app.domain.training.activities import ActivityContent
from app.sql import Connection, Row, Statement, new_id

WRITTEN_ON = (SelfStudyState.DRAFT, SelfStudyState.RETURNED)
"""The states in which its teacher writes it."""


class NewMilestone(MilestoneFields, Command):
    """A milestone as it is planned."""


class NewSelfStudy(SelfStudyFields, Command):
    """A self-study to be drafted, with its milestones in their order."""

    milestones: list[NewMilestone] = Field(
        default_factory=list, max_length=MOST_MILESTONES, description="学习节点 / milestones"
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_on < self.starts_on:
            raise Unfit("结束日期不能早于开始日期。", "The last day cannot come before the first.")
        return self


class SelfStudyChanges(Command):
    """What of a self-study is to be changed; what is left out stays as it is."""

    title: str | None = Field(
        default=None, min_length=2, max_length=200, description="名称 / title"
    )
    question: str | None = Field(
        default=None, min_length=2, max_length=2000, description="研究问题 / question"
    )
    method: str | None = Field(
        default=None, min_length=2, max_length=5000, description="研究方法，null 为无 / how"
    )
    content: list[ActivityContent] | None = Field(
        default=None, max_length=len(ActivityContent), description="研修内容 / what it is about"
    )
    hours: Decimal | None = Field(
        default=None, gt=0, max_digits=8, decimal_places=2, description="学时 / hours"
    )
    starts_on: date | None = Field(default=None, description="开始日期 / first day")
    ends_on: date | None = Field(default=None, description="结束日期 / last day")
    milestones: list[NewMilestone] | None = Field(
        default=None, max_length=MOST_MILESTONES,
        description="全部学习节点，不填则不变 / all milestones; left out, they stay",
    )  # fmt: skip

    @model_validator(mode="after")
    def _empties_nothing_needed(self) -> Self:
        for name in self.model_fields_set - {"method"}:
            if getattr(self, name) is None:
                raise Unfit(f"{name} 不能为空。", f"{name} cannot be null.")
        return self


# What can be refused.


class SelfStudyDaysDisagree(Conflict):
    """It would end before it begins, or a milestone would be due outside its days."""

    code = "self_study_days_disagree"
    zh = "结束日期不能早于开始日期，各节点的期限须在起止日期之内。"
    en = "The last day cannot come before the first, and each milestone is due between the two."


class SelfStudyHoursDisagree(Conflict):
    """The hours of the milestones do not add up to the self-study's."""

    code = "self_study_hours_disagree"
    zh = "各节点学时之和（{milestones}）与总学时（{hours}）不一致。"
    en = "The milestones add up to {milestones} hours, but the self-study has {hours}."


class SelfStudyHoursBeyondDays(Conflict):
    """There are not as many hours in its days: it was miswritten, or is claimed rather than studied."""

    code = "self_study_hours_beyond_days"
    zh = "从 {starts_on} 到 {ends_on} 共 {days} 天，无法完成 {hours} 学时（每天至多 {most} 学时）。"
    en = (
        "The {days} days from {starts_on} to {ends_on} cannot hold {hours} hours, of which a day has"
        " {most} at most."
    )


# What may be done.

MOST_A_DAY = 12
"""Hours that somebody can study alone in a day; no source names a number, and this one only refuses what
cannot have been."""


async def draft_self_study(
    db: Connection, actor: Actor, *, teacher_id: UUID, new: NewSelfStudy, now: datetime
) -> Row:
    """Draft a self-study of a teacher: one's own, or for a teacher for whom the actor plans."""
    write = Permission.PLAN_WRITE
    teacher = await TEACHERS.get(db, actor, teacher_id, permission=write)
    study_id = new_id()
    row = {
        "id": study_id,
        "teacher_id": teacher_id,
        **new.model_dump(exclude={"milestones"}),
        **{name: teacher[name] for name in PLACE},
        "state": SelfStudyState.DRAFT,
        "since": now,
    }
    await db.insert(SelfStudy, row)
    await _add_milestones(db, study_id, new.milestones)
    return await SELF_STUDIES.get(db, actor, study_id)


async def _add_milestones(
    db: Connection, study_id: UUID, milestones: Sequence[NewMilestone]
) -> None:
    rows = [
        {"id": new_id(), "study_id": study_id, "ordinal": ordinal, **each.model_dump()}
        for ordinal, each in enumerate(milestones, start=1)
    ]
    await db.insert_all(SelfStudyMilestone, rows)


_CLEAR = Statement(
    delete(SelfStudyMilestone).where(
        col(SelfStudyMilestone.study_id) == bindparam("study_id", type_=Uuid)
    )
)


async def update_self_study(
    db: Connection, actor: Actor, *, study_id: UUID, changes: SelfStudyChanges
) -> Row:
    """Change a self-study that is being written; what was agreed to stands."""
    study = await SELF_STUDIES.get(db, actor, study_id, permission=Permission.PLAN_WRITE, lock=True)
    check_study_state(study, *WRITTEN_ON)
    values: dict[str, Any] = changes.model_dump(exclude_unset=True, exclude={"milestones"})
    after = study | values
    if after["ends_on"] < after["starts_on"]:
        raise SelfStudyDaysDisagree
    await db.change(SelfStudy, study_id, values)
    if changes.milestones is not None:
        await db.run(_CLEAR, study_id=study_id)
        await _add_milestones(db, study_id, changes.milestones)
    return await SELF_STUDIES.get(db, actor, study_id)


async def submit_self_study(db: Connection, actor: Actor, *, study_id: UUID, now: datetime) -> Row:
    """Hand the plan to the school, if its milestones add up to its hours within its days."""
    study = await SELF_STUDIES.get(db, actor, study_id, permission=Permission.PLAN_WRITE, lock=True)
    check_study_state(study, *WRITTEN_ON)
    milestones = (await milestones_of(db, actor, study_ids=[study_id]))[study_id]
    planned = sum((each["hours"] for each in milestones), Decimal())
    if planned != study["hours"]:
        raise SelfStudyHoursDisagree(milestones=str(planned), hours=str(study["hours"]))
    if not all(study["starts_on"] <= each["due_on"] <= study["ends_on"] for each in milestones):
        raise SelfStudyDaysDisagree
    _check_fits(study)
    by = {"submitted_by": actor.account_id, "submitted_for": actor.on_behalf_of}
    values = {"state": SelfStudyState.SUBMITTED, "since": now, **by}
    await db.change(SelfStudy, study_id, values)
    return await SELF_STUDIES.get(db, actor, study_id)


def _check_fits(study: Row) -> None:
    """Refuse more hours than the days of a self-study can hold."""
    days = (study["ends_on"] - study["starts_on"]).days + 1
    if study["hours"] > days * MOST_A_DAY:
        told = {name: study[name].isoformat() for name in ("starts_on", "ends_on")}
        raise SelfStudyHoursBeyondDays(
            days=days, hours=str(study["hours"]), most=MOST_A_DAY, **told
        )
