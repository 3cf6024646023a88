"""What becomes of the choices of a two-way round: decided one by one, then settled for all the rest."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import Field, model_validator
from sqlalchemy import ARRAY, Text, Uuid, bindparam, case, func, null, select, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.oneself import is_oneself
from app.domain.base import MOMENT, Command
from app.domain.errors import Conflict, Unfit
from app.domain.learning.choice_rounds import (
    CHOICE_ROUNDS,
    ChoicePriority,
    ChoiceRound,
    ChoiceRoundState,
    ChoiceWay,
    hold_choice_round,
    hold_offerings,
    keep_places,
)
from app.domain.learning.choices.allotment import Allotted
from app.domain.learning.choices.applying import read_applications
from app.domain.learning.choices.choice import CHOICES_OF, ChoiceNotFound
from app.domain.learning.choices.table import Choice, DeclineGround
from app.domain.training.enrolments import EnrolmentWay, Entered, enter_all
from app.sql import Connection, Row, Statement


class ChoiceDecision(Command):
    """What the organiser decides about one choice."""

    choice_id: UUID = Field(description="选报记录 / choice")
    accepted: bool = Field(description="是否录取 / whether the teacher has a place")
    reason: str | None = Field(
        default=None, min_length=2, max_length=500, description="不录取的理由 / why not"
    )

    @model_validator(mode="after")
    def _says_why_not(self) -> Self:
        if self.accepted == (self.reason is not None):
            raise Unfit("不录取时须说明理由，录取时不填。", "A reason is given where one declines.")
        return self


class ChoiceDecisions(Command):
    """What the organiser decides; all of it is done, or nothing."""

    decisions: list[ChoiceDecision] = Field(
        min_length=1, max_length=200, description="决定 / decisions"
    )

    @model_validator(mode="after")
    def _names_a_choice_once(self) -> Self:
        if len({each.choice_id for each in self.decisions}) < len(self.decisions):
            raise Unfit("每项选报只能决定一次。", "A choice is decided once.")
        return self


# What can be refused.


class ChoiceRoundOpen(Conflict):
    """What becomes of the choices is decided when nobody can choose any more."""

    code = "choice_round_open"
    zh = "选课于{closes_at}截止，届时方可录取或结束本轮。"
    en = "The round is open until {closes_at}: places are given after that."


class ChoiceRoundOneWay(Conflict):
    """First come, first served, nobody decides."""

    code = "choice_round_first_come"
    zh = "先到先得的轮次不作录取决定。"
    en = "In a round that is first come, first served nobody decides about choices."


class ChoiceUnplaceable(Conflict):
    """There is no place to be had for this choice."""

    code = "choice_unplaceable"
    zh = "选报 {choice_id} 不能录取（{ground}）。"
    en = "The choice {choice_id} cannot have a place ({ground})."


class ChoiceOfOneself(Conflict):
    """Nobody decides on what they chose themselves; the round's priorities do."""

    code = "choice_of_oneself"
    zh = "不能决定本人的选报，结束本轮时按优先规则处理。"
    en = "Nobody decides on their own choice: it is decided by the priorities when the round ends."


# What may be done.

_DECIDED = (
    select(
        func.unnest(bindparam("choice_ids", type_=ARRAY(Uuid))).label("id"),
        func.unnest(bindparam("grounds", type_=ARRAY(Text))).label("ground"),
        func.unnest(bindparam("reasons", type_=ARRAY(Text))).label("reason"),
    )
).subquery("decided")
_is_accepted = _DECIDED.c.ground.is_(None)
_now = bindparam("now", type_=MOMENT)
_DECIDE = Statement(
    update(Choice)
    .where(col(Choice.id) == _DECIDED.c.id)
    .values(
        accepted_at=case((_is_accepted, _now), else_=null()),
        declined_at=case((_is_accepted, null()), else_=_now),
        ground=_DECIDED.c.ground,
        reason=_DECIDED.c.reason,
        decided_by=bindparam("by", type_=Uuid),
    )
)


async def decide_choices(
    db: Connection, actor: Actor, *, round_id: UUID, decisions: ChoiceDecisions, now: datetime
) -> list[Row]:
    """Accept or decline choices of a two-way round that is closed and not settled; all or none of them.

    Who is accepted has a place, within the activity's places, the school's quota and what one teacher
    may be given in the round.
    """
    round_ = await _hold_closed(db, actor, round_id, now)
    if round_["way"] != ChoiceWay.TWO_WAY:
        raise ChoiceRoundOneWay
    activities = await hold_offerings(db, round_id=round_id)
    allotment, applicants = await read_applications(
        db, round_=round_, activities=activities, now=now
    )
    wanted = {each.choice_id: each for each in decisions.decisions}
    accepted = {choice_id for choice_id, each in wanted.items() if each.accepted}
    undecided = {choice_id for each in applicants for choice_id, _ in each.choices}
    if not wanted.keys() <= undecided:
        raise ChoiceNotFound
    own = [a.teacher_id for a in applicants if any(key in wanted for key, _ in a.choices)]
    if await is_oneself(db, actor, teacher_ids=own):
        raise ChoiceOfOneself
    outcome = [each for applicant in applicants for each in allotment.accept(applicant, accepted)]
    for each in outcome:
        if each.declined is not None:
            raise ChoiceUnplaceable(choice_id=each.choice_id, ground=each.declined.value)
    outcome += [
        Allotted(choice_id, applicant.teacher_id, activity_id, declined=DeclineGround.DECIDED)
        for applicant in applicants
        for choice_id, activity_id in applicant.choices
        if choice_id in wanted and choice_id not in accepted
    ]
    reasons = {key: each.reason for key, each in wanted.items()}
    await _write(db, actor, outcome, reasons, now)
    return await db.all(CHOICES_OF, choice_ids=list(wanted))


async def settle_choice_round(
    db: Connection, actor: Actor, *, round_id: UUID, now: datetime
) -> Row:
    """End a round that is closed: whatever nobody has decided about is given by the round's priorities.

    Afterwards what is left of the places is for everybody whom the activities are for.
    """
    round_ = await _hold_closed(db, actor, round_id, now)
    activities = await hold_offerings(db, round_id=round_id)
    if round_["way"] == ChoiceWay.TWO_WAY:
        allotment, applicants = await read_applications(
            db, round_=round_, activities=activities, now=now
        )
        priorities = [ChoicePriority(each) for each in round_["priorities"]]
        await _write(db, actor, allotment.settle(applicants, priorities), {}, now)
    await keep_places(db, activity_ids=[each["id"] for each in activities], by_choice=False)
    await db.change(ChoiceRound, round_id, {"state": ChoiceRoundState.SETTLED, "settled_at": now})
    return await CHOICE_ROUNDS.get(db, actor, round_id)


async def _hold_closed(db: Connection, actor: Actor, round_id: UUID, now: datetime) -> Row:
    round_ = await hold_choice_round(
        db, actor, round_id=round_id, allowed=ChoiceRoundState.PUBLISHED
    )
    if now < round_["closes_at"]:
        raise ChoiceRoundOpen(closes_at=round_["closes_at"])
    return round_


async def _write(
    db: Connection,
    actor: Actor,
    outcome: Sequence[Allotted],
    reasons: Mapping[UUID, str | None],
    now: datetime,
) -> None:
    """Write what became of choices, and who has a place or waits for one by it."""
    if not outcome:
        return
    entered = [
        Entered(each.activity_id, each.teacher_id, each.waits)
        for each in outcome
        if each.declined is None and not each.stands
    ]
    by = actor.account_id
    await enter_all(db, entered=entered, way=EnrolmentWay.OWN, entered_by=by, now=now)
    await db.run(
        _DECIDE,
        choice_ids=[each.choice_id for each in outcome],
        grounds=[each.declined and each.declined.value for each in outcome],
        reasons=[reasons.get(each.choice_id) for each in outcome],
        by=by,
        now=now,
    )
