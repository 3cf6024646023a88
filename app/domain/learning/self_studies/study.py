"""The doors of self-studies and their milestones, and what may be asked of them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.roles import Permission
from app.domain.errors import Conflict, NotFound
from app.domain.learning.self_studies.table import (
    MilestoneView,
    SelfStudy,
    SelfStudyMilestone,
    SelfStudyState,
    SelfStudyView,
)
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row

# What can be refused.


class SelfStudyNotFound(NotFound):
    """There is no such self-study for the one who asks."""

    code = "self_study_not_found"
    zh = "未找到该自主学习课程。"
    en = "There is no such self-study."


class MilestoneNotFound(NotFound):
    """There is no such milestone for the one who asks."""

    code = "self_study_milestone_not_found"
    zh = "未找到该学习节点。"
    en = "There is no such milestone of a self-study."


class SelfStudyWrongState(Conflict):
    """This is done in other states of a self-study than the one that it is in."""

    code = "self_study_wrong_state"
    zh = "自主学习课程当前状态为“{state}”，此操作只能在以下状态进行：{allowed}。"
    en = "The self-study is '{state}'; this can be done only while it is: {allowed}."


def check_study_state(study: Row, *allowed: SelfStudyState) -> None:
    """Refuse what is not done in the self-study's state."""
    if study["state"] not in allowed:
        raise SelfStudyWrongState(state=study["state"], allowed=", ".join(allowed))


# What may be asked.

_PLACES = {
    **{name: col(getattr(SelfStudy, name)) for name in PLACE},
    "teacher_id": col(SelfStudy.teacher_id),
}
_done = (
    select(func.coalesce(func.sum(col(SelfStudyMilestone.hours)), 0))
    .where(
        col(SelfStudyMilestone.study_id) == col(SelfStudy.id),
        col(SelfStudyMilestone.reported_at).is_not(None),
    )
    .correlate(SelfStudy)
    .scalar_subquery()
)
SELF_STUDIES = Door(
    table=SelfStudy,
    view=SelfStudyView,
    read=Permission.PLAN_READ,
    missing=SelfStudyNotFound,
    places=_PLACES,
    computed={"done_hours": _done},
    filters={
        "teacher_id": col(SelfStudy.teacher_id),
        "school_id": col(SelfStudy.school_id),
        "state": col(SelfStudy.state),
    },
    sorts={"starts_on": (col(SelfStudy.starts_on),), "created": ()},
)
"""Self-studies: the teacher's own, and of those who plan for the teacher."""

MILESTONES = Door(
    table=SelfStudyMilestone,
    view=MilestoneView,
    read=Permission.PLAN_READ,
    missing=MilestoneNotFound,
    places=_PLACES,
    joined=SelfStudyMilestone.__table__.join(  # type: ignore[attr-defined]
        SelfStudy.__table__,  # type: ignore[attr-defined]
        col(SelfStudyMilestone.study_id) == col(SelfStudy.id),
    ),
    filters={"study_id": col(SelfStudyMilestone.study_id)},
    sorts={"ordinal": (col(SelfStudyMilestone.ordinal),)},
)


async def get_self_study(db: Connection, actor: Actor, *, study_id: UUID) -> Row:
    """One self-study: one's own, or of a teacher in the actor's place."""
    return await SELF_STUDIES.get(db, actor, study_id)


async def list_self_studies(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    teacher_id: UUID | None = None,
    school_id: UUID | None = None,
    state: SelfStudyState | None = None,
) -> Page:
    """The self-studies in the actor's place, by first day unless sorted otherwise."""
    filters = {"teacher_id": teacher_id, "school_id": school_id, "state": state}
    return await SELF_STUDIES.page(db, actor, page, filters=filters)


async def self_studies_by_id(
    db: Connection, actor: Actor, *, study_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many self-studies by their keys; None where the actor may not see one."""
    return await SELF_STUDIES.by_id(db, actor, study_ids, columns=columns)


async def list_self_study_milestones(
    db: Connection, actor: Actor, *, study_id: UUID, page: PageRequest
) -> Page:
    """The milestones of one self-study in their order."""
    await SELF_STUDIES.get(db, actor, study_id)
    return await MILESTONES.page(db, actor, page, filters={"study_id": study_id})


async def milestones_of(
    db: Connection, actor: Actor, *, study_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, list[Row]]:
    """The milestones of each of many self-studies in their order."""
    return await MILESTONES.rows_of(
        db, actor, col(SelfStudyMilestone.study_id), study_ids, columns=columns
    )
