"""The document of a certificate: set once from what it says, kept under its digest, never made anew.

The document states whether it is sealed. So there are two: the one that is made first, and, once it has
been sealed, the one that says by whom and when. Whatever becomes of templates and fonts, what was handed
out stays as it was.
"""

from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.walled import Beyond
from app.domain.base import civil_date
from app.domain.credits.certificates.batch import CertificateKind
from app.domain.credits.certificates.certificate import (
    CERTIFICATES,
    Certificate,
    CertificateState,
    SealState,
)
from app.domain.credits.certificates.ending import CertificateEnded
from app.domain.people.facts.ranks import Rank
from app.domain.training.files import FileStore
from app.sql import Connection, Row, Statement

LARGEST = 4_000_000
"""Bytes of the largest document that is read back."""

TITLES = {
    CertificateKind.CYCLE: "教师研修合格证书",
    CertificateKind.ACTIVITY: "教师培训结业证书",
}
_RANKS = {
    Rank.UNRANKED: "未评",
    Rank.THIRD_GRADE: "三级教师",
    Rank.SECOND_GRADE: "二级教师",
    Rank.FIRST_GRADE: "一级教师",
    Rank.SENIOR: "高级教师",
    Rank.PRINCIPAL_SENIOR: "正高级教师",
}


class Typesetter(Protocol):
    """What sets documents from templates; it knows nothing of certificates."""

    async def typeset(self, template: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
        """The document of a template with these data: the same bytes for the same."""


class Press(NamedTuple):
    """What it takes to make documents: what sets them, where they are kept, what a code leads to."""

    typesetter: Typesetter
    store: FileStore
    address: str
    """Of this deployment, as it is printed."""

    def leads_to(self, code: str) -> str:
        """The address at which anybody verifies a certificate."""
        return f"{self.address}/verify/{code}"

    async def keep(self, printed: Row) -> tuple[bytes, str]:
        """Set the document of a certificate, keep it under its digest, and return both."""
        at = printed["seal_at"] or printed["issued_at"]
        contents = contents_of(printed, self)
        document = await self.typesetter.typeset("certificate", contents, at=at)
        digest = sha256(document).hexdigest()

        async def whole() -> AsyncIterator[bytes]:
            yield document

        await self.store.write(_place(digest), whole())
        return document, digest

    async def read(self, digest: str) -> bytes:
        """The document that is kept under this digest."""
        return b"".join([piece async for piece in self.store.read(_place(digest), 0, LARGEST)])


# What may be asked.

_former = Certificate.__table__.alias("former")  # type: ignore[attr-defined]
_PRINTED = Statement(
    select(*Certificate.__table__.c, _former.c.number.label("former_number"))  # type: ignore[attr-defined]
    .outerjoin(_former, _former.c.id == col(Certificate.replaces_id))
    .where(col(Certificate.id) == bindparam("certificate_id", type_=Uuid))
)
_MADE = Statement(
    update(Certificate)
    .where(
        col(Certificate.id) == bindparam("certificate_id", type_=Uuid),
        col(Certificate.sha256).is_(None),
    )
    .values(sha256=bindparam("digest")),
    beyond=Beyond.WRITTEN,
)


async def get_certificate_document(
    db: Connection, actor: Actor, *, certificate_id: UUID, press: Press
) -> tuple[Row, bytes]:
    """A certificate that holds, and its document in PDF/A: the sealed one, where it was sealed."""
    row = await CERTIFICATES.get(db, actor, certificate_id)
    if row["state"] != CertificateState.ISSUED:
        raise CertificateEnded(state=row["state"])
    printed = await db.one(_PRINTED, certificate_id=certificate_id)
    assert printed is not None  # noqa: S101  it was just read
    if printed["seal_sha256"] is not None:
        return row, await press.read(printed["seal_sha256"])
    return row, await make_document(db, printed=printed, press=press)


async def make_document(db: Connection, *, printed: Row, press: Press) -> bytes:
    """The document of a certificate without a seal; made and kept where it is not yet."""
    if printed["sha256"] is not None:
        return await press.read(printed["sha256"])
    content, digest = await press.keep(printed)
    await db.run(_MADE, certificate_id=printed["id"], digest=digest)
    return content


async def read_printed(db: Connection, *, certificate_id: UUID) -> Row | None:
    """All that a document states of a certificate."""
    return await db.one(_PRINTED, certificate_id=certificate_id)


def contents_of(printed: Row, press: Press) -> dict[str, Any]:
    """What the document says, for the template `certificate`."""
    notes = []
    if printed["former_number"] is not None:
        notes.append(f"本证书代替 {printed['former_number']} 号证书（更正姓名）")
    return {
        "title": TITLES[CertificateKind(printed["kind"])],
        "number": printed["number"],
        "name": printed["name"],
        "statement": _statement(printed),
        "address": press.leads_to(printed["code"]),
        "code": printed["code"],
        "seal": _seal(printed),
        "notes": notes,
        "issuer": printed["unit_name"],
        "authority": printed["authority_name"],
        "issued_on": _day(printed["issued_on"]),
    }


def _statement(printed: Row) -> str:
    rank = printed["rank"]
    works = f"现任教于{printed['school_name']}"
    works += f"，职称{_RANKS[Rank(rank)]}。" if rank else "。"
    reached = f"{printed['hours']} 学时、{printed['credits']} 学分"
    if printed["kind"] == CertificateKind.ACTIVITY:
        return f"{works}参加“{printed['subject']}”培训，成绩合格，认定 {reached}，准予结业。"
    first, last = _day(printed["cycle_start"]), _day(printed["cycle_end"])
    return (
        f"{works}在 {first}至 {last}的培训周期内参加中小学教师继续教育，"
        f"经按《{printed['subject']}》审核，计入 {reached}，达到规定的全部要求。"
    )


def _seal(printed: Row) -> str:
    if printed["seal_state"] != SealState.SEALED:
        return "未加盖（截至本文件生成时）"
    said = f"已加盖 {printed['seal_name']}，{_day(civil_date(printed['seal_at']))}"
    said += f"，所盖文件摘要 {printed['sha256'][:16]}"
    return said + ("（模拟印章，无法律效力）" if printed["seal_simulated"] else "")


def _day(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def _place(digest: str) -> str:
    return f"certificates/{digest}"
