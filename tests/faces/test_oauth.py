"""An application signs a person in: the whole way, and every way in which it does not go."""

import asyncio
import re
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import asyncpg
import httpx2
import pytest

from app.database.pool import Pool
from app.domain.access.clients import (
    ClientChanges,
    ClientKind,
    suspend_client,
    update_client,
)
from app.domain.access.roles import Permission
from app.main import open_resources
from app.request import Resources, now
from app.request.actors import RevokedToken, claims_of
from app.sql import Connection, Row
from tests.make import City, Client, Person, make_city
from tests.oauth import (
    BACK,
    SECRET,
    VERIFIER,
    allow,
    bearer,
    decide,
    error_of,
    exchange,
    make_client,
    make_person,
    open_page,
    renew,
    request_of,
    told,
)

ISSUER = "http://test"


@pytest.fixture
async def app(db: Connection, city: City) -> Row:
    return await make_client(db, city.city)


@pytest.fixture
async def person(db: Connection, city: City) -> Person:
    return await make_person(db, city.school)


async def test_the_whole_way(http: httpx2.AsyncClient, app: Row, person: Person) -> None:
    page = await open_page(http, request_of(app))
    assert page.status_code == 200, page.text
    assert "听课本" in page.text
    assert "see teachers" in page.text
    form = {"username": person.name, "password": "correct horse battery", "decision": "allow"}
    answer = await decide(http, "/oauth/authorize", request_of(app) | form)
    assert answer.headers["location"].startswith(BACK + "?")
    back = told(answer)
    assert back.keys() == {"code", "state", "iss"}
    assert (back["state"], back["iss"]) == ("s t&te=1", ISSUER)
    tokens = await exchange(http, app, back["code"])
    assert tokens.status_code == 200, tokens.text
    assert tokens.json()["scope"] == "teacher:read"
    assert (await http.get("/api/v1/teachers", headers=bearer(tokens))).status_code == 200
    (sign_in,) = (
        await http.get("/api/v1/me/sign-ins", headers=await own_token(http, person))
    ).json()[1:]
    assert (sign_in["client_name"], sign_in["scopes"]) == ("听课本", ["teacher:read"])
    assert sign_in["address"] == "127.0.*.*"


async def own_token(http: httpx2.AsyncClient, person: Person) -> dict[str, str]:
    form = {"grant_type": "password", "username": person.name, "password": "correct horse battery"}
    return bearer(await http.post("/oauth/token", data=form))


async def test_scopes_are_a_ceiling_on_both_faces(
    http: httpx2.AsyncClient, app: Row, person: Person
) -> None:
    headers = bearer(await exchange(http, app, await allow(http, app, person)))
    assert (await http.get("/api/v1/teachers", headers=headers)).status_code == 200
    refused = await http.get("/api/v1/units", headers=headers)
    assert (refused.status_code, refused.json()["details"]) == (403, {"permission": "unit:read"})
    query = {"query": "{ teachers { nodes { id } } units { nodes { id } } }"}
    answer = (await http.post("/graphql", json=query, headers=headers)).json()
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["not_allowed"]
    profile = (await http.get("/api/v1/me", headers=headers)).json()
    assert [grant["permissions"] for grant in profile["grants"]] == [["teacher:read"]]


async def test_an_application_gives_nobody_more_than_they_have(
    http: httpx2.AsyncClient, db: Connection, city: City, person: Person
) -> None:
    app = await make_client(db, city.city, scopes=list(Permission))
    code = await allow(http, app, person, scope="credit:recognise teacher:read")
    headers = bearer(await exchange(http, app, code))
    far = await http.get(f"/api/v1/teachers/{city.far_teacher['id']}", headers=headers)
    assert far.status_code == 404
    missing = await http.get(f"/api/v1/units/{city.school['id']}", headers=headers)
    assert missing.status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/me/sign-ins", None),
        ("GET", "/me/consents", None),
        ("POST", "/me/password", {"old": "correct horse battery", "new": "another long one"}),
    ],
)
async def test_what_is_only_for_the_person(
    http: httpx2.AsyncClient, db: Connection, city: City, person: Person,
    method: str, path: str, body: Any,
) -> None:  # fmt: skip
    app = await make_client(db, city.city, scopes=list(Permission))
    headers = bearer(await exchange(http, app, await allow(http, app, person, scope=None)))
    answer = await http.request(method, f"/api/v1{path}", json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_in_person")


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"code": "another"}, "invalid_grant"),
        ({"redirect_uri": BACK + "?x=1"}, "invalid_grant"),
        ({"code_verifier": VERIFIER[::-1]}, "invalid_grant"),
        ({"code_verifier": "short"}, "invalid_request"),
        ({"code_verifier": None}, "invalid_request"),
        ({"redirect_uri": None}, "invalid_request"),
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_secret": None}, "invalid_client"),
        ({"client_id": None}, "invalid_client"),
    ],
)
async def test_a_code_with_something_wrong_brings_nothing_and_stays_good(
    http: httpx2.AsyncClient, app: Row, person: Person, wrong: dict[str, Any], error: str
) -> None:
    code = await allow(http, app, person)
    status = 401 if error == "invalid_client" else 400
    assert error_of(await exchange(http, app, code, **wrong)) == (status, error)
    assert (await exchange(http, app, code)).status_code == 200


async def test_a_replayed_code_ends_what_it_brought(
    http: httpx2.AsyncClient, app: Row, person: Person
) -> None:
    code = await allow(http, app, person)
    first = (await exchange(http, app, code)).json()
    assert error_of(await exchange(http, app, code)) == (400, "invalid_grant")
    renewed = await renew(http, app, first["refresh_token"])
    assert error_of(renewed) == (400, "invalid_grant")


async def test_the_code_of_one_application_is_nothing_to_another(
    http: httpx2.AsyncClient, db: Connection, city: City, app: Row, person: Person
) -> None:
    other = await make_client(db, city.city, "other")
    code = await allow(http, app, person)
    assert error_of(await exchange(http, other, code)) == (400, "invalid_grant")
    assert (await exchange(http, app, code)).status_code == 200


async def test_a_refresh_token_is_bound_to_its_application(
    http: httpx2.AsyncClient, db: Connection, city: City, app: Row, person: Person
) -> None:
    other = await make_client(db, city.city, "other")
    first = (await exchange(http, app, await allow(http, app, person))).json()
    second = await renew(http, app, first["refresh_token"], scope="teacher:read")
    assert second.status_code == 200
    wider = await renew(http, app, second.json()["refresh_token"], scope="unit:read")
    assert error_of(wider) == (400, "invalid_scope")
    again = (await renew(http, app, second.json()["refresh_token"])).json()
    assert error_of(await renew(http, other, again["refresh_token"])) == (400, "invalid_grant")
    assert error_of(await renew(http, app, again["refresh_token"])) == (400, "invalid_grant")


async def test_no_application_takes_a_persons_password(
    http: httpx2.AsyncClient, app: Row, person: Person
) -> None:
    form = {
        "grant_type": "password", "username": person.name, "password": "correct horse battery",
        "client_id": app["name"], "client_secret": SECRET,
    }  # fmt: skip
    answer = await http.post("/oauth/token", data=form)
    assert error_of(answer) == (400, "unauthorized_client")


async def test_a_public_application_proves_itself_by_the_verifier_alone(
    http: httpx2.AsyncClient, db: Connection, city: City, person: Person
) -> None:
    app = await make_client(
        db, city.city, kind=ClientKind.PUBLIC, redirect_uris=["http://127.0.0.1/back"]
    )
    here = {"redirect_uri": "http://127.0.0.1:49152/back"}
    code = await allow(http, app, person, **here)
    refused = await exchange(http, app, code, **here, client_secret="a guess")
    assert error_of(refused) == (401, "invalid_client")
    other_port = await exchange(http, app, code, redirect_uri="http://127.0.0.1:49153/back")
    assert error_of(other_port) == (400, "invalid_grant")
    assert (await exchange(http, app, code, **here)).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": "nobody"},
        {"client_id": None},
        {"redirect_uri": None},
        {"redirect_uri": BACK + "/"},
        {"redirect_uri": BACK + "?x=1"},
        {"redirect_uri": "https://evil.example/back"},
        {"redirect_uri": "https://app.example:444/back"},
    ],
)
async def test_nobody_is_sent_to_an_address_that_is_not_registered(
    http: httpx2.AsyncClient, app: Row, wrong: dict[str, Any]
) -> None:
    for answer in (
        await open_page(http, request_of(app, **wrong)),
        await decide(http, "/oauth/authorize", request_of(app, **wrong) | {"decision": "deny"}),
    ):
        assert answer.status_code == 400
        assert "location" not in answer.headers
        assert "evil.example" not in answer.text


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"scope": "credit:read"}, "invalid_scope"),
        ({"scope": "nonsense"}, "invalid_scope"),
        ({"state": "\x00"}, "invalid_request"),
    ],
)
async def test_every_other_refusal_goes_back_to_the_application(
    http: httpx2.AsyncClient, app: Row, person: Person, wrong: dict[str, Any], error: str
) -> None:
    typed = {"username": person.name, "password": "correct horse battery", "decision": "allow"}
    for answer in (
        await open_page(http, request_of(app, **wrong)),
        await decide(http, "/oauth/authorize", request_of(app, **wrong) | typed),
    ):
        back = told(answer)
        assert answer.headers["location"].startswith(BACK + "?")
        assert (back["error"], back["iss"]) == (error, ISSUER)
        assert "code" not in back
        assert back.get("state") == (None if "state" in wrong else "s t&te=1")


async def test_a_field_that_stands_there_twice_is_refused(
    http: httpx2.AsyncClient, app: Row
) -> None:
    pairs = list(request_of(app).items())
    assert told(await open_page(http, [*pairs, ("scope", "unit:read")]))["error"] == (
        "invalid_request"
    )
    twice = await open_page(http, [*pairs, ("redirect_uri", BACK)])
    assert twice.status_code == 400
    body = "grant_type=client_credentials&client_id=a&client_id=b"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await http.post("/oauth/token", content=body, headers=headers)
    assert error_of(answer) == (400, "invalid_request")


async def test_a_person_who_denies_is_sent_back_without_anything(
    http: httpx2.AsyncClient, driver: asyncpg.Connection, app: Row
) -> None:
    answer = await decide(http, "/oauth/authorize", request_of(app) | {"decision": "deny"})
    assert told(answer) == {"error": "access_denied", "state": "s t&te=1", "iss": ISSUER}
    assert await driver.fetchval("SELECT count(*) FROM authorisation_code") == 0


@pytest.mark.parametrize(
    ("method", "secret", "status"),
    [("basic", SECRET, 200), ("post", SECRET, 200), ("both", SECRET, 401), ("basic", "wrong", 401)],
)
async def test_how_an_application_proves_itself(
    http: httpx2.AsyncClient, app: Row, method: str, secret: str, status: int
) -> None:
    basic = b64encode(f"{app['name']}:{secret}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}"} if method != "post" else {}
    form = {"grant_type": "client_credentials", "scope": "unit:read"}
    if method != "basic":
        form |= {"client_id": app["name"], "client_secret": secret}
    answer = await http.post("/oauth/token", data=form, headers=headers)
    assert answer.status_code == status, answer.text
    if status == 200:
        assert answer.json()["scope"] == "unit:read"
        assert "refresh_token" not in answer.json()


async def test_what_an_application_does_for_itself_is_under_its_ceiling(
    http: httpx2.AsyncClient, client: Client, app: Row, city: City
) -> None:
    role = {"role": "integration", "subject_id": str(city.city["id"])}
    granted = await client.post(city.city_admin, f"/accounts/{app['id']}/grants", role)
    assert granted.status_code == 201, granted.text
    form = {"grant_type": "client_credentials", "client_id": app["name"], "client_secret": SECRET}
    headers = bearer(await http.post("/oauth/token", data=form | {"scope": "unit:read"}))
    assert (await http.get("/api/v1/units", headers=headers)).status_code == 200
    assert (await http.get("/api/v1/teachers", headers=headers)).status_code == 403
    whole = bearer(await http.post("/oauth/token", data=form))
    assert (await http.get("/api/v1/teachers", headers=whole)).status_code == 200
    assert (await http.get("/api/v1/activities", headers=whole)).status_code == 403


async def test_a_flow_that_is_not_registered_is_refused(
    http: httpx2.AsyncClient, db: Connection, city: City
) -> None:
    app = await make_client(db, city.city, flows=["client_credentials"])
    assert told(await open_page(http, request_of(app)))["error"] == "unauthorized_client"
    assert error_of(await exchange(http, app, "code")) == (400, "unauthorized_client")
    form = {"client_id": app["name"], "client_secret": SECRET}
    answer = await http.post("/oauth/device_authorization", data=form)
    assert error_of(answer) == (400, "unauthorized_client")


async def test_a_token_is_given_back(
    http: httpx2.AsyncClient, db: Connection, city: City, app: Row, person: Person
) -> None:
    credentials = {"client_id": app["name"], "client_secret": SECRET}
    other = await make_client(db, city.city, "other")
    for kind in ("refresh_token", "access_token"):
        tokens = (await exchange(http, app, await allow(http, app, person))).json()
        stranger = credentials | {"client_id": other["name"], "token": tokens[kind]}
        assert error_of(await http.post("/oauth/revoke", data=stranger))[1] == "invalid_client"
        sent = {**credentials, "token": tokens[kind]}
        for _ in range(2):
            answer = await http.post("/oauth/revoke", data=sent)
            assert (answer.status_code, answer.content) == (200, b"")
        renewed = await renew(http, app, tokens["refresh_token"])
        assert error_of(renewed) == (400, "invalid_grant")
    nothing = await http.post("/oauth/revoke", data={**credentials, "token": "nothing"})
    assert nothing.status_code == 200
    own = {"grant_type": "client_credentials", **credentials}
    token = (await http.post("/oauth/token", data=own)).json()["access_token"]
    answer = await http.post("/oauth/revoke", data={**credentials, "token": token})
    assert error_of(answer) == (400, "unsupported_token_type")


async def test_our_own_tools_give_theirs_back_without_a_name(
    http: httpx2.AsyncClient, person: Person
) -> None:
    form = {"grant_type": "password", "username": person.name, "password": "correct horse battery"}
    tokens = (await http.post("/oauth/token", data=form)).json()
    assert (
        await http.post("/oauth/revoke", data={"token": tokens["refresh_token"]})
    ).status_code == 200
    assert error_of(await renew(http, None, tokens["refresh_token"])) == (400, "invalid_grant")


async def test_the_server_describes_itself(http: httpx2.AsyncClient) -> None:
    told = (await http.get("/.well-known/oauth-authorization-server")).json()
    assert told["issuer"] == ISSUER
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert "account:write" not in told["scopes_supported"]
    assert "teacher:read" in told["scopes_supported"]
    for name in ("token_endpoint", "revocation_endpoint", "device_authorization_endpoint"):
        answer = await http.post(told[name].removeprefix(ISSUER), data={})
        assert error_of(answer)[1] in {"invalid_request", "invalid_client"}
    assert (await http.get(told["jwks_uri"].removeprefix(ISSUER))).status_code == 200
    page = await http.get(told["authorization_endpoint"].removeprefix(ISSUER))
    assert page.headers["content-type"].startswith("text/html")


async def refused_within(held: Resources, token: str, seconds: float) -> bool:
    for _ in range(round(seconds * 100)):
        try:
            held.tokens.read(token)
        except RevokedToken:
            return True
        await asyncio.sleep(0.01)
    return False


@pytest.fixture
async def two(resources: Resources, real_pool: Pool) -> AsyncIterator[tuple[Resources, Resources]]:
    """Two processes, as far as they can be told apart: each with its own listener and caches."""
    async with (
        open_resources(resources.settings) as first,
        open_resources(resources.settings) as second,
    ):
        await asyncio.sleep(0.3)
        yield first, second


def token_for(held: Resources, person: Person, app: Row) -> str:
    actor = replace(person.actor, client_id=app["id"], scopes=frozenset({Permission.TEACHER_READ}))
    return held.keyring.sign(claims_of(actor, security_version=1, client_version=1))


async def test_the_kill_switch_acts_on_every_process_within_seconds(
    two: tuple[Resources, Resources], real_pool: Pool
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, two[0].cipher)
        app, other = await make_client(db, city.city), await make_client(db, city.city, "other")
    for held in two:
        held.tokens.read(token_for(held, city.auditor, app))
    async with real_pool.transaction() as db:
        await suspend_client(db, city.city_admin.actor, client_id=app["id"], now=now())
    for held in two:
        assert await refused_within(held, token_for(held, city.auditor, app), 5)
        held.tokens.read(token_for(held, city.auditor, other))
        own = claims_of(city.auditor.actor, security_version=1)
        assert held.tokens.read(held.keyring.sign(own)) == city.auditor.actor


async def test_every_process_hears_of_another_origin_within_seconds(
    two: tuple[Resources, Resources], real_pool: Pool
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, two[0].cipher)
        app = await make_client(db, city.city)
        changes = ClientChanges(origins=["https://new.example"])
        await update_client(
            db, city.city_admin.actor, client_id=app["id"], changes=changes, now=now()
        )
    asked = {b"origin": b"https://new.example", b"access-control-request-method": b"GET"}
    for held in two:
        for _ in range(500):
            if held.origins.preflight(asked) is not None:
                break
            await asyncio.sleep(0.01)
        assert held.origins.preflight(asked) is not None


async def test_the_same_code_twice_at_once_brings_one_sign_in_and_ends_it(
    served: httpx2.AsyncClient, real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        app, person = await make_client(db, city.city), await make_person(db, city.school)
    code = await allow(served, app, person)
    answers = await asyncio.gather(*(exchange(served, app, code) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]
    (won,) = [answer.json() for answer in answers if answer.status_code == 200]
    assert error_of(await renew(served, app, won["refresh_token"])) == (400, "invalid_grant")


async def test_the_same_refresh_token_twice_at_once_brings_one_and_ends_it(
    served: httpx2.AsyncClient, real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        app, person = await make_client(db, city.city), await make_person(db, city.school)
    first = (await exchange(served, app, await allow(served, app, person))).json()
    again = await asyncio.gather(*(renew(served, app, first["refresh_token"]) for _ in range(4)))
    assert sorted(answer.status_code for answer in again) == [200, 400, 400, 400]
    (won,) = [answer.json() for answer in again if answer.status_code == 200]
    assert error_of(await renew(served, app, won["refresh_token"])) == (400, "invalid_grant")


async def test_a_wrong_password_counts_though_the_page_refuses(
    served: httpx2.AsyncClient, real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        app, person = await make_client(db, city.city), await make_person(db, city.school)
    form = {"username": person.name, "password": "wrong", "decision": "allow"}
    page = await decide(served, "/oauth/authorize", request_of(app) | form)
    assert page.status_code == 422
    assert re.search(r'role="alert"[^>]*>[^<]*locked or suspended', page.text)
    assert "wrong" not in page.text.replace("is wrong", "")
    async with real_pool.connection() as db:
        driver = db._driver
        counted = "SELECT wrong_secrets FROM account WHERE name = $1"
        assert await driver.fetchval(counted, person.name) == 1
