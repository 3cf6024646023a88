"""Verification (核验): the whole ledger is read again, and everything derived from it rebuilt.

It finds an entry that was changed, removed or added by other ways than ours, one that is not what a head
of some day signed, a head that is not as it was signed, a standing that says something else than its
ledger, and a school whose sums are not those of its people's standings. Verdicts are not compared: they
were given on the day of the last entry, and depend on it.
"""

from collections.abc import Callable
from uuid import UUID

from app.domain.credits.standings.governing import CityPacks
from app.domain.credits.verification.chains import check_chains, count_expected
from app.domain.credits.verification.derived import check_schools, check_standings
from app.domain.credits.verification.found import Found, Verification
from app.domain.credits.verification.heads import OpenSigned, check_heads
from app.sql import Connection

__all__ = ["OpenSigned", "Verification", "verify_ledger"]


async def verify_ledger(
    db: Connection,
    *,
    opens: OpenSigned | None = None,
    kept: str | None = None,
    advance: Callable[[float], None] = lambda _: None,
) -> Verification:
    """Read every chain and head, rebuild every standing and sum; stop at the first finding.

    Needs a transaction that sees one state of the database (`transaction(read_only=True)` of the
    pool). Memory is bounded: the ledger is streamed person by person. `opens` opens what was signed,
    `kept` is the signature of a head that was kept outside, `advance` is told which part is done.
    """
    done = Verification()
    packs: dict[UUID, CityPacks] = {}
    expected = await count_expected(db)
    try:
        await check_heads(db, done=done, opens=opens, kept=kept)
        async for batch in check_chains(db, done=done):
            await check_standings(db, batch=batch, packs=packs, done=done)
            advance(min(done.entries / expected, 1.0) if expected else 1.0)
        await check_schools(db)
    except Found as stopped:
        done.finding = stopped.finding
    return done
