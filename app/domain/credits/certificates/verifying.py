"""Verifying a certificate (证书查验): anybody with its code is told what it says, and whether it holds."""

import re
from datetime import date
from typing import NamedTuple
from uuid import UUID

from pydantic import Field
from sqlalchemy import ARRAY, Integer, Uuid, bindparam, cast, func, select
from sqlmodel import col

from app.domain.base import civil_day
from app.domain.credits.certificates.certificate import (
    Certificate,
    CertificateNotFound,
    CertificateSeries,
    CertificateState,
    PrintedFields,
    SealFields,
)
from app.domain.errors import NotFound
from app.sql import Connection, Row, Statement

_CODE = re.compile(r"[a-z0-9]{20}")


class VerifiedCertificate(PrintedFields, SealFields):
    """What anybody with the code is told: what is printed, and whether it still holds."""

    state: CertificateState = Field(description="当前状态 / whether it holds")
    ended_on: date | None = Field(description="失效日期 / since when it holds no more")
    sha256: str | None = Field(description="当前文件摘要 / SHA-256 of its document")


# What can be refused.


class StatusListNotFound(NotFound):
    """No certificate of that city and year was issued."""

    code = "status_list_not_found"
    zh = "该市该年度没有发证记录。"
    en = "No certificate of that city and year was issued."


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


class EndedOnes(NamedTuple):
    """How many certificates were numbered, and which of them hold no more, by their serial numbers."""

    last: int
    serials: list[int]


_ENDED = Statement(
    select(
        col(CertificateSeries.last),
        select(func.coalesce(func.array_agg(col(Certificate.serial)), cast([], ARRAY(Integer))))
        .where(
            col(Certificate.city_id) == col(CertificateSeries.city_id),
            col(Certificate.year) == col(CertificateSeries.year),
            col(Certificate.state) != CertificateState.ISSUED,
        )
        .correlate(CertificateSeries)
        .scalar_subquery()
        .label("serials"),
    ).where(
        col(CertificateSeries.city_id) == bindparam("city_id", type_=Uuid),
        col(CertificateSeries.year) == bindparam("year", type_=Integer),
    )
)


async def read_ended(db: Connection, *, city_id: UUID, year: int) -> EndedOnes:
    """Which of the certificates of a city and a year hold no more; refused where there is none."""
    row = await db.one(_ENDED, city_id=city_id, year=year)
    if row is None:
        raise StatusListNotFound
    return EndedOnes(row["last"], row["serials"])
