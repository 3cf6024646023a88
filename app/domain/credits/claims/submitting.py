"""Handing a claim in, taking it back, and appealing against its rejection (提交、撤回、申诉)."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.credits.claims.awarding import assess_claim, places_of, procedure_on
from app.domain.credits.claims.claim import CLAIMS
from app.domain.credits.claims.drafting import AMENDABLE, check_claim_state
from app.domain.credits.claims.steps import ClaimAct, Move, move_claims
from app.domain.credits.claims.table import Claim, ClaimFields, ClaimState
from app.domain.credits.packs.procedure import Procedure, ReviewStage, days_of, stages_of
from app.domain.credits.standings.governing import read_packs
from app.domain.errors import Conflict
from app.domain.people.teachers import Teacher
from app.sql import Connection, Row, Statement


class ClaimAppeal(Command):
    """Why a rejection is not accepted."""

    reason: str = Field(min_length=2, max_length=2000, description="申诉理由 / why")


# What can be refused.


class ClaimAppealedBefore(Conflict):
    """There is one appeal."""

    code = "credit_claim_appealed_before"
    zh = "该申报已申诉过一次，决定为终局。"
    en = "This claim was appealed once already: the decision stands."


class ClaimAppealTooLate(Conflict):
    """The days for an appeal are over."""

    code = "credit_claim_appeal_too_late"
    zh = "申诉须在决定后{days}天内提出。"
    en = "An appeal is made within {days} days of the decision."


# What may be asked.

_HOLD = Statement(
    select(*Claim.__table__.c)  # type: ignore[attr-defined]
    .where(col(Claim.id) == any_(bindparam("claim_ids", type_=ARRAY(Uuid))))
    .order_by(col(Claim.id))
    .with_for_update(key_share=True)
)


async def hold_claims(db: Connection, *, claim_ids: list[UUID]) -> dict[UUID, Row]:
    """These claims as they are now, held in the order of their keys until the transaction ends."""
    rows = await db.all(_HOLD, claim_ids=sorted(claim_ids))
    return {row["id"]: row for row in rows}


def due_after(procedure: Procedure | None, now: datetime) -> date:
    """The day by which the place to which a claim comes now is to decide."""
    return civil_date(now) + timedelta(days=days_of(procedure, "step_days").value)


# What may be done.

_HOLD_TEACHER = Statement(
    select(col(Teacher.id))
    .where(col(Teacher.id) == bindparam("teacher_id", type_=Uuid))
    .with_for_update(key_share=True)
)


async def submit_claim(db: Connection, actor: Actor, *, claim_id: UUID, now: datetime) -> Row:
    """Hand a claim in for review, for the first time or amended; it waits at the chain's first place.

    What one person submits is looked at one after the other, so that of two claims of the same thing
    only one is taken.
    """
    await db.one(_HOLD_TEACHER, teacher_id=actor.teacher_id)
    claim = await CLAIMS.get(db, actor, claim_id, permission=Permission.CLAIM_WRITE, lock=True)
    check_claim_state(claim, AMENDABLE)
    found = await assess_claim(db, claim=claim, now=now)
    for refusal in found.refusals:
        raise refusal
    [first, *_] = places_of(stages_of(found.procedure, claim["kind"]).value, found.person)
    await _take(
        db,
        claim_id,
        now,
        act=ClaimAct.SUBMIT,
        state=ClaimState.SUBMITTED,
        stage=first,
        due_on=due_after(found.procedure, now),
        by=actor.account_id,
        content={name: _plain(claim[name]) for name in (*ClaimFields.model_fields, "evidence")},
        earned=found.earned,
    )
    return await CLAIMS.get(db, actor, claim_id)


async def withdraw_claim(db: Connection, actor: Actor, *, claim_id: UUID, now: datetime) -> Row:
    """Take one's own claim back, before it was decided in the end; it is not submitted again."""
    claim = await CLAIMS.get(db, actor, claim_id, permission=Permission.CLAIM_WRITE, lock=True)
    check_claim_state(claim, AMENDABLE | {ClaimState.SUBMITTED, ClaimState.APPEALED})
    act, state = ClaimAct.WITHDRAW, ClaimState.WITHDRAWN
    await _take(db, claim_id, now, act=act, state=state, by=actor.account_id)
    return await CLAIMS.get(db, actor, claim_id)


async def appeal_claim(
    db: Connection, actor: Actor, *, claim_id: UUID, appeal: ClaimAppeal, now: datetime
) -> Row:
    """Appeal against a rejection, once, within the days of the pack; the next place up decides.

    Above the city there is no place here: there somebody else decides who has not decided before.
    """
    shown = await CLAIMS.get(db, actor, claim_id, permission=Permission.CLAIM_WRITE, lock=True)
    check_claim_state(shown, frozenset({ClaimState.REJECTED}))
    claim = (await hold_claims(db, claim_ids=[claim_id]))[claim_id]
    if claim["appealed_at"] is not None:
        raise ClaimAppealedBefore
    packs = await read_packs(db, city_id=claim["city_id"])
    procedure = procedure_on(packs, claim["earned_on"])
    days = days_of(procedure, "appeal_days").value
    if civil_date(now) > civil_date(claim["since"]) + timedelta(days=days):
        raise ClaimAppealTooLate(days=days)
    of_county = claim["stage"] == ReviewStage.SCHOOL and claim["county_id"] != claim["city_id"]
    above = ReviewStage.COUNTY if of_county else ReviewStage.CITY
    await _take(
        db,
        claim_id,
        now,
        act=ClaimAct.APPEAL,
        state=ClaimState.APPEALED,
        stage=above,
        due_on=due_after(procedure, now),
        opinion=appeal.reason,
        by=actor.account_id,
    )
    return await CLAIMS.get(db, actor, claim_id)


async def _take(db: Connection, claim_id: UUID, now: datetime, **step: Any) -> None:
    """Take a step with a claim that is held."""
    claim = (await hold_claims(db, claim_ids=[claim_id]))[claim_id]
    await move_claims(db, moves=[Move(claim=claim, **step)], now=now)


def _plain(value: Any) -> Any:
    """A value as the content of a step keeps it."""
    return value if isinstance(value, str | list | None) else str(value)
