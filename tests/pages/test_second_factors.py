"""The code of a second factor on the pages of signing in: for an application and for a device."""

from dataclasses import replace

import httpx2
import pytest
from fastapi import FastAPI

from app.domain.access.second_factors import code_at, step_of
from app.pages.words import WORDS
from app.request import Resources, now
from app.sql import Connection, Row
from tests.identities import guard
from tests.make import City, Person
from tests.oauth import (
    PASSWORD,
    SECRET,
    decide,
    exchange,
    make_client,
    make_person,
    open_page,
    request_of,
    told,
)


@pytest.fixture
async def app(db: Connection, city: City) -> Row:
    return await make_client(db, city.city)


@pytest.fixture
async def person(db: Connection, city: City) -> Person:
    return await make_person(db, city.school)


async def allow(
    http: httpx2.AsyncClient, app: Row, person: Person, **typed: str
) -> httpx2.Response:
    form = {"username": person.name, "password": PASSWORD, "decision": "allow", **typed}
    return await decide(http, "/oauth/authorize", request_of(app) | form)


async def test_the_page_has_a_field_with_a_label_and_a_hint(
    http: httpx2.AsyncClient, app: Row
) -> None:
    page = (await open_page(http, request_of(app))).text
    assert f'<label for="otp">{WORDS["en"]["otp"]}</label>' in page
    assert 'autocomplete="one-time-code"' in page
    assert 'aria-describedby="otp-hint"' in page
    assert f'id="otp-hint">{WORDS["en"]["otp_hint"]}' in page


async def test_it_is_asked_for_and_let_in_once(
    http: httpx2.AsyncClient, db: Connection, resources: Resources, app: Row, person: Person
) -> None:
    secret = await guard(db, person, resources.cipher)
    code = code_at(secret, step_of(now()) + 1)
    for typed, said in (({}, "give the code"), ({"otp": "000000"}, "used before")):
        refused = await allow(http, app, person, **typed)
        assert (refused.status_code, said in refused.text) == (422, True)
        assert 'value="000000"' not in refused.text
    back = told(await allow(http, app, person, otp=f" {code[:3]} {code[3:]} "))
    assert (await exchange(http, app, back["code"])).status_code == 200
    again = await allow(http, app, person, otp=code)
    assert again.status_code == 422


async def test_a_device_is_allowed_with_a_code(
    http: httpx2.AsyncClient, db: Connection, resources: Resources, app: Row, person: Person
) -> None:
    await guard(db, person, resources.cipher)
    form = {"client_id": app["name"], "client_secret": SECRET, "scope": "unit:read"}
    device = (await http.post("/oauth/device_authorization", data=form)).json()
    typed = {"username": person.name, "password": PASSWORD, "decision": "allow"}
    typed |= {"user_code": device["user_code"]}
    assert (await decide(http, "/oauth/device", typed)).status_code == 422
    done = await decide(http, "/oauth/device", typed | {"otp": "recovery1"})
    assert (done.status_code, WORDS["en"]["device_allowed"] in done.text) == (200, True)


async def test_where_it_is_demanded_nothing_is_allowed_without_one(
    http: httpx2.AsyncClient, application: FastAPI, app: Row, person: Person
) -> None:
    held: Resources = application.state.resources
    demanding = held.settings.model_copy(update={"second_factor": "administrators"})
    application.state.resources = replace(held, settings=demanding)
    refused = await allow(http, app, person)
    assert refused.status_code == 422
    assert "second-factor/enrol" in refused.text
