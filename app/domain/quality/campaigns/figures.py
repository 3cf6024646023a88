"""What a campaign has come to: activities, people and hours, counted from attendance as it is now."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Numeric, Uuid, bindparam, cast, func, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.access.walled import Beyond
from app.domain.credits.boards.figures import was_held
from app.domain.organisation.units import UNITS
from app.domain.people.teachers import Teacher
from app.domain.people.teachers.strata import is_among
from app.domain.quality.campaigns.campaign import CAMPAIGNS
from app.domain.quality.campaigns.table import CampaignActivity
from app.domain.training.activities import Activity, ActivitySession, ActivityState
from app.domain.training.attendance import Attendance
from app.domain.training.occurrences import counts_once
from app.domain.training.plans import TOOK_PART
from app.sql import Connection, Row, Statement


class CampaignFigures(BaseModel):
    """What a campaign has come to: 人 and 人次 are two figures and never added."""

    campaign_id: UUID = Field(description="专项活动 / campaign")
    activities: int = Field(description="活动场次，不含取消的 / activities not cancelled")
    held: int = Field(description="已举办的活动 / of them, held")
    schools: int = Field(description="组织活动的学校数 / schools that organise any of them")
    people: int = Field(description="参加人数，每人计一次（人） / people who took part, each once")
    attendances: int = Field(
        description="参加人次，每项活动每人计一次（人次） / people at each activity, added up"
    )
    person_hours: Decimal = Field(
        description="参加学时合计（人·学时） / hours attended, of all people"
    )


# What may be asked.

_L: Any = CampaignActivity.__table__  # type: ignore[attr-defined]
_A: Any = Activity.__table__  # type: ignore[attr-defined]
_status = col(Attendance.status)
_CAMPAIGN = bindparam("campaign_id", type_=Uuid)


def _figures() -> Statement:
    given = (
        select(_A.c.id, _A.c.state, _A.c.school_id, was_held.label("held"))
        .join_from(_L, _A, _L.c.activity_id == _A.c.id)
        .where(_L.c.campaign_id == _CAMPAIGN, _A.c.state != ActivityState.CANCELLED)
        .cte("given")
    )
    # Whoever attended several occurrences of a session has its hours once.
    hours = func.sum(cast(col(ActivitySession.hours), Numeric(10, 2))).filter(counts_once())
    came = (
        select(col(Attendance.teacher_id), col(Attendance.activity_id), hours.label("hours"))
        .join_from(given, Attendance, col(Attendance.activity_id) == given.c.id)
        .join(ActivitySession, col(ActivitySession.id) == col(Attendance.session_id))
        .join(Teacher, col(Teacher.id) == col(Attendance.teacher_id))
        .where(
            is_among(_status, TOOK_PART),
            # What both records of one person have is the survivor's.
            col(Teacher.merged_into_id).is_(None),
        )
        .group_by(col(Attendance.teacher_id), col(Attendance.activity_id))
        .subquery("came")
    )

    def of(source: Any, what: Any) -> Any:
        return select(what).select_from(source).scalar_subquery()

    return Statement(
        select(
            _CAMPAIGN.label("campaign_id"),
            of(given, func.count()).label("activities"),
            of(given, func.count().filter(given.c.held)).label("held"),
            of(given, func.count(given.c.school_id.distinct())).label("schools"),
            of(came, func.count(came.c.teacher_id.distinct())).label("people"),
            of(came, func.count()).label("attendances"),
            of(came, func.coalesce(func.sum(came.c.hours), Decimal("0.00"))).label("person_hours"),
        ),
        beyond=Beyond.COUNTED,
    )


_FIGURES = _figures()


async def get_campaign_figures(db: Connection, actor: Actor, *, campaign_id: UUID) -> Row:
    """What a campaign has come to, for whoever reads the summaries of the unit that holds it."""
    campaign = await CAMPAIGNS.get(db, actor, campaign_id)
    await UNITS.get(db, actor, campaign["unit_id"], permission=Permission.SUMMARY_READ)
    figures = await db.one(_FIGURES, campaign_id=campaign_id)
    assert figures is not None  # noqa: S101  sums have one row
    return figures
