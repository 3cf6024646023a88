"""The states of an activity and the ways between them.

    draft ──publish──▶ published ──hold──▶ held ──close──▶ closed
      └──────cancel───────┴─────▶ cancelled

A draft is the organiser's alone. Once published, its audience sees it, enrols and checks in; once
closed, nothing about attendance changes any more and credits may be recognised.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, select, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, civil_date, text_enum
from app.domain.errors import Conflict
from app.domain.training.activities.activity import (
    ACTIVITIES,
)
from app.domain.training.activities.audience import (
    AUDIENCE,
    check_audience,
    write_candidates,
)
from app.domain.training.activities.formed import check_steps
from app.domain.training.activities.planned import check_session_plans
from app.domain.training.activities.sessions import check_days_of_session
from app.domain.training.activities.table import Activity, ActivitySession
from app.domain.training.vocabulary import ActivityState
from app.sql import Connection, Row, Statement

TRANSITIONS: dict[ActivityState, dict[str, ActivityState]] = {
    ActivityState.DRAFT: {
        "publish": ActivityState.PUBLISHED, "cancel": ActivityState.CANCELLED,
    },
    ActivityState.PUBLISHED: {"hold": ActivityState.HELD, "cancel": ActivityState.CANCELLED},
    ActivityState.HELD: {"close": ActivityState.CLOSED},
    ActivityState.CLOSED: {},
    ActivityState.CANCELLED: {},
}  # fmt: skip
"""What may be done in each state, and the state that it leads to."""


# What can be refused.


class IllegalTransition(Conflict):
    """This does not lead on from the activity's state; `allowed` names what does."""

    code = "activity_illegal_transition"
    zh = "活动当前状态为“{state}”，不能执行 {wanted}，可执行：{allowed}。"
    en = "The activity is '{state}': {wanted} is not possible now, possible is: {allowed}."


class SessionsMissing(Conflict):
    """An activity is published with at least one session."""

    code = "activity_without_sessions"
    zh = "发布前须至少安排一个场次。"
    en = "Add at least one session before you publish the activity."


class HoursDisagree(Conflict):
    """The hours of the sessions do not add up to the activity's."""

    code = "activity_hours_disagree"
    zh = "各场次学时之和（{sessions}）与活动总学时（{hours}）不一致。"
    en = "The sessions' hours add up to {sessions}, but the activity has {hours}."


class SessionsToCome(Conflict):
    """A session has not begun: the activity cannot have been held."""

    code = "activity_sessions_to_come"
    zh = "尚有场次未开始（{starts_at}），活动不能标记为已举办。"
    en = "A session has yet to begin ({starts_at}), so the activity has not been held."


# What may be done.

_ENTER = Statement(
    update(Activity)
    .where(col(Activity.id) == bindparam("activity_id", type_=Uuid))
    .values(
        state=bindparam("new_state", type_=text_enum(ActivityState)),
        published_at=bindparam("new_published_at", type_=MOMENT),
        closed_at=bindparam("new_closed_at", type_=MOMENT),
    )
)


async def _open(db: Connection, actor: Actor, activity_id: UUID, verb: str) -> Row:
    """The activity, locked, in a state from which the verb leads on."""
    activity = await ACTIVITIES.get(
        db, actor, activity_id, permission=Permission.ACTIVITY_WRITE, lock=True
    )
    allowed = TRANSITIONS[ActivityState(activity["state"])]
    if verb not in allowed:
        raise IllegalTransition(
            state=activity["state"], wanted=verb, allowed=", ".join(allowed) or "—"
        )
    return activity


async def _enter(
    db: Connection, actor: Actor, activity: Row, state: ActivityState, now: datetime
) -> Row:
    published_at = now if state is ActivityState.PUBLISHED else activity["published_at"]
    await db.run(
        _ENTER,
        activity_id=activity["id"],
        new_state=state,
        new_published_at=published_at,
        new_closed_at=now if state is ActivityState.CLOSED else None,
    )
    return await ACTIVITIES.get(db, actor, activity["id"])


_SESSIONS_TOGETHER = Statement(
    select(
        # Of occurrences of one session, somebody attends one.
        func.sum(col(ActivitySession.hours))
        .filter(col(ActivitySession.occurrence_of).is_(None))
        .label("hours"),
        func.min(col(ActivitySession.starts_at)).label("starts_at"),
        func.max(col(ActivitySession.ends_at)).label("ends_at"),
        func.max(col(ActivitySession.starts_at)).label("last_starts_at"),
        func.array_agg(col(ActivitySession.step).distinct())
        .filter(col(ActivitySession.step).is_not(None))
        .label("steps"),
    ).where(col(ActivitySession.activity_id) == bindparam("activity_id", type_=Uuid))
)


async def publish_activity(
    db: Connection, actor: Actor, *, activity_id: UUID, now: datetime
) -> Row:
    """Show a draft to its audience: the organiser's own, unless others were named.

    A network stands for the schools that belong to it on this day, strata for the teachers who count in
    them on the activity's first day, as is now known.

    It needs sessions, within its days, whose hours add up to its own; where it has a form, they carry
    out each step that the form requires.
    """
    activity = await _open(db, actor, activity_id, "publish")
    together = await db.one(_SESSIONS_TOGETHER, activity_id=activity_id)
    if together is None or together["hours"] is None:
        raise SessionsMissing
    if together["hours"] != activity["hours"]:
        raise HoursDisagree(sessions=str(together["hours"]), hours=str(activity["hours"]))
    check_days_of_session(activity, together["starts_at"], together["ends_at"])
    carried_out = frozenset(together["steps"] or ())
    await check_steps(db, actor, activity=activity, carried_out=carried_out)
    await check_session_plans(db, actor, activity=activity)
    if not activity["audience"]:
        # A department has no members of its own: what it organises is for its unit.
        organisers = ("organiser_group_id", "organiser_network_id", "organiser_unit_id")
        organiser_id = next(activity[name] for name in organisers if activity[name] is not None)
        await AUDIENCE.add(db, thing_id=activity_id, targets=[organiser_id])
    elif activity["organiser_network_id"] is not None:
        # A school that was named while it belonged may have left since.
        await check_audience(db, actor, activity=activity, wanted=activity["audience"])
    await AUDIENCE.expand_networks(db, thing_id=activity_id, today=civil_date(now))
    await write_candidates(db, actor, activity=activity)
    return await _enter(db, actor, activity, ActivityState.PUBLISHED, now)


async def hold_activity(db: Connection, actor: Actor, *, activity_id: UUID, now: datetime) -> Row:
    """Record that a published activity has been held: its last session has begun."""
    activity = await _open(db, actor, activity_id, "hold")
    together = await db.one(_SESSIONS_TOGETHER, activity_id=activity_id)
    if together is not None and together["last_starts_at"] > now:
        raise SessionsToCome(starts_at=together["last_starts_at"])
    return await _enter(db, actor, activity, ActivityState.HELD, now)


async def conclude_activity(
    db: Connection, actor: Actor, *, activity_id: UUID, now: datetime
) -> Row:
    """Let a held activity be closed, and nothing else: a part of `training.closing`."""
    activity = await _open(db, actor, activity_id, "close")
    return await _enter(db, actor, activity, ActivityState.CLOSED, now)


async def cancel_activity(db: Connection, actor: Actor, *, activity_id: UUID, now: datetime) -> Row:
    """Cancel an activity that has not been held; those it was published to still see it."""
    activity = await _open(db, actor, activity_id, "cancel")
    return await _enter(db, actor, activity, ActivityState.CANCELLED, now)
