"""The documentation pages: what they send, and what a real browser makes of them."""

import re
import threading
import time
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Annotated

import pytest
import strawberry
import uvicorn
from fastapi import Depends, FastAPI, Form, HTTPException
from fastapi.security import OAuth2PasswordBearer
from fastapi.testclient import TestClient
from starlette.requests import Request
from strawberry.fastapi import GraphQLRouter

from app import pages
from tests.pages.browser import CHROMIUM, PATIENCE, Tab, open_tab

needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed.")


@strawberry.enum
class Level(Enum):
    CITY = "city"


@strawberry.type
class Summary:
    credits: str


@strawberry.type
class Unit:
    id: strawberry.ID
    name: str

    @strawberry.field
    def counties(self) -> list["Unit"]:
        return [Unit(id=strawberry.ID("2"), name="岳阳楼区")]

    @strawberry.field
    def schools(self) -> list["Unit"]:
        return [Unit(id=strawberry.ID("3"), name="第一中学")]

    @strawberry.field
    def credit_summary(self) -> Summary:
        return Summary(credits="72.00")


@strawberry.type
class UnitEdge:
    node: Unit


@strawberry.type
class UnitConnection:
    edges: list[UnitEdge]


@strawberry.type
class Query:
    @strawberry.field
    def units(self, info: strawberry.Info, level: Level) -> UnitConnection:
        if info.context["request"].headers.get("authorization") != "Bearer made-up-token":
            raise PermissionError("not_signed_in")
        return UnitConnection(edges=[UnitEdge(node=Unit(id=strawberry.ID("1"), name=level.value))])


def make_application() -> FastAPI:
    """A small application with what the pages rely on: a token address, an operation, a schema."""
    app = FastAPI(title="Yanxun", docs_url=None, redoc_url=None)
    sign_in = OAuth2PasswordBearer(tokenUrl="oauth/token")

    @app.post("/oauth/token")
    async def issue_token(
        request: Request, username: Annotated[str, Form()], password: Annotated[str, Form()]
    ) -> dict[str, str]:
        if (username, password) != ("wang", "secret") or "authorization" in request.headers:
            raise HTTPException(status_code=400)
        return {"access_token": "made-up-token", "token_type": "bearer"}

    @app.get("/api/v1/me", tags=["access"])
    async def get_me(token: Annotated[str, Depends(sign_in)]) -> dict[str, str]:
        return {"you_came_with": token}

    app.include_router(pages.pages_router())
    app.include_router(GraphQLRouter(strawberry.Schema(Query), path="/graphql", graphql_ide=None))
    return app


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(make_application(), port=0, log_level="error"))
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
def tab(origin: str, tmp_path: Path) -> Iterator[Tab]:
    with open_tab(tmp_path / "profile", origin) as opened:
        yield opened


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(make_application())


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


@needs_browser
def test_the_rest_page_signs_in_and_tries_an_operation(tab: Tab) -> None:
    tab.open("/docs")
    tab.click("button.authorize")
    tab.write("#oauth_username", "wang")
    tab.write("#oauth_password", "secret")
    tab.click(".modal-ux button.modal-btn.authorize")
    tab.wait_for("document.querySelector('.modal-ux').innerText.includes('Logout')")
    tab.click("button.btn-done")
    tab.click("#operations-access-get_me_api_v1_me_get .opblock-summary-control")
    tab.click("button.execute")
    answer = tab.wait_for("document.querySelector('.live-responses-table')?.innerText")
    assert '"you_came_with": "made-up-token"' in answer
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
def test_the_graphql_page_runs_its_example_as_the_holder_of_a_token(tab: Tab) -> None:
    tab.open("/graphql")
    tab.write("#token", "made-up-token")
    tab.click(".graphiql-execute-button")
    tab.wait_for("document.querySelector('.result-window')?.innerText.includes('{')")
    answer = tab.evaluate("document.querySelector('.result-window').innerText")
    assert "creditSummary" in answer
    assert "errors" not in answer
    tab.click("button[aria-label='Show Documentation Explorer']")
    tab.wait_for("document.querySelector('.graphiql-plugin')?.innerText.includes('Query')")
    tab.click("button[aria-label='Open settings dialog']")
    tab.wait_for("document.querySelectorAll('[role=dialog]').length")
    assert tab.complaints == []
    assert tab.evaluate("localStorage.length") == 0
