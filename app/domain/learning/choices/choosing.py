"""Choosing an activity in a round, and withdrawing the choice.

In a round that is first come, first served a choice is an enrolment at once: the order in which
activities' rows are held decides, so that the last place goes to one. In a two-way round it waits.
"""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from pydantic import Field
from sqlalchemy import ARRAY, Uuid, bindparam, exists, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.base import Command
from app.domain.errors import Conflict
from app.domain.learning.choice_rounds import (
    CHOICE_ROUNDS,
    MOST_CHOICES,
    ChoiceOffering,
    ChoiceOfferingNotFound,
    ChoiceRound,
    ChoiceRoundState,
    ChoiceWay,
)
from app.domain.learning.choices.choice import CHOICES_OF, ChoiceNotFound
from app.domain.learning.choices.preferring import OF_TEACHER, ChosenAlready, choose_preference
from app.domain.learning.choices.requiring import check_requirements
from app.domain.learning.choices.table import Choice
from app.domain.people.teachers import Teacher
from app.domain.training.activities import (
    Activity,
    ActivityState,
    addresses_of,
    check_state,
    is_addressed,
)
from app.domain.training.activities.audience import is_candidate
from app.domain.training.enrolments import (
    NONE_LEFT,
    ActivityFull,
    Enrolment,
    EnrolmentNotFound,
    enrol_by_choice,
    withdraw_enrolment,
)
from app.domain.training.enrolments.clashing import read_clash
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class NewChoice(Command):
    """What a teacher chooses in a round."""

    activity_id: UUID = Field(description="活动（班） / activity")
    preference: int | None = Field(
        default=None,
        ge=1,
        le=MOST_CHOICES,
        description="志愿序，不填为下一个空位 / preference; null: the next that is free",
    )


# What can be refused.


class ChoiceRoundNotOpen(Conflict):
    """Teachers choose while the round is open."""

    code = "choice_round_not_open"
    zh = "现在不在选课时间内（{opens_at} 至 {closes_at}）。"
    en = "The round is open from {opens_at} to {closes_at}: nothing can be chosen now."


class ChoiceClashes(Conflict):
    """Nobody is in two places at once."""

    code = "choice_clashes"
    zh = "与已录取的“{title}”时间冲突（{starts_at}）。"
    en = "It clashes with '{title}', in which you have a place ({starts_at})."


class ChoiceDecided(Conflict):
    """What was decided in a two-way round is withdrawn as an enrolment, or not at all."""

    code = "choice_decided"
    zh = "该选报已有结果，不能退选；已录取的请按活动退出报名。"
    en = "The choice was decided: withdraw the enrolment instead, if there is one."


# What may be done.

_round, _teacher = bindparam("round_id", type_=Uuid), bindparam("teacher_id", type_=Uuid)
_activity = bindparam("activity_id", type_=Uuid)
_OFFERED = Statement(
    select(
        col(Activity.id),
        col(Activity.state),
        col(Activity.capacity),
        NONE_LEFT.label("is_full"),
        exists(
            select(col(Enrolment.id)).where(
                col(Enrolment.activity_id) == _activity,
                col(Enrolment.teacher_id) == _teacher,
                col(Enrolment.withdrawn_at).is_(None),
            )
        ).label("is_in"),
        col(ChoiceOffering.required_course_ids),
        col(ChoiceOffering.required_strata),
    )
    .join(ChoiceOffering, col(ChoiceOffering.activity_id) == col(Activity.id))
    .join(ChoiceRound, col(ChoiceRound.id) == col(ChoiceOffering.round_id))
    .where(
        col(ChoiceOffering.round_id) == _round,
        col(ChoiceRound.state) == ChoiceRoundState.PUBLISHED,
        col(Activity.id) == _activity,
        is_addressed(_activity, bindparam("addresses", type_=ARRAY(Uuid))),
        is_candidate(_activity, _teacher),
    )
)
_HOLD_ROUND = Statement(
    # A round is not ended, nor called off, between this and what is chosen; many choose at once.
    select(col(ChoiceRound.id))
    .where(col(ChoiceRound.id) == _round, col(ChoiceRound.state) == ChoiceRoundState.PUBLISHED)
    .with_for_update(read=True, key_share=True)
)
_PLACE = Statement(
    select(col(Teacher.city_id), col(Teacher.county_id), col(Teacher.school_id)).where(
        col(Teacher.id) == _teacher
    )
)


async def choose_activity(
    db: Connection, actor: Actor, *, round_id: UUID, new: NewChoice, now: datetime
) -> Row:
    """Choose an activity in an open round that offers it to the actor, a teacher who meets what it requires.

    First come, first served, the teacher has a place at once or waits for one; where there is neither,
    nothing is chosen. In a two-way round it waits for the decision.
    """
    addresses, teacher_id = addresses_of(actor), actor.teacher_id
    round_ = await _open_round(db, actor, round_id, now)
    asked = {"round_id": round_id, "teacher_id": teacher_id, "activity_id": new.activity_id}
    activity = await db.one(_OFFERED, **asked, addresses=addresses)
    if activity is None:
        raise ChoiceOfferingNotFound
    check_state(activity, ActivityState.PUBLISHED)
    await check_requirements(db, offering=activity, teacher_id=teacher_id, now=now)
    at_once = round_["way"] == ChoiceWay.FIRST_COME
    if at_once and activity["is_full"]:
        # Of a rush most are told so at once: they hold nothing, and wait for nobody. Whoever has one of
        # the places, and chooses again, is told that.
        if activity["is_in"]:
            raise ChosenAlready
        raise ActivityFull(capacity=activity["capacity"])
    if await db.one(_HOLD_ROUND, round_id=round_id) is None:
        raise _not_open(round_)
    clash = await read_clash(db, teacher_id=teacher_id, activity_id=new.activity_id)
    if clash is not None:
        raise ChoiceClashes(title=clash["title"], starts_at=clash["starts_at"])
    preference = await choose_preference(db, round_=round_, asked=asked, wanted=new.preference)
    if at_once:
        await enrol_by_choice(db, actor, activity_id=new.activity_id, now=now)
    return await _write(db, asked, preference, now, accepted_at=now if at_once else None)


async def _open_round(db: Connection, actor: Actor, round_id: UUID, now: datetime) -> Row:
    round_ = await CHOICE_ROUNDS.get(db, actor, round_id)
    is_open = round_["opens_at"] <= now < round_["closes_at"]
    if round_["state"] != ChoiceRoundState.PUBLISHED or not is_open:
        raise _not_open(round_)
    return round_


def _not_open(round_: Row) -> ChoiceRoundNotOpen:
    return ChoiceRoundNotOpen(opens_at=round_["opens_at"], closes_at=round_["closes_at"])


async def _write(
    db: Connection, asked: Row, preference: int, now: datetime, accepted_at: datetime | None
) -> Row:
    place = await db.one(_PLACE, teacher_id=asked["teacher_id"])
    if place is None:
        raise ChoiceOfferingNotFound
    choice_id = new_id()
    row = {
        "id": choice_id, **asked, **place, "preference": preference, "chosen_at": now,
        "accepted_at": accepted_at,
    }  # fmt: skip
    try:
        await db.insert(Choice, row)
    except UniqueViolationError:
        # Of two requests of one teacher at once the second finds what the first has written.
        raise ChosenAlready from None
    return await choice_of(db, choice_id=choice_id)


async def choice_of(db: Connection, *, choice_id: UUID) -> Row:
    """A choice as its teacher sees it; the caller has passed its door."""
    row = await db.one(CHOICES_OF, choice_ids=[choice_id])
    if row is None:
        raise ChoiceNotFound
    return row


_STANDING = Statement(
    select(col(Choice.id), col(Choice.accepted_at), col(Choice.declined_at))
    .where(*OF_TEACHER, col(Choice.activity_id) == _activity)
    .with_for_update()
)


async def withdraw_choice(
    db: Connection, actor: Actor, *, round_id: UUID, activity_id: UUID, now: datetime
) -> Row:
    """Withdraw the actor's own choice while the round is open; a place goes to the next who waits."""
    addresses_of(actor)
    round_ = await _open_round(db, actor, round_id, now)
    if round_["way"] == ChoiceWay.FIRST_COME:
        # The activity's row is held before the choice's, as whoever chooses does it.
        await db.one(_HOLD, activity_id=activity_id)
    standing = await db.one(
        _STANDING, round_id=round_id, teacher_id=actor.teacher_id, activity_id=activity_id
    )
    if standing is None:
        raise ChoiceNotFound
    if standing["declined_at"] is not None:
        raise ChoiceDecided
    if standing["accepted_at"] is not None:
        if round_["way"] == ChoiceWay.TWO_WAY:
            raise ChoiceDecided
        with suppress(EnrolmentNotFound):  # given back as an enrolment before
            await withdraw_enrolment(db, actor, activity_id=activity_id, now=now)
    await db.change(Choice, standing["id"], {"withdrawn_at": now})
    return await choice_of(db, choice_id=standing["id"])


_HOLD = Statement(select(col(Activity.id)).where(col(Activity.id) == _activity).with_for_update())
