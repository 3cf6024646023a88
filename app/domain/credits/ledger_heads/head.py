"""The signed head of a city's ledger on a day, the ends of chains that are under it, and the keys.

The digest is SHA-256 over the digest of the city's head before (32 zero bytes before the first),
followed by each chain that has grown since then, in the order of `teacher_id`: the sixteen bytes of that
key, the sequence of its last entry as eight bytes, big-endian, and that entry's hash. So a head covers
all entries of the city up to it, while a quiet day costs one row.

The signature is a compact JWS (RFC 7515, ES256) of the type `ledger-head+jwt`, whose payload is the JSON
of `head_claims`: the whole head. Its key is named in its header, and published for ever.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
from pydantic import BaseModel, Field
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    LargeBinary,
    UniqueConstraint,
    Uuid,
    any_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field as Column
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Placed, Table, key, place_constraints
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row, Statement

CLAIMS = (
    "city_id",
    "day",
    "number",
    "chains",
    "entries",
    "grown",
    "previous",
    "digest",
    "signed_at",
)
"""What the signature covers, in this order."""


class LedgerHeadFields(BaseModel):
    """What a head says; all of it is signed."""

    city_id: UUID = Field(description="市 / city")
    day: date = Field(description="签署日 / the day on which it was signed, in Asia/Shanghai")
    number: int = Field(description="序号，从1起 / place among the city's heads, from 1")
    chains: int = Field(description="所涵盖的个人台账数 / ledgers of people that it covers")
    entries: int = Field(description="所涵盖的记录数 / entries that it covers")
    grown: int = Field(
        description="上次日签后有新增的台账数 / chains that have grown since the last"
    )
    previous: str = Field(description="上一日签的摘要（十六进制） / digest of the head before, hex")
    digest: str = Field(description="摘要（十六进制） / digest, hex")
    signed_at: datetime = Field(description="签署时间 / when it was signed")


class LedgerHead(Placed, Table, table=True):
    """A head as it was signed. Nobody can change or remove one: the database refuses it."""

    __table_args__ = (
        *place_constraints(),
        UniqueConstraint("city_id", "day"),
        UniqueConstraint("city_id", "number"),
        CheckConstraint("number >= 1", name="numbered_from_one"),
    )

    id: UUID = key()
    day: date
    number: int
    chains: int
    entries: int = Column(sa_type=BigInteger)
    grown: int
    previous: str = Column(max_length=64)
    digest: str = Column(max_length=64)
    signed_at: datetime = Column(sa_type=MOMENT)
    key_id: str = Column(max_length=64, foreign_key="ledger_key.id")
    signature: str = Column(max_length=2000)


class LedgerLeaf(Table, table=True):
    """The end of a chain that a head covers and the one before did not; append-only like the head."""

    teacher_id: UUID = Column(primary_key=True, foreign_key="teacher.id", sa_type=Uuid)
    sequence: int = Column(primary_key=True)
    head_id: UUID = Column(foreign_key="ledger_head.id", sa_type=Uuid, index=True)
    hash: bytes = Column(sa_type=LargeBinary)


class LedgerKey(Table, table=True):
    """The public half of a key that has signed heads, as a JSON Web Key; kept for ever."""

    id: str = Column(primary_key=True, max_length=64)
    public: dict[str, Any] = Column(sa_type=JSONB)
    published_at: datetime = Column(sa_type=MOMENT)


class LedgerHeadView(LedgerHeadFields):
    """A signed head as both faces show it."""

    id: UUID = Field(description="标识 / key")
    key_id: str = Field(description="签名密钥标识 / the key that signed it (`kid`)")
    signature: str = Field(description="签名（JWS） / the signature, a compact JWS of all of it")


# What can be refused.


class LedgerHeadNotFound(NotFound):
    """There is no such head for the one who asks."""

    code = "ledger_head_not_found"
    zh = "未找到该台账日签。"
    en = "There is no such head of the ledger."


# What may be asked.

LEDGER_HEADS = Door(
    table=LedgerHead,
    view=LedgerHeadView,
    read=Permission.PACK_READ,
    missing=LedgerHeadNotFound,
    audience=lambda audience: col(LedgerHead.city_id) == any_(audience),
    filters={"day": col(LedgerHead.day)},
    sorts={"day": (col(LedgerHead.day),), "number": (col(LedgerHead.number),)},
)
"""Whoever may know by which rules a city counts may know what it has signed."""


async def list_ledger_heads(
    db: Connection, actor: Actor, *, page: PageRequest, day: date | None = None
) -> Page:
    """The heads of the city in which the actor is, by day: the more keep them, the better."""
    return await LEDGER_HEADS.page(db, actor, page, filters={"day": day}, published=True)


async def get_ledger_head(db: Connection, actor: Actor, *, ledger_head_id: UUID) -> Row:
    """One signed head."""
    return await LEDGER_HEADS.get(db, actor, ledger_head_id)


_KEYS = Statement(
    select(col(LedgerKey.public)).order_by(col(LedgerKey.published_at), col(LedgerKey.id))
)


async def read_ledger_keys(db: Connection) -> list[dict[str, Any]]:
    """The public keys of all heads there are, for whoever verifies one."""
    return [row["public"] for row in await db.all(_KEYS)]


def head_claims(head: Mapping[str, Any]) -> bytes:
    """The bytes that are signed: JSON of `CLAIMS` in that order, moments in UTC."""
    claims = {name: head[name] for name in CLAIMS}
    claims["signed_at"] = claims["signed_at"].astimezone(UTC)
    return _encode(claims)


_encode = msgspec.json.Encoder().encode
