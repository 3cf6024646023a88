from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest
from pydantic import ValidationError

from app.domain.access.accounts import AccountNameTaken
from app.domain.access.administration import (
    end_account_sign_ins,
    restore_account,
    suspend_account,
)
from app.domain.access.clients import (
    OVERLAP,
    ClientChanges,
    ClientIsPublic,
    ClientKind,
    ClientNotFound,
    Flow,
    NewClient,
    PublicClientAlone,
    RedirectMissing,
    ScopeNeverGiven,
    ScopeNotRegistered,
    find_client,
    get_client,
    has_flow,
    list_clients,
    may_ask,
    origins_of_clients,
    register_client,
    restore_client,
    rotate_client_secret,
    scopes_asked_for,
    secrets_of_client,
    suspend_client,
    update_client,
)
from app.domain.access.grants import NewGrant, grant_role
from app.domain.access.roles import Permission, Role
from app.domain.access.subjects import SubjectNotFound
from app.domain.errors import DomainError, NotAllowed
from app.domain.paging import PageRequest
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, Person
from tests.oauth import make_client

NEW: dict[str, Any] = {
    "name": "listening.book",
    "display_name": "听课本",
    "organisation": "示例科技公司",
    "purpose": "记录听课",
    "valid_to": date(2027, 9, 1),
    "scopes": [Permission.TEACHER_READ],
    "flows": [Flow.AUTHORISATION_CODE],
    "redirect_uris": ["https://app.example/back"],
}


def new(city: City, **more: Any) -> NewClient:
    return NewClient(**({**NEW, "unit_id": city.city["id"]} | more))


async def rows(driver: asyncpg.Connection) -> Any:
    return await driver.fetch(
        "SELECT (SELECT count(*) FROM client), (SELECT count(*) FROM account),"
        " (SELECT sum(security_version) FROM account)"
    )


async def test_an_application_is_registered_and_read(db: Connection, city: City) -> None:
    actor = city.city_admin.actor
    row = await register_client(db, actor, new=new(city), secret=b"hash", now=NOW)
    assert row == await get_client(db, actor, client_id=row["id"])
    assert (row["name"], row["kind"], row["scopes"]) == (
        "listening.book", ClientKind.CONFIDENTIAL, ["teacher:read"],
    )  # fmt: skip
    page = await list_clients(db, city.auditor.actor, page=PageRequest())
    assert [each["id"] for each in page.items] == [row["id"]]
    found = await find_client(db, name="listening.book")
    assert found is not None
    assert (found["id"], found["secret"]) == (row["id"], b"hash")
    assert "secret" not in row
    assert "previous_secret" not in row


@pytest.mark.parametrize(
    ("who", "unit", "more", "refusal"),
    [
        ("county_admin", "city", {}, SubjectNotFound),
        ("county_admin", "county", {}, NotAllowed),
        ("auditor", "city", {}, NotAllowed),
        ("teacher_account", "school", {}, SubjectNotFound),
        ("city_admin", "city", {"redirect_uris": []}, RedirectMissing),
        (
            "city_admin", "city",
            {"kind": "public", "flows": ["client_credentials"]}, PublicClientAlone,
        ),
        ("city_admin", "city", {"scopes": ["account:write"]}, ScopeNeverGiven),
        ("city_admin", "city", {"scopes": ["client:write"]}, ScopeNeverGiven),
    ],
)  # fmt: skip
async def test_what_is_not_registered(
    db: Connection, driver: asyncpg.Connection, city: City,
    who: str, unit: str, more: dict[str, Any], refusal: type[DomainError],
) -> None:  # fmt: skip
    asked = new(city, unit_id=getattr(city, unit)["id"], **more)
    actor, before = getattr(city, who).actor, await rows(driver)
    with pytest.raises(refusal):
        await register_client(db, actor, new=asked, secret=b"hash", now=NOW)
    assert await rows(driver) == before


async def test_nobody_gives_an_application_what_they_do_not_hold(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    """Somebody who registers applications through one that may not recognise credits, say."""
    scopes = frozenset({Permission.CLIENT_WRITE, Permission.CLIENT_READ, Permission.TEACHER_READ})
    actor, before = replace(city.city_admin.actor, scopes=scopes), await rows(driver)
    wanted = new(city, scopes=["teacher:read", "credit:recognise"])
    with pytest.raises(NotAllowed) as refused:
        await register_client(db, actor, new=wanted, secret=b"hash", now=NOW)
    assert refused.value.details == {"permission": "credit:recognise"}
    assert await rows(driver) == before
    personal = new(city, scopes=["activity:participate"])
    assert await register_client(db, actor, new=personal, secret=b"hash", now=NOW)


async def test_a_name_is_taken_once(db: Connection, city: City) -> None:
    actor = city.city_admin.actor
    await register_client(db, actor, new=new(city), secret=b"hash", now=NOW)
    with pytest.raises(AccountNameTaken):
        await register_client(db, actor, new=new(city), secret=b"hash", now=NOW)


@pytest.mark.parametrize(
    "address",
    [
        "http://app.example/back", "https://app.example/back#part", "https://user@app.example/",
        "https://*.example/", "javascript:alert(1)", "https://app.example/back; script-src *",
        "http://127.0.0.1.example/", "http://localhost.example/", "//app.example/",
        "https://app.example/ x", "https://app.example/\nx", "com.example.app:/back",
    ],
)  # fmt: skip
def test_what_is_no_address_to_send_people_to(address: str) -> None:
    with pytest.raises(ValidationError):
        NewClient(**{**NEW, "unit_id": new_id(), "redirect_uris": [address]})


@pytest.mark.parametrize(
    "address",
    [
        "https://app.example", "https://app.example:8443/back?from=yanxun",
        "http://127.0.0.1/back", "http://127.0.0.1:8765/back", "http://[::1]:80/",
    ],
)  # fmt: skip
def test_what_is_an_address_to_send_people_to(city: City, address: str) -> None:
    assert new(city, redirect_uris=[address]).redirect_uris == [address]


async def test_a_change_keeps_the_rest_and_ends_the_tokens_of_before(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    client = await make_client(db, city.city)
    changes = ClientChanges(purpose="另一用途", scopes=[Permission.UNIT_READ])
    row = await update_client(
        db, city.city_admin.actor, client_id=client["id"], changes=changes, now=NOW
    )
    assert (row["purpose"], row["scopes"], row["organisation"]) == (
        "另一用途", ["unit:read"], "示例科技公司",
    )  # fmt: skip
    version = "SELECT security_version FROM account WHERE id = $1"
    assert await driver.fetchval(version, client["id"]) == 2


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"redirect_uris": []}, RedirectMissing),
        ({"scopes": ["account:write"]}, ScopeNeverGiven),
    ],
)
async def test_a_change_is_checked_like_a_new_one(
    db: Connection, driver: asyncpg.Connection, city: City,
    more: dict[str, Any], refusal: type[DomainError],
) -> None:  # fmt: skip
    client, actor = await make_client(db, city.city), city.city_admin.actor
    before = await rows(driver), await get_client(db, actor, client_id=client["id"])
    with pytest.raises(refusal):
        await update_client(
            db, actor, client_id=client["id"], changes=ClientChanges(**more), now=NOW
        )
    assert before == (await rows(driver), await get_client(db, actor, client_id=client["id"]))


def test_what_must_be_said_cannot_be_emptied() -> None:
    with pytest.raises(ValidationError):
        ClientChanges(purpose=None)
    assert ClientChanges(filing_number=None).model_fields_set == {"filing_number"}


async def test_two_secrets_hold_for_a_week_and_then_one(db: Connection, city: City) -> None:
    client, actor = await make_client(db, city.city), city.city_admin.actor

    async def accepted(now: Any = NOW) -> list[bytes]:
        found = await find_client(db, name=client["name"])
        assert found is not None
        return secrets_of_client(found, now=now)

    (first,) = await accepted()
    await rotate_client_secret(db, actor, client_id=client["id"], secret=b"second", now=NOW)
    assert await accepted() == [b"second", first]
    assert await accepted(NOW + OVERLAP - timedelta(seconds=1)) == [b"second", first]
    assert await accepted(NOW + OVERLAP) == [b"second"]
    await rotate_client_secret(db, actor, client_id=client["id"], secret=b"third", now=NOW)
    assert await accepted() == [b"third", b"second"], "rotated twice, a stolen one is of no use"


async def test_what_keeps_no_secret_gets_none(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    client = await make_client(db, city.city, kind=ClientKind.PUBLIC)
    with pytest.raises(ClientIsPublic):
        await rotate_client_secret(
            db, city.city_admin.actor, client_id=client["id"], secret=b"one", now=NOW
        )
    stored = "SELECT secret FROM account WHERE id = $1"
    assert await driver.fetchval(stored, client["id"]) is None


async def test_the_kill_switch(db: Connection, driver: asyncpg.Connection, city: City) -> None:
    client, actor = await make_client(db, city.city), city.city_admin.actor
    version = "SELECT security_version FROM account WHERE id = $1"
    assert await origins_of_clients(db) == {"https://app.example": {client["id"]}}
    row = await suspend_client(db, actor, client_id=client["id"], now=NOW)
    assert row["suspended_at"] == NOW
    assert await suspend_client(db, actor, client_id=client["id"], now=NOW) == row
    assert await driver.fetchval(version, client["id"]) == 2
    assert await origins_of_clients(db) == {}
    found = await find_client(db, name=client["name"])
    assert found is not None
    assert not may_ask(found, now=NOW)
    row = await restore_client(db, actor, client_id=client["id"], now=NOW)
    assert row["suspended_at"] is None
    found = await find_client(db, name=client["name"])
    assert found is not None
    assert may_ask(found, now=NOW)


@pytest.mark.parametrize("who", ["auditor", "county_admin", "teacher_account"])
async def test_who_may_not_stop_an_application(
    db: Connection, driver: asyncpg.Connection, city: City, who: str
) -> None:
    client = await make_client(db, city.city)
    before = await rows(driver)
    person: Person = getattr(city, who)
    refusal = NotAllowed if who == "auditor" else ClientNotFound
    for act in (suspend_client, restore_client):
        with pytest.raises(refusal):
            await act(db, person.actor, client_id=client["id"], now=NOW)
    assert await rows(driver) == before
    suspended = "SELECT suspended_at FROM account WHERE id = $1"
    assert await driver.fetchval(suspended, client["id"]) is None


@pytest.mark.parametrize(
    ("ends", "may"),
    [
        ({"valid_to": date(2026, 11, 21)}, True),
        ({"valid_to": date(2026, 11, 20)}, False),
        ({"agreement_number": "1", "agreement_ends": date(2026, 11, 21)}, True),
        ({"agreement_number": "1", "agreement_ends": date(2026, 11, 20)}, False),
    ],
)
async def test_registration_and_agreement_end(
    db: Connection, city: City, ends: dict[str, Any], may: bool
) -> None:
    client = await make_client(db, city.city, **ends)
    found = await find_client(db, name=client["name"])
    assert found is not None
    assert may_ask(found, now=NOW) is may


@pytest.mark.parametrize(
    ("asked", "scopes"),
    [
        (None, ["teacher:read", "unit:read"]),
        ("", ["teacher:read", "unit:read"]),
        ("unit:read", ["unit:read"]),
        ("unit:read unit:read teacher:read", ["unit:read", "teacher:read"]),
    ],
)
async def test_scopes_are_asked_for_by_name(
    db: Connection, city: City, asked: str | None, scopes: list[str]
) -> None:
    client = await make_client(db, city.city)
    assert scopes_asked_for(await known(db, client), asked) == scopes


@pytest.mark.parametrize("asked", ["credit:read", "unit:read nonsense", "unit:read  teacher:read"])
async def test_scopes_beyond_the_register_are_refused(
    db: Connection, city: City, asked: str
) -> None:
    client = await make_client(db, city.city)
    with pytest.raises(ScopeNotRegistered):
        scopes_asked_for(await known(db, client), asked)


async def test_a_bare_account_acts_for_itself_without_a_ceiling(db: Connection, city: City) -> None:
    bare = await find_client(db, name=city.integration.name)
    assert bare is not None
    assert [flow for flow in Flow if has_flow(bare, flow)] == [Flow.CLIENT_CREDENTIALS]
    assert scopes_asked_for(bare, None) is None
    assert scopes_asked_for(bare, "credit:read") == ["credit:read"]
    with pytest.raises(ScopeNotRegistered):
        scopes_asked_for(bare, "nonsense")
    assert await find_client(db, name=city.auditor.name) is None, "a person is no application"


async def known(db: Connection, client: Row) -> Row:
    found = await find_client(db, name=client["name"])
    assert found is not None
    return found


async def test_what_the_register_has_stopped_only_the_register_starts_again(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    """The account lies in the county, whose administrators hold `account:write` and no more."""
    client, county = await make_client(db, city.county), city.county_admin.actor
    await suspend_client(db, city.city_admin.actor, client_id=client["id"], now=NOW)
    for act in (restore_account, suspend_account, end_account_sign_ins):
        with pytest.raises(NotAllowed) as refused:
            await act(db, county, account_id=client["id"], now=NOW)
        assert refused.value.details == {"permission": "client:write"}
    suspended = "SELECT suspended_at FROM account WHERE id = $1"
    assert await driver.fetchval(suspended, client["id"]) == NOW
    await restore_account(db, city.city_admin.actor, account_id=client["id"], now=NOW)
    assert await driver.fetchval(suspended, client["id"]) is None


async def test_nobody_takes_the_secret_of_what_may_do_more(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    client = await make_client(db, city.city)
    new_grant = NewGrant(role=Role.INTEGRATION, subject_id=city.city["id"])
    await grant_role(db, city.city_admin.actor, account_id=client["id"], new=new_grant, now=NOW)
    less = frozenset({Permission.CLIENT_WRITE, Permission.CLIENT_READ, Permission.ACCOUNT_WRITE})
    actor, before = replace(city.city_admin.actor, scopes=less), await rows(driver)
    with pytest.raises(NotAllowed):
        await rotate_client_secret(db, actor, client_id=client["id"], secret=b"mine", now=NOW)
    elsewhere = ClientChanges(redirect_uris=["https://mine.example/back"])
    with pytest.raises(NotAllowed):
        await update_client(db, actor, client_id=client["id"], changes=elsewhere, now=NOW)
    assert await rows(driver) == before
    both = {"client_id": client["id"], "now": NOW}
    await rotate_client_secret(db, city.city_admin.actor, secret=b"theirs", **both)
    await update_client(db, actor, changes=ClientChanges(purpose="别的"), **both)
