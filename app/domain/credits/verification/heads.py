"""The signed heads: each follows the one before it, covers what it says, and bears its signature."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from app.domain.credits.entries.chain import BEGINNING
from app.domain.credits.entries.table import CreditEntry
from app.domain.credits.ledger_heads import LedgerHead, LedgerKey, LedgerLeaf
from app.domain.credits.ledger_heads.head import CLAIMS, head_claims
from app.domain.credits.ledger_heads.signing import leaf_bytes
from app.domain.credits.verification.found import Found, Verification, found
from app.sql import Connection, Row, Statement

OpenSigned = Callable[[Mapping[str, str], str], bytes]
"""Returns the payload of a compact JWS that the public key signed; raises `ValueError` if it did not."""

_HEADS = Statement(
    select(
        *(col(getattr(LedgerHead, name)) for name in ("id", *CLAIMS, "key_id", "signature")),
        col(LedgerKey.public),
        col(LedgerLeaf.teacher_id),
        col(LedgerLeaf.sequence),
        col(LedgerLeaf.hash),
        col(CreditEntry.id).label("entry_id"),
    )
    .outerjoin(LedgerKey, col(LedgerKey.id) == col(LedgerHead.key_id))
    .outerjoin(LedgerLeaf, col(LedgerLeaf.head_id) == col(LedgerHead.id))
    .outerjoin(
        CreditEntry,
        (col(CreditEntry.teacher_id) == col(LedgerLeaf.teacher_id))
        & (col(CreditEntry.sequence) == col(LedgerLeaf.sequence)),
    )
    .order_by(col(LedgerHead.city_id), col(LedgerHead.number), col(LedgerLeaf.teacher_id))
)


class _Reading:
    """Where the reading of the heads stands: one head, what it covers so far, and the one before."""

    def __init__(self, opens: OpenSigned | None) -> None:
        self._opens = opens
        self.head: Row | None = None
        self._before: Row | None = None

    def begin(self, head: Row) -> None:
        """Go on to the next head, which follows the one that was read last."""
        same = self.head is not None and self.head["city_id"] == head["city_id"]
        self._before, self.head = (self.head if same else None), head
        number, digest = 1, BEGINNING.hex()
        if self._before is not None:
            number, digest = self._before["number"] + 1, self._before["digest"]
        if head["number"] != number:
            raise _wrong(head, "其前的日签缺失。", "A head before it is missing.")
        if head["previous"] != digest:
            raise _wrong(head, "与上一日签的链接断开。", "It does not follow the one before.")
        self._digest, self._leaves = sha256(bytes.fromhex(digest)), 0

    def cover(self, leaf: Row) -> None:
        """Take in the end of a chain that the head covers."""
        if leaf["entry_id"] is None:
            key = {name: leaf[name] for name in ("teacher_id", "sequence")}
            zh = f"{leaf['day']}签署时存在的记录已被删除。"
            raise found("credit_entry", key, zh, f"It was signed on {leaf['day']} and is gone.")
        self._digest.update(leaf_bytes(leaf))
        self._leaves += 1

    def end(self) -> None:
        """Compare the head with what it covers, and with what was signed."""
        head = self.head
        if head is None:
            return
        if (head["digest"], head["grown"]) != (self._digest.hexdigest(), self._leaves):
            raise _wrong(
                head, "摘要与所涵盖的台账不符。", "Its digest is not that of what it covers."
            )
        if self._opens is None:
            return
        try:
            signed = self._opens(head["public"] or {}, head["signature"])
        except ValueError:
            signed = b""
        if signed != head_claims(head):
            raise _wrong(head, "签名与内容不符。", "Its signature is not of what it says.")


async def check_heads(
    db: Connection, *, done: Verification, opens: OpenSigned | None, kept: str | None
) -> None:
    """Compute every head again; `kept` is the signature of one that was kept outside.

    Without `opens` the signatures themselves are left out.
    """
    reading, last, is_there = _Reading(opens), dict[Any, str](), kept is None
    async for row in db.stream(_HEADS):
        if reading.head is None or reading.head["id"] != row["id"]:
            reading.end()
            reading.begin(row)
            done.heads += 1
            last[row["city_id"]] = row["signature"]
            is_there = is_there or row["signature"] == kept
        if row["teacher_id"] is not None:
            reading.cover(row)
    reading.end()
    done.last_heads = list(last.values())
    if not is_there:
        raise found(
            "ledger_head",
            {"signature": kept},
            "留存的日签不在其中。",
            "The kept head is not there.",
        )


def _wrong(head: Row, zh: str, en: str) -> Found:
    return found("ledger_head", {name: head[name] for name in ("id", "city_id", "day")}, zh, en)
