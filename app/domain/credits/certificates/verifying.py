"""Verifying a certificate (证书查验): anybody with its code is told what it says, and whether it holds."""

import re
from datetime import date
from uuid import UUID

from pydantic import Field
from sqlalchemy import Integer, Uuid, bindparam, func, select
from sqlmodel import col

from app.domain.base import civil_day
from app.domain.credits.certificates.certificate import (
    Certificate,
    CertificateNotFound,
    CertificateState,
    PrintedFields,
    SealFields,
)
from app.sql import Connection, Row, Statement

_CODE = re.compile(r"[a-z0-9]{20}")


class VerifiedCertificate(PrintedFields, SealFields):
    """What anybody with the code is told: what is printed, and whether it still holds."""

    state: CertificateState = Field(description="当前状态 / whether it holds")
    ended_on: date | None = Field(description="失效日期 / since when it holds no more")
    sha256: str | None = Field(description="当前文件摘要 / SHA-256 of its document")


# What may be asked.

_COMPUTED = frozenset({"ended_on", "sha256"})
_VERIFIED = Statement(
    select(
        *(
            col(getattr(Certificate, name))
            for name in VerifiedCertificate.model_fields
            if name not in _COMPUTED
        ),
        civil_day(col(Certificate.ended_at)).label("ended_on"),
        func.coalesce(col(Certificate.seal_sha256), col(Certificate.sha256)).label("sha256"),
    ).where(col(Certificate.code) == bindparam("code"))
)


async def verify_certificate(db: Connection, *, code: str) -> Row:
    """What the certificate with this code says; one that there is not, and no code, are told alike."""
    letters = "".join(each for each in code.lower() if each.isascii() and each.isalnum())
    if not _CODE.fullmatch(letters):
        raise CertificateNotFound
    groups = (letters[at : at + 5] for at in range(0, 20, 5))
    row = await db.one(_VERIFIED, code="-".join(groups))
    if row is None:
        raise CertificateNotFound
    return row


_ENDED = Statement(
    select(col(Certificate.serial))
    .where(
        col(Certificate.city_id) == bindparam("city_id", type_=Uuid),
        col(Certificate.year) == bindparam("year", type_=Integer),
        col(Certificate.state) != CertificateState.ISSUED,
    )
    .order_by(col(Certificate.serial))
)


async def read_ended(db: Connection, *, city_id: UUID, year: int) -> list[int]:
    """Which of the certificates of a city and a year hold no more, by their serial numbers."""
    return [row["serial"] for row in await db.all(_ENDED, city_id=city_id, year=year)]
