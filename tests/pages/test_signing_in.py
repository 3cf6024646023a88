"""The pages of signing in for an application and for a device: what they send, and a real browser."""

import asyncio
import html
import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import asyncpg
import httpx2
import pytest

from app.database.embedded import Urls
from app.domain.access.actors import PasswordChangeDue
from app.domain.access.clients import ClientKind
from app.domain.access.roles import Permission
from app.pages.words import WORDS, words_of_scope
from app.request import Resources
from app.settings import Settings
from app.sql import Connection, Row
from tests.conftest import empty
from tests.make import City, Person
from tests.oauth import (
    PASSWORD,
    SECRET,
    allow,
    bearer,
    commit_registered,
    decide,
    error_of,
    exchange,
    hidden_fields,
    make_client,
    make_person,
    open_page,
    request_of,
    told,
)
from tests.pages.browser import Tab
from tests.pages.test_pages import needs_browser, origin, settings, tab

__all__ = ["origin", "settings", "tab"]


@pytest.fixture
async def app(db: Connection, city: City) -> Row:
    return await make_client(db, city.city)


@pytest.fixture
async def person(db: Connection, city: City) -> Person:
    return await make_person(db, city.school)


@pytest.fixture
async def device(http: httpx2.AsyncClient, app: Row) -> dict[str, Any]:
    """What a device was told that asked for codes."""
    form = {"client_id": app["name"], "client_secret": SECRET, "scope": "unit:read"}
    answer = await http.post("/oauth/device_authorization", data=form)
    assert answer.status_code == 200, answer.text
    codes: dict[str, Any] = answer.json()
    return codes


async def poll(http: httpx2.AsyncClient, app: Row, device: dict[str, Any]) -> httpx2.Response:
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code", "client_id": app["name"],
        "client_secret": SECRET, "device_code": device["device_code"],
    }  # fmt: skip
    return await http.post("/oauth/token", data=form)


def check_headers(answer: httpx2.Response, targets: str) -> None:
    policy = answer.headers["content-security-policy"]
    assert policy == (
        f"default-src 'none'; style-src 'self'; img-src 'self'; form-action {targets}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers.get_list("set-cookie") == []
    assert "<script" not in answer.text
    assert "style=" not in answer.text
    assert not re.search(r"\$[a-z_]+", answer.text), "a template is not filled in"


async def test_every_page_has_a_strict_policy_no_script_and_no_cookie(
    http: httpx2.AsyncClient, app: Row, device: dict[str, Any]
) -> None:
    check_headers(await open_page(http, request_of(app)), "'self' https://app.example")
    check_headers(await open_page(http, {}), "'self'")
    check_headers(await http.get("/oauth/device"), "'self'")
    complete = device["verification_uri_complete"].removeprefix("http://test")
    check_headers(await http.get(complete), "'self'")


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_page_speaks_the_language_that_is_asked_for(
    http: httpx2.AsyncClient, app: Row, language: str
) -> None:
    fields = request_of(app, ui_locales={"zh": "zh-CN", "en": "fr en"}[language])
    page = await http.get(f"/oauth/authorize?{urlencode(fields)}")
    assert f'<html lang="{WORDS[language]["lang"]}">' in page.text
    assert WORDS[language]["allow"] in page.text
    assert words_of_scope(Permission.TEACHER_READ, language) in page.text
    link = html.unescape(re.findall(r'href="(authorize[^"]+)"', page.text)[0])
    other = await http.get(f"/oauth/{link}")
    assert WORDS["en" if language == "zh" else "zh"]["allow"] in other.text


def test_both_languages_say_the_same_things() -> None:
    assert WORDS["zh"].keys() == WORDS["en"].keys()


@pytest.mark.parametrize("scope", list(Permission))
def test_every_scope_has_words(scope: Permission) -> None:
    for language in ("zh", "en"):
        assert words_of_scope(scope, language) != scope.value


async def test_what_was_sent_is_never_markup(
    http: httpx2.AsyncClient, db: Connection, city: City
) -> None:
    evil = '"><script>alert(1)</script>'
    app = await make_client(db, city.city, organisation=evil, purpose=evil)
    page = await open_page(http, request_of(app, state=evil))
    assert "<script" not in page.text
    assert hidden_fields(page.text)["state"] == html.escape(evil)
    typed = {"username": evil, "password": evil, "decision": "allow"}
    refused = await decide(http, "/oauth/authorize", request_of(app, state=evil) | typed)
    assert refused.status_code == 422
    assert "<script" not in refused.text


async def test_a_form_carries_the_whole_request_and_never_the_password(
    http: httpx2.AsyncClient, app: Row, person: Person
) -> None:
    page = await open_page(http, request_of(app))
    carried = {name: html.unescape(value) for name, value in hidden_fields(page.text).items()}
    assert carried == request_of(app)
    typed = {"username": person.name, "password": PASSWORD + "!", "decision": "allow"}
    refused = await decide(http, "/oauth/authorize", carried | typed)
    assert refused.status_code == 422
    assert PASSWORD not in refused.text
    assert f'value="{person.name}"' in refused.text
    told(await decide(http, "/oauth/authorize", carried | typed | {"password": PASSWORD}))


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://test"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://test.evil.example"},
        {},
    ],
)
async def test_a_form_of_another_page_is_refused(
    http: httpx2.AsyncClient, driver: asyncpg.Connection, app: Row, person: Person,
    device: dict[str, Any], headers: dict[str, str],
) -> None:  # fmt: skip
    typed = {"username": person.name, "password": PASSWORD, "decision": "allow"}
    answers = [
        await http.post("/oauth/authorize", data=request_of(app) | typed, headers=headers),
        await http.post(
            "/oauth/device", data=typed | {"user_code": device["user_code"]}, headers=headers
        ),
    ]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert await driver.fetchval("SELECT count(*) FROM consent") == 0


async def test_an_old_browser_says_its_origin(
    http: httpx2.AsyncClient, app: Row, person: Person
) -> None:
    typed = {"username": person.name, "password": PASSWORD, "decision": "allow"}
    answer = await http.post(
        "/oauth/authorize", data=request_of(app) | typed, headers={"Origin": "http://test"}
    )
    assert "code" in told(answer)


@pytest.mark.parametrize("typed", [{}, {"username": "x"}, {"password": "x"}])
async def test_without_a_name_and_a_password_nothing_is_tried(
    http: httpx2.AsyncClient, app: Row, typed: dict[str, str]
) -> None:
    form = request_of(app) | typed | {"decision": "allow"}
    answer = await decide(http, "/oauth/authorize", form)
    assert answer.status_code == 422
    assert WORDS["en"]["fields_missing"] in answer.text


async def test_tries_from_one_address_are_bounded(
    http: httpx2.AsyncClient, resources: Resources, app: Row, person: Person
) -> None:
    transport: Any = http._transport
    state = transport.app.state
    bounded = resources.settings.model_copy(update={"attempts_at_once": 2})
    state.resources = replace(state.resources, settings=bounded)
    typed = {"username": person.name, "password": "wrong", "decision": "allow"}
    statuses = [
        (await decide(http, "/oauth/authorize", request_of(app) | typed)).status_code
        for _ in range(3)
    ]
    assert statuses == [422, 422, 429]
    form = {"grant_type": "password", "username": person.name, "password": PASSWORD}
    answer = await http.post("/oauth/token", data=form)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_attempts")
    assert int(answer.headers["retry-after"]) >= 1
    codes = [await http.get(f"/oauth/device?user_code=BBBB-BBB{each}") for each in "BCD"]
    assert [code.status_code for code in codes] == [404, 404, 429]


async def test_one_sees_the_application_that_one_allowed_and_takes_it_back(
    http: httpx2.AsyncClient, app: Row, person: Person
) -> None:
    tokens = await exchange(http, app, await allow(http, app, person))
    form = {"grant_type": "password", "username": person.name, "password": PASSWORD}
    own = bearer(await http.post("/oauth/token", data=form))
    (consent,) = (await http.get("/api/v1/me/consents", headers=own)).json()
    assert (consent["client_name"], consent["scopes"]) == ("听课本", ["teacher:read"])
    unused = await allow(http, app, person)
    (consent,) = (await http.get("/api/v1/me/consents", headers=own)).json()
    revoked = await http.post(f"/api/v1/me/consents/{consent['id']}/revoke", headers=own)
    assert revoked.status_code == 200
    assert error_of(await exchange(http, app, unused)) == (400, "invalid_grant")
    form = {
        "grant_type": "refresh_token", "client_id": app["name"], "client_secret": SECRET,
        "refresh_token": tokens.json()["refresh_token"],
    }  # fmt: skip
    assert error_of(await http.post("/oauth/token", data=form)) == (400, "invalid_grant")


async def test_a_device_is_allowed_on_another_screen(
    http: httpx2.AsyncClient, app: Row, person: Person, device: dict[str, Any]
) -> None:
    assert error_of(await poll(http, app, device)) == (400, "authorization_pending")
    assert error_of(await poll(http, app, device)) == (400, "slow_down")
    typed_loosely = device["user_code"].lower().replace("-", " ")
    page = await http.get(f"/oauth/device?{urlencode({'user_code': typed_loosely})}")
    assert device["user_code"] in page.text
    form = {"username": person.name, "decision": "allow", "user_code": device["user_code"]}
    wrong = await decide(http, "/oauth/device", form | {"password": "wrong"})
    assert wrong.status_code == 422
    done = await decide(http, "/oauth/device", form | {"password": PASSWORD})
    assert WORDS["en"]["device_allowed"] in done.text
    again = await decide(http, "/oauth/device", form | {"password": PASSWORD})
    assert again.status_code == 404
    tokens = await poll(http, app, device)
    assert tokens.json()["scope"] == "unit:read"
    assert (await http.get("/api/v1/units", headers=bearer(tokens))).status_code == 200
    assert error_of(await poll(http, app, device)) == (400, "expired_token")


async def test_a_device_gets_nothing_once_the_consent_was_taken_back(
    http: httpx2.AsyncClient, app: Row, person: Person, device: dict[str, Any]
) -> None:
    form = {
        "username": person.name, "password": PASSWORD, "decision": "allow",
        "user_code": device["user_code"],
    }  # fmt: skip
    await decide(http, "/oauth/device", form)
    sent = {"grant_type": "password", "username": person.name, "password": PASSWORD}
    own = bearer(await http.post("/oauth/token", data=sent))
    (consent,) = (await http.get("/api/v1/me/consents", headers=own)).json()
    await http.post(f"/api/v1/me/consents/{consent['id']}/revoke", headers=own)
    assert error_of(await poll(http, app, device)) == (400, "invalid_grant")


async def test_nobody_fills_the_disk_with_codes(
    http: httpx2.AsyncClient, db: Connection, city: City, driver: asyncpg.Connection
) -> None:
    """The name of a public application is known to everybody."""
    public = await make_client(db, city.city, "public", kind=ClientKind.PUBLIC)
    transport: Any = http._transport
    state = transport.app.state
    bounded = state.resources.settings.model_copy(update={"attempts_at_once": 2})
    state.resources = replace(state.resources, settings=bounded)
    asked = {"client_id": public["name"]}
    told = [await http.post("/oauth/device_authorization", data=asked) for _ in range(3)]
    assert [answer.status_code for answer in told] == [200, 200, 429]
    assert await driver.fetchval("SELECT count(*) FROM device_code") == 2


async def test_a_device_is_denied(
    http: httpx2.AsyncClient, app: Row, device: dict[str, Any]
) -> None:
    form = {"decision": "deny", "user_code": device["user_code"]}
    done = await decide(http, "/oauth/device", form)
    assert WORDS["en"]["device_denied"] in done.text
    assert error_of(await poll(http, app, device)) == (400, "access_denied")


@pytest.fixture
def registered(settings: Settings, urls: Urls) -> Iterator[tuple[Row, Person]]:
    """An application and a person, in a city with real commits."""
    yield asyncio.run(commit_registered(settings, redirect_uris=["http://127.0.0.1/back"]))
    asyncio.run(empty(urls.owner))


@pytest.fixture
def application_of_another() -> Iterator[tuple[str, list[str]]]:
    """Where an application waits for the person to come back, and what it is asked for."""
    asked: list[str] = []
    door = socket.create_server(("127.0.0.1", 0))
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nback"

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = door.accept()
                with connection:
                    asked.append(connection.recv(4096).decode().partition("\r\n")[0])
                    connection.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{door.getsockname()[1]}/back", asked
    door.shutdown(socket.SHUT_RDWR)
    door.close()
    thread.join()


def write(tab: Tab, selector: str, text: str) -> None:
    """Type into a field as `Tab.write` does, where the page may run no script of anybody's."""
    tab.wait_for("document.readyState === 'complete'")
    field = f"document.querySelector({json.dumps(selector)})"
    tab.evaluate(f"{field}.select()")
    tab.call("Input.insertText", text=text)
    tab.wait_for(f"{field}.value === {json.dumps(text)}")


def press(tab: Tab, selector: str) -> None:
    """Activate a button that a person could reach with the mouse.

    The browser does it, not the mouse: a click on a page that has not been painted yet, as happens
    on a busy machine, is dropped without a trace.
    """
    button = f"document.querySelector({json.dumps(selector)})"
    reachable = (
        "(([button, {x, y, width, height}]) =>"
        " button.contains(document.elementFromPoint(x + width / 2, y + height / 2)))"
        f"([{button}, {button}.getBoundingClientRect()])"
    )
    tab.evaluate(f"{button}.scrollIntoView({{block: 'center'}})")
    tab.wait_for(reachable)
    tab.evaluate(f"{button}.click()")


@needs_browser
def test_a_person_signs_in_with_a_browser_and_without_a_script(
    tab: Tab, origin: str, registered: tuple[Row, Person],
    application_of_another: tuple[str, list[str]], tmp_path: Path,
) -> None:  # fmt: skip
    (app, person), (redirect, asked) = registered, application_of_another
    tab.call("Emulation.setScriptExecutionDisabled", value=True)
    fields = request_of(app, redirect_uri=redirect)
    tab.open(f"/oauth/authorize?{urlencode(fields)}")
    tab.wait_for("document.querySelector('h1')?.innerText")
    described = "document.querySelectorAll('input:not([type=hidden])')"
    labels = f"[...{described}].every((each) => each.labels.length === 1)"
    assert tab.evaluate(labels)
    write(tab, "#username", person.name)
    write(tab, "#password", "not the password")
    press(tab, "button[value=allow]")
    tab.wait_for("document.querySelector('[role=alert]')?.innerText")
    assert tab.evaluate("document.querySelector('#username').value") == person.name
    assert tab.evaluate("document.querySelector('#password').value") == ""
    # The refused form is a page with the status 422, which the browser itself notes.
    assert all("422" in each for each in tab.complaints), tab.complaints
    tab.complaints.clear()
    write(tab, "#password", PASSWORD)
    press(tab, "button[value=allow]")
    tab.wait_for("document.body?.innerText === 'back'")
    back = parse_qs(urlsplit(asked[0].split(" ")[1]).query)
    assert back["state"] == [fields["state"]]
    assert back["iss"] == [origin]
    form = {
        "grant_type": "authorization_code", "client_id": app["name"], "client_secret": SECRET,
        "code": back["code"][0], "redirect_uri": redirect,
        "code_verifier": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    }  # fmt: skip
    assert httpx2.post(f"{origin}/oauth/token", data=form).status_code == 200
    foreign = [each for each in tab.complaints if redirect not in each]
    assert [each for each in foreign if "favicon" not in each] == []


async def test_a_first_password_opens_nothing_for_an_application(
    http: httpx2.AsyncClient, driver: asyncpg.Connection, app: Row, person: Person
) -> None:
    await driver.execute(
        "UPDATE account SET first_password_until = now() + interval '1 day' WHERE id = $1",
        person.actor.account_id,
    )
    typed = {"username": person.name, "password": PASSWORD, "decision": "allow"}
    answer = await decide(http, "/oauth/authorize", request_of(app) | typed)
    assert answer.status_code == 422
    assert PasswordChangeDue.en in answer.text
    assert await driver.fetchval("SELECT count(*) FROM consent") == 0
