"""What can be chosen in a round: adding activities to a draft, with what they require; removing them."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import Field
from sqlalchemy import (
    ARRAY,
    Boolean,
    Text,
    Uuid,
    bindparam,
    delete,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict, NotFound
from app.domain.learning.choice_rounds.round import (
    CHOICE_ROUNDS,
)
from app.domain.learning.choice_rounds.table import (
    ChoiceOffering,
    ChoiceRound,
    ChoiceRoundState,
)
from app.domain.learning.courses import COURSES, CourseNotFound
from app.domain.people.teachers.strata import Stratum, is_among
from app.domain.training.activities import ACTIVITIES, Activity, ActivityState, check_state
from app.domain.training.enrolments import PlaceRule
from app.sql import Connection, Row, Statement

MOST_OFFERINGS = 500
"""So many activities may be chosen from in one round."""
MOST_REQUIRED = 5
"""So many courses may one activity of a round require."""


class NewChoiceOffering(Command):
    """What is to be chosen from."""

    activity_id: UUID = Field(description="活动（班） / activity")
    required_course_ids: list[UUID] = Field(
        default_factory=list,
        max_length=MOST_REQUIRED,
        description="先修课程：须参加过其已结束的班 / courses: one has attended a closed class of each",
    )
    required_strata: list[Stratum] = Field(
        default_factory=list,
        max_length=len(Stratum),
        description="限定类别：须属于其中之一 / strata, to one of which one belongs; empty: no matter",
    )


# What can be refused.


class ChoiceRoundStateWrong(Conflict):
    """This is not done with a round in its state."""

    code = "choice_round_state"
    zh = "该选课轮次当前状态为“{state}”，不能执行此操作。"
    en = "The round is '{state}': this cannot be done with it now."


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
    .values(
        round_id=_round,
        activity_id=bindparam("activity_id", type_=Uuid),
        required_course_ids=bindparam("required_course_ids", type_=ARRAY(Uuid)),
        required_strata=bindparam("required_strata", type_=ARRAY(Text)),
    )
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
    required = dict.fromkeys(offering.required_course_ids)
    known = await COURSES.by_id(db, actor, list(required), columns=frozenset({"id"}))
    if None in known.values():
        raise CourseNotFound
    await db.run(
        _OFFER, round_id=round_id, activity_id=activity_id, required_course_ids=list(required),
        required_strata=list(offering.required_strata),
    )  # fmt: skip
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
