import json
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from app.domain.access.roles import Permission
from app.sql import Connection
from tests.make import NOW, City, Client, Person
from tests.make_learning import (
    ADL,
    ISSUER,
    actor,
    make_class,
    make_player,
    settle,
    statement,
    tell,
)
from tests.oauth import SECRET, bearer, make_client

VERSION = {"X-Experience-API-Version": "1.0.3"}
XAPI = "//xapi/statements"


async def send(
    client: Client, person: Person | None, method: str, told: Any, path: str = XAPI, **more: Any
) -> httpx2.Response:
    headers = VERSION | more.pop("headers", {})
    return await client.request(person, method, path, json=told, headers=headers, **more)


async def ask(client: Client, person: Person | None, path: str = "", **query: Any) -> Any:
    return await client.get(person, path or XAPI, params=query, headers=VERSION)


# A player, as one is.


async def test_a_player_gets_a_token_and_tells(
    http: httpx2.AsyncClient, client: Client, db: Connection, city: City
) -> None:
    activity = await make_class(db, city)
    scopes = [Permission.LEARNING_RECORD_WRITE, Permission.ATTENDANCE_READ]
    new = {
        "name": "video.player", "display_name": "视频平台", "organisation": "示例公司",
        "purpose": "报送学习记录", "valid_to": "2099-01-01",
        "agreement_number": "A1", "unit_id": str(city.county["id"]),
        "scopes": scopes, "flows": ["client_credentials"],
    }  # fmt: skip
    registered = await client.post(city.city_admin, "/clients", new)
    assert registered.status_code == 201, registered.text
    app = await make_client(db, city.county, scopes=scopes)
    role = {"role": "integration", "subject_id": str(city.county["id"])}
    granted = await client.post(city.city_admin, f"/accounts/{app['id']}/grants", role)
    assert granted.status_code == 201, granted.text
    form = {"grant_type": "client_credentials", "client_id": app["name"], "client_secret": SECRET}
    token = await http.post("/oauth/token", data=form)
    told = statement(city.teacher, activity)
    headers = bearer(token) | VERSION
    answer = await http.post("/xapi/statements", json=told, headers=headers)
    assert (answer.status_code, answer.json()) == (200, [told["id"]]), answer.text
    found = await http.get("/xapi/statements", headers=headers)
    (given,) = found.json()["statements"]
    assert given["authority"]["account"] == {"homePage": ISSUER, "name": str(app["id"])}


async def test_one_is_put_under_its_identifier(client: Client, db: Connection, city: City) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    told = statement(city.teacher, activity)
    key = told.pop("id")
    query = {"statementId": key}
    for _ in range(2):
        answer = await send(client, player, "PUT", told, params=query)
        assert (answer.status_code, answer.content) == (204, b""), answer.text
        assert answer.headers["x-experience-api-version"] == "1.0.3"
    other = told | {"result": {"success": True}}
    refused = await send(client, player, "PUT", other, params=query)
    assert (refused.status_code, refused.json()["code"]) == (409, "statement_differs")
    for unfit, params in (
        (told | {"id": str(uuid4())}, query), ([told, told], query), (told, {"statementId": "x"}),
        (told, {}), ([], query),
    ):  # fmt: skip
        refused = await send(client, player, "PUT", unfit, params=params)
        assert refused.status_code == 400, refused.text
        assert refused.headers["x-experience-api-version"] == "1.0.3"
    one = await ask(client, city.county_admin, statementId=key)
    assert one.json()["id"] == key


async def test_many_are_posted_or_none(client: Client, db: Connection, city: City) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    told = [statement(city.teacher, activity, "experienced", f"{n}") for n in range(3)]
    del told[1]["id"]
    answer = await send(client, player, "POST", told)
    ids = answer.json()
    assert (answer.status_code, len(ids), ids[0], ids[2]) == (
        200, 3, told[0]["id"], told[2]["id"],
    ), answer.text  # fmt: skip
    wrong = [statement(city.teacher, activity), statement(city.colleague, activity)]
    refused = await send(client, player, "POST", wrong)
    assert (refused.status_code, refused.json()["code"]) == (400, "learner_not_enrolled")
    assert refused.json()["details"] == {"position": 2}
    unfit = [statement(city.teacher, activity), {"actor": {}}]
    refused = await send(client, player, "POST", unfit)
    assert refused.json()["details"] == {"at": "$[1].verb", "rule": "missing"}
    assert len((await ask(client, city.county_admin)).json()["statements"]) == 3
    assert (await send(client, player, "POST", [])).json() == []


@pytest.mark.parametrize("version", [None, "0.9", "1.1.0", "2.0.0", "1.0.x", ""])
async def test_the_version_is_named(client: Client, city: City, version: str | None) -> None:
    headers = {} if version is None else {"X-Experience-API-Version": version}
    refused = await client.get(city.county_admin, XAPI, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (400, "xapi_version_not_spoken")
    assert refused.headers["x-experience-api-version"] == "1.0.3"


async def test_about_is_for_anybody(client: Client) -> None:
    answer = await client.get(None, "//xapi/about")
    assert (answer.status_code, answer.json()) == (200, {"version": ["1.0.3"]})
    assert answer.headers["x-experience-api-version"] == "1.0.3"


async def test_who_may_not_tell_or_read_is_refused(
    client: Client, db: Connection, city: City
) -> None:
    activity = await make_class(db, city)
    told = statement(city.teacher, activity)
    for person, status, code in (
        (None, 401, "unauthenticated"), (city.city_admin, 403, "not_allowed"),
        (city.teacher_account, 403, "not_allowed"), (city.auditor, 403, "not_allowed"),
    ):  # fmt: skip
        refused = await send(client, person, "POST", told)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert (await ask(client, None)).status_code == 401


async def test_attachments_and_other_contents_are_refused(
    client: Client, db: Connection, city: City
) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    told = statement(city.teacher, activity)
    refused = await send(client, player, "POST", told | {"attachments": []})
    assert (refused.status_code, refused.json()["code"]) == (400, "attachments_not_kept")
    for media_type, status, code in (
        ("multipart/mixed; boundary=x", 400, "attachments_not_kept"),
        ("application/x-www-form-urlencoded", 415, "unsupported_type"),
        ("text/plain", 415, "unsupported_type"),
    ):
        refused = await client.request(
            player, "POST", XAPI, content=json.dumps(told),
            headers=VERSION | {"Content-Type": media_type},
        )  # fmt: skip
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    refused = await ask(client, player, attachments="true")
    assert (refused.status_code, refused.json()["code"]) == (400, "attachments_not_kept")


@pytest.mark.parametrize(
    "path", ["activities/state", "activities/profile", "agents/profile", "agents", "activities"]
)
async def test_what_there_is_not_is_said(client: Client, city: City, path: str) -> None:
    for method in ("GET", "PUT", "POST", "DELETE"):
        refused = await client.request(city.integration, method, f"//xapi/{path}", headers=VERSION)
        assert (refused.status_code, refused.json()["code"]) == (404, "xapi_resource_not_offered")


# Asking.


async def test_one_is_asked_for_with_what_a_cache_needs(
    client: Client, db: Connection, city: City
) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    (key,) = await tell(db, player, statement(city.teacher, activity))
    answer = await ask(client, city.county_admin, statementId=str(key))
    assert answer.status_code == 200
    assert parsedate_to_datetime(answer.headers["last-modified"]) == NOW
    assert answer.headers["etag"].startswith('"')
    assert answer.headers["x-experience-api-consistent-through"].endswith("Z")
    head = await client.request(
        city.county_admin, "HEAD", XAPI, params={"statementId": str(key)}, headers=VERSION
    )
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["last-modified"] == answer.headers["last-modified"]
    refused = await ask(client, city.county_admin, voidedStatementId=str(key))
    assert (refused.status_code, refused.json()["code"]) == (404, "learning_record_not_found")
    ids = await ask(client, city.county_admin, statementId=str(key), format="ids")
    assert ids.json()["verb"] == {"id": f"{ADL}completed"}


async def test_a_list_goes_on_by_more(client: Client, db: Connection, city: City) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    told = [statement(city.teacher, activity, "experienced", f"第{n}课&?") for n in range(5)]
    for each in told:
        each["object"]["id"] = f"https://player.example/课/{uuid4()}"
    await tell(db, player, *told)
    of_class = f"{ISSUER}/activities/{activity['id']}"
    query: dict[str, Any] = {
        "limit": 2, "ascending": "true", "activity": of_class, "related_activities": "true",
        "agent": json.dumps(actor(city.teacher)),
    }  # fmt: skip
    answer, seen = await ask(client, city.county_admin, **query), []
    while True:
        content = answer.json()
        seen += [each["id"] for each in content["statements"]]
        if not content["more"]:
            break
        answer = await client.get(city.county_admin, f"/{content['more']}", headers=VERSION)
    assert seen == [each["id"] for each in told]
    every = (await ask(client, city.county_admin, limit=0, since=NOW.isoformat())).json()
    assert [each["id"] for each in every["statements"]] == seen[:0:-1]
    until = (NOW - timedelta(seconds=1)).isoformat()
    assert (await ask(client, city.county_admin, until=until)).json() == {
        "statements": [], "more": "",
    }  # fmt: skip


UNFIT: tuple[dict[str, str], ...] = (
    {"statementId": "x"},
    {"statementId": str(uuid4()), "voidedStatementId": str(uuid4())},
    {"statementId": str(uuid4()), "verb": "https://player.example/x"},
    {"voidedStatementId": str(uuid4()), "limit": "1"},
    {"statementid": str(uuid4())},
    {"agent": "somebody"},
    {"agent": "{}"},
    {"activity": "lesson"},
    {"registration": "x"},
    {"since": "yesterday"},
    {"until": "2026-11-20T00:00:00"},
    {"limit": "-1"},
    {"limit": "many"},
    {"format": "canonical"},
    {"format": "xml"},
    {"ascending": "up"},
    {"after": "x"},
)


@pytest.mark.parametrize("query", UNFIT)
async def test_a_query_that_cannot_be_meant_is_refused(
    client: Client, city: City, query: dict[str, str]
) -> None:
    refused = await ask(client, city.county_admin, **query)
    assert refused.status_code == 400, refused.text
    assert refused.json()["status"] == 400
    assert refused.headers["x-experience-api-version"] == "1.0.3"


@pytest.mark.parametrize("content", [b"", b"{", b'"\\ud800"', b"[" * 5000, b"\xff", b"null"])
async def test_what_is_no_statement_is_refused(client: Client, city: City, content: bytes) -> None:
    headers = VERSION | {"Content-Type": "application/json"}
    refused = await client.request(city.integration, "POST", XAPI, content=content, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (400, "statement_unfit")


async def test_what_cannot_be_written_down_is_refused(
    client: Client, db: Connection, city: City
) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    told = json.dumps(statement(city.teacher, activity, response="X", extensions={"urn:x": "Y"}))
    headers = VERSION | {"Content-Type": "application/json"}
    for content, rule in (
        (told.replace('"X"', '"\\ud800"'), "json"),
        (told.replace('completed"}', 'completed", "display": {"zh": "\\ud800"}}'), "json"),
        (told.replace('"Y"', "[" * 900 + "]" * 900), "depth"),
    ):
        refused = await client.request(player, "POST", XAPI, content=content, headers=headers)
        assert (refused.status_code, refused.json()["details"]["rule"]) == (400, rule)
    half = {"objectType": "Group", "member": [{"name": "X", "openid": "urn:a"}] * 2}
    named = statement(city.teacher, activity) | {"context": {"team": half}}
    content = json.dumps(named).replace('"X"', '"\\ud800"')
    refused = await client.request(player, "POST", XAPI, content=content, headers=headers)
    assert (refused.status_code, refused.json()["details"]["rule"]) == (400, "json")
    refused = await ask(client, city.county_admin, agent='{"openid": "urn:\\ud800"}')
    assert (refused.status_code, refused.json()["details"]["rule"]) == (400, "json")
    nul = told.replace('"X"', '"\\u0000"')
    kept = await client.request(player, "POST", XAPI, content=nul, headers=headers)
    assert kept.status_code == 200, kept.text
    given = (await ask(client, city.county_admin, statementId=kept.json()[0])).json()
    assert given["result"]["response"] == "\0"


async def test_identifiers_have_an_end(client: Client, db: Connection, city: City) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    noise = "".join(uuid4().hex for _ in range(100))
    many = [{"id": f"https://player.example/{uuid4()}{uuid4()}"} for _ in range(200)]
    for around in ({"id": f"https://player.example/{noise}"}, many):
        told = statement(city.teacher, activity, "experienced", "film")
        told["context"]["contextActivities"]["other"] = around
        refused = await send(client, player, "POST", told)
        assert (refused.status_code, refused.json()["details"]["rule"]) == (400, "too_long")


# The same as records of ours.


async def test_records_are_listed_and_read(client: Client, db: Connection, city: City) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    await tell(
        db, player, statement(city.teacher, activity),
        statement(city.teacher, activity, "experienced", "film", duration="PT1M"),
    )  # fmt: skip
    await settle(db)
    query = {"activity_id": str(activity["id"]), "verb": f"{ADL}experienced"}
    (row,) = (await client.get(city.school_admin, "/learning-records", params=query)).json()[
        "items"
    ]
    assert (row["seconds"], row["completed"], row["voided"]) == (60, False, False)
    one = f"/learning-records/{row['id']}"
    assert (await client.get(city.teacher_account, one)).json() == row
    refused = await client.get(city.other_county_admin, one)
    assert (refused.status_code, refused.json()["code"]) == (404, "learning_record_not_found")
