"""The directory finds the same routes as FastAPI's own routing, and nothing else."""

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Match

from app.request.directory import Directory
from tests.make import City, Client


def directory_of(application: FastAPI) -> Directory:
    [found] = [route for route in application.routes if isinstance(route, Directory)]
    return found


def test_every_route_is_found_by_its_path(application: FastAPI) -> None:
    directory = directory_of(application)
    for route in iter_route_contexts(application.routes):
        path = str(route.path)
        if not path.startswith("/api/"):
            continue
        for method in route.methods or ():
            scope = {"type": "http", "method": method, "path": path}
            match, child = directory.matches(scope)
            assert match is Match.FULL
            assert child["endpoint"] is route.endpoint


@pytest.mark.parametrize(
    "path", ["/", "", "/api/v1", "/api/v1/units/", "/api/v1//units", "/api/v1/no"]
)
def test_what_it_does_not_know_is_left_to_the_routes(application: FastAPI, path: str) -> None:
    scope = {"type": "http", "method": "GET", "path": path}
    assert directory_of(application).matches(scope) == (Match.NONE, {})


async def test_a_word_is_taken_before_a_parameter(client: Client, city: City) -> None:
    answer = await client.get(city.city_admin, f"/units/{city.county['id']}/children")
    assert [unit["name"] for unit in answer.json()["items"]] == ["甲县第一小学", "甲县第二小学"]
    assert (await client.request(city.city_admin, "DELETE", "/units")).status_code == 405
