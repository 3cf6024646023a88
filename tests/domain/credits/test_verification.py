"""Verification: what was tampered with is named."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from app.database.embedded import Urls
from app.domain.credits.entries.chain import hash_of
from app.domain.credits.ledger_heads import sign_due_head
from app.domain.credits.reversals import NewReversal, reverse_entry
from app.domain.credits.verification import Verification, verify_ledger
from app.request import Resources
from app.security.tokens import LEDGER_HEAD, JoseKey, open_signed
from app.sql import Connection, prepare_connection
from tests.domain.credits.making import make_pack, make_recognised
from tests.make import NOW, City, make_city


@pytest.fixture
async def owner(urls: Urls) -> AsyncIterator[asyncpg.Connection]:
    """The owner's connection, with the ledger's refusal laid aside, in a transaction rolled back."""
    connection = await asyncpg.connect(urls.owner)
    await prepare_connection(connection)
    outer = connection.transaction()
    await outer.start()
    try:
        yield connection
    finally:
        await outer.rollback()
        await connection.close()


@pytest.fixture
async def ledger(owner: asyncpg.Connection, resources: Resources) -> City:
    """Two people with two entries each, and a reversal; the ledger's refusal is laid aside."""
    db = Connection(owner)
    city = await make_city(db, resources.cipher)
    await make_pack(db, city.city)
    people = [city.teacher, city.sibling_teacher]
    for _ in range(2):
        await make_recognised(db, city.school, city.county_admin, people)
    struck = await owner.fetchval(
        "SELECT id FROM credit_entry WHERE teacher_id = $1 AND sequence = 1", city.teacher["id"]
    )
    await reverse_entry(
        db, city.county_admin.actor, entry_id=struck, new=NewReversal(reason="登记有误"), now=NOW
    )
    await owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
    await owner.execute("ALTER TABLE credit_entry DISABLE TRIGGER append_only")
    return city


async def test_what_was_not_touched_is_found_so(owner: asyncpg.Connection, ledger: City) -> None:
    found = await verify_ledger(Connection(owner))
    assert (found.people, found.entries, found.standings, found.finding) == (2, 5, 2, None)


@pytest.mark.parametrize(
    ("tampering", "table", "sequence", "en"),
    [
        (
            "UPDATE credit_entry SET credits = 99 WHERE teacher_id = $1 AND sequence = 2",
            "credit_entry", "2", "Its content is not what was hashed.",
        ),
        (
            "UPDATE credit_entry SET reason = '改' WHERE teacher_id = $1 AND sequence = 3",
            "credit_entry", "3", "Its content is not what was hashed.",
        ),
        (
            "DELETE FROM credit_entry WHERE teacher_id = $1 AND sequence = 2",
            "credit_entry", "3", "An entry before it is missing.",
        ),
        (
            "UPDATE credit_entry SET previous_hash = hash WHERE teacher_id = $1 AND sequence = 2",
            "credit_entry", "2", "It does not follow the one before.",
        ),
        (
            "DELETE FROM credit_entry WHERE teacher_id = $1 AND sequence = 3",
            "credit_entry", "2", "The chain's head names another end.",
        ),
        (
            "DELETE FROM credit_entry WHERE teacher_id = $1",
            "credit_chain", "3", "Its entries are gone.",
        ),
        (
            "UPDATE standing SET counted_credits = 99 WHERE teacher_id = $1",
            "standing", None, "It is not what the ledger says.",
        ),
        (
            "UPDATE standing SET state = jsonb_set(state, '{entries}', '7') WHERE teacher_id = $1",
            "standing", None, "It is not what the ledger says.",
        ),
        (
            "DELETE FROM standing WHERE teacher_id = $1",
            "standing", None, "It is not what the ledger says.",
        ),
    ],
)  # fmt: skip
async def test_the_first_bad_row_is_named(
    owner: asyncpg.Connection,
    ledger: City,
    tampering: str,
    table: str,
    sequence: str | None,
    en: str,
) -> None:
    await owner.execute(tampering, ledger.teacher["id"])
    finding = (await verify_ledger(Connection(owner))).finding
    assert finding is not None
    assert (finding.table, finding.key.get("sequence"), finding.en) == (table, sequence, en)
    assert finding.key["teacher_id"] == str(ledger.teacher["id"])


async def test_wrong_sums_of_a_school_are_found(owner: asyncpg.Connection, ledger: City) -> None:
    await owner.execute(
        "UPDATE school_credit SET met = met + 1 WHERE school_id = $1", ledger.sibling["id"]
    )
    finding = (await verify_ledger(Connection(owner))).finding
    assert finding is not None
    assert (finding.table, finding.key["school_id"]) == ("school_credit", str(ledger.sibling["id"]))


KEY = JoseKey(ec.generate_private_key(ec.SECP256R1()), kind=LEDGER_HEAD)


@pytest.fixture
async def signed(owner: asyncpg.Connection, ledger: City) -> City:
    """The ledger under two heads: of all that is in it, and of a quiet day."""
    db = Connection(owner)
    for days in range(2):
        assert await sign_due_head(db, signer=KEY, now=NOW + timedelta(days=days))
        assert await sign_due_head(db, signer=KEY, now=NOW + timedelta(days=days)) is None
    for table in ("ledger_head", "ledger_leaf", "ledger_key"):
        await owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only_rows")
    return ledger


async def verified(owner: asyncpg.Connection, **more: Any) -> Verification:
    return await verify_ledger(Connection(owner), opens=open_signed, **more)


async def test_signed_heads_verify_and_are_told(owner: asyncpg.Connection, signed: City) -> None:
    found = await verified(owner)
    assert (found.heads, found.finding) == (2, None)
    heads = await owner.fetch("SELECT * FROM ledger_head ORDER BY number")
    assert [(row["chains"], row["entries"], row["grown"]) for row in heads] == [
        (2, 5, 2),
        (2, 5, 0),
    ]
    assert found.last_heads == [heads[1]["signature"]]
    assert (await verified(owner, kept=heads[0]["signature"])).finding is None
    part: list[float] = []
    await verified(owner, advance=part.append)
    assert part[-1] == 1.0


async def test_a_chain_that_was_computed_anew_is_not_what_was_signed(
    owner: asyncpg.Connection, signed: City
) -> None:
    """An owner who knows how hashes are made changes the last entry, and the head of its chain."""
    teacher_id = signed.teacher["id"]
    row = await owner.fetchrow(
        "SELECT * FROM credit_entry WHERE teacher_id = $1 AND sequence = 3", teacher_id
    )
    assert row is not None
    forged = dict(row) | {"reason": "改"}
    forged_hash = hash_of(row["previous_hash"], forged)
    await owner.execute(
        "UPDATE credit_entry SET reason = '改', hash = $2 WHERE id = $1", row["id"], forged_hash
    )
    await owner.execute(
        "UPDATE credit_chain SET hash = $2 WHERE teacher_id = $1", teacher_id, forged_hash
    )
    finding = (await verified(owner)).finding
    assert finding is not None
    assert (finding.table, finding.key["sequence"]) == ("credit_entry", "3")
    assert finding.en == "It is not what was signed on 2026-11-20."
    # Whoever changes what was signed, too, has no signature for it.
    await owner.execute(
        "UPDATE ledger_leaf SET hash = $2 WHERE teacher_id = $1", teacher_id, forged_hash
    )
    finding = (await verified(owner)).finding
    assert finding is not None
    assert (finding.table, finding.en) == (
        "ledger_head", "Its digest is not that of what it covers.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("tampering", "table", "en"),
    [
        (
            """DELETE FROM credit_entry WHERE teacher_id = $1 AND sequence = 3;
            UPDATE credit_chain AS c SET sequence = 2, hash = e.hash FROM credit_entry AS e
            WHERE e.teacher_id = $1 AND e.sequence = 2 AND c.teacher_id = $1""",
            "credit_entry", "It was signed on 2026-11-20 and is gone.",
        ),
        (
            """DELETE FROM credit_entry WHERE teacher_id = $1;
            DELETE FROM credit_chain WHERE teacher_id = $1;
            DELETE FROM standing WHERE teacher_id = $1""",
            "credit_entry", "It was signed on 2026-11-20 and is gone.",
        ),
        (
            "DELETE FROM ledger_leaf WHERE teacher_id = $1",
            "ledger_head", "Its digest is not that of what it covers.",
        ),
        (
            "DELETE FROM ledger_leaf; DELETE FROM ledger_head WHERE number = 1",
            "ledger_head", "A head before it is missing.",
        ),
        (
            "UPDATE ledger_head SET entries = entries - 1 WHERE number = 2",
            "ledger_head", "Its signature is not of what it says.",
        ),
        (
            "UPDATE ledger_head SET previous = repeat('0', 64) WHERE number = 2",
            "ledger_head", "It does not follow the one before.",
        ),
    ],
)  # fmt: skip
async def test_what_was_done_to_the_signed_is_named(
    owner: asyncpg.Connection, signed: City, tampering: str, table: str, en: str
) -> None:
    for statement in tampering.split(";"):
        given = [signed.teacher["id"]] if "$1" in statement else []
        await owner.execute(statement, *given)
    finding = (await verified(owner)).finding
    assert finding is not None
    assert (finding.table, finding.en) == (table, en)
    if table == "credit_entry":
        assert finding.key["teacher_id"] == str(signed.teacher["id"])


async def test_a_head_that_was_kept_outside_shows_what_was_cut_off(
    owner: asyncpg.Connection, signed: City
) -> None:
    kept = await owner.fetchval("SELECT signature FROM ledger_head WHERE number = 2")
    await owner.execute("DELETE FROM ledger_head WHERE number = 2")
    assert (await verified(owner)).finding is None
    finding = (await verified(owner, kept=kept)).finding
    assert finding is not None
    assert finding.en == "The kept head is not there."
