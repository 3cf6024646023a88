"""The chain over the trail: sealed in the order of what ended, and nothing sealed changes unseen."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from app.database.embedded import Urls
from app.database.pool import Pool
from app.domain.access.audit import (
    AuditVerification,
    KnownHead,
    Provenance,
    get_audit_head,
    read_head,
    record_act,
    seal_trail,
    verify_trail,
)
from app.domain.access.audit.chain import BEGINNING
from app.domain.organisation.units import Level
from app.request import Resources
from app.sql import prepare_connection
from tests.make import City, make_city, make_unit

AT_ONCE = 1_000
NOWHERE = Provenance()


async def write(pool: Pool, operation: str = "try_it") -> None:
    """One act, with one change: a new city."""
    async with pool.transaction() as db:
        await make_unit(db, "某市", Level.CITY)
        await record_act(db, None, operation=operation, target_id=None, provenance=NOWHERE)


async def seal(pool: Pool, at_most: int = AT_ONCE) -> int:
    async with pool.transaction() as db:
        return await seal_trail(db, at_most=at_most)


async def verify(pool: Pool, known: KnownHead | None = None) -> AuditVerification:
    async with pool.transaction(read_only=True) as db:
        return await verify_trail(db, known=known)


async def head(pool: Pool) -> KnownHead:
    async with pool.connection() as db:
        found = await read_head(db)
    return KnownHead(found["position"], found["hash"])


@pytest.fixture
async def owner(urls: Urls) -> AsyncIterator[asyncpg.Connection]:
    """The one who can lay every refusal aside, for as long as nobody looks."""
    connection = await asyncpg.connect(urls.owner)
    await prepare_connection(connection)
    try:
        yield connection
    finally:
        await connection.close()


async def tamper(owner: asyncpg.Connection, statement: str) -> None:
    """Do it as the owner can."""
    tables = ("audit_act", "audit_change", "audit_link")
    async with owner.transaction():
        for table in tables:
            await owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
        await owner.execute(statement)
        for table in tables:
            await owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER append_only")


async def test_an_empty_trail_has_a_beginning(real_pool: Pool) -> None:
    assert await head(real_pool) == KnownHead(0, BEGINNING)
    assert await seal(real_pool) == 0
    assert await verify(real_pool) == AuditVerification(0, 0, None)


async def test_what_was_written_is_sealed_once_and_found_whole(real_pool: Pool) -> None:
    for _ in range(3):
        await write(real_pool)
    assert await verify(real_pool) == AuditVerification(0, 6, None)
    assert await seal(real_pool) == 6
    assert await seal(real_pool) == 0
    assert await verify(real_pool) == AuditVerification(6, 0, None)
    await write(real_pool)
    assert await verify(real_pool) == AuditVerification(6, 2, None)
    assert await seal(real_pool, at_most=1) == 1, "in the middle of a transaction"
    assert await seal(real_pool) == 1
    assert await verify(real_pool) == AuditVerification(8, 0, None)


async def test_whoever_is_signed_in_sees_the_head(real_pool: Pool, resources: Resources) -> None:
    async with real_pool.transaction() as db:
        city: City = await make_city(db, resources.cipher)
    await seal(real_pool)
    known = await head(real_pool)
    async with real_pool.connection() as db:
        shown = await get_audit_head(db, city.teacher_account.actor)
    assert (shown["position"], shown["hash"]) == (known.position, known.hash.hex())
    assert shown["sealed_at"] is not None


async def test_a_row_is_sealed_only_when_all_before_it_have_ended(real_pool: Pool) -> None:
    """A transaction that began earlier and ends later is not passed by."""
    async with real_pool.transaction() as slow:
        await make_unit(slow, "慢市", Level.CITY)
        await write(real_pool)
        assert await seal(real_pool) == 0
        await record_act(slow, None, operation="slow", target_id=None, provenance=NOWHERE)
    assert await seal(real_pool) == 4
    assert await verify(real_pool) == AuditVerification(4, 0, None)


async def test_many_sealers_make_one_chain(real_pool: Pool) -> None:
    """Writers and sealers at once: every row has one link, in one order."""
    writing = [write(real_pool) for _ in range(20)]
    sealing = [seal(real_pool, at_most=3) for _ in range(20)]
    done = await asyncio.gather(*sealing, *writing)
    sealed = sum(each for each in done if each is not None)
    while more := await seal(real_pool):
        sealed += more
    assert sealed == 40
    assert await verify(real_pool) == AuditVerification(40, 0, None)


async def test_while_one_seals_another_does_nothing(real_pool: Pool) -> None:
    await write(real_pool)
    async with real_pool.transaction() as first:
        assert await seal_trail(first, at_most=AT_ONCE) == 2
        assert await seal(real_pool) == 0
    assert await verify(real_pool) == AuditVerification(2, 0, None)


FORGED = """INSERT INTO audit_act (id, operation, since, changed_rows, sequence, transaction)
    SELECT gen_random_uuid(), 'forged', 0, 0, {sequence}, {transaction} FROM audit_act
    ORDER BY sequence LIMIT 1"""


@pytest.mark.parametrize(
    ("statement", "table", "position", "en"),
    [
        (("UPDATE audit_act SET account_id = gen_random_uuid() WHERE sequence ="
         " (SELECT sequence FROM audit_link WHERE position = 4)"),
         "audit_act", "4", "Its content is not what was sealed."),
        (("UPDATE audit_act SET at = at - interval '1 microsecond' WHERE sequence ="
         " (SELECT sequence FROM audit_link WHERE position = 6)"),
         "audit_act", "6", "Its content is not what was sealed."),
        (("UPDATE audit_change SET after = after || '{\"name\": \"别市\"}' WHERE id ="
         " (SELECT sequence FROM audit_link WHERE position = 3)"),
         "audit_change", "3", "Its content is not what was sealed."),
        (("UPDATE audit_change SET after = after - 'stages' WHERE id ="
         " (SELECT sequence FROM audit_link WHERE position = 5)"),
         "audit_change", "5", "Its content is not what was sealed."),
        (("DELETE FROM audit_act WHERE sequence ="
         " (SELECT sequence FROM audit_link WHERE position = 2)"),
         "audit_link", "2", "The row that it seals is gone."),
        ("DELETE FROM audit_link WHERE position = 3", "audit_link", "3", "A link is missing."),
        ("DELETE FROM audit_link WHERE position = 1", "audit_link", "1", "A link is missing."),
        ("UPDATE audit_link SET hash = sha256(hash) WHERE position = 5",
         "audit_change", "5", "Its content is not what was sealed."),
        ("UPDATE audit_link SET transaction = transaction - 1 WHERE position = 8",
         "audit_link", "8", "Its transaction is not its row's."),
        (FORGED.format(sequence="sequence - 1000000", transaction="transaction"),
         "audit_link", None, "A row was put among those that are sealed."),
        (FORGED.format(sequence="nextval('audit_sequence')", transaction="transaction"),
         "audit_link", None, "A row was put among those that are sealed."),
        (FORGED.format(sequence="sequence - 1", transaction="transaction"),
         "audit_link", "1", "Two rows have its sequence."),
    ],
)  # fmt: skip
async def test_the_first_row_that_is_not_as_it_was_sealed_is_named(
    statement: str,
    table: str,
    position: str | None,
    en: str,
    real_pool: Pool,
    owner: asyncpg.Connection,
) -> None:
    for _ in range(4):
        await write(real_pool)
    assert await seal(real_pool) == 8
    await tamper(owner, statement)
    finding = (await verify(real_pool)).finding
    assert finding is not None
    assert (finding.table, finding.key.get("position"), finding.en) == (table, position, en)
    if table != "audit_link":
        rows = await owner.fetch(
            "SELECT sequence FROM audit_link WHERE position = $1", int(position or 0)
        )
        assert finding.key["sequence"] == str(rows[0]["sequence"])


async def test_who_rewrites_the_whole_chain_is_found_by_a_head_kept_outside(
    real_pool: Pool, owner: asyncpg.Connection
) -> None:
    """Whoever has the database in hand can make it agree with itself, not with what others know."""
    for _ in range(3):
        await write(real_pool)
    await seal(real_pool)
    noted = await head(real_pool)
    assert (await verify(real_pool, noted)).finding is None
    await tamper(owner, "UPDATE audit_act SET operation = 'another'; DELETE FROM audit_link")
    await seal(real_pool)
    assert (await verify(real_pool)).finding is None
    finding = (await verify(real_pool, noted)).finding
    assert finding is not None
    assert finding.en == "It is not the head that was noted outside."
    await tamper(owner, "DELETE FROM audit_link WHERE position > 3")
    finding = (await verify(real_pool, noted)).finding
    assert finding is not None
    assert finding.en == "The chain ends before the noted head."


@pytest.mark.parametrize("table", ["audit_act", "audit_change", "audit_link"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET transaction = 1", "DELETE FROM {}", "TRUNCATE {}"]
)
async def test_not_even_the_owner_changes_it_but_by_laying_the_refusal_aside(
    table: str, statement: str, owner: asyncpg.Connection
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
        await owner.execute(statement.format(table))


async def test_verifying_is_three_statements_however_long_the_chain(real_pool: Pool) -> None:
    await write(real_pool)
    await seal(real_pool)
    async with real_pool.transaction(read_only=True) as db:
        before = db.statements
        await verify_trail(db, known=None)
    assert db.statements - before == 3, "the head, the links as a stream, what has no link"
