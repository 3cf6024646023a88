"""The chains: every entry follows the one before it, and is what was signed."""

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from app.domain.credits.entries.chain import HASHED, Head, hash_of
from app.domain.credits.entries.table import CreditChain, CreditEntry
from app.domain.credits.ledger_heads import LedgerHead, LedgerLeaf
from app.domain.credits.verification.found import Found, Verification, found
from app.domain.people.teachers import Teacher
from app.sql import Connection, Row, Statement

_AT_ONCE = 500
"""How many people's entries are held in memory."""

_LEDGER = Statement(
    select(
        *(col(getattr(CreditEntry, name)) for name in (*HASHED, "previous_hash", "hash")),
        col(CreditChain.sequence).label("head_sequence"),
        col(CreditChain.hash).label("head_hash"),
        col(Teacher.merged_into_id),
        col(LedgerLeaf.hash).label("signed_hash"),
        col(LedgerHead.day).label("signed_on"),
    )
    .outerjoin(Teacher, col(Teacher.id) == col(CreditEntry.teacher_id))
    .outerjoin(CreditChain, col(CreditChain.teacher_id) == col(CreditEntry.teacher_id))
    .outerjoin(
        LedgerLeaf,
        (col(LedgerLeaf.teacher_id) == col(CreditEntry.teacher_id))
        & (col(LedgerLeaf.sequence) == col(CreditEntry.sequence)),
    )
    .outerjoin(LedgerHead, col(LedgerHead.id) == col(LedgerLeaf.head_id))
    .order_by(col(CreditEntry.teacher_id), col(CreditEntry.sequence))
)
_EXPECTED = Statement(select(func.coalesce(func.sum(col(CreditChain.sequence)), 0)))
_EMPTIED = Statement(
    select(col(CreditChain.teacher_id), col(CreditChain.sequence))
    .where(
        col(CreditChain.sequence) > 0,
        ~select(CreditEntry.id)  # type: ignore[call-overload]
        .where(col(CreditEntry.teacher_id) == col(CreditChain.teacher_id))
        .exists(),
    )
    .order_by(col(CreditChain.teacher_id))
    .limit(1)
)


async def count_expected(db: Connection) -> int:
    """How many entries the heads of the chains say there are."""
    return int(await db.value(_EXPECTED))


async def check_chains(
    db: Connection, *, done: Verification
) -> AsyncIterator[dict[UUID, list[Row]]]:
    """The entries of some hundred people at a time, their chains checked."""
    batch: dict[UUID, list[Row]] = {}
    async for row in db.stream(_LEDGER):
        rows = batch.get(row["teacher_id"])
        if rows is None:
            _check_end(batch)
            if len(batch) >= _AT_ONCE:
                yield batch
                batch = {}
            rows = batch[row["teacher_id"]] = []
            done.people += 1
        _check_link(rows[-1] if rows else None, row)
        rows.append(row)
        done.entries += 1
    _check_end(batch)
    if batch:
        yield batch
    emptied = await db.one(_EMPTIED)
    if emptied is not None:
        raise found("credit_chain", emptied, "记录被删除。", "Its entries are gone.")


def wrong_entry(row: Mapping[str, Any], zh: str, en: str) -> Found:
    """The finding of an entry."""
    key = {name: row[name] for name in ("id", "teacher_id", "sequence")}
    return found("credit_entry", key, zh, en)


def _check_link(before: Row | None, row: Row) -> None:
    head = Head() if before is None else Head(before["sequence"], before["hash"])
    if row["sequence"] != head.sequence + 1:
        raise wrong_entry(row, "台账序号不连续。", "An entry before it is missing.")
    if row["previous_hash"] != head.hash:
        raise wrong_entry(row, "与前一条记录的链接断开。", "It does not follow the one before.")
    if row["hash"] != hash_of(head.hash, row):
        raise wrong_entry(row, "内容与其哈希值不符。", "Its content is not what was hashed.")
    if row["signed_hash"] not in {None, row["hash"]}:
        day = row["signed_on"]
        zh, en = f"与{day}签署的内容不符。", f"It is not what was signed on {day}."
        raise wrong_entry(row, zh, en)


def _check_end(batch: dict[UUID, list[Row]]) -> None:
    """The last person's chain ends where its head says."""
    rows = batch[next(reversed(batch))] if batch else None
    last = rows[-1] if rows else None
    if last and (last["sequence"], last["hash"]) != (last["head_sequence"], last["head_hash"]):
        raise wrong_entry(last, "不是链头所指的末条记录。", "The chain's head names another end.")
