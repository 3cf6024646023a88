"""Drafting a round and what can be chosen in it, publishing it, calling it off."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import ARRAY, Boolean, Uuid, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict, Invalid, NotFound, Unfit
from app.domain.learning.choice_rounds.round import (
    CHOICE_ROUNDS,
    ChoiceRoundChanges,
    NewChoiceRound,
    check_fit,
)
from app.domain.learning.choice_rounds.table import (
    ChoiceOffering,
    ChoiceRound,
    ChoiceRoundFields,
    ChoiceRoundState,
)
from app.domain.organisation.units import hold_unit, place_of
from app.domain.people.teachers.strata import is_among
from app.domain.training.activities import ACTIVITIES, Activity, ActivityState, check_state
from app.domain.training.enrolments import PlaceRule
from app.sql import Connection, Row, Statement, new_id

MOST_OFFERINGS = 500
"""So many activities may be chosen from in one round."""


class NewChoiceOffering(Command):
    """What is to be chosen from."""

    activity_id: UUID = Field(description="活动（班） / activity")


# What can be refused.


class ChoiceRoundStateWrong(Conflict):
    """This is not done with a round in its state."""

    code = "choice_round_state"
    zh = "该选课轮次当前状态为“{state}”，不能执行此操作。"
    en = "The round is '{state}': this cannot be done with it now."


class ChoiceRoundUnfit(Invalid):
    """With this change the round would not fit together: its times, its numbers, or its priorities."""

    code = "choice_round_unfit"
    zh = "修改后选课轮次的起止时间、选报与录取数或优先规则互不相符。"
    en = "With this change the times, the numbers or the priorities of the round do not fit together."


class ChoiceRoundOver(Invalid):
    """Nobody could choose in a round that ends before it is published."""

    code = "choice_round_over"
    zh = "截止选课时间已过，不能发布。"
    en = "The round would be over before it is published."


class ChoiceOfferingsMissing(Conflict):
    """A round is published with something to choose."""

    code = "choice_round_without_offerings"
    zh = "发布前须至少加入一项可选活动。"
    en = "Add at least one activity before you publish the round."


class ChoiceOfferingsTooMany(Conflict):
    """A round has so many activities already."""

    code = "choice_round_full"
    zh = "一个选课轮次最多可选 {most} 项活动。"
    en = "A round has at most {most} activities to choose from."


class ChoiceOfferingTaken(Conflict):
    """An activity is chosen in one round at a time."""

    code = "choice_offering_taken"
    zh = "该活动已在另一个尚未结束的选课轮次内。"
    en = "The activity is in another round that has not ended."


class ChoiceOfferingUnpublished(Conflict):
    """Nobody chooses what is not published, or begins before the round has ended."""

    code = "choice_offering_unpublished"
    zh = "“{title}”尚未发布，或在选课截止前已开始。"
    en = "'{title}' is not published, or begins before the round has ended."


class ChoiceOfferingNotFound(NotFound):
    """The activity cannot be chosen in this round."""

    code = "choice_offering_not_found"
    zh = "该活动不在本选课轮次内。"
    en = "The activity cannot be chosen in this round."


# What may be done.

_round = bindparam("round_id", type_=Uuid)
_by_choice = bindparam("by_choice", type_=Boolean)
_keep = insert(PlaceRule)
_KEEP_PLACES = Statement(
    _keep.from_select(
        ["activity_id", "by_choice"],
        select(
            func.unnest(bindparam("activity_ids", type_=ARRAY(Uuid))).label("activity_id"),
            _by_choice,
        ),
        include_defaults=False,
    ).on_conflict_do_update(
        index_elements=["activity_id"], set_={"by_choice": _keep.excluded.by_choice}
    )
)
_HOLD_OFFERINGS = Statement(
    select(*(col(getattr(Activity, name)) for name in ("id", "title", "state", "starts_on")))
    .join(ChoiceOffering, col(ChoiceOffering.activity_id) == col(Activity.id))
    .where(col(ChoiceOffering.round_id) == _round)
    .order_by(col(Activity.id))
    .with_for_update(of=Activity)
)
_OFFERED_ELSEWHERE = Statement(
    select(col(ChoiceRound.id))
    .join(ChoiceOffering, col(ChoiceOffering.round_id) == col(ChoiceRound.id))
    .where(
        col(ChoiceOffering.activity_id) == bindparam("activity_id", type_=Uuid),
        col(ChoiceRound.id) != _round,
        is_among(col(ChoiceRound.state), [ChoiceRoundState.DRAFT, ChoiceRoundState.PUBLISHED]),
    )
)
_COUNT = Statement(
    select(func.count()).select_from(ChoiceOffering).where(col(ChoiceOffering.round_id) == _round)
)
_OFFER = Statement(
    insert(ChoiceOffering)
    .values(round_id=_round, activity_id=bindparam("activity_id", type_=Uuid))
    .on_conflict_do_nothing()
)
_REMOVE = Statement(
    delete(ChoiceOffering).where(
        col(ChoiceOffering.round_id) == _round,
        col(ChoiceOffering.activity_id) == bindparam("activity_id", type_=Uuid),
    )
)


async def hold_choice_round(
    db: Connection, actor: Actor, *, round_id: UUID, allowed: ChoiceRoundState
) -> Row:
    """The round, locked, if the actor holds it and it is in this state."""
    row = await CHOICE_ROUNDS.get(
        db, actor, round_id, permission=Permission.ACTIVITY_WRITE, lock=True
    )
    if row["state"] != allowed:
        raise ChoiceRoundStateWrong(state=row["state"])
    return row


async def hold_offerings(db: Connection, *, round_id: UUID) -> list[Row]:
    """What can be chosen in a round, locked in one order; the caller has passed the round's door."""
    return await db.all(_HOLD_OFFERINGS, round_id=round_id)


async def keep_places(db: Connection, *, activity_ids: Sequence[UUID], by_choice: bool) -> None:
    """Say of activities, whose rows are held, whether their places are given by choice alone."""
    await db.run(_KEEP_PLACES, activity_ids=list(activity_ids), by_choice=by_choice)


async def create_choice_round(db: Connection, actor: Actor, *, new: NewChoiceRound) -> Row:
    """Draft a round that a unit holds, for which the actor organises activities."""
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=Permission.ACTIVITY_WRITE)
    round_id = new_id()
    row = {
        "id": round_id,
        **new.model_dump(include=set(ChoiceRoundFields.model_fields)),
        **place_of(unit),
        "state": ChoiceRoundState.DRAFT,
        "created_by": actor.account_id,
    }
    await db.insert(ChoiceRound, row)
    return await CHOICE_ROUNDS.get(db, actor, round_id)


async def update_choice_round(
    db: Connection, actor: Actor, *, round_id: UUID, changes: ChoiceRoundChanges
) -> Row:
    """Change a draft; what is published stands, for people choose by it."""
    row = await hold_choice_round(db, actor, round_id=round_id, allowed=ChoiceRoundState.DRAFT)
    values: dict[str, Any] = changes.model_dump(exclude_none=True)
    fields = {name: row[name] for name in ChoiceRoundFields.model_fields} | values
    try:
        check_fit(ChoiceRoundFields.model_validate(fields))
    except Unfit:
        raise ChoiceRoundUnfit from None
    await db.change(ChoiceRound, round_id, values)
    return await CHOICE_ROUNDS.get(db, actor, round_id)


async def add_choice_offering(
    db: Connection, actor: Actor, *, round_id: UUID, offering: NewChoiceOffering
) -> Row:
    """Let an activity that the actor organises be chosen in a draft; from now on nobody enrols directly.

    What is in the round already stays as it is.
    """
    await hold_choice_round(db, actor, round_id=round_id, allowed=ChoiceRoundState.DRAFT)
    activity_id = offering.activity_id
    activity = await ACTIVITIES.get(
        db, actor, activity_id, permission=Permission.ACTIVITY_WRITE, lock=True
    )
    check_state(activity, ActivityState.DRAFT, ActivityState.PUBLISHED)
    if await db.value(_OFFERED_ELSEWHERE, round_id=round_id, activity_id=activity_id):
        raise ChoiceOfferingTaken
    if await db.value(_COUNT, round_id=round_id) >= MOST_OFFERINGS:
        raise ChoiceOfferingsTooMany(most=MOST_OFFERINGS)
    await db.run(_OFFER, round_id=round_id, activity_id=activity_id)
    await keep_places(db, activity_ids=[activity_id], by_choice=True)
    return await CHOICE_ROUNDS.get(db, actor, round_id)


async def remove_choice_offering(
    db: Connection, actor: Actor, *, round_id: UUID, activity_id: UUID
) -> Row:
    """Take an activity out of a draft; teachers enrol in it directly again."""
    await hold_choice_round(db, actor, round_id=round_id, allowed=ChoiceRoundState.DRAFT)
    offered = [row["id"] for row in await hold_offerings(db, round_id=round_id)]
    if activity_id not in offered:
        raise ChoiceOfferingNotFound
    await db.run(_REMOVE, round_id=round_id, activity_id=activity_id)
    await keep_places(db, activity_ids=[activity_id], by_choice=False)
    return await CHOICE_ROUNDS.get(db, actor, round_id)


async def publish_choice_round(
    db: Connection, actor: Actor, *, round_id: UUID, now: datetime
) -> Row:
    """Publish a draft to all those for whom something is in it."""
    row = await hold_choice_round(db, actor, round_id=round_id, allowed=ChoiceRoundState.DRAFT)
    if row["closes_at"] <= now:
        raise ChoiceRoundOver
    offered = await hold_offerings(db, round_id=round_id)
    if not offered:
        raise ChoiceOfferingsMissing
    last_day = civil_date(row["closes_at"])
    for each in offered:
        if each["state"] != ActivityState.PUBLISHED or each["starts_on"] < last_day:
            raise ChoiceOfferingUnpublished(title=each["title"])
    await db.change(
        ChoiceRound, round_id, {"state": ChoiceRoundState.PUBLISHED, "published_at": now}
    )
    return await CHOICE_ROUNDS.get(db, actor, round_id)


async def cancel_choice_round(db: Connection, actor: Actor, *, round_id: UUID) -> Row:
    """Call a round off before its places were given; what people have by it already, they keep."""
    row = await CHOICE_ROUNDS.get(
        db, actor, round_id, permission=Permission.ACTIVITY_WRITE, lock=True
    )
    if row["state"] not in {ChoiceRoundState.DRAFT, ChoiceRoundState.PUBLISHED}:
        raise ChoiceRoundStateWrong(state=row["state"])
    offered = [each["id"] for each in await hold_offerings(db, round_id=round_id)]
    await keep_places(db, activity_ids=offered, by_choice=False)
    await db.change(ChoiceRound, round_id, {"state": ChoiceRoundState.CANCELLED})
    return await CHOICE_ROUNDS.get(db, actor, round_id)
