import asyncio
from dataclasses import replace

import pytest

from app.database.pool import Pool
from app.domain.access.actors import NotInPerson
from app.domain.access.consents import (
    ConsentNotFound,
    give_consent,
    hold_consent,
    list_consents,
    revoke_consent,
)
from app.domain.access.roles import Permission
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, make_city, make_sign_in, use_token
from tests.oauth import make_client

READ = [Permission.UNIT_READ]


@pytest.fixture
async def client(db: Connection, city: City) -> Row:
    return await make_client(db, city.city)


async def give(db: Connection, city: City, client: Row, scopes: list[Permission] = READ) -> None:
    await give_consent(
        db, account_id=city.auditor.actor.account_id, client_id=client["id"], scopes=scopes, now=NOW
    )


async def test_one_sees_what_one_has_allowed(db: Connection, city: City, client: Row) -> None:
    await give(db, city, client)
    (row,) = await list_consents(db, city.auditor.actor)
    assert (row["client_name"], row["organisation"], row["scopes"]) == (
        "听课本", "示例科技公司", ["unit:read"],
    )  # fmt: skip
    assert await list_consents(db, city.city_admin.actor) == []


async def test_what_was_allowed_before_holds_on_and_is_shown(
    db: Connection, city: City, client: Row
) -> None:
    await give(db, city, client)
    await give(db, city, client, [Permission.TEACHER_READ])
    (row,) = await list_consents(db, city.auditor.actor)
    assert row["scopes"] == ["unit:read", "teacher:read"]


async def test_taking_it_back_ends_what_the_application_has_and_nothing_else(
    db: Connection, city: City, client: Row
) -> None:
    actor, other = city.auditor.actor, await make_client(db, city.city, "other")
    await give(db, city, client)
    await give(db, city, other)
    for token, each in ((b"this", client), (b"other", other)):
        await make_sign_in(db, actor.account_id, token, client_id=each["id"], scopes=READ)
    await make_sign_in(db, actor.account_id, b"own")
    consents = {row["client_id"]: row["id"] for row in await list_consents(db, actor)}
    row = await revoke_consent(db, actor, consent_id=consents[client["id"]], now=NOW)
    assert row["revoked_at"] == NOW
    assert [each["client_id"] for each in await list_consents(db, actor)] == [other["id"]]
    assert await use_token(db, b"this", client_id=client["id"]) is None
    assert await use_token(db, b"other", client_id=other["id"]) is not None
    assert await use_token(db, b"own") is not None
    with pytest.raises(ConsentNotFound):
        await revoke_consent(db, actor, consent_id=consents[client["id"]], now=NOW)


async def test_nobody_takes_back_anothers(db: Connection, city: City, client: Row) -> None:
    await give(db, city, client)
    (row,) = await list_consents(db, city.auditor.actor)
    for consent_id in (row["id"], new_id()):
        with pytest.raises(ConsentNotFound):
            await revoke_consent(db, city.city_admin.actor, consent_id=consent_id, now=NOW)
    assert await list_consents(db, city.auditor.actor) == [row]


async def test_an_application_does_neither(db: Connection, city: City, client: Row) -> None:
    await give(db, city, client)
    (row,) = await list_consents(db, city.auditor.actor)
    actor = replace(city.auditor.actor, client_id=client["id"], scopes=frozenset(Permission))
    with pytest.raises(NotInPerson):
        await list_consents(db, actor)
    with pytest.raises(NotInPerson):
        await revoke_consent(db, actor, consent_id=row["id"], now=NOW)
    assert await list_consents(db, city.auditor.actor) == [row]


async def test_a_consent_stands_until_it_is_taken_back(
    db: Connection, city: City, client: Row
) -> None:
    actor = city.auditor.actor
    both = {"account_id": actor.account_id, "client_id": client["id"], "scopes": READ}
    assert not await hold_consent(db, **both)
    await give(db, city, client)
    assert await hold_consent(db, **both)
    assert not await hold_consent(db, **both | {"scopes": [*READ, Permission.TEACHER_READ]})
    (row,) = await list_consents(db, actor)
    await revoke_consent(db, actor, consent_id=row["id"], now=NOW)
    assert not await hold_consent(db, **both)


async def test_what_begins_while_it_is_taken_back_ends_with_it(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        client = await make_client(db, city.city)
        await give(db, city, client)
        (row,) = await list_consents(db, city.auditor.actor)
    actor, held = city.auditor.actor, asyncio.Event()

    async def begin() -> None:
        async with real_pool.transaction() as db:
            both = {"account_id": actor.account_id, "client_id": client["id"]}
            assert await hold_consent(db, **both, scopes=READ)
            held.set()
            await asyncio.sleep(0.1)
            await make_sign_in(db, actor.account_id, b"begun", client_id=client["id"])

    async def take_back() -> None:
        await held.wait()
        async with real_pool.transaction() as db:
            await revoke_consent(db, actor, consent_id=row["id"], now=NOW)

    await asyncio.gather(begin(), take_back())
    async with real_pool.transaction() as db:
        assert await use_token(db, b"begun", client_id=client["id"]) is None
