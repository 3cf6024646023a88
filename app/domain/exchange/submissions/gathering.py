"""Gathering what a submission is to hold, each thing in the province's codes: credits and certificates.

An entry of the ledger and a certificate are sent once, and what strikes them is a record of its own. The
roster, which tells of the same person again and again, is gathered in `roster`. What is gathered is never
all in memory: it is read through a cursor, of one state each, and taken some at a time.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    String,
    Uuid,
    any_,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlmodel import col

from app.domain.credits.certificates.certificate import Certificate, CertificateState
from app.domain.credits.entries.table import CreditEntry
from app.domain.credits.reversals import ELSEWHERE
from app.domain.exchange.arrivals.arrival import Arrival
from app.domain.exchange.batches.content import Content
from app.domain.exchange.province_codes import Codes, CodeSet
from app.domain.exchange.submissions.record import ProvinceRecord, RecordKind
from app.domain.portions import some_at_a_time
from app.sql import Connection, Row, Statement


class Gathered(NamedTuple):
    """A record to be: what it is called, what it is about, and its content."""

    key: str
    kind: RecordKind
    subject_id: UUID
    teacher_id: UUID
    content: dict[str, Any]


CITY = bindparam("city_id", type_=Uuid)
_ONLY = bindparam("only", type_=ARRAY(Uuid))
_EVERY = bindparam("every", type_=Boolean)


def unsent(key: Any, subject: Any) -> Any:
    """What no submission of the city has ever held; or else just these subjects."""
    held = (
        select(literal(1))
        .where(col(ProvinceRecord.city_id) == CITY, col(ProvinceRecord.key) == key)
        .exists()
    )
    return or_(_EVERY & ~held, subject == any_(_ONLY))


def number_of(query: Any) -> Any:
    """How many rows a query would have."""
    return select(func.count()).select_from(query.subquery()).scalar_subquery()


# Credits.

_ENTRY_COLUMNS = (
    "id", "teacher_id", "sequence", "kind", "reverses_id", "earned_on", "recorded_at", "hours",
    "credits", "level", "activity_kind", "mode", "channel", "content", "awarded_rank",
    "awarded_school_id", "reason",
)  # fmt: skip
_ENTRIES = Statement(
    select(
        *(col(getattr(CreditEntry, name)) for name in _ENTRY_COLUMNS),
        func.encode(col(CreditEntry.hash), "hex").label("hash"),
    )
    .where(col(CreditEntry.city_id) == CITY, col(CreditEntry.id) == any_(_ONLY))
    .order_by(col(CreditEntry.change_transaction), col(CreditEntry.change_sequence))
)
_CODED = {
    "kind": CodeSet.ENTRY_KIND,
    "level": CodeSet.LEVEL,
    "activity_kind": CodeSet.ACTIVITY_KIND,
    "mode": CodeSet.MODE,
    "channel": CodeSet.CHANNEL,
    "rank": CodeSet.RANK,
}


_THEIRS = Statement(
    select(col(CreditEntry.id))
    .join(Arrival, col(Arrival.id) == col(CreditEntry.source_id))
    .where(
        col(Arrival.city_id) == CITY,
        col(CreditEntry.source_kind) == ELSEWHERE,
        col(CreditEntry.id) == any_(_ONLY),
    )
)


async def _told_by_province(db: Connection, city_id: UUID, rows: Sequence[Row]) -> set[UUID]:
    """Of these entries, and of those that they strike, what the province itself told."""
    ids = [row["id"] for row in rows if row["source_kind"] == ELSEWHERE]
    ids += [row["reverses_id"] for row in rows if row["reverses_id"]]
    return {row["id"] for row in await db.all(_THEIRS, city_id=city_id, only=ids)} if ids else set()


async def gather_credits(
    db: Connection, *, codes: Codes, city_id: UUID, held: Content | Sequence[UUID]
) -> AsyncIterator[Gathered]:
    """The entries of a batch, or just these, in the order of the ledger.

    What the province told us is not told to it again, nor that it was struck here: it has that itself.
    """
    if not isinstance(held, Content):
        async for row in db.stream(_ENTRIES, city_id=city_id, only=list(held)):
            yield _credit(codes, row)
        return
    async for rows in some_at_a_time(held.rows(db)):
        theirs = await _told_by_province(db, city_id, rows)
        for row in rows:
            if not {row["id"], row["reverses_id"]} & theirs:
                yield _credit(codes, row)


def _credit(codes: Codes, row: Row) -> Gathered:
    reverses = row["reverses_id"]
    ours = row | {"rank": row["awarded_rank"]}
    content = {
        "entry_id": str(row["id"]),
        "teacher_id": str(row["teacher_id"]),
        "sequence": row["sequence"],
        "earned_on": row["earned_on"].isoformat(),
        "recorded_at": row["recorded_at"].isoformat(),
        "hours": str(row["hours"]),
        "credits": str(row["credits"]),
        "content": row["content"],
        "school_id": str(row["awarded_school_id"]) if row["awarded_school_id"] else None,
        "reverses": f"credit:{reverses}" if reverses else None,
        "reason": row["reason"],
        "hash": row["hash"],
    } | {
        name: codes.translate(code_set, ours[name], row["earned_on"])
        for name, code_set in _CODED.items()
    }
    kind = RecordKind.REVERSAL if reverses else RecordKind.CREDIT
    return Gathered(f"{kind.value}:{row['id']}", kind, row["id"], row["teacher_id"], content)


# Certificates.


def _certificates(kind: RecordKind) -> Any:
    key = func.concat(f"{kind.value}:", col(Certificate.id))
    ended = col(Certificate.state) != CertificateState.ISSUED
    return (
        select(
            *(
                col(getattr(Certificate, name))
                for name in (
                    "id", "teacher_id", "number", "kind", "name", "school_name", "hours", "credits",
                    "issued_on", "unit_name", "state", "ended_because", "ended_at", "replaces_id",
                )
            )
        )
        .where(
            col(Certificate.city_id) == CITY,
            *([ended] if kind is RecordKind.CERTIFICATE_END else []),
            unsent(cast(key, String), col(Certificate.id)),
        )
    )  # fmt: skip


_CERTIFICATES = {
    kind: Statement(_certificates(kind).order_by(col(Certificate.id)))
    for kind in (RecordKind.CERTIFICATE, RecordKind.CERTIFICATE_END)
}
_UNSENT = Statement(
    select(
        number_of(_certificates(RecordKind.CERTIFICATE))
        + number_of(_certificates(RecordKind.CERTIFICATE_END))
    )
)


async def count_certificates(db: Connection, *, city_id: UUID) -> int:
    """How many records a submission of certificates would hold that is gathered now."""
    return int(await db.value(_UNSENT, city_id=city_id, only=[], every=True))


async def gather_certificates(
    db: Connection, *, codes: Codes, city_id: UUID, only: dict[RecordKind, list[UUID]] | None
) -> AsyncIterator[Gathered]:
    """The certificates, then the ends of those that hold no more: the unsent, or `only` these."""
    for kind, statement in _CERTIFICATES.items():
        chosen = [] if only is None else only.get(kind, [])
        found = db.stream(statement, city_id=city_id, only=chosen, every=only is None)
        async for row in found:
            yield _certificate(codes, kind, row)


def _certificate(codes: Codes, kind: RecordKind, row: Row) -> Gathered:
    content = {"certificate_id": str(row["id"]), "number": row["number"]}
    if kind is RecordKind.CERTIFICATE:
        content |= {
            "teacher_id": str(row["teacher_id"]),
            "kind": codes.translate(CodeSet.CERTIFICATE_KIND, row["kind"], row["issued_on"]),
            "issued_on": row["issued_on"].isoformat(),
            "hours": str(row["hours"]),
            "credits": str(row["credits"]),
            "awarded_by": row["unit_name"],
            "replaces": f"certificate:{row['replaces_id']}" if row["replaces_id"] else None,
        }
    else:
        content |= {
            "ends": f"certificate:{row['id']}",
            "state": str(row["state"]),
            "ended_at": row["ended_at"].isoformat(),
            "reason": row["ended_because"],
        }
    return Gathered(f"{kind.value}:{row['id']}", kind, row["id"], row["teacher_id"], content)
