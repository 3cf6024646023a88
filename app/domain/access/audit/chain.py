"""The chain (链): acts and changes are sealed in one order, each with a hash over it and the one before.

Requests do not wait for one another to be chained. A sealer follows them, every few seconds and one at
a time: it takes the rows of transactions that have ended, in the order of transaction and sequence, and
puts a link for each at the end of the chain. What is sealed can be neither changed, removed nor
preceded by another row without it showing; what is not yet sealed is the last few seconds.

A link's hash is SHA-256 over the hash before it (32 zero bytes before the first) followed by the row's
content, a JSON object of its columns as PostgreSQL writes `jsonb`: what is null is left out, moments are
microseconds since 1970, and a row's columns before and after are text. Whoever holds the rows can check
them; whoever holds a head (its position and hash) of some day knows that the chain up to there is that of
the day, whoever has had the database in hand since.
"""

from datetime import datetime
from hashlib import sha256
from typing import Any

from pydantic import BaseModel
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    LargeBinary,
    Text,
    UniqueConstraint,
    bindparam,
    cast,
    extract,
    func,
    literal_column,
    select,
    tuple_,
    union_all,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.audit.act import AuditAct
from app.domain.access.audit.change import AuditChange
from app.domain.base import MOMENT, Table
from app.sql import Connection, Row, Statement

BEGINNING = bytes(32)
"""The hash before the first link."""


class AuditLink(Table, table=True):
    """One link: which row stands at this position, and the hash over it and all before it."""

    __table_args__ = (UniqueConstraint("sequence"),)

    position: int = Field(primary_key=True, sa_type=BigInteger)
    sequence: int = Field(sa_type=BigInteger)
    transaction: int = Field(sa_type=BigInteger)
    hash: bytes = Field(sa_type=LargeBinary)
    sealed_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs={"server_default": func.now()})


class AuditHead(BaseModel):
    """Where the chain ends: to be kept outside, where nobody who has the database can reach it."""

    position: int = Field(description="位置 / how many rows are sealed")
    hash: str = Field(description="哈希值（SHA-256，十六进制） / SHA-256, in hexadecimal")
    sealed_at: datetime | None = Field(description="封存时间 / when the last was, null before any")


# What the hashes are over.

_IN_MICROSECONDS = cast(extract("epoch", col(AuditAct.at)) * 1_000_000, BigInteger)


def _content(table: type[Table], **others: ColumnElement[Any]) -> ColumnElement[str]:
    """A row as its hash covers it. A column that is added later is null in the rows of before."""
    columns = table.__table__.c  # type: ignore[attr-defined]
    parts: list[Any] = []
    for column in columns:
        parts += (literal_column(f"'{column.name}'"), others.get(column.name, column))
    return cast(func.jsonb_strip_nulls(func.jsonb_build_object(*parts)), Text)


ACT_CONTENT = _content(AuditAct, at=_IN_MICROSECONDS, address=func.host(col(AuditAct.address)))
CHANGE_CONTENT = _content(
    AuditChange,
    before=cast(col(AuditChange.before), Text),
    after=cast(col(AuditChange.after), Text),
)


SEQUENCES: dict[type[Table], Any] = {
    AuditAct: col(AuditAct.sequence),
    AuditChange: col(AuditChange.id),
}
"""What is sealed, and the column in which its rows have their place in the trail."""


def has_link(sequence: Any) -> ColumnElement[bool]:
    """The predicate 'the row with this sequence is sealed'."""
    return select(col(AuditLink.position)).where(col(AuditLink.sequence) == sequence).exists()


def hash_of(previous: bytes, content: str) -> bytes:
    """The hash of the link of this content, after the link with the hash `previous`."""
    return sha256(previous + content.encode()).digest()


# What may be asked.

_HEAD = Statement(
    select(
        col(AuditLink.position),
        col(AuditLink.sequence),
        col(AuditLink.transaction),
        col(AuditLink.hash),
        col(AuditLink.sealed_at),
    )
    .order_by(col(AuditLink.position).desc())
    .limit(1)
)
_NO_LINK: Row = {
    "position": 0, "sequence": 0, "transaction": 0, "hash": BEGINNING, "sealed_at": None,
}  # fmt: skip


async def read_head(db: Connection) -> Row:
    """The last link; before any, one at the position 0."""
    return await db.one(_HEAD) or _NO_LINK


async def get_audit_head(
    db: Connection,
    actor: Actor,  # noqa: ARG001  whoever is signed in may know it
) -> Row:
    """Where the chain ends now: the more who know it, the less can be changed in silence."""
    head = await read_head(db)
    return {
        "position": head["position"],
        "hash": head["hash"].hex(),
        "sealed_at": head["sealed_at"],
    }


# What may be done.

_LOCK = Statement(select(func.pg_try_advisory_xact_lock(literal_column("8317402066195"))))
_ENDED: ColumnElement[int] = literal_column("pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
"""Every transaction before this one has ended."""


def _waiting() -> Statement:
    """Rows without a link, in the order in which they are sealed."""
    contents: dict[type[Table], Any] = {AuditAct: ACT_CONTENT, AuditChange: CHANGE_CONTENT}
    last = tuple_(
        bindparam("transaction", type_=BigInteger), bindparam("sequence", type_=BigInteger)
    )
    at_most = bindparam("at_most", type_=BigInteger)
    parts: list[Any] = []
    for table, sequence in SEQUENCES.items():
        transaction: Any = table.__table__.c.transaction  # type: ignore[attr-defined]
        row = select(
            transaction.label("transaction"),
            sequence.label("sequence"),
            contents[table].label("content"),
        )
        waiting = row.where(tuple_(transaction, sequence) > last, transaction < _ENDED)
        # Of each no more than is sealed: the contents of all that waits are much after an import.
        parts.append(waiting.order_by(transaction, sequence).limit(at_most))
    return Statement(union_all(*parts).order_by("transaction", "sequence").limit(at_most))


_WAITING = _waiting()


async def seal_trail(db: Connection, *, at_most: int) -> int:
    """Put links for the next rows at the end of the chain; how many, and 0 while another seals."""
    if not await db.value(_LOCK):
        return 0
    head = await read_head(db)
    last = {name: head[name] for name in ("transaction", "sequence")}
    links, previous = [], head["hash"]
    for position, row in enumerate(
        await db.all(_WAITING, at_most=at_most, **last), head["position"] + 1
    ):
        previous = hash_of(previous, row.pop("content"))
        links.append({"position": position, **row, "hash": previous})
    await db.insert_all(AuditLink, links)
    return len(links)
