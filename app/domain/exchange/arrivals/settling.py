"""Settling an arrival: what the bureau takes of it, and what becomes of credit."""

from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import (
    civil_date,
)
from app.domain.credits.credit_transfers import (
    NewTransferIn,
    TransferredCredit,
    transfer_credit_in,
)
from app.domain.credits.packs.parts import CreditLevel
from app.domain.errors import Conflict, Invalid
from app.domain.exchange.arrivals.arrival import (
    ARRIVALS,
    Arrival,
    ArrivalDecision,
    ArrivalKind,
    ArrivalState,
)
from app.domain.people.provisions import PROVINCE_NAME
from app.domain.people.teachers import TEACHERS
from app.sql import Connection, Row

# What can be refused.


class ArrivalSettled(Conflict):
    """It was settled before."""

    code = "arrival_settled"
    zh = "该来件已办理（{state}）。"
    en = "This arrival was settled before ({state})."


class ArrivalOfNobody(Invalid):
    """To be taken it must be somebody's."""

    code = "arrival_of_nobody"
    zh = "该来件未匹配到教师，请指定教师。"
    en = "It matched nobody: say whose it is."


class ArrivalOfOneself(Conflict):
    """Nobody settles what is their own."""

    code = "arrival_of_oneself"
    zh = "不能办理涉及本人的来件。"
    en = "Nobody settles an arrival about themselves."


# What may be done.


async def settle_arrival(
    db: Connection, actor: Actor, *, arrival_id: UUID, decision: ArrivalDecision, now: datetime
) -> Row:
    """Take an arrival or dismiss it. Credit that is taken is entered into the person's ledger.

    A roster line that is taken says that our record was put right by the ordinary acts.
    """
    permission = Permission.PROVINCE_ANSWER
    arrival = await ARRIVALS.get(db, actor, arrival_id, permission=permission, lock=True)
    if arrival["state"] != ArrivalState.WAITING:
        raise ArrivalSettled(state=arrival["state"])
    values: dict[str, Any] = {
        "state": ArrivalState.TAKEN if decision.take else ArrivalState.DISMISSED,
        "settled_at": now,
        "settled_by": actor.account_id,
        "opinion": decision.opinion,
    }
    whose = decision.teacher_id or arrival["teacher_id"]
    if whose is not None:
        teacher = await TEACHERS.get(db, actor, whose, permission=permission)
        if teacher["city_id"] != arrival["city_id"]:
            raise TEACHERS.missing  # what a city was told stays with the city: so it is fetched once
        if await is_oneself(db, actor, teacher_ids=[whose]):
            raise ArrivalOfOneself
        values |= {"teacher_id": whose, **{name: teacher[name] for name in PLACE}}
    elif decision.take:
        raise ArrivalOfNobody
    if decision.take and arrival["kind"] == ArrivalKind.CREDIT:
        credit = _as_transfer(arrival, now)
        entered = await transfer_credit_in(
            db, actor, teacher_id=whose, new=credit, now=now, told_by=arrival_id
        )
        values["transfer_id"] = entered["id"]
    await db.change(Arrival, arrival_id, values)
    return await ARRIVALS.get(db, actor, arrival_id)


def _as_transfer(arrival: Row, now: datetime) -> NewTransferIn:
    """The document by which the province's credit is entered: its number moves credit once."""
    item = TransferredCredit.model_validate(
        {
            "earned_on": arrival["earned_on"],
            "hours": str(arrival["hours"]),  # an amount is taken as text alone
            "credits": str(arrival["credits"]),
            "level": CreditLevel.PROVINCE,
        }
    )
    return NewTransferIn(
        authority=PROVINCE_NAME,
        document_number=arrival["number"],
        decided_on=civil_date(now),
        items=[item],
    )
