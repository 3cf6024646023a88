"""Making the head of a day: each process tries, the first one does it, and nobody does it twice.

No lock is taken on the ledger. One statement sees the ends of all chains as they were committed at one
moment; what commits later is under the next head.
"""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import (
    Date,
    Uuid,
    bindparam,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.domain.base import MOMENT, civil_date
from app.domain.credits.entries.chain import BEGINNING
from app.domain.credits.entries.table import CreditChain
from app.domain.credits.ledger_heads.head import LedgerHead, LedgerKey, LedgerLeaf, head_claims
from app.domain.organisation.units import Level, Unit
from app.domain.people.teachers import Teacher
from app.sql import Connection, Row, Statement, new_id


class HeadSigner(Protocol):
    """What is asked of the key that signs heads."""

    def sign(self, payload: bytes) -> str:
        """Return `payload` as a compact JWS whose header names this key."""

    def public(self) -> dict[str, str]:
        """Return the public half as a JSON Web Key with its name, `kid`."""


_AT_ONCE = 5_000
"""How many ends of chains one statement writes."""

_LOCK = Statement(select(func.pg_try_advisory_xact_lock(literal_column("8317402066196"))))
_DUE = Statement(
    select(col(Unit.id))
    .where(
        col(Unit.level) == Level.CITY,
        ~select(col(LedgerHead.id))
        .where(
            col(LedgerHead.city_id) == col(Unit.id),
            col(LedgerHead.day) >= bindparam("day", type_=Date),
        )
        .exists(),
    )
    .order_by(col(Unit.id))
    .limit(1)
)
_LAST = Statement(
    select(*(col(getattr(LedgerHead, name)) for name in ("number", "chains", "entries", "digest")))
    .where(col(LedgerHead.city_id) == bindparam("city_id", type_=Uuid))
    .order_by(col(LedgerHead.number).desc())
    .limit(1)
)
_covered = (
    select(col(LedgerLeaf.sequence).label("sequence"))
    .where(col(LedgerLeaf.teacher_id) == col(CreditChain.teacher_id))
    .order_by(col(LedgerLeaf.sequence).desc())
    .limit(1)
    .lateral("covered")
)
_GROWN = Statement(
    select(
        col(CreditChain.teacher_id),
        col(CreditChain.sequence),
        col(CreditChain.hash),
        func.coalesce(_covered.c.sequence, 0).label("covered"),
    )
    .join(Teacher, col(Teacher.id) == col(CreditChain.teacher_id))
    .outerjoin(_covered, true())
    .where(
        col(Teacher.city_id) == bindparam("city_id", type_=Uuid),
        col(CreditChain.sequence) > func.coalesce(_covered.c.sequence, 0),
    )
    .order_by(col(CreditChain.teacher_id))
)
_PUBLISH_KEY = Statement(
    insert(LedgerKey)
    .values(
        id=bindparam("id"), public=bindparam("public"), published_at=bindparam("now", type_=MOMENT)
    )
    .on_conflict_do_nothing()
)


def leaf_bytes(leaf: Row) -> bytes:
    """What a digest covers of the end of one chain."""
    return bytes(leaf["teacher_id"].bytes + leaf["sequence"].to_bytes(8) + leaf["hash"])


async def sign_due_head(db: Connection, *, signer: HeadSigner, now: datetime) -> UUID | None:
    """Sign the head of one city that has none of this day; its key, or None where none is due.

    Ask again, in a transaction of its own, until nothing is due. While another process signs there
    is nothing to do. It is done beside requests: no step takes more than some thousand chains.
    """
    if not await db.value(_LOCK):
        return None
    day = civil_date(now)
    city_id: UUID | None = await db.value(_DUE, day=day)
    if city_id is None:
        return None
    growth = _Growth(await db.one(_LAST, city_id=city_id))
    # A cursor shows one moment, however long it is read, and lets others have the processor.
    async for row in db.stream(_GROWN, city_id=city_id):
        growth.take(row)
    head = growth.head(city_id) | {"day": day, "signed_at": now}
    signature, public = signer.sign(head_claims(head)), signer.public()
    await publish_key(db, public=public, now=now)
    place = {"county_id": city_id, "school_id": None}
    signed = {"key_id": public["kid"], "signature": signature}
    await db.insert(LedgerHead, head | place | signed)
    for start in range(0, len(growth.leaves), _AT_ONCE):
        some = growth.leaves[start : start + _AT_ONCE]
        rows = [{**leaf._asdict(), "head_id": head["id"]} for leaf in some]
        await db.insert_all(LedgerLeaf, rows)
    return UUID(str(head["id"]))


async def publish_key(db: Connection, *, public: Mapping[str, str], now: datetime) -> None:
    """Let whoever verifies find the public half of a key that signs, from now on for ever."""
    await db.run(_PUBLISH_KEY, id=public["kid"], public=public, now=now)


class _Leaf(NamedTuple):
    """The end of a chain; of a big city's first head there are tens of thousands."""

    teacher_id: UUID
    sequence: int
    hash: bytes


class _Growth:
    """What has grown since the head before, chain by chain in the order of `teacher_id`."""

    def __init__(self, last: Row | None) -> None:
        self.leaves: list[_Leaf] = []
        self._before: dict[str, Any] = last or {
            "number": 0, "chains": 0, "entries": 0, "digest": BEGINNING.hex(),
        }  # fmt: skip
        self._chains, self._entries = self._before["chains"], self._before["entries"]
        self._digest = sha256(bytes.fromhex(self._before["digest"]))

    def take(self, row: Row) -> None:
        """Take in the end of the next chain."""
        self._chains += not row["covered"]
        self._entries += row["sequence"] - row["covered"]
        self._digest.update(leaf_bytes(row))
        self.leaves.append(_Leaf(row["teacher_id"], row["sequence"], row["hash"]))

    def head(self, city_id: UUID) -> Row:
        """The head over all of it, not yet signed."""
        return {
            "id": new_id(),
            "city_id": city_id,
            "number": self._before["number"] + 1,
            "chains": self._chains,
            "entries": self._entries,
            "grown": len(self.leaves),
            "previous": self._before["digest"],
            "digest": self._digest.hexdigest(),
        }
