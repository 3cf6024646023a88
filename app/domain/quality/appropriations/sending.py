"""Sending money from one budget to another, and answering it where it comes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.quality.appropriations.appropriation import (
    APPROPRIATIONS,
    Appropriation,
    AppropriationAnswered,
    AppropriationKind,
    AppropriationOfReceiver,
    AppropriationRouteWrong,
    AppropriationState,
    CarryOverChangesClass,
    NewAppropriation,
)
from app.domain.quality.budget_amendments import AmendmentMixesSources, PriorityWeakened
from app.domain.quality.budgets import (
    BUDGET_LINES,
    FundAccount,
    FundEntry,
    FundEntryKind,
    FundsOfOneself,
    FundsOpinion,
    FundSource,
    Move,
    hold_lines,
    place_of,
    post_funds,
)
from app.domain.quality.paid_for import EarmarkBroken
from app.sql import Connection, Row, Statement, new_id

# What may be done.


def _superior(line: Row) -> UUID | None:
    """The bureau over the unit of a line; none over the city's own."""
    if line["school_id"] is not None:
        return line["county_id"]  # type: ignore[no-any-return]
    return None if line["county_id"] == line["city_id"] else line["city_id"]


def _route(start: Row, end: Row) -> AppropriationKind:
    """Which way money goes from one line to another; refused where it goes no such way."""
    if start["unit_id"] == end["unit_id"] and end["year"] == start["year"] + 1:
        kind = AppropriationKind.CARRY_OVER
    elif _superior(start) == end["unit_id"] and end["year"] >= start["year"]:
        kind = AppropriationKind.HAND_BACK
    elif (
        _superior(end) == start["unit_id"]
        and end["year"] == start["year"]
        and end["source"] == FundSource.SUPERIOR
    ):
        kind = AppropriationKind.ALLOCATE
    else:
        raise AppropriationRouteWrong
    if kind is AppropriationKind.CARRY_OVER and start["source"] != end["source"]:
        raise AmendmentMixesSources
    if start["is_priority"] and not end["is_priority"]:
        raise PriorityWeakened
    if start["earmark"] != end["earmark"]:
        raise EarmarkBroken
    if start["earmark"] is not None and start["spend_class"] != end["spend_class"]:
        raise EarmarkBroken
    if kind is AppropriationKind.CARRY_OVER and start["spend_class"] != end["spend_class"]:
        raise CarryOverChangesClass
    return kind


async def appropriate_funds(
    db: Connection, actor: Actor, *, new: NewAppropriation, now: datetime
) -> Row:
    """Send money from a line over which the actor writes the books: at once out of it, and in transit."""
    await BUDGET_LINES.get(db, actor, new.from_line_id, permission=Permission.FUNDS_WRITE)
    lines = await hold_lines(db, line_ids=[new.from_line_id, new.to_line_id])
    start, end = lines[new.from_line_id], lines[new.to_line_id]
    kind = _route(start, end)
    lower = start if kind is AppropriationKind.HAND_BACK else end
    row = {
        "id": new_id(), **new.model_dump(), **place_of(lower), "kind": kind,
        "state": AppropriationState.SENT, "sent_by": actor.on_behalf_of or actor.account_id,
        "sent_at": now,
    }  # fmt: skip
    await db.insert(Appropriation, row)
    move = Move(
        new.amount, new.from_line_id, FundAccount.AVAILABLE, new.to_line_id, FundAccount.TRANSIT
    )
    await _post(db, actor, FundEntryKind.APPROPRIATION, row["id"], move, now)
    return await APPROPRIATIONS.get(db, actor, row["id"])


async def _post(
    db: Connection,
    actor: Actor,
    kind: FundEntryKind,
    appropriation_id: UUID,
    move: Move,
    now: datetime,
) -> None:
    await post_funds(
        db, actor, kind=kind, subject="appropriation_id", subject_id=appropriation_id,
        moves=[move], now=now,
    )  # fmt: skip


_SENT_BY = Statement(
    select(col(Appropriation.sent_by), col(FundEntry.posted_by))
    .outerjoin_from(
        Appropriation,
        FundEntry,
        (col(FundEntry.appropriation_id) == col(Appropriation.id))
        & (col(FundEntry.kind) == FundEntryKind.APPROPRIATION),
    )
    .where(col(Appropriation.id) == bindparam("appropriation_id", type_=Uuid))
)
"""Who sent it and who wrote that down: two where a delegate did."""


async def _answer(
    db: Connection,
    actor: Actor,
    appropriation_id: UUID,
    state: AppropriationState,
    opinion: str | None,
    now: datetime,
) -> Row:
    """Answer what was sent to a unit over which the actor writes the books; nobody their own sending."""
    sent = await APPROPRIATIONS.get(
        db, actor, appropriation_id, permission=Permission.FUNDS_WRITE, lock=True
    )
    if sent["state"] != AppropriationState.SENT:
        raise AppropriationAnswered
    receiver = (await hold_lines(db, line_ids=[sent["to_line_id"]]))[sent["to_line_id"]]
    if not actor.scope(Permission.FUNDS_WRITE).covers(place_of(receiver)):
        raise AppropriationOfReceiver
    by = await db.one(_SENT_BY, appropriation_id=appropriation_id) or {}
    if not actor.accounts.isdisjoint(by.values()):
        raise FundsOfOneself
    said = {
        "state": state, "answered_by": actor.account_id, "answered_at": now, "opinion": opinion,
    }  # fmt: skip
    await db.change(Appropriation, appropriation_id, said)
    return sent


async def acknowledge_appropriation(
    db: Connection, actor: Actor, *, appropriation_id: UUID, now: datetime
) -> Row:
    """Say that money has come: it is there to be spent."""
    sent = await _answer(db, actor, appropriation_id, AppropriationState.ACKNOWLEDGED, None, now)
    line = sent["to_line_id"]
    move = Move(sent["amount"], line, FundAccount.TRANSIT, line, FundAccount.AVAILABLE)
    await _post(db, actor, FundEntryKind.RECEIPT, appropriation_id, move, now)
    return await APPROPRIATIONS.get(db, actor, appropriation_id)


async def return_appropriation(
    db: Connection, actor: Actor, *, appropriation_id: UUID, opinion: FundsOpinion, now: datetime
) -> Row:
    """Send money back to the line that it came from, and say why."""
    sent = await _answer(
        db, actor, appropriation_id, AppropriationState.RETURNED, opinion.opinion, now
    )
    move = Move(
        sent["amount"], sent["to_line_id"], FundAccount.TRANSIT,
        sent["from_line_id"], FundAccount.AVAILABLE,
    )  # fmt: skip
    await _post(db, actor, FundEntryKind.RETURN, appropriation_id, move, now)
    return await APPROPRIATIONS.get(db, actor, appropriation_id)
