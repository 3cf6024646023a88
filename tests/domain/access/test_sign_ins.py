from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from app.domain.access.accounts import AccountNotFound
from app.domain.access.actors import NotInPerson
from app.domain.access.administration import end_account_sign_ins
from app.domain.access.refresh_tokens import tidy_refresh_tokens
from app.domain.access.sign_ins import (
    KEPT,
    STAYS,
    SignInNotFound,
    end_sign_in,
    ended_sign_ins,
    list_sign_ins,
    stop_sign_in,
    tidy_sign_ins,
    use_sign_in,
)
from app.domain.errors import NotAllowed
from app.sql import Connection, new_id
from tests.make import NOW, City, make_sign_in, use_token
from tests.oauth import make_client


async def test_one_sees_where_one_is_signed_in(db: Connection, city: City) -> None:
    actor, client = city.auditor.actor, await make_client(db, city.city)
    own = await make_sign_in(db, actor.account_id, b"1", address="10.1.*.*", agent="curl/8")
    through = await make_sign_in(
        db, actor.account_id, b"2", client_id=client["id"], scopes=["unit:read"],
        last_used_at=NOW + timedelta(hours=1),
    )  # fmt: skip
    await make_sign_in(db, actor.account_id, b"3", ended_at=NOW)
    await make_sign_in(db, city.county_admin.actor.account_id, b"4")
    shown = await list_sign_ins(db, actor, now=NOW + timedelta(hours=2))
    assert [(row["id"], row["client_name"], row["scopes"]) for row in shown] == [
        (through, "听课本", ["unit:read"]), (own, None, None),
    ]  # fmt: skip
    assert (shown[1]["address"], shown[1]["agent"]) == ("10.1.*.*", "curl/8")
    assert await list_sign_ins(db, actor, now=NOW + STAYS) == [shown[0]]


async def test_a_use_is_kept_with_its_address_if_there_is_one(db: Connection, city: City) -> None:
    actor, later = city.auditor.actor, NOW + timedelta(days=1)
    sign_in_id = await make_sign_in(db, actor.account_id, b"1", address="10.1.*.*")
    await use_sign_in(db, sign_in_id=sign_in_id, address=None, now=later)
    (row,) = await list_sign_ins(db, actor, now=later)
    assert (row["address"], row["last_used_at"]) == ("10.1.*.*", later)
    await use_sign_in(db, sign_in_id=sign_in_id, address="192.0.*.*", now=later)
    (row,) = await list_sign_ins(db, actor, now=later)
    assert row["address"] == "192.0.*.*"


async def test_one_ends_a_sign_in_of_ones_own_once(db: Connection, city: City) -> None:
    actor = city.auditor.actor
    first = await make_sign_in(db, actor.account_id, b"1")
    await make_sign_in(db, actor.account_id, b"2")
    assert (await end_sign_in(db, actor, sign_in_id=first, now=NOW))["id"] == first
    assert await use_token(db, b"1") is None
    assert await use_token(db, b"2") is not None
    assert await ended_sign_ins(db, since=NOW) == [first]
    assert await ended_sign_ins(db, since=NOW + timedelta(seconds=1)) == []
    for sign_in_id in (first, new_id()):
        with pytest.raises(SignInNotFound):
            await end_sign_in(db, actor, sign_in_id=sign_in_id, now=NOW)


async def test_nobody_ends_anothers(db: Connection, city: City) -> None:
    theirs = await make_sign_in(db, city.school_admin.actor.account_id, b"1")
    with pytest.raises(SignInNotFound):
        await end_sign_in(db, city.city_admin.actor, sign_in_id=theirs, now=NOW)
    assert await use_token(db, b"1") is not None


async def test_an_application_does_neither(db: Connection, city: City) -> None:
    person = city.auditor.actor
    sign_in_id = await make_sign_in(db, person.account_id, b"1")
    actor = replace(person, client_id=new_id(), scopes=frozenset())
    with pytest.raises(NotInPerson):
        await list_sign_ins(db, actor, now=NOW)
    with pytest.raises(NotInPerson):
        await end_sign_in(db, actor, sign_in_id=sign_in_id, now=NOW)
    assert await use_token(db, b"1") is not None


async def test_a_superior_ends_all_of_an_account(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    account_id = city.teacher_account.actor.account_id
    await make_sign_in(db, account_id, b"1")
    row = await end_account_sign_ins(db, city.school_admin.actor, account_id=account_id, now=NOW)
    assert (row["id"], row["suspended_at"]) == (account_id, None)
    assert await use_token(db, b"1") is None
    version = "SELECT security_version FROM account WHERE id = $1"
    assert await driver.fetchval(version, account_id) == 2


@pytest.mark.parametrize(
    ("who", "refusal"), [("sibling_admin", AccountNotFound), ("auditor", NotAllowed)]
)
async def test_others_do_not(
    db: Connection, city: City, who: str, refusal: type[Exception]
) -> None:
    account_id = city.school_admin.actor.account_id
    await make_sign_in(db, account_id, b"1")
    with pytest.raises(refusal):
        await end_account_sign_ins(db, getattr(city, who).actor, account_id=account_id, now=NOW)
    assert await use_token(db, b"1") is not None


async def test_what_has_ended_is_announced_once(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    sign_in_id = await make_sign_in(db, city.auditor.actor.account_id, b"1")
    before = db.statements
    await stop_sign_in(db, sign_in_id=sign_in_id, now=NOW)
    assert db.statements == before + 2
    await stop_sign_in(db, sign_in_id=sign_in_id, now=NOW)
    assert db.statements == before + 3


async def test_what_nobody_uses_any_more_is_forgotten(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    account_id = city.auditor.actor.account_id
    await make_sign_in(db, account_id, b"1")
    kept = await make_sign_in(db, account_id, b"2", last_used_at=NOW + timedelta(seconds=1))
    await tidy_refresh_tokens(db, now=NOW + STAYS)
    await tidy_sign_ins(db, now=NOW + STAYS)
    assert await driver.fetchval("SELECT count(*) FROM refresh_token") == 2, (
        "they may still be used"
    )
    for _ in range(2):
        await tidy_refresh_tokens(db, now=NOW + KEPT + timedelta(seconds=1))
        await tidy_sign_ins(db, now=NOW + KEPT + timedelta(seconds=1))
    assert await driver.fetchval("SELECT count(*) FROM refresh_token") == 0
    assert [row["id"] for row in await driver.fetch("SELECT id FROM sign_in")] == [kept]


async def test_what_still_has_a_token_waits_until_it_is_gone(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    """Of tokens, too, so many are forgotten at once: those of a long time go in many rounds."""
    old = await make_sign_in(db, city.auditor.actor.account_id, b"1")
    late = NOW + KEPT + timedelta(seconds=1)
    await tidy_sign_ins(db, now=late)
    assert [row["id"] for row in await driver.fetch("SELECT id FROM sign_in")] == [old]
    await tidy_refresh_tokens(db, now=late)
    await tidy_sign_ins(db, now=late)
    assert await driver.fetchval("SELECT count(*) FROM sign_in") == 0
