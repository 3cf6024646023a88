"""What becomes of codes and refresh tokens when something ends, narrows or is locked meanwhile."""

import httpx2
import pytest

from app.api.token_forms import DEVICE_GRANT
from app.domain.access.accounts import LOCKED_AFTER
from app.domain.access.clients import (
    ClientChanges,
    Flow,
    restore_client,
    suspend_client,
    update_client,
)
from app.domain.access.roles import Permission
from app.domain.access.sign_in import record_wrong_secret
from app.request import now
from app.sql import Connection, Row
from tests.make import City, Client, Person
from tests.oauth import (
    PASSWORD,
    SECRET,
    allow,
    decide,
    error_of,
    exchange,
    make_client,
    make_person,
    renew,
)


@pytest.fixture
async def app(db: Connection, city: City) -> Row:
    return await make_client(db, city.city)


@pytest.fixture
async def person(db: Connection, city: City) -> Person:
    return await make_person(db, city.school)


async def own_token(http: httpx2.AsyncClient, person: Person) -> dict[str, str]:
    form = {"grant_type": "password", "username": person.name, "password": PASSWORD}
    token = (await http.post("/oauth/token", data=form)).json()["access_token"]
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("by", ["person", "superior"])
async def test_what_was_allowed_before_ends_with_everything_else(
    client: Client, city: City, app: Row, person: Person, by: str
) -> None:
    """Whoever stole a password and has allowed something with it keeps nothing by waiting."""
    http = client.http
    own, code = await own_token(http, person), await allow(http, app, person)
    named = {"client_id": app["name"], "client_secret": SECRET}
    device = (await http.post("/oauth/device_authorization", data=named)).json()
    typed = {"username": person.name, "password": PASSWORD, "decision": "allow"}
    await decide(http, "/oauth/device", typed | {"user_code": device["user_code"]})
    if by == "person":
        body = {"old": PASSWORD, "new": "another battery"}
        answer = await http.post("/api/v1/me/password", json=body, headers=own)
    else:
        path = f"/accounts/{person.actor.account_id}/end-sign-ins"
        answer = await client.post(city.city_admin, path)
    assert answer.status_code == 200, answer.text
    assert error_of(await exchange(http, app, code)) == (400, "invalid_grant")
    form = {"grant_type": DEVICE_GRANT, "device_code": device["device_code"]}
    polled = await http.post("/oauth/token", data=form | named)
    assert error_of(polled) == (400, "invalid_grant")


async def test_a_code_brings_no_more_than_the_register_allows_by_then(
    http: httpx2.AsyncClient, db: Connection, city: City, app: Row, person: Person
) -> None:
    code = await allow(http, app, person, scope="teacher:read unit:read")
    changes = ClientChanges(scopes=[Permission.UNIT_READ])
    await update_client(db, city.city_admin.actor, client_id=app["id"], changes=changes, now=now())
    assert (await exchange(http, app, code)).json()["scope"] == "unit:read"


async def test_wrong_passwords_of_somebody_else_throw_nobody_out(
    http: httpx2.AsyncClient, db: Connection, app: Row, person: Person
) -> None:
    first = (await exchange(http, app, await allow(http, app, person))).json()
    code = await allow(http, app, person)
    for _ in range(LOCKED_AFTER):
        await record_wrong_secret(db, account_id=person.actor.account_id, now=now())
    locked = {"grant_type": "password", "username": person.name, "password": PASSWORD}
    assert (await http.post("/oauth/token", data=locked)).status_code == 400
    assert (await renew(http, app, first["refresh_token"])).status_code == 200
    assert (await exchange(http, app, code)).status_code == 200


async def test_what_is_no_longer_for_people_renews_nothing_for_them(
    http: httpx2.AsyncClient, db: Connection, city: City, app: Row, person: Person
) -> None:
    first = (await exchange(http, app, await allow(http, app, person))).json()
    named = {"client_id": app["id"], "now": now()}
    for flows, said in (
        ([Flow.CLIENT_CREDENTIALS], (400, "unauthorized_client")),
        ([Flow.CLIENT_CREDENTIALS, Flow.DEVICE_CODE], (200, None)),
    ):
        changes = ClientChanges(flows=flows)
        await update_client(db, city.city_admin.actor, changes=changes, **named)
        answer = await renew(http, app, first["refresh_token"])
        assert (answer.status_code, answer.json().get("error")) == said


async def test_who_is_suspended_for_a_while_goes_on_afterwards(
    http: httpx2.AsyncClient, db: Connection, city: City, app: Row, person: Person
) -> None:
    """An application that is stopped, and goes on trying, does not use up what it has."""
    first = (await exchange(http, app, await allow(http, app, person))).json()
    both = {"client_id": app["id"], "now": now()}
    await suspend_client(db, city.city_admin.actor, **both)
    assert error_of(await renew(http, app, first["refresh_token"])) == (401, "invalid_client")
    await restore_client(db, city.city_admin.actor, **both)
    assert (await renew(http, app, first["refresh_token"])).status_code == 200
