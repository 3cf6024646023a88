"""The end of a publication (公示期满): what nobody objects to is entered, by the process itself."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Date, bindparam, exists, literal, select
from sqlmodel import col

from app.domain.aside import SetAside, not_among
from app.domain.base import civil_date
from app.domain.credits.claim_publications.objections import ClaimObjection
from app.domain.credits.claim_publications.publication import ClaimPublication
from app.domain.credits.claims.awarding import ClaimEarnsNothing
from app.domain.credits.claims.entering import Entered, enter_claims
from app.domain.credits.claims.steps import ClaimAct, Move, move_claims
from app.domain.credits.claims.submitting import hold_claims
from app.domain.credits.claims.table import Claim, ClaimState
from app.domain.credits.entries.ledger import lock_heads
from app.domain.credits.standings.governing import read_packs
from app.domain.errors import DomainError
from app.sql import Connection, Row, Statement

_open = exists(
    select(col(ClaimObjection.id)).where(
        col(ClaimObjection.claim_id) == col(Claim.id), col(ClaimObjection.decided_at).is_(None)
    )
)
_DUE = Statement(
    select(col(Claim.id), col(Claim.teacher_id), col(Claim.city_id))
    .join(ClaimPublication, col(Claim.publication_id) == col(ClaimPublication.id))
    .where(
        col(Claim.state) == literal(ClaimState.PUBLISHED.value),
        col(ClaimPublication.closes_on) < bindparam("today", type_=Date),
        ~_open,
        not_among(col(Claim.id)),
    )
    .order_by(col(Claim.id))
    .limit(200)
)


async def enter_published_claims(
    db: Connection, *, now: datetime, aside: SetAside | None = None
) -> int:
    """Enter claims whose publication is over without an open objection, 200 at most; how many moved.

    What the pack no longer gives anything for is rejected with the reason, and may be appealed. What
    lies in a year that was closed meanwhile waits for a late window, or lapses.
    """
    aside = aside or SetAside("claim")
    due = await db.all(_DUE, today=civil_date(now), aside=aside.keys(now))

    async def enter(some: Sequence[Row]) -> int:
        return await _enter(db, some, now)

    return await aside.work(db, due, enter, now=now) if due else 0


async def _enter(db: Connection, due: Sequence[Row], now: datetime) -> int:
    heads = await lock_heads(db, teacher_ids=list({row["teacher_id"] for row in due}))
    held = await hold_claims(db, claim_ids=[row["id"] for row in due])
    claims = [each for each in held.values() if each["state"] == ClaimState.PUBLISHED]
    cities = sorted({claim["city_id"] for claim in claims})
    packs = {city_id: await read_packs(db, city_id=city_id) for city_id in cities}
    nobody = dict.fromkeys((claim["id"] for claim in claims), None)
    outcomes = await enter_claims(
        db, claims=claims, heads=heads, packs=packs, recorded_by=nobody, now=now
    )
    moves = [move for claim in claims if (move := _move(claim, outcomes[claim["id"]])) is not None]
    return len(await move_claims(db, moves=moves, now=now)) if moves else 0


def _move(claim: Row, outcome: Entered | DomainError) -> Move | None:
    stage = claim["stage"]
    if isinstance(outcome, Entered):
        return Move(
            claim=claim,
            act=ClaimAct.ENTER,
            state=ClaimState.ENTERED,
            stage=stage,
            earned=outcome.earned,
            entry_id=outcome.entry_id,
        )
    if isinstance(outcome, ClaimEarnsNothing):
        return Move(
            claim=claim,
            act=ClaimAct.REJECT,
            state=ClaimState.REJECTED,
            stage=stage,
            opinion=outcome.message("zh"),
        )
    return None
