"""What cannot be meant is refused with a document, in the client's language, without echo or effect."""

import json
from collections.abc import AsyncIterator, Iterator
from posixpath import normpath
from typing import Any

import asyncpg
import pytest

from app.request.transport import LARGEST_BODY, LARGEST_GRAPHQL_BODY
from tests.faces.asking import parameters
from tests.faces.operations import Operation, rest_document
from tests.faces.refusals import (
    IN_API,
    MARKER,
    WITH_BODY,
    check_problem,
    named,
    path_of,
    schema_of,
    undone,
)
from tests.faces.state import state
from tests.make import City, Client


@pytest.fixture
def city(lasting_city: City, driver: asyncpg.Connection) -> City:
    """The city of the module, in a savepoint of the test's own."""
    return lasting_city


def nonsense() -> Iterator[tuple[str, bytes]]:
    """Bodies that are no object, or no JSON at all."""
    yield "broken", f'{{"name": "{MARKER}'.encode()
    yield "two documents", f'{{}}{{"name": "{MARKER}"}}'.encode()
    yield "a list", f'["{MARKER}"]'.encode()
    yield "text", f'"{MARKER}"'.encode()
    yield "null", b"null"
    yield "a number", b"1e999"
    yield "not a number", b"NaN"
    yield "not UTF-8", b'{"name": "\xff\xfe"}'
    yield "deep", b"[" * 60_000
    yield "an unknown field", f'{{"zauber": "{MARKER}"}}'.encode()
    yield "empty", b""


@pytest.mark.parametrize("operation", WITH_BODY, ids=named)
async def test_a_body_that_is_none_is_refused(
    operation: Operation,
    client: Client,
    city: City,
    driver: asyncpg.Connection,
    before: dict[str, Any],
) -> None:
    for language in ("zh-CN", "en"):
        headers = {"Content-Type": "application/json", "Accept-Language": language}
        for name, body in nonsense():
            answer = await client.request(
                city.city_admin, operation.method, path_of(operation),
                content=body, headers=headers,
            )  # fmt: skip
            content = check_problem(answer, 400, 422)
            assert content["detail"].isascii() == (language == "en"), (name, content)
    other = {"Content-Type": "text/plain"}
    body = f'{{"name": "{MARKER}"}}'.encode()
    answer = await client.request(
        city.city_admin, operation.method, path_of(operation), content=body, headers=other
    )
    check_problem(answer, 415, 422)
    assert await state(driver) == before


def leads_elsewhere(path: str) -> bool:
    """Whether a path with two dots in it is, without what they take away, the address of a thing."""
    return "/api/v1" + normpath(path) in rest_document()["paths"]


WRONG: tuple[Any, ...] = (
    {"x": MARKER}, [MARKER, {"y": MARKER}], MARKER * 800, True, -1, 1.5, 10**400,
    float("inf"), float("nan"), "\u0000", "1e999", "NaN", "2026-13-45",
)  # fmt: skip


@pytest.mark.parametrize("operation", WITH_BODY, ids=named)
async def test_fields_of_the_wrong_type_are_told_by_name(
    operation: Operation,
    client: Client,
    city: City,
    driver: asyncpg.Connection,
    before: dict[str, Any],
) -> None:
    for name in schema_of(operation):
        for value in WRONG:
            body = json.dumps({name: value}).encode()
            answer = await client.request(
                city.city_admin, operation.method, path_of(operation),
                content=body, headers={"Content-Type": "application/json"},
            )  # fmt: skip
            assert answer.status_code < 500, (name, str(value)[:50], answer.text)
            assert "Zaubernuss" not in answer.text
            if answer.status_code >= 400 and operation.name != "post_graphql":
                check_problem(answer, 400, 403, 404, 409, 422)
    assert await state(driver) == before


@pytest.mark.parametrize("operation", IN_API, ids=named)
async def test_parameters_that_mean_nothing_are_refused(
    operation: Operation, client: Client, city: City, driver: asyncpg.Connection
) -> None:
    path = path_of(operation)
    answer = await client.request(
        city.city_admin, operation.method, f"{path}?zauber={MARKER}", json={}
    )
    assert check_problem(answer, 422)["code"] == "unknown_parameter"
    for name in parameters(operation):
        for value in (MARKER, "1e999", "0", "%00", "..", "%F0%9F%90%BC"):
            wrong = path_of(operation, **{name: value})
            if value == ".." and leads_elsewhere(wrong):
                continue  # the client sends the shorter address, which is another one
            answer = await client.request(city.city_admin, operation.method, wrong, json={})
            check_problem(answer, 404, 405, 422)
    for parameter in operation.document.get("parameters", ()):
        if parameter["in"] != "query":
            continue
        for value in (MARKER * 20, "1e999", "NaN", "-1", "%00", "9" * 400, "%ff"):
            query = f"{path}?{parameter['name']}={value}"
            async with undone(driver):
                answer = await client.request(city.city_admin, operation.method, query)
            assert answer.status_code < 500, (query, answer.text)
            assert "Zaubernuss" not in answer.text
            if answer.status_code >= 400:
                check_problem(answer, 403, 404, 422)


@pytest.mark.parametrize("operation", WITH_BODY, ids=named)
async def test_a_huge_body_is_refused(operation: Operation, client: Client, city: City) -> None:
    bound = LARGEST_GRAPHQL_BODY if operation.name == "post_graphql" else LARGEST_BODY
    headers = {"Content-Type": "application/json"}
    for body in (b" " * (bound + 1), pieces(bound + 1)):
        answer = await client.request(
            city.city_admin, operation.method, path_of(operation), content=body, headers=headers
        )
        assert check_problem(answer, 413)["code"] == "too_large"


async def pieces(size: int) -> AsyncIterator[bytes]:
    """A body that does not say its length."""
    for _ in range(size // 50_000 + 1):
        yield b" " * 50_000


async def test_an_id_number_is_refused_without_being_repeated(client: Client, city: City) -> None:
    new = {
        "name": "新教师", "subject": "chinese", "stage": "primary",
        "school_id": str(city.school["id"]), "id_number": MARKER,
    }  # fmt: skip
    for wrong in (MARKER, "110101199003077750", "11010119900307775"):
        answer = await client.post(city.school_admin, "/teachers", {**new, "id_number": wrong})
        check_problem(answer, 422)
        assert wrong not in answer.text


async def test_a_password_is_refused_without_being_repeated(client: Client) -> None:
    form = {"grant_type": "password", "username": "nobody.here", "password": MARKER}
    for wrong in (form, form | {"grant_type": MARKER}, form | {"password": MARKER * 100}):
        answer = await client.http.post("/oauth/token", data=wrong)
        assert answer.status_code == 400
        assert MARKER not in answer.text + str(answer.headers)
    answer = await client.http.post("/oauth/token", json=form)
    assert answer.status_code in {400, 415, 422}
    assert MARKER not in answer.text + str(answer.headers)
