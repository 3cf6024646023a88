import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.database.pool import Pool
from app.domain.access.actors import NotInPerson, PasswordChangeDue
from app.domain.access.identities import begin_identity_link
from app.domain.access.identity_requests import (
    REQUEST_LASTS,
    IdentityRequestGone,
    begin_identity_request,
    decide_identity_request,
    find_identity_request,
    identify_request,
    return_identity_request,
    tidy_identity_requests,
)
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.identities import make_provider
from tests.make import NOW, City, make_city
from tests.openid.a_provider import Provider

STATE: dict[str, Any] = {"state_hash": b"state", "binder_hash": b"binder"}


@pytest.fixture
async def provider_id(db: Connection, city: City, resources: Resources) -> UUID:
    return await make_provider(db, city, resources.cipher, Provider())


async def begin(db: Connection, provider_id: UUID, **more: Any) -> None:
    values = {**STATE, "nonce": "nonce", "verifier": "verifier", "asked": "scope=x"} | more
    until = await begin_identity_request(db, provider_id=provider_id, now=NOW, **values)
    assert until == NOW + REQUEST_LASTS


async def come_back(db: Connection, provider_id: UUID, **more: Any) -> Row:
    values = {**STATE, "now": NOW} | more
    return await return_identity_request(db, provider_id=provider_id, **values)


async def test_a_request_comes_back_once_and_is_decided_once(
    db: Connection, provider_id: UUID
) -> None:
    await begin(db, provider_id)
    row = await come_back(db, provider_id)
    assert (row["nonce"], row["verifier"], row["subject"]) == ("nonce", "verifier", None)
    with pytest.raises(IdentityRequestGone):
        await come_back(db, provider_id)
    with pytest.raises(IdentityRequestGone):
        await find_identity_request(db, **STATE, now=NOW)
    await identify_request(db, request_id=row["id"], subject="person-1", binder_hash=b"binder")
    assert (await find_identity_request(db, **STATE, now=NOW))["subject"] == "person-1"
    await decide_identity_request(db, **STATE, now=NOW)
    for again in (find_identity_request, decide_identity_request):
        with pytest.raises(IdentityRequestGone):
            await again(db, **STATE, now=NOW)


@pytest.mark.parametrize(
    "more",
    [
        {"state_hash": b"other"}, {"binder_hash": b"other"}, {"provider_id": new_id()},
        {"now": NOW + REQUEST_LASTS},
    ],
)  # fmt: skip
async def test_what_is_not_ours_does_not_come_back_and_spoils_nothing(
    db: Connection, provider_id: UUID, more: dict[str, Any]
) -> None:
    await begin(db, provider_id)
    with pytest.raises(IdentityRequestGone):
        await come_back(db, **({"provider_id": provider_id} | more))
    assert await come_back(db, provider_id)


async def test_of_two_who_come_back_at_once_one_does(real_pool: Pool, resources: Resources) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        provider_id = await make_provider(db, city, resources.cipher, Provider())
        await begin(db, provider_id)

    async def attempt() -> bool:
        async with real_pool.transaction() as db:
            try:
                await come_back(db, provider_id)
            except IdentityRequestGone:
                return False
            return True

    assert sum(await asyncio.gather(*(attempt() for _ in range(8)))) == 1


async def test_a_link_belongs_to_the_person_and_to_the_browser_that_comes_back(
    db: Connection, driver: asyncpg.Connection, city: City, provider_id: UUID
) -> None:
    actor = city.school_admin.actor
    drawn: dict[str, Any] = {"state_hash": b"state", "nonce": "nonce", "verifier": "verifier"}
    for other, refusal in (
        (replace(actor, client_id=new_id()), NotInPerson),
        (replace(actor, on_behalf_of=new_id()), NotInPerson),
        (replace(actor, must_change_password=True), PasswordChangeDue),
    ):
        with pytest.raises(refusal):
            await begin_identity_link(db, other, provider_id=provider_id, now=NOW, **drawn)
    assert await driver.fetchval("SELECT count(*) FROM identity_request") == 0
    await begin_identity_link(db, actor, provider_id=provider_id, now=NOW, **drawn)
    row = await come_back(db, provider_id, binder_hash=b"any")
    assert (row["account_id"], row["asked"]) == (actor.account_id, None)
    await identify_request(db, request_id=row["id"], subject="person-1", binder_hash=b"binder")
    for ask in (find_identity_request, decide_identity_request):
        with pytest.raises(IdentityRequestGone):
            await ask(db, state_hash=b"state", binder_hash=b"any", now=NOW)
    await decide_identity_request(db, **STATE, now=NOW)


async def test_those_that_are_over_are_forgotten(
    db: Connection, driver: asyncpg.Connection, provider_id: UUID
) -> None:
    await begin(db, provider_id)
    await tidy_identity_requests(db, now=NOW)
    assert await driver.fetchval("SELECT count(*) FROM identity_request") == 1
    await tidy_identity_requests(db, now=NOW + REQUEST_LASTS * 2)
    assert await driver.fetchval("SELECT count(*) FROM identity_request") == 0
