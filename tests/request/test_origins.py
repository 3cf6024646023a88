from dataclasses import replace

import httpx2
import pytest
from fastapi import FastAPI

from app.domain.access.roles import Permission
from app.request import Resources
from app.request.actors import claims_of
from app.request.origins import Origins
from app.sql import Connection, Row, new_id
from tests.make import City, Client, Person
from tests.oauth import make_client

PAGE = "https://app.example"
PREFLIGHT = {"Origin": PAGE, "Access-Control-Request-Method": "POST"}


@pytest.fixture
async def app(db: Connection, city: City) -> Row:
    return await make_client(db, city.city)


@pytest.fixture
def origins(application: FastAPI, http: httpx2.AsyncClient, app: Row) -> Origins:
    """The register as every process keeps it, with one page of this application and one of another."""
    known = Origins()
    known.learn({PAGE: {app["id"]}, "https://other.example": {new_id()}})
    held: Resources = application.state.resources
    application.state.resources = replace(held, origins=known)
    return known


def token(client: Client, person: Person, app: Row | None) -> dict[str, str]:
    actor = person.actor
    if app is not None:
        actor = replace(actor, client_id=app["id"], scopes=frozenset({Permission.UNIT_READ}))
    signed = client.keyring.sign(claims_of(actor, security_version=1, client_version=1))
    return {"Authorization": f"Bearer {signed}"}


async def test_a_page_may_ask_beforehand(origins: Origins, client: Client) -> None:
    for path in ("/api/v1/units", "/graphql", "/oauth/token"):
        answer = await client.http.options(path, headers=PREFLIGHT)
        assert answer.status_code == 204
        assert answer.headers["access-control-allow-origin"] == PAGE
        allowed = answer.headers["access-control-allow-headers"].split(", ")
        assert {"authorization", "if-match", "x-yanxun-now"} <= set(allowed)
        assert "PATCH" in answer.headers["access-control-allow-methods"]
        assert "access-control-allow-credentials" not in answer.headers
        assert "Origin" in answer.headers["vary"]


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "https://app.example.evil", "http://app.example", ""]
)
async def test_other_pages_may_not(origins: Origins, client: Client, origin: str) -> None:
    answer = await client.http.options("/api/v1/units", headers=PREFLIGHT | {"Origin": origin})
    assert "access-control-allow-origin" not in answer.headers


async def test_a_page_reads_what_its_own_application_was_answered(
    origins: Origins, client: Client, city: City, app: Row
) -> None:
    headers = token(client, city.auditor, app) | {"Origin": PAGE}
    answer = await client.http.get("/api/v1/units", headers=headers)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, PAGE)
    assert "ratelimit" in answer.headers["access-control-expose-headers"]


async def test_a_page_does_not_read_what_others_were_answered(
    origins: Origins, client: Client, city: City, app: Row
) -> None:
    elsewhere = token(client, city.auditor, app) | {"Origin": "https://other.example"}
    own_tools = token(client, city.auditor, None) | {"Origin": PAGE}
    for headers in (elsewhere, own_tools):
        answer = await client.http.get("/api/v1/units", headers=headers)
        assert answer.status_code == 200
        assert "access-control-allow-origin" not in answer.headers


async def test_a_page_reads_a_refusal_and_the_token_endpoint(
    origins: Origins, client: Client
) -> None:
    for answer in (
        await client.http.get("/api/v1/units", headers={"Origin": PAGE}),
        await client.http.post("/oauth/token", headers={"Origin": PAGE}, data={}),
    ):
        assert answer.status_code in {400, 401}
        assert answer.headers["access-control-allow-origin"] == PAGE


async def test_without_any_application_nothing_is_said_of_origins(client: Client) -> None:
    answer = await client.http.get("/.well-known/jwks.json", headers={"Origin": PAGE})
    assert "access-control-allow-origin" not in answer.headers
    assert "vary" not in answer.headers


async def test_what_may_be_kept_varies_with_the_origin(origins: Origins, client: Client) -> None:
    answer = await client.http.get("/.well-known/jwks.json")
    assert answer.headers["vary"] == "Origin"
