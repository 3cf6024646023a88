"""Applications in tests: registered ones, and the steps by which they get a person's tokens."""

import re
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import asyncpg
import httpx2

from app.domain.access.accounts import Account
from app.domain.access.clients import Client, ClientKind, Flow
from app.domain.access.roles import Permission, Role
from app.request.challenges import challenge_of
from app.security import passwords
from app.security.personal_data import load_cipher
from app.settings import Settings
from app.sql import Connection, Row, new_id, prepare_connection
from tests.make import NOW, Person, make_account, make_city

PASSWORD = "correct horse battery"
SECRET = "an application's secret"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
"""The example of RFC 7636 (appendix B)."""
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
BACK = "https://app.example/back"

assert challenge_of(VERIFIER) == CHALLENGE


async def make_client(db: Connection, unit: Row, name: str = "app", **more: Any) -> Row:
    """A registered application of a unit; confidential, with every way to tokens."""
    account_id = new_id()
    place = {each: unit[each] for each in ("city_id", "county_id", "school_id")}
    account = {"id": account_id, "name": f"{name}.{account_id.hex[-6:]}", "display_name": "听课本"}
    stored = None if more.get("kind") == ClientKind.PUBLIC else passwords.hash_secret(SECRET)
    await db.insert(Account, account | {"kind": "client", "secret": stored} | place)
    flows = [Flow.AUTHORISATION_CODE, Flow.DEVICE_CODE]
    row = {
        "id": account_id,
        "kind": ClientKind.CONFIDENTIAL,
        "organisation": "示例科技公司",
        "purpose": "记录听课",
        "filing_number": "教APP备0000000号",
        "agreement_number": None,
        "agreement_ends": None,
        "valid_to": date(2099, 1, 1),
        "scopes": [Permission.TEACHER_READ, Permission.UNIT_READ],
        "flows": [*flows, Flow.CLIENT_CREDENTIALS] if stored else flows,
        "redirect_uris": [BACK],
        "origins": ["https://app.example"],
        "registered_at": NOW,
    } | more
    await db.insert(Client, row)
    return row | {"name": account["name"]}


async def make_person(db: Connection, unit: Row, role: Role = Role.SCHOOL_ADMIN) -> Person:
    """Somebody who signs in with `PASSWORD`."""
    secret = (await passwords.hash_password(PASSWORD)).encode()
    return await make_account(db, "somebody", role, unit, secret=secret)


def request_of(client: Row, **more: Any) -> dict[str, str]:
    """The fields of an authorisation request; None leaves one out."""
    fields = {
        "response_type": "code",
        "client_id": client["name"],
        "redirect_uri": BACK,
        "scope": "teacher:read",
        "state": "s t&te=1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **more,
    }
    return {name: value for name, value in fields.items() if value is not None}


async def open_page(http: httpx2.AsyncClient, fields: Any) -> httpx2.Response:
    """The page of an authorisation request."""
    return await http.get(
        f"/oauth/authorize?{urlencode(fields)}", headers={"Accept-Language": "en"}
    )


async def decide(
    http: httpx2.AsyncClient, path: str, fields: dict[str, str], **headers: str
) -> httpx2.Response:
    """Send a form as our own page would."""
    sent = {"Accept-Language": "en", "Sec-Fetch-Site": "same-origin", **headers}
    return await http.post(path, data=fields, headers=sent)


async def allow(http: httpx2.AsyncClient, client: Row, person: Person, **more: Any) -> str:
    """The code that an application gets when a person allows it."""
    typed = {"username": person.name, "password": PASSWORD, "decision": "allow"}
    answer = await decide(http, "/oauth/authorize", request_of(client, **more) | typed)
    assert answer.status_code == 303, answer.text
    return told(answer)["code"]


def told(answer: httpx2.Response) -> dict[str, str]:
    """What the address holds to which somebody is sent back."""
    assert answer.status_code == 303, answer.text
    return {
        name: value
        for name, [value] in parse_qs(urlsplit(answer.headers["location"]).query).items()
    }


async def exchange(
    http: httpx2.AsyncClient, client: Row, good: str, **more: Any
) -> httpx2.Response:
    """Exchange a code for tokens; None leaves a field out."""
    fields = {
        "grant_type": "authorization_code", "client_id": client["name"], "client_secret": SECRET,
        "code": good, "redirect_uri": BACK, "code_verifier": VERIFIER, **more,
    }  # fmt: skip
    if client["kind"] == ClientKind.PUBLIC and "client_secret" not in more:
        del fields["client_secret"]
    sent = {name: value for name, value in fields.items() if value is not None}
    return await http.post("/oauth/token", data=sent)


async def renew(
    http: httpx2.AsyncClient, client: Row | None, token: str, **more: Any
) -> httpx2.Response:
    """The next tokens of a sign-in."""
    fields = {"grant_type": "refresh_token", "refresh_token": token, **more}
    if client is not None:
        fields |= {"client_id": client["name"], "client_secret": SECRET}
    return await http.post("/oauth/token", data=fields)


def bearer(answer: httpx2.Response | str) -> dict[str, str]:
    """The header of a request with the token of an answer."""
    token = answer if isinstance(answer, str) else answer.json()["access_token"]
    return {"Authorization": f"Bearer {token}", "Accept-Language": "en"}


def hidden_fields(page: str) -> dict[str, str]:
    """What a page's form carries on."""
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))


def error_of(answer: httpx2.Response) -> tuple[int, str]:
    """The status and the word of a refusal of OAuth, which is a problem document besides."""
    content = answer.json()
    assert answer.headers["content-type"] == "application/json"
    assert content["status"] == answer.status_code
    assert content["error_description"].isascii()
    return answer.status_code, content["error"]


async def commit_registered(settings: Settings, **more: Any) -> tuple[Row, Person]:
    """An application and somebody who signs in, in a city with real commits."""
    driver = await asyncpg.connect(settings.database_url)
    try:
        await prepare_connection(driver)
        db = Connection(driver)
        city = await make_city(db, load_cipher(settings.data_folder / "personal_data_keys.json"))
        return await make_client(db, city.city, **more), await make_person(db, city.school)
    finally:
        await driver.close()
