"""Ending a certificate: revoked for a reason, or replaced by one that gives the name as it is now."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.credits.certificates.certificate import (
    CERTIFICATES,
    Certificate,
    CertificateEnd,
    CertificateState,
    StatedFields,
)
from app.domain.credits.certificates.issuing import NewCode, issue_certificates
from app.domain.errors import Conflict
from app.domain.organisation.units import UNITS
from app.domain.people.teachers import Teacher
from app.sql import Connection, Row, Statement

# What can be refused.


class CertificateEnded(Conflict):
    """The certificate was revoked or replaced before."""

    code = "certificate_ended"
    zh = "该证书已失效，当前状态为 {state}。"
    en = "This certificate holds no more; its state is {state}."


class CertificateOfOneself(Conflict):
    """Nobody decides on their own certificate."""

    code = "certificate_of_oneself"
    zh = "不能撤销、维持或换发本人的证书。"
    en = "Nobody revokes, upholds or replaces their own certificate."


class CertificateDoubted(Conflict):
    """Nothing is issued anew while it is in doubt whether it should stand."""

    code = "certificate_doubted"
    zh = "该证书所依学分已被冲销，请先撤销或维持该证书。"
    en = "Credit that it rests on was reversed: revoke or uphold it first."


class CertificateNameRight(Conflict):
    """The certificate gives the name that the register has: there is nothing to correct."""

    code = "certificate_name_right"
    zh = "证书姓名与登记姓名一致，无需换发。请先更正教师登记信息。"
    en = "The certificate gives the name of the register; correct it there first."


# What may be done.

_KEPT = ("batch_id", "teacher_id", "city_id", "county_id", "school_id", "awarded_school_id")
_NOT_SAID = ("doubted_at", "upheld_at", "present_name")
_WHOLE = Statement(
    select(
        *(col(getattr(Certificate, name)) for name in (*_KEPT, *StatedFields.model_fields)),
        *(col(getattr(Certificate, name)) for name in ("doubted_at", "upheld_at")),
        col(Teacher.name).label("present_name"),
    )
    .join(Teacher, col(Teacher.id) == col(Certificate.teacher_id))
    .where(col(Certificate.id) == bindparam("certificate_id", type_=Uuid))
)


async def revoke_certificate(
    db: Connection, actor: Actor, *, certificate_id: UUID, end: CertificateEnd, now: datetime
) -> Row:
    """Revoke a certificate; whoever verifies it is told, and so is its place in the status list."""
    await hold_certificate(db, actor, certificate_id=certificate_id)
    await _end(db, actor, certificate_id, CertificateState.REVOKED, end, now)
    return await CERTIFICATES.get(db, actor, certificate_id)


async def replace_certificate(
    db: Connection,
    actor: Actor,
    *,
    certificate_id: UUID,
    end: CertificateEnd,
    new_code: NewCode,
    now: datetime,
) -> Row:
    """Issue a certificate anew with the name that the register has now, and refer to the former one.

    All else is as it was on the day of the award; the number, the code and the day are new.
    """
    whole = await hold_certificate(db, actor, certificate_id=certificate_id)
    if whole["doubted_at"] is not None and whole["upheld_at"] is None:
        raise CertificateDoubted
    if whole["name"] == whole["present_name"]:
        raise CertificateNameRight
    await _end(db, actor, certificate_id, CertificateState.REPLACED, end, now)
    city = await UNITS.get(db, actor, whole["city_id"])
    said = {name: whole[name] for name in whole if name not in _NOT_SAID}
    again = {**said, "name": whole["present_name"], "replaces_id": certificate_id}
    [row] = await issue_certificates(db, rows=[again], city=city, new_code=new_code, now=now)
    return await CERTIFICATES.get(db, actor, row["id"])


async def hold_certificate(db: Connection, actor: Actor, *, certificate_id: UUID) -> dict[str, Any]:
    """The certificate, locked, if the actor is of the authority over it and it holds."""
    approve = Permission.CERTIFICATE_APPROVE
    row = await CERTIFICATES.get(db, actor, certificate_id, permission=approve, lock=True)
    whole = await db.one(_WHOLE, certificate_id=certificate_id)
    assert whole is not None  # noqa: S101  it is locked
    actor.require(approve, {"city_id": whole["city_id"]})
    if row["state"] != CertificateState.ISSUED:
        raise CertificateEnded(state=row["state"])
    if await is_oneself(db, actor, teacher_ids=[whole["teacher_id"]]):
        raise CertificateOfOneself
    return whole


async def _end(
    db: Connection,
    actor: Actor,
    certificate_id: UUID,
    state: CertificateState,
    end: CertificateEnd,
    now: datetime,
) -> None:
    ended = {"ended_because": end.reason, "ended_by": actor.account_id, "ended_at": now}
    await db.change(Certificate, certificate_id, {"state": state, **ended})
