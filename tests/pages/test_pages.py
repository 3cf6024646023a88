"""The documentation pages: what they send, and what a real browser makes of them."""

import asyncio
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx2
import pytest
import uvicorn
from fastapi.testclient import TestClient
from graphql import parse, validate

from app import pages
from app.database.embedded import Urls
from app.domain.access.accounts import AccountKind
from app.domain.access.roles import Role
from app.graphql.schema import schema
from app.main import create_application
from app.request.secrets import new_secret_for
from app.security.personal_data import load_cipher
from app.settings import Settings
from app.sql import Connection, prepare_connection
from tests.conftest import empty
from tests.make import make_account, make_city
from tests.pages.browser import CHROMIUM, PATIENCE, Tab, open_tab

needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed.")


@pytest.fixture
def settings(urls: Urls, tmp_path: Path) -> Settings:
    return Settings(data_folder=tmp_path).model_copy(update={"database_url": urls.application})


@pytest.fixture
def origin(settings: Settings) -> Iterator[str]:
    """The application itself, served on a port of this machine."""
    config = uvicorn.Config(create_application(settings), port=0, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + PATIENCE
    while not server.started:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def administrator(settings: Settings, urls: Urls) -> Iterator[tuple[str, str]]:
    """The name and the password of a city's administrator, in a city with real commits."""
    yield asyncio.run(_administrator(settings))
    asyncio.run(empty(urls.owner))


async def _administrator(settings: Settings) -> tuple[str, str]:
    driver = await asyncpg.connect(settings.database_url)
    try:
        await prepare_connection(driver)
        db = Connection(driver)
        city = await make_city(db, load_cipher(settings.data_folder / "personal_data_keys.json"))
        password, stored = await new_secret_for(AccountKind.PERSON)
        person = await make_account(db, "reader", Role.CITY_ADMIN, city.city, secret=stored)
    finally:
        await driver.close()
    return person.name, password


@pytest.fixture
def tab(origin: str, tmp_path: Path) -> Iterator[Tab]:
    with open_tab(tmp_path / "profile", origin) as opened:
        yield opened


@pytest.fixture
def client(settings: Settings) -> TestClient:
    return TestClient(create_application(settings))


@pytest.mark.parametrize("path", ["/docs", "/docs/oauth2-redirect", "/graphql"])
def test_a_page_has_a_strict_policy_and_no_inline_script(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "text/html,application/xhtml+xml;q=0.9"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert not re.search(r"<script[^>]*>[^<]", answer.text)
    assert "{" not in answer.text


@pytest.mark.parametrize("path", ["/docs", "/docs/oauth2-redirect", "/graphql"])
def test_every_asset_of_a_page_exists_and_may_be_kept_for_ever(
    client: TestClient, path: str
) -> None:
    page = client.get(path).text
    addresses = re.findall(r'(?:src|href|data-example)="((?:\.\./)?pages/[^"]+)"', page)
    assert len(addresses) >= 2
    for address in addresses:
        asset = client.get("/" + address.removeprefix("../"))
        assert asset.status_code == 200, address
        assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert asset.headers["x-content-type-options"] == "nosniff"


def test_each_answer_has_a_nonce_of_its_own(client: TestClient) -> None:
    first, second = (client.get("/graphql") for _ in range(2))
    nonce = re.findall(r"'nonce-([^']+)'", first.headers["content-security-policy"])[0]
    assert f'nonce="{nonce}"' in first.text
    assert nonce not in second.text


@pytest.mark.parametrize(
    "address",
    [
        "/pages/{version}/nothing.js",
        "/pages/{version}/../__init__.py",
        "/pages/{version}/%2e%2e/__init__.py",
        "/pages/{version}//etc/passwd",
        "/pages/{version}/",
        "/pages/0000000000000000/page.css",
    ],
)
def test_nothing_but_an_asset_of_this_version_is_served(client: TestClient, address: str) -> None:
    assert client.get(address.format(version=pages.assets_version())).status_code == 404


def test_a_program_that_wants_json_is_not_given_the_workbench(client: TestClient) -> None:
    refused = client.get("/graphql", headers={"Accept": "application/json"})
    assert refused.status_code == 406
    assert refused.headers["vary"] == "Accept"
    assert client.get("/graphql", headers={"Accept": "*/*"}).status_code == 200


def test_vendored_files_come_with_their_licences() -> None:
    vendored = pages.FOLDER / "assets" / "vendored"
    packages = [folder for folder in vendored.iterdir() if folder.is_dir()]
    assert packages
    assert all((folder / "LICENSE").stat().st_size > 500 for folder in packages)


def test_the_example_is_a_document_of_our_schema() -> None:
    example = (pages.FOLDER / "assets" / "example.graphql").read_text(encoding="utf-8")
    assert validate(schema._schema, parse(example)) == []


@needs_browser
def test_the_rest_page_signs_in_and_tries_an_operation(
    tab: Tab, administrator: tuple[str, str]
) -> None:
    name, password = administrator
    tab.open("/docs")
    tab.click("button.authorize")
    tab.write("#oauth_username", name)
    tab.write("#oauth_password", password)
    tab.click(".modal-ux button.modal-btn.authorize")
    tab.wait_for("document.querySelector('.modal-ux').innerText.includes('Logout')")
    tab.click("button.btn-done")
    tab.click("#operations-access-get_profile .opblock-summary-control")
    tab.click("button.execute")
    answer = tab.wait_for("document.querySelector('.live-responses-table')?.innerText")
    assert f'"name": "{name}"' in answer
    assert "city_admin" in answer
    assert tab.complaints == []
    assert any(address.endswith("/openapi.json") for address in tab.addresses)


@needs_browser
def test_the_rest_page_takes_the_code_of_an_authorisation(tab: Tab) -> None:
    tab.open("/docs")
    tab.wait_for("document.querySelectorAll('.opblock').length")
    code = tab.evaluate(
        """new Promise((resolve) => {
          window.swaggerUIRedirectOauth2 = {
            state: "s",
            redirectUrl: "docs/oauth2-redirect",
            auth: { name: "a", schema: new Map([["flow", "authorizationCode"]]) },
            callback: ({ auth }) => resolve(auth.code),
          };
          window.open("docs/oauth2-redirect?code=from-the-server&state=s");
        })"""
    )
    assert code == "from-the-server"
    assert tab.complaints == []


@needs_browser
def test_the_graphql_page_runs_its_example_as_the_holder_of_a_token(
    tab: Tab, origin: str, administrator: tuple[str, str]
) -> None:
    name, password = administrator
    form = {"grant_type": "password", "username": name, "password": password}
    token = httpx2.post(f"{origin}/oauth/token", data=form).json()["access_token"]
    tab.open("/graphql")
    # What is typed before the page has its program is not heard of.
    tab.wait_for("document.querySelector('.graphiql-execute-button') !== null")
    tab.write("#token", token)
    tab.click(".graphiql-execute-button")
    tab.wait_for("document.querySelector('.result-window')?.innerText.includes('{')")
    answer = tab.evaluate("document.querySelector('.result-window').innerText")
    assert "测试市" in answer
    assert "errors" not in answer
    tab.click("button[aria-label='Show Documentation Explorer']")
    tab.wait_for("document.querySelector('.graphiql-plugin')?.innerText.includes('Query')")
    tab.click("button[aria-label='Open settings dialog']")
    tab.wait_for("document.querySelectorAll('[role=dialog]').length")
    assert tab.complaints == []
    assert tab.evaluate("localStorage.length") == 0
