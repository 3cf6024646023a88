from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from pydantic import ValidationError

from app.domain.access.actors import NotInPerson
from app.domain.access.identities import (
    AssertedIdentity,
    IdentityNotAsserted,
    IdentityNotFound,
    IdentityTaken,
    account_of_identity,
    begin_identity_link,
    identities_of,
    link_identity,
    list_identities,
    list_own_identities,
    unlink_identity,
    unlink_own_identity,
)
from app.domain.access.identity_providers import IdentityProviderNotFound
from app.domain.access.roles import Role
from app.domain.errors import DomainError, NotAllowed, NotFound
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.identities import link, make_provider
from tests.make import NOW, City, Person, make_account, make_city
from tests.openid.a_provider import Provider


@pytest.fixture
async def provider_id(db: Connection, city: City, resources: Resources) -> UUID:
    return await make_provider(db, city, resources.cipher, Provider())


async def assert_identity(
    db: Connection, by: Person, of: Person, provider_id: UUID, subject: str = "person-1"
) -> Row:
    asserted = AssertedIdentity(provider_id=provider_id, subject=subject)
    async with db.transaction():
        return await link_identity(
            db, by.actor, account_id=of.actor.account_id, asserted=asserted, now=NOW
        )


async def rows(driver: asyncpg.Connection) -> Any:
    return await driver.fetch("SELECT * FROM external_identity ORDER BY id")


async def test_a_superior_asserts_who_somebody_is(
    db: Connection, city: City, provider_id: UUID
) -> None:
    row = await assert_identity(db, city.county_admin, city.school_admin, provider_id)
    account_id = city.school_admin.actor.account_id
    assert {name: row[name] for name in ("account_id", "provider_id", "provider_name")} == {
        "account_id": account_id, "provider_id": provider_id, "provider_name": "省平台",
    }  # fmt: skip
    assert row["linked_by"] == city.county_admin.actor.account_id
    found = await account_of_identity(db, provider_id=provider_id, subject="person-1")
    assert found == account_id
    assert await list_own_identities(db, city.school_admin.actor) == [row]
    assert await list_identities(db, city.auditor.actor, account_id=account_id) == [row]
    of = await identities_of(db, city.auditor.actor, account_ids=[account_id])
    assert of == {account_id: [row]}


@pytest.mark.parametrize("subject", ["PERSON-1", "person-1 ", "person", ""])
async def test_a_subject_is_compared_exactly(
    db: Connection, city: City, provider_id: UUID, subject: str
) -> None:
    await link(db, city.school_admin, provider_id, "person-1")
    assert await account_of_identity(db, provider_id=provider_id, subject=subject) is None
    assert await account_of_identity(db, provider_id=new_id(), subject="person-1") is None


@pytest.mark.parametrize(
    ("by", "of", "refusal"),
    [
        ("auditor", "school_admin", NotAllowed),
        ("sibling_admin", "school_admin", NotFound),
        ("school_admin", "county_admin", NotFound),
        ("school_admin", "school_admin", IdentityNotAsserted),
        ("city_admin", "integration", IdentityNotAsserted),
    ],
)
async def test_what_nobody_asserts(
    db: Connection, driver: asyncpg.Connection, city: City, provider_id: UUID, by: str, of: str,
    refusal: type[DomainError],
) -> None:  # fmt: skip
    if of == "integration":
        await driver.execute(
            "UPDATE account SET kind = 'client' WHERE id = $1",
            city.integration.actor.account_id,
        )
    with pytest.raises(refusal):
        await assert_identity(db, getattr(city, by), getattr(city, of), provider_id)
    assert await rows(driver) == []


async def test_nobody_asserts_for_who_may_do_more(
    db: Connection, driver: asyncpg.Connection, city: City, provider_id: UUID
) -> None:
    more = await make_account(db, "more", Role.INTEGRATION, city.county)
    with pytest.raises(NotAllowed):
        await assert_identity(db, city.county_admin, more, provider_id)
    assert await rows(driver) == []


async def test_an_identity_is_one_accounts_and_an_account_has_one_of_a_provider(
    db: Connection, driver: asyncpg.Connection, city: City, resources: Resources, provider_id: UUID
) -> None:
    await assert_identity(db, city.county_admin, city.school_admin, provider_id)
    before = await rows(driver)
    with pytest.raises(IdentityTaken):
        await assert_identity(db, city.county_admin, city.sibling_admin, provider_id)
    with pytest.raises(IdentityTaken):
        await assert_identity(db, city.county_admin, city.school_admin, provider_id, "person-2")
    assert await rows(driver) == before
    other = await make_provider(db, city, resources.cipher, Provider("https://other.example"))
    await assert_identity(db, city.county_admin, city.school_admin, other)
    await driver.execute("UPDATE identity_provider SET is_enabled = false")
    with pytest.raises(IdentityProviderNotFound):
        await assert_identity(db, city.county_admin, city.sibling_admin, provider_id, "person-3")


async def test_a_provider_is_believed_about_the_accounts_of_its_city_alone(
    db: Connection, driver: asyncpg.Connection, city: City, resources: Resources
) -> None:
    """Whoever administers a city can register a provider that says anything."""
    other = await make_city(db, resources.cipher)
    foreign = await make_provider(db, other, resources.cipher, Provider())
    with pytest.raises(IdentityProviderNotFound):
        await assert_identity(db, city.county_admin, city.school_admin, foreign)
    with pytest.raises(IdentityProviderNotFound):
        await link(db, city.school_admin, foreign, "person-1")
    with pytest.raises(IdentityProviderNotFound):
        await begin_identity_link(
            db, city.school_admin.actor, state_hash=b"state", provider_id=foreign, nonce="nonce",
            verifier="verifier", now=NOW,
        )  # fmt: skip
    assert await rows(driver) == []
    assert await driver.fetchval("SELECT count(*) FROM identity_request") == 0
    await link(db, other.school_admin, foreign, "person-1")
    assert await account_of_identity(db, provider_id=foreign, subject="person-1")
    await driver.execute(
        "UPDATE account SET city_id = $1, county_id = $2, school_id = $3 WHERE id = $4",
        *(city.school[name] for name in ("city_id", "county_id", "id")),
        other.school_admin.actor.account_id,
    )
    assert await account_of_identity(db, provider_id=foreign, subject="person-1") is None


async def test_a_link_is_ended_by_its_owner_or_by_a_superior(
    db: Connection, driver: asyncpg.Connection, city: City, provider_id: UUID
) -> None:
    person, actor = city.school_admin, city.school_admin.actor
    own = await link(db, person, provider_id, "person-1")
    for other, refusal in (
        (replace(actor, client_id=new_id()), NotInPerson),
        (city.sibling_admin.actor, IdentityNotFound),
    ):
        with pytest.raises(refusal):
            await unlink_own_identity(db, other, identity_id=own)
    with pytest.raises(NotAllowed):
        await unlink_identity(db, city.auditor.actor, identity_id=own, now=NOW)
    with pytest.raises(IdentityNotFound):
        await unlink_identity(db, city.sibling_admin.actor, identity_id=own, now=NOW)
    assert len(await rows(driver)) == 1
    assert (await unlink_own_identity(db, actor, identity_id=own))["id"] == own
    with pytest.raises(IdentityNotFound):
        await unlink_own_identity(db, actor, identity_id=own)
    again = await link(db, person, provider_id, "person-1")
    row = await unlink_identity(db, city.county_admin.actor, identity_id=again, now=NOW)
    assert (row["id"], await rows(driver)) == (again, [])


@pytest.mark.parametrize("subject", ["", "x" * 256, "甲", "a\nb"])
def test_what_is_no_subject(subject: str) -> None:
    with pytest.raises(ValidationError):
        AssertedIdentity(provider_id=new_id(), subject=subject)
