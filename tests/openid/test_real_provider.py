"""The whole way through a provider that is not ours: `oidc-provider`, in a process of its own.

It is fetched by npm into a folder of the test; without node or without a registry this is skipped.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx2
import pytest
from fastapi import FastAPI

from app.openid.provider import IdentityProviders
from app.request import Resources
from app.sql import Connection, new_id
from tests.identities import come_back, depart, link, make_provider
from tests.make import City
from tests.oauth import bearer, decide, exchange, hidden_fields, make_client, make_person, told
from tests.openid.a_provider import Provider

HERE = Path(__file__).parent / "real"
KEY = new_id()
BACK = f"http://test/oauth/identities/{KEY}/back"


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the provider, while it runs."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("node and npm are not installed")
    folder = tmp_path_factory.mktemp("provider")
    for name in ("package.json", "provider.js"):
        shutil.copy(HERE / name, folder)
    options = ["--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"]
    try:
        subprocess.run(
            [npm, "install", *options], cwd=folder, check=True, capture_output=True, timeout=90
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        pytest.skip("oidc-provider could not be fetched from a registry of npm")
    with subprocess.Popen(
        [node, "provider.js", BACK], cwd=folder, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            lines = iter(process.stdout.readline, "")
            yield next(line.strip() for line in lines if line.startswith("http://127.0.0.1"))
        finally:
            process.kill()


async def sign_in_there(address: str, subject: str) -> dict[str, str]:
    """Sign in at the provider and consent; what the browser is sent back with."""
    async with httpx2.AsyncClient(trust_env=False) as browser:
        page = await browser.get(address)
        for _ in range(10):
            while page.has_redirect_location:
                following = urljoin(str(page.url), page.headers["location"])
                if following.startswith(BACK):
                    return dict(parse_qsl(urlsplit(following).query))
                page = await browser.get(following)
            assert page.status_code == 200, page.text
            action = re.findall(r'<form[^>]*action="([^"]+)"', page.text)[0]
            fields = hidden_fields(page.text) | {"login": subject, "password": "any"}
            page = await browser.post(urljoin(str(page.url), action), data=fields)
    raise AssertionError("the provider never sent anybody back")


async def test_somebody_signs_in_at_a_real_provider(
    http: httpx2.AsyncClient, application: FastAPI, db: Connection, city: City, issuer: str
) -> None:
    held: Resources = application.state.resources
    asked = IdentityProviders(loopback=True)
    application.state.resources = replace(held, identity_providers=asked)
    app, person = await make_client(db, city.city), await make_person(db, city.school)
    await make_provider(db, city, held.cipher, Provider(issuer), id=KEY)
    await link(db, person, KEY, "t-0042")
    for subject, status in (("t-0042", 200), ("t-0043", 403)):
        gone = await depart(http, app, KEY)
        assert gone.status_code == 303, gone.text
        fields = await sign_in_there(gone.headers["location"], subject)
        assert fields["iss"] == issuer
        page = await come_back(http, KEY, fields)
        assert page.status_code == status, page.text
        assert (await come_back(http, KEY, fields)).status_code == 400
        if status == 200:
            kept = hidden_fields(page.text) | {"decision": "allow"}
            back = told(await decide(http, "/oauth/identities/decide", kept))
            tokens = await exchange(http, app, back["code"])
            me = (await http.get("/api/v1/me", headers=bearer(tokens))).json()
            assert me["name"] == person.name
