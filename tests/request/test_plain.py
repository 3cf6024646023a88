"""A plain call answers as FastAPI's own way does, and leaves to it whatever is not plain."""

import json
from inspect import signature
from typing import Annotated, Any, get_type_hints

import pytest
from fastapi import Depends, FastAPI, Query, Request, Response, params
from fastapi.routing import iter_route_contexts

from app.request.plain import PlainCall
from tests.faces.operations import PUBLIC
from tests.make import City, Client


def test_every_operation_of_the_interface_can_be_called_plainly(application: FastAPI) -> None:
    for route in iter_route_contexts(application.routes):
        if str(route.path).startswith("/api/"):
            assert route.endpoint is not None
            assert route.path is not None
            plain = PlainCall.of(route.endpoint, route.path)
            # A name that is no key is read by FastAPI; who has no token is not in a hurry.
            is_public = route.endpoint.__name__ in {*PUBLIC, *LOOKS_FIRST}
            assert plain is not None or is_public or _is_named(route.endpoint), route.path


LOOKS_FIRST = {"update_webhook", "get_import_template"}
"""What asks somebody else's name server before its transaction begins, by a dependency of its own; and what
a word in the address names."""


def _is_named(handler: Any) -> bool:
    """Whether a handler is asked by a name in the address."""
    hints = get_type_hints(handler, include_extras=True)
    return any(
        isinstance(said, params.Path)
        for name in signature(handler).parameters
        for said in getattr(hints[name], "__metadata__", ())
    )


@pytest.mark.parametrize("path", ["/units", "/teachers", "/me", "/activities", "/groups"])
async def test_both_ways_answer_alike(client: Client, city: City, path: str) -> None:
    plain = await client.get(city.city_admin, path)
    whole = await client.get(city.city_admin, path, headers={"Idempotency-Key": "whole-way-1"})
    assert plain.status_code == whole.status_code == 200
    assert plain.json() == whole.json()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/units?level=school&limit=2&sort=-name", 200),
        ("/teachers?name=%E6%B5%8B%E8%AF%95", 200),
        ("/units?limit=2&include=schools", 200),
        ("/units?level=&limit=2", 422),
        ("/units?limit=0", 422),
        ("/units?limit=2&limit=1", 422),
        ("/units?limit=2&nothing=1", 422),
        ("/units?sort=%2A", 422),
        ("/units?cursor=forged", 422),
        ("/teachers?as_of=2026-09-01&school_id=no-key", 422),
    ],
)
async def test_a_query_is_read_alike(client: Client, city: City, path: str, status: int) -> None:
    plain = await client.get(city.city_admin, path)
    whole = await client.get(city.city_admin, path, headers={"Idempotency-Key": "whole-way-1"})
    answers = [answer.json() for answer in (plain, whole)]
    for answer in answers:
        answer.pop("request_id", None)
    assert answers[0] == answers[1]
    assert (plain.status_code, whole.status_code) == (status, status), plain.text


async def test_a_command_is_read_alike(client: Client, city: City) -> None:
    for name, kind in (("甲校", "application/json"), ("乙校", "application/json; charset=utf-8")):
        new = {"name": name, "level": "school", "stages": ["primary"]}
        body = json.dumps({**new, "parent_id": str(city.county["id"])})
        answer = await client.request(
            city.county_admin, "POST", "/units",
            content=body.encode(), headers={"Content-Type": kind},
        )  # fmt: skip
        assert answer.status_code == 201, answer.text
        assert answer.json()["name"] == name


async def test_what_does_not_fit_is_refused_by_the_whole_way(client: Client, city: City) -> None:
    key = await client.get(city.city_admin, "/units/no-uuid")
    assert (key.status_code, key.json()["errors"][0]["field"]) == (422, "path.unit_id")
    body = await client.post(city.county_admin, "/units", {"name": "甲"})
    assert (body.status_code, body.json()["code"]) == (422, "invalid_request")
    nobody = await client.post(None, "/units", {"name": "甲"})
    assert nobody.status_code == 401


async def test_a_dependency_is_asked_once_however_many_ask_for_it() -> None:
    asked: list[str] = []

    async def connection() -> str:
        asked.append("connection")
        return "a connection"

    async def inclusion(
        db: Annotated[str, Depends(connection)], include: Annotated[str | None, Query()] = None
    ) -> tuple[str, str | None]:
        return db, include

    async def handler(
        request: Request,
        db: Annotated[str, Depends(connection)],
        included: Annotated[tuple[str, str | None], Depends(inclusion)],
    ) -> Response:
        return Response(f"{request.url.path} {included == (db, 'school')}")

    call = PlainCall.of(handler, "/things")
    assert call is not None
    scope: dict[str, Any] = {
        "type": "http", "method": "GET", "path": "/things", "headers": [], "query_string": b"",
        "server": ("test", 80), "scheme": "http", "root_path": "",
    }  # fmt: skip
    request = Request(scope)
    brought = await call.read(request)
    assert brought is not None
    assert (await call.answer(request, brought)).body == b"/things False"
    assert asked == ["connection"]
    scope["query_string"] = b"include=school"
    request = Request(scope)
    brought = await call.read(request)
    assert brought is not None
    assert (await call.answer(request, brought)).body == b"/things True"
    for unfit in (b"include=school&include=school", b"included=school"):
        scope["query_string"] = unfit
        assert await call.read(Request(scope)) is None


def test_what_needs_solving_is_not_plain() -> None:
    async def handler(name: str) -> Response:
        return Response(name)

    assert PlainCall.of(handler, "/things/{name}") is None
