"""The commands of the audit trail: sealing it, its head, its verification."""

import asyncio

from app.cli.database import migrated, pool_of_one
from app.cli.output import console
from app.domain.access.audit import (
    AuditVerification,
    KnownHead,
    Provenance,
    read_head,
    record_act,
    seal_trail,
    verify_trail,
)
from app.domain.errors import Conflict, Invalid
from app.settings import Settings, get_settings
from app.sql import Row

_AT_ONCE = 2_000


class TrailNotAsSealed(Conflict):
    """Something was changed, removed or put among what is sealed; the first such row is named."""

    code = "audit_trail_not_as_sealed"
    zh = "审计记录核验发现不一致：{table}（{key}）：{reason_zh}"
    en = "The audit trail is not as it was sealed: {table} ({key}): {reason}"


class MalformedHead(Invalid):
    """What was given as a head is none."""

    code = "audit_head_malformed"
    zh = "链头格式应为“位置:哈希值”，例如 1200:9f86d0……（64 位十六进制）。"
    en = "A head is its position, a colon and its hash: 1200:9f86d0… (64 hexadecimal digits)."


def seal() -> None:
    """Seal whatever waits to be sealed."""
    with migrated(get_settings()) as settings:
        rows = asyncio.run(_seal(settings))
    console.print(f"已封存 / sealed: {rows}")


def head() -> None:
    """Print where the chain ends, to be kept outside."""
    with migrated(get_settings()) as settings:
        found = asyncio.run(_head(settings))
    console.print(f"{found['position']}:{found['hash'].hex()}")


def verify(known: str | None) -> None:
    """Compute every link of the chain again; `known` is a head that was kept outside."""
    noted = None if known is None else parse_head(known)
    with migrated(get_settings()) as settings:
        found = asyncio.run(_verify(settings, noted))
    console.print(f"已封存 / sealed {found.sealed}  待封存 / waiting {found.waiting}")
    if found.finding is not None:
        raise TrailNotAsSealed(
            table=found.finding.table,
            key=", ".join(f"{name} {value}" for name, value in found.finding.key.items()),
            reason_zh=found.finding.zh,
            reason=found.finding.en,
        )
    console.print("审计记录完整 / the audit trail is as it was sealed")


def parse_head(text: str) -> KnownHead:
    """A head as `yanxun audit head` prints it."""
    position, _, digest = text.partition(":")
    try:
        known = KnownHead(int(position), bytes.fromhex(digest))
    except ValueError:
        raise MalformedHead from None
    if known.position < 1 or len(known.hash) != 32:
        raise MalformedHead
    return known


async def record_operation(settings: Settings, operation: str) -> None:
    """Record what the operator did on the host, as an act of nobody's account."""
    async with pool_of_one(settings) as pool, pool.transaction() as db:
        await record_act(db, None, operation=operation, target_id=None, provenance=Provenance())


async def _seal(settings: Settings) -> int:
    rows = 0
    async with pool_of_one(settings) as pool:
        while True:
            async with pool.transaction() as db:
                sealed = await seal_trail(db, at_most=_AT_ONCE)
            rows += sealed
            if sealed < _AT_ONCE:
                return rows


async def _head(settings: Settings) -> Row:
    async with pool_of_one(settings) as pool, pool.connection() as db:
        return await read_head(db)


async def _verify(settings: Settings, known: KnownHead | None) -> AuditVerification:
    async with pool_of_one(settings) as pool, pool.transaction(read_only=True) as db:
        return await verify_trail(db, known=known)
