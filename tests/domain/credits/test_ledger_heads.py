"""Signed heads: one a day of each city, over all chains, for whoever is in the city."""

from datetime import timedelta

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from app.domain.credits.ledger_heads import (
    get_ledger_head,
    list_ledger_heads,
    read_ledger_keys,
    sign_due_head,
    signing,
)
from app.domain.credits.ledger_heads.head import LedgerHeadNotFound, head_claims
from app.domain.credits.verification import verify_ledger
from app.domain.paging import PageRequest
from app.security.tokens import LEDGER_HEAD, InvalidToken, JoseKey, Keyring, open_signed
from app.sql import Connection
from tests.domain.credits.making import make_pack, make_recognised
from tests.make import NOW, TODAY, City, make_account, make_unit

KEY = JoseKey(ec.generate_private_key(ec.SECP256R1()), kind=LEDGER_HEAD)
DAY = timedelta(days=1)


async def test_each_day_has_a_head_of_what_has_grown(db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    await make_recognised(db, city.school, city.county_admin, [city.teacher, city.colleague])
    before = db.statements
    assert await sign_due_head(db, signer=KEY, now=NOW)
    assert db.statements - before == 7
    assert await sign_due_head(db, signer=KEY, now=NOW) is None
    await make_recognised(db, city.school, city.county_admin, [city.teacher], now=NOW + DAY)
    await sign_due_head(db, signer=KEY, now=NOW + DAY)
    await sign_due_head(db, signer=KEY, now=NOW + 2 * DAY)

    for reader in (city.city_admin, city.school_admin, city.teacher_account):
        page = await list_ledger_heads(db, reader.actor, page=PageRequest(limit=10))
        told = [(row["number"], row["chains"], row["entries"], row["grown"]) for row in page.items]
        assert told == [(1, 2, 2, 2), (2, 2, 3, 1), (3, 2, 3, 0)]
        assert page.items[1]["previous"] == page.items[0]["digest"]
    only = await list_ledger_heads(db, city.auditor.actor, page=PageRequest(limit=10), day=TODAY)
    assert [row["number"] for row in only.items] == [1]


async def test_a_big_head_is_written_in_parts(
    db: Connection, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two chains, one in each statement; it is the head that it would be in one."""
    monkeypatch.setattr(signing, "_AT_ONCE", 1)
    await make_pack(db, city.city)
    await make_recognised(db, city.school, city.county_admin, [city.teacher, city.colleague])
    before = db.statements
    assert await sign_due_head(db, signer=KEY, now=NOW)
    assert db.statements - before == 8
    found = await verify_ledger(db)
    assert (found.heads, found.finding) == (1, None)


async def test_a_head_is_verified_by_its_public_key_alone(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    head_id = await sign_due_head(db, signer=KEY, now=NOW)
    assert head_id is not None
    head = await get_ledger_head(db, city.teacher_account.actor, ledger_head_id=head_id)
    (public,) = await read_ledger_keys(db)
    assert public["kid"] == head["key_id"]
    assert open_signed(public, head["signature"]) == head_claims(head)
    other = JoseKey(ec.generate_private_key(ec.SECP256R1())).public()
    for forged in (other, {}, {**public, "kty": "oct", "k": "AAAA"}):
        with pytest.raises(ValueError, match="does not verify"):
            open_signed(forged, head["signature"])
    tokens = Keyring([KEY], issuer="test", audience="test")
    with pytest.raises(InvalidToken):
        tokens.verify(head["signature"])
    assert await driver.fetchval("SELECT count(*) FROM ledger_key") == 1


async def test_another_city_has_heads_of_its_own(db: Connection, city: City) -> None:
    other = await make_unit(db, "邻市", city.city["level"])
    stranger = await make_account(db, "stranger", city.city_admin.actor.grants[0].role, other)
    signed = [await sign_due_head(db, signer=KEY, now=NOW) for _ in range(3)]
    assert signed[2] is None
    theirs = await list_ledger_heads(db, stranger.actor, page=PageRequest(limit=10))
    (head,) = theirs.items
    assert head["city_id"] == other["id"]
    with pytest.raises(LedgerHeadNotFound):
        await get_ledger_head(db, city.city_admin.actor, ledger_head_id=head["id"])


@pytest.mark.parametrize("table", ["ledger_head", "ledger_leaf", "ledger_key"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET {} = {}"])
async def test_nobody_changes_what_was_signed(
    driver: asyncpg.Connection, table: str, change: str
) -> None:
    column = {"ledger_leaf": "sequence"}.get(table, "id")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await driver.execute(change.format(table, column, column))
