"""That the sessions of an activity that requires it have a trainer's plan that was approved.

The plans of sessions stand above the activities; here is only what publishing asks of them.
"""

from sqlalchemy import Text, Uuid, bindparam, column, exists, func, select, table
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.errors import Conflict
from app.domain.training.activities.table import ActivitySession
from app.sql import Connection, Row, Statement


class SessionPlansMissing(Conflict):
    """The activity requires a plan for each session, approved before it is published."""

    code = "activity_without_session_plans"
    zh = "尚有 {sessions} 个场次没有审核通过的培训者方案。"
    en = "Sessions without a plan that was approved: {sessions}."


_PLANS = table("session_plan", column("session_id", Uuid()), column("state", Text()))
_UNPLANNED = Statement(
    select(func.count()).where(
        col(ActivitySession.activity_id) == bindparam("activity_id", type_=Uuid),
        ~exists().where(
            _PLANS.c.session_id == col(ActivitySession.id), _PLANS.c.state == "approved"
        ),
    )
)


async def check_session_plans(db: Connection, actor: Actor, *, activity: Row) -> None:  # noqa: ARG001  the door was passed
    """Refuse to publish what requires plans of its sessions before all are approved."""
    if activity["requires_session_plans"]:
        missing = await db.value(_UNPLANNED, activity_id=activity["id"])
        if missing:
            raise SessionPlansMissing(sessions=missing)
