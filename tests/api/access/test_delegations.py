import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from app.database.pool import Pool
from app.domain.access.administration import suspend_account
from app.domain.access.delegations import (
    NewDelegation,
    act_on_behalf,
    create_delegation,
    revoke_delegation,
)
from app.domain.access.roles import Role
from app.domain.access.sign_ins import stop_sign_in
from app.domain.base import civil_date
from app.main import open_resources
from app.request import Resources, now
from app.request.actors import RevokedToken
from app.request.delegating import sign_delegated
from app.sql import new_id
from tests.make import City, Client, Person, make_account, make_city, make_sign_in


def delegation(city: City, **changed: Any) -> dict[str, Any]:
    return {
        "subject_id": str(city.school["id"]),
        "delegate_id": str(city.teacher_account.actor.account_id),
        "permissions": ["group:read", "group:write"],
        "reason": "外出学习",
        "valid_to": (civil_date(now()) + timedelta(days=7)).isoformat(),
    } | changed


GROUP = {"name": "语文组", "kind": "teaching_research"}


async def delegated(client: Client, city: City, by: Person | None = None) -> tuple[str, Person]:
    """A delegation of the school's groups, and the delegate with its token."""
    made = await client.post(by or city.school_admin, "/delegations", delegation(city))
    assert made.status_code == 201, made.text
    path = f"/delegations/{made.json()['id']}/act"
    answer = await client.post(city.teacher_account, path)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    token = answer.json()
    assert token["expires_in"] == 600
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    return made.json()["id"], Person(city.teacher_account.actor, "delegate", headers)


async def test_a_delegate_acts_under_both_names(
    client: Client, driver: asyncpg.Connection, city: City
) -> None:
    _, delegate = await delegated(client, city)
    group = GROUP | {"unit_id": str(city.school["id"])}
    refused = await client.post(city.teacher_account, "/groups", group)
    assert refused.status_code == 403
    made = await client.post(delegate, "/groups", group)
    assert made.status_code == 201, made.text
    (act,) = (await client.get(city.city_admin, "/audit/acts?operation=create_group&refused=false")
              ).json()["items"]  # fmt: skip
    assert act["account_id"] == str(city.teacher_account.actor.account_id)
    assert act["on_behalf_of"] == str(city.school_admin.actor.account_id)
    profile = (await client.get(delegate, "/me")).json()
    assert profile["on_behalf_of"] == str(city.school_admin.actor.account_id)
    assert [each["permissions"] for each in profile["grants"]] == [["group:read", "group:write"]]
    refused = await client.get(delegate, "/teachers")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    entry = await driver.fetchrow(
        "SELECT account_id, on_behalf_of FROM audit_act WHERE refusal = 'not_allowed'"
        " AND operation = 'list_teachers'"
    )
    assert entry["on_behalf_of"] == city.school_admin.actor.account_id


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/me/sign-ins"), ("GET", "/me/delegations"), ("POST", "/delegations")],
)
async def test_a_delegate_is_not_the_person(
    client: Client, city: City, method: str, path: str
) -> None:
    _, delegate = await delegated(client, city)
    sent = {"json": delegation(city)} if method == "POST" else {}
    answer = await client.request(delegate, method, path, **sent)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_in_person")


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"permissions": []}, 422, "invalid_request"),
        ({"permissions": ["anything"]}, 422, "invalid_request"),
        ({"permissions": ["account:write"]}, 422, "not_delegable"),
        ({"permissions": ["pack:publish"]}, 403, "not_allowed"),
        ({"valid_to": "2020-01-01"}, 422, "delegation_period"),
        ({"valid_to": "2099-01-01"}, 422, "delegation_period"),
        ({"reason": ""}, 422, "invalid_request"),
        ({"subject_id": str(new_id())}, 404, "subject_not_found"),
        ({"delegate_id": str(new_id())}, 404, "account_not_found"),
        ({"granter_id": str(new_id())}, 422, "invalid_request"),
    ],
)
async def test_what_is_refused_is_not_there(
    client: Client, city: City, changed: dict[str, Any], status: int, code: str
) -> None:
    answer = await client.post(city.school_admin, "/delegations", delegation(city, **changed))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await client.get(city.school_admin, "/me/delegations")).json() == []


async def test_both_list_it_and_either_ends_it(client: Client, city: City) -> None:
    key, _ = await delegated(client, city)
    for person in (city.school_admin, city.teacher_account):
        (shown,) = (await client.get(person, "/me/delegations")).json()
        assert (shown["id"], shown["granter_name"]) == (key, "school.admin")
    stranger = await client.post(city.city_admin, f"/delegations/{key}/revoke")
    assert (stranger.status_code, stranger.json()["code"]) == (404, "delegation_not_found")
    ended = await client.post(city.teacher_account, f"/delegations/{key}/revoke")
    assert ended.json()["revoked_at"] is not None
    for path in ("revoke", "act"):
        again = await client.post(city.teacher_account, f"/delegations/{key}/{path}")
        assert (again.status_code, again.json()["code"]) == (409, "delegation_ended")


async def refused_within(held: Resources, token: str, seconds: float) -> bool:
    for _ in range(round(seconds * 100)):
        try:
            held.tokens.read(token)
        except RevokedToken:
            return True
        await asyncio.sleep(0.01)
    return False


@pytest.mark.parametrize("ending", ["revoked", "granter suspended", "signed out"])
async def test_running_and_later_processes_refuse_its_tokens(
    real_pool: Pool, resources: Resources, ending: str
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        await make_account(db, "deputy", Role.SCHOOL_ADMIN, city.school)
        sign_in_id = await make_sign_in(db, city.teacher_account.actor.account_id, b"1")
        new = NewDelegation.model_validate(delegation(city))
        row = await create_delegation(db, city.school_admin.actor, new=new, now=now())
        person = replace(city.teacher_account.actor, sign_in_id=sign_in_id)
        acting = await act_on_behalf(db, person, delegation_id=row["id"], now=now())
    async with open_resources(resources.settings) as running:
        token = sign_delegated(running, *acting)["access_token"]
        assert running.tokens.read(token).on_behalf_of == city.school_admin.actor.account_id
        # The process listens when it has seen that there is nothing to hear.
        await asyncio.sleep(0.2)
        async with real_pool.transaction() as db:
            if ending == "revoked":
                await revoke_delegation(
                    db, city.school_admin.actor, delegation_id=row["id"], now=now()
                )
            elif ending == "granter suspended":
                account_id = city.school_admin.actor.account_id
                await suspend_account(db, city.city_admin.actor, account_id=account_id, now=now())
            else:
                await stop_sign_in(db, sign_in_id=sign_in_id, now=now())
        assert await refused_within(running, token, 5)
        async with open_resources(resources.settings) as started_later:
            assert await refused_within(started_later, token, 5)
