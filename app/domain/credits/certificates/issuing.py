"""Issuing: the city's authority decides on a batch, and what is approved is numbered and stands."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Uuid, any_, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import SHANGHAI, civil_date, text_enum
from app.domain.credits.certificates.batch import (
    BATCHES,
    CertificateBatch,
    CertificateBatchOpinion,
    CertificateBatchState,
    CertificateCandidate,
    CertificateOmission,
    SubjectFields,
)
from app.domain.credits.certificates.certificate import (
    Certificate,
    CertificateSeries,
    CertificateState,
    SealState,
)
from app.domain.credits.certificates.drawing_up import NobodyQualifies
from app.domain.credits.certificates.qualifying import (
    Award,
    Qualifying,
    find_qualified,
)
from app.domain.credits.entries.ledger import lock_heads
from app.domain.errors import Conflict
from app.domain.organisation.units import UNITS, Unit
from app.domain.people.teachers import Teacher
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

NewCode = Callable[[], str]
"""Makes a code by which a certificate is verified; the face has a source of chance."""


# What can be refused.


class CertificateBatchDecided(Conflict):
    """The batch was decided on or withdrawn before."""

    code = "certificate_batch_decided"
    zh = "该批次已处理，当前状态为 {state}。"
    en = "This batch was dealt with before; its state is {state}."


class CertificateBatchOfOneself(Conflict):
    """Who drew a batch up, or is proposed in it, does not approve it."""

    code = "certificate_batch_of_oneself"
    zh = "不能审批本人申报或包含本人的发证批次。"
    en = "Nobody approves a batch that they drew up or are proposed in."


class CertificateBatchNotOnesOwn(Conflict):
    """A batch is withdrawn by whoever drew it up."""

    code = "certificate_batch_not_ones_own"
    zh = "只能撤回本人申报的批次。"
    en = "A batch is withdrawn by whoever drew it up."


class CertifiedMeanwhile(Conflict):
    """Somebody got a certificate for the same just now; asked again, they are left out."""

    code = "certified_meanwhile"
    zh = "批次中有教师刚刚获得同类证书，请重试。"
    en = "Somebody of the batch was certified for the same just now: try again."


# What may be done.

_CANDIDATES = Statement(
    select(col(CertificateCandidate.teacher_id)).where(
        col(CertificateCandidate.batch_id) == bindparam("batch_id", type_=Uuid)
    )
)
_PEOPLE = Statement(
    select(
        col(Teacher.id), col(Teacher.name), col(Teacher.city_id), col(Teacher.county_id),
        col(Teacher.school_id), col(Unit.name).label("school_name"),
    )
    .join(Unit, col(Unit.id) == col(Teacher.school_id))
    .where(col(Teacher.id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))))
    .order_by(col(Unit.name), col(Teacher.name), col(Teacher.id))
)  # fmt: skip
_numbered = insert(CertificateSeries).values(
    city_id=bindparam("city_id", type_=Uuid),
    year=bindparam("year", type_=Integer),
    last=bindparam("number", type_=Integer),
)
_NUMBER = Statement(
    # The row is held until the transaction ends: the next batch waits, and no number is lost.
    _numbered.on_conflict_do_update(
        index_elements=["city_id", "year"],
        set_={"last": col(CertificateSeries.last) + _numbered.excluded.last},
    ).returning(col(CertificateSeries.last))
)
_LEAVE_OUT = Statement(
    update(CertificateCandidate)
    .where(
        col(CertificateCandidate.batch_id) == bindparam("of_batch", type_=Uuid),
        col(CertificateCandidate.teacher_id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))),
    )
    .values(left_out=bindparam("why", type_=text_enum(CertificateOmission)))
)


async def approve_certificate_batch(
    db: Connection, actor: Actor, *, batch_id: UUID, new_code: NewCode, now: datetime
) -> Row:
    """Approve a batch: whoever still qualifies gets a certificate, numbered without gaps, in one go.

    Everybody is judged again, and what a certificate says (name, school, rank, what counts) is as it
    is now. Who no longer qualifies, or was certified since, is left out, with the reason.
    """
    batch = await _decidable(db, actor, batch_id)
    proposed = [row["teacher_id"] for row in await db.all(_CANDIDATES, batch_id=batch_id)]
    if batch["submitted_by"] in actor.accounts or await is_oneself(db, actor, teacher_ids=proposed):
        raise CertificateBatchOfOneself
    # Nothing is entered or reversed for them until this is done.
    await lock_heads(db, teacher_ids=proposed)
    day = civil_date(now)
    found = await find_qualified(db, subject=batch, chosen="id", ids=proposed, day=day)
    if not found.awards:
        raise NobodyQualifies
    names = await _names(db, actor, batch)
    people = await db.all(_PEOPLE, teacher_ids=list(found.awards))
    about = {name: batch[name] for name in SubjectFields.model_fields}
    rows = [
        {**about, **names, **stated(person, found.awards[person["id"]]), "batch_id": batch_id}
        for person in people
    ]
    await issue_certificates(db, rows=rows, city=names["city"], new_code=new_code, now=now)
    await _leave_out(db, batch_id, proposed, found)
    decided = {"state": CertificateBatchState.APPROVED, "issued": len(rows)}
    return await _decide(db, actor, batch_id, decided, now)


async def return_certificate_batch(
    db: Connection, actor: Actor, *, batch_id: UUID, opinion: CertificateBatchOpinion, now: datetime
) -> Row:
    """Return a batch, with the reason; another may be drawn up."""
    await _decidable(db, actor, batch_id)
    decided = {"state": CertificateBatchState.RETURNED, "opinion": opinion.opinion}
    return await _decide(db, actor, batch_id, decided, now)


async def withdraw_certificate_batch(
    db: Connection, actor: Actor, *, batch_id: UUID, now: datetime
) -> Row:
    """Withdraw a batch that one drew up, while nobody has decided on it."""
    write = Permission.CERTIFICATE_WRITE
    batch = await BATCHES.get(db, actor, batch_id, permission=write, lock=True)
    whole = await _whole(db, batch)
    if whole["submitted_by"] not in actor.accounts:
        raise CertificateBatchNotOnesOwn
    return await _decide(db, actor, batch_id, {"state": CertificateBatchState.WITHDRAWN}, now)


async def issue_certificates(
    db: Connection, *, rows: list[Row], city: Row, new_code: NewCode, now: datetime
) -> list[Row]:
    """Number these certificates and let them stand; two statements, and a third without a code."""
    year, number = now.astimezone(SHANGHAI).year, len(rows)
    last = await db.value(_NUMBER, city_id=city["id"], year=year, number=number)
    prefix = f"{city['code']}-" if city["code"] else ""
    issued = []
    for serial, row in enumerate(rows, last - number + 1):
        said = {name: value for name, value in row.items() if name != "city"}
        issued.append({
            "id": new_id(), "replaces_id": None, **said,
            "number": f"{prefix}{year}-{serial:06}", "year": year, "serial": serial,
            "code": new_code(), "issued_on": civil_date(now), "issued_at": now,
            "state": CertificateState.ISSUED, "seal_state": SealState.UNSEALED, "seal_due_at": now,
        })  # fmt: skip
    try:
        await db.insert_all(Certificate, issued)
    except UniqueViolationError:
        raise CertifiedMeanwhile from None
    return issued


def stated(person: Mapping[str, Any], award: Award) -> dict[str, Any]:
    """What a certificate says of the person, and where it is kept."""
    place = {name: person[name] for name in ("city_id", "county_id", "school_id")}
    return {
        **place,
        "teacher_id": person["id"],
        "awarded_school_id": person["school_id"],
        "name": person["name"],
        "school_name": person["school_name"],
        "rank": award.rank,
        "hours": Decimal(award.hours),
        "credits": Decimal(award.credits),
    }


_WHOLE = Statement(
    select(
        col(CertificateBatch.city_id),
        col(CertificateBatch.submitted_by),
        col(CertificateBatch.state),
    ).where(col(CertificateBatch.id) == bindparam("batch_id", type_=Uuid))
)


async def _whole(db: Connection, batch: Row) -> Row:
    """The batch with what is not shown of it; refused where it was decided on."""
    whole = await db.one(_WHOLE, batch_id=batch["id"])
    assert whole is not None  # noqa: S101  it is locked
    if whole["state"] != CertificateBatchState.SUBMITTED:
        raise CertificateBatchDecided(state=whole["state"])
    return batch | whole


async def _decidable(db: Connection, actor: Actor, batch_id: UUID) -> Row:
    """The batch, locked, if the actor is of the authority over it and it waits."""
    approve = Permission.CERTIFICATE_APPROVE
    batch = await BATCHES.get(db, actor, batch_id, permission=approve, lock=True)
    whole = await _whole(db, batch)
    actor.require(approve, {"city_id": whole["city_id"]})
    return whole


async def _names(db: Connection, actor: Actor, batch: Row) -> dict[str, Any]:
    """The city with its code, and the names of the unit that awards and of the authority."""
    city = await UNITS.get(db, actor, batch["city_id"])
    unit = await UNITS.get(db, actor, batch["unit_id"])
    return {"city": city, "unit_name": unit["name"], "authority_name": city["name"]}


async def _leave_out(
    db: Connection, batch_id: UUID, proposed: list[UUID], found: Qualifying
) -> None:
    others = set(proposed) - found.awards.keys()
    for why, people in (
        (CertificateOmission.HAS_CERTIFICATE, others & found.has_one),
        (CertificateOmission.NOT_QUALIFIED, others - found.has_one),
    ):
        if people:
            await db.run(_LEAVE_OUT, of_batch=batch_id, teacher_ids=list(people), why=why)


async def _decide(
    db: Connection, actor: Actor, batch_id: UUID, decided: dict[str, Any], now: datetime
) -> Row:
    by = {"decided_by": actor.account_id, "decided_at": now}
    await db.change(CertificateBatch, batch_id, decided | by)
    return await BATCHES.get(db, actor, batch_id)
