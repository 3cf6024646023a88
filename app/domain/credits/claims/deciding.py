"""Deciding on claims (审核): one, or many at once with a trace and an answer for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlmodel import col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.credits.claims.awarding import places_of, procedure_on
from app.domain.credits.claims.claim import CLAIMS, ClaimNotFound
from app.domain.credits.claims.decision import (
    ClaimAppealNotReturned,
    ClaimDecidedMeanwhile,
    ClaimDecision,
    ClaimDecisions,
    ClaimOfOneself,
    ClaimReviewedBefore,
    ClaimVerdict,
    ReadClaim,
)
from app.domain.credits.claims.drafting import ClaimNotOpen
from app.domain.credits.claims.entering import Entered, enter_claims
from app.domain.credits.claims.steps import ClaimAct, ClaimStep, Move, move_claims
from app.domain.credits.claims.submitting import due_after, hold_claims
from app.domain.credits.claims.table import ClaimState
from app.domain.credits.entries.chain import Head
from app.domain.credits.entries.ledger import lock_heads
from app.domain.credits.packs.procedure import ReviewStage, publication_days, stages_of
from app.domain.credits.standings.governing import CityPacks, read_packs
from app.domain.errors import DomainError, NotAllowed
from app.sql import Connection, Row, Statement

# What may be asked.


@dataclass(frozen=True, slots=True)
class _Reviewing:
    """What one request decides, and what is known for it."""

    actor: Actor
    verdict: ClaimVerdict
    opinion: str
    packs: Mapping[UUID, CityPacks]
    own: frozenset[UUID]
    """Teachers who the actor is, or for whom the actor acts."""
    before: frozenset[tuple[UUID, int]]
    """Claims and rounds that the actor decided on before."""
    now: datetime


_accounts = bindparam("accounts", type_=ARRAY(Uuid))
_OWN = Statement(
    select(col(Account.teacher_id)).where(
        col(Account.id) == any_(_accounts), col(Account.teacher_id).is_not(None)
    )
)
_BEFORE = Statement(
    select(
        col(ClaimStep.claim_id), col(ClaimStep.round), col(ClaimStep.version), col(ClaimStep.act)
    ).where(
        col(ClaimStep.claim_id) == any_(bindparam("claim_ids", type_=ARRAY(Uuid))),
        col(ClaimStep.taken_by) == any_(_accounts),
    )
)  # fmt: skip
_DECIDING = frozenset({ClaimAct.APPROVE, ClaimAct.REJECT, ClaimAct.RETURN})
_DECIDABLE = frozenset({ClaimState.SUBMITTED, ClaimState.APPEALED})
_ACTS = {each: ClaimAct(each.value) for each in ClaimVerdict}


def place_of_stage(claim: Mapping[str, Any]) -> dict[str, Any]:
    """The place whose reviewers decide on a claim now."""
    stage, place = claim["stage"], {name: claim[name] for name in PLACE}
    if stage == ReviewStage.SCHOOL:
        return place
    bureau = "county_id" if stage == ReviewStage.COUNTY else "city_id"
    return {"city_id": place["city_id"], "county_id": place[bureau]}


def _refusal(claim: Row, version: int, asked: _Reviewing) -> DomainError | None:
    """Why the actor cannot decide so on a claim that is held; None where nothing is against it."""
    if claim["version"] != version:
        return ClaimDecidedMeanwhile(state=claim["state"], version=claim["version"])
    if not asked.actor.scope(Permission.CLAIM_REVIEW).covers(place_of_stage(claim)):
        return NotAllowed(Permission.CLAIM_REVIEW.value)
    if claim["state"] not in _DECIDABLE:
        return ClaimNotOpen(state=claim["state"])
    return _unfit(claim, asked)


def _unfit(claim: Row, asked: _Reviewing) -> DomainError | None:
    """Why it is somebody else's to decide, or cannot be decided in this way."""
    if claim["teacher_id"] in asked.own:
        return ClaimOfOneself()
    if (claim["id"], claim["round"]) in asked.before:
        return ClaimReviewedBefore()
    if claim["state"] == ClaimState.APPEALED and asked.verdict is ClaimVerdict.RETURN:
        return ClaimAppealNotReturned()
    return None


# What may be done.


async def decide_claim(
    db: Connection, actor: Actor, *, claim_id: UUID, decision: ClaimDecision, now: datetime
) -> Row:
    """Decide on one claim at the place where it waits; the last approval enters the credit.

    Of two who decide at once the second is told. A repeated decision is answered as the first was.
    """
    await CLAIMS.get(db, actor, claim_id, permission=Permission.CLAIM_REVIEW)
    read = [ReadClaim(claim_id=claim_id, version=decision.version)]
    outcomes = await _decide(db, actor, decision.verdict, decision.opinion, read, now)
    if isinstance(outcome := outcomes[claim_id], DomainError):
        raise outcome
    return await CLAIMS.get(db, actor, claim_id)


async def decide_claims(
    db: Connection, actor: Actor, *, decisions: ClaimDecisions, now: datetime
) -> list[Row]:
    """Decide the same on many claims; each is done or refused by itself, and leaves its own step.

    In the order in which they were named; of a claim that is named twice the first counts. The
    statements do not grow with the claims.
    """
    actor.require(Permission.CLAIM_REVIEW)
    read = list({each.claim_id: each for each in reversed(decisions.claims)}.values())[::-1]
    outcomes = await _decide(db, actor, decisions.verdict, decisions.opinion, read, now)
    return [_told(each.claim_id, outcomes[each.claim_id]) for each in read]


def _told(claim_id: UUID, outcome: ClaimState | DomainError) -> Row:
    if isinstance(outcome, DomainError):
        words = {"zh": outcome.message("zh"), "en": outcome.message("en")}
        return {
            "claim_id": claim_id, "done": False, "state": None, "code": outcome.code, **words
        }  # fmt: skip
    said = dict.fromkeys(("code", "zh", "en"))
    return {"claim_id": claim_id, "done": True, "state": outcome, **said}


async def _decide(
    db: Connection,
    actor: Actor,
    verdict: ClaimVerdict,
    opinion: str,
    read: Sequence[ReadClaim],
    now: datetime,
) -> dict[UUID, ClaimState | DomainError]:
    """Decide on claims as they were read; what became of each."""
    seen = await CLAIMS.by_id(db, actor, [each.claim_id for each in read])
    visible = {key: row for key, row in seen.items() if row is not None}
    outcomes: dict[UUID, ClaimState | DomainError] = {
        key: ClaimNotFound() for key, row in seen.items() if row is None
    }
    # The heads come before the claims, as with whoever moves or merges people.
    heads: dict[UUID, Head] = {}
    if verdict is ClaimVerdict.APPROVE and visible:
        heads = await lock_heads(db, teacher_ids=list({r["teacher_id"] for r in visible.values()}))
    held = await hold_claims(db, claim_ids=list(visible))
    asked, again = await _reviewing(db, actor, verdict, opinion, held, now)
    taken: list[Row] = []
    for each in read:
        claim = held.get(each.claim_id)
        if claim is None:
            continue
        if (claim["id"], each.version) in again:
            outcomes[claim["id"]] = ClaimState(claim["state"])
            continue
        refusal = _refusal(claim, each.version, asked)
        if refusal is None:
            taken.append(claim)
        else:
            outcomes[claim["id"]] = refusal
    return outcomes | await _settle(db, taken, asked, heads)


async def _reviewing(
    db: Connection,
    actor: Actor,
    verdict: ClaimVerdict,
    opinion: str,
    held: Mapping[UUID, Row],
    now: datetime,
) -> tuple[_Reviewing, frozenset[tuple[UUID, int]]]:
    """What is known for deciding, and which claims the actor decided on just so before."""
    accounts = list(actor.accounts)
    own = {row["teacher_id"] for row in await db.all(_OWN, accounts=accounts)}
    steps = await db.all(_BEFORE, claim_ids=list(held), accounts=accounts)
    cities = sorted({claim["city_id"] for claim in held.values()})
    packs = {city_id: await read_packs(db, city_id=city_id) for city_id in cities}
    before = frozenset((s["claim_id"], s["round"]) for s in steps if s["act"] in _DECIDING)
    again = frozenset((s["claim_id"], s["version"]) for s in steps if s["act"] == _ACTS[verdict])
    own |= {actor.teacher_id} - {None}
    return _Reviewing(actor, verdict, opinion, packs, frozenset(own), before, now), again


async def _settle(
    db: Connection, claims: Sequence[Row], asked: _Reviewing, heads: dict[UUID, Head]
) -> dict[UUID, ClaimState | DomainError]:
    """Take the step of each claim against which nothing is; what is approved in the end is entered."""
    moves = {claim["id"]: _move(claim, asked) for claim in claims}
    last = [each.claim for each in moves.values() if each.state is ClaimState.ENTERED]
    by = dict.fromkeys((claim["id"] for claim in last), asked.actor.account_id)
    entered = await enter_claims(
        db, claims=last, heads=heads, packs=asked.packs, recorded_by=by, now=asked.now
    )
    outcomes: dict[UUID, ClaimState | DomainError] = {}
    for key, outcome in entered.items():
        if isinstance(outcome, Entered):
            moves[key] = replace(moves[key], entry_id=outcome.entry_id, earned=outcome.earned)
        else:
            outcomes[key] = outcome
            del moves[key]
    if moves:
        await move_claims(db, moves=list(moves.values()), now=asked.now)
    return outcomes | {key: each.state for key, each in moves.items()}


def _move(claim: Row, asked: _Reviewing) -> Move:
    """The step by which a verdict is carried out, and where it leaves the claim."""
    stage = ReviewStage(claim["stage"])
    step: dict[str, Any] = {
        "claim": claim,
        "act": _ACTS[asked.verdict],
        "stage": stage,
        "opinion": asked.opinion,
        "by": asked.actor.account_id,
    }
    if asked.verdict is ClaimVerdict.RETURN:
        return Move(**step, state=ClaimState.RETURNED)
    if asked.verdict is ClaimVerdict.REJECT:
        return Move(**step, state=ClaimState.REJECTED)
    procedure = procedure_on(asked.packs[claim["city_id"]], claim["earned_on"])
    following = _after(stage, places_of(stages_of(procedure, claim["kind"]).value, _Place(claim)))
    if following is not None:
        step |= {"stage": following, "due_on": due_after(procedure, asked.now)}
        return Move(**step, state=ClaimState.SUBMITTED)
    if publication_days(procedure, claim["kind"]) is not None:
        return Move(**step, state=ClaimState.APPROVED, due_on=due_after(procedure, asked.now))
    return Move(**step, state=ClaimState.ENTERED)


class _Place:
    """Where a claim lies."""

    def __init__(self, claim: Row) -> None:
        self.city_id, self.county_id = claim["city_id"], claim["county_id"]


_ORDER = list(ReviewStage)


def _after(stage: ReviewStage, places: Sequence[ReviewStage]) -> ReviewStage | None:
    """The next place of the chain above this one, which may itself be above those of the chain."""
    above = [each for each in places if _ORDER.index(each) > _ORDER.index(stage)]
    return above[0] if above else None
