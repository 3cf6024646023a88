"""What is refused before the database is asked takes no connection from the pool."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI

from app.database.pool import Pool
from app.request import Resources
from app.request.actors import claims_of
from app.security.tokens import JoseKey, Keyring, VerifiedTokens
from app.sql import Connection, new_id
from app.wall import Wall
from tests.faces.operations import Operation, rest_document
from tests.faces.refusals import OPERATIONS, check_problem, named, path_of
from tests.make import City, Client
from tests.security.forged_tokens import forged_tokens


class NoPool(Pool):
    """A pool from which nothing may be taken."""

    def __init__(self) -> None:
        pass

    @asynccontextmanager
    async def connection(self, wall: Wall | None = None) -> AsyncIterator[Connection]:
        yield self.refuse(f"{wall=}")

    @asynccontextmanager
    async def transaction(
        self,
        *,
        read_only: bool = False,
        wall: Wall | None = None,
    ) -> AsyncIterator[Connection]:
        yield self.refuse(f"{read_only=}", f"{wall=}")

    def refuse(self, *what: str) -> Connection:
        raise AssertionError("a connection was taken", *what)


@pytest.fixture
def without_pool(client: Client, application: FastAPI, resources: Resources) -> None:
    """The application without any connection to give."""
    application.state.resources = replace(resources, pool=NoPool())


@pytest.fixture
def forged(
    client: Client, application: FastAPI, resources: Resources, city: City
) -> dict[str, str]:
    """Tokens of the city's administrator, each with one fault, before an application without pool."""
    private = ec.generate_private_key(ec.SECP256R1())
    keyring = Keyring([JoseKey(private)], issuer="test", audience="test")
    tokens = VerifiedTokens(keyring, resources.actors)
    application.state.resources = replace(resources, pool=NoPool(), keyring=keyring, tokens=tokens)
    token = keyring.sign(claims_of(city.city_admin.actor, security_version=1))
    return forged_tokens(private, keyring.verify(token))


async def test_no_forged_token_is_accepted_or_costs_a_connection(
    client: Client, forged: dict[str, str]
) -> None:
    for name, token in forged.items():
        if not token.isascii() or any(ord(each) < 32 for each in token):
            continue  # no HTTP client can send it; the tests of tokens hold it
        headers = {"Authorization": f"Bearer {token}"}
        answer = await client.http.get("/api/v1/units", headers=headers)
        check_problem(answer, 401)
        assert answer.headers["www-authenticate"].startswith("Bearer "), name
        answer = await client.http.post(
            "/graphql", headers=headers, json={"query": "{ profile { name } }"}
        )
        check_problem(answer, 401)


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
async def test_without_a_valid_token_no_connection_is_taken(
    operation: Operation, client: Client, forged: dict[str, str]
) -> None:
    tokens = (None, forged["expired"], forged["signed by a stranger"], forged["alg none"])
    for token in tokens:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        body = {"query": "{ profile { name } }"} if operation.name == "post_graphql" else {}
        answer = await client.request(
            None, operation.method, path_of(operation), json=body, headers=headers
        )
        check_problem(answer, 401)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "//nothing", 404, "not_found"),
        ("POST", "/me", 405, "method_not_allowed"),
        ("DELETE", "/units", 405, "method_not_allowed"),
        ("PUT", "//graphql", 405, "method_not_allowed"),
        ("PATCH", "//oauth/token", 405, "method_not_allowed"),
    ],
)
async def test_what_there_is_not_takes_no_connection(
    method: str, path: str, status: int, code: str,
    client: Client, city: City, without_pool: None,
) -> None:  # fmt: skip
    for person in (None, city.city_admin):
        answer = await client.request(person, method, path)
        assert check_problem(answer, status)["code"] == code
        assert status != 405 or "OPTIONS" in answer.headers["allow"]


@pytest.mark.parametrize("path", sorted(rest_document()["paths"]))
async def test_every_address_says_what_it_takes(
    path: str, client: Client, without_pool: None
) -> None:
    methods = {method.upper() for method in rest_document()["paths"][path]}
    if path == "/graphql":
        methods.add("GET")  # the page for people
    wanted = methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())
    concrete = "/".join(str(new_id()) if part.startswith("{") else part for part in path.split("/"))
    answer = await client.http.request("OPTIONS", concrete)
    assert (answer.status_code, answer.content) == (204, b"")
    assert set(answer.headers["allow"].split(", ")) == wanted
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - methods:
        refused = await client.http.request(method, concrete)
        check_problem(refused, 405)
        assert set(refused.headers["allow"].split(", ")) == wanted


async def test_head_is_get_without_the_body(client: Client, city: City) -> None:
    for path in ("/me", "/units", f"/units/{city.city['id']}", "//healthz"):
        whole = await client.get(city.city_admin, path)
        head = await client.request(city.city_admin, "HEAD", path)
        assert (head.status_code, head.content) == (200, b"")
        same = {"content-type", "etag", "content-length"}
        assert {name: head.headers.get(name) for name in same} == {
            name: whole.headers.get(name) for name in same
        }
