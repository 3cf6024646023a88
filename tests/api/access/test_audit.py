"""The audit trail over REST."""

from datetime import UTC, datetime

import pytest

from app.domain.access.audit import Provenance, record_act
from app.domain.access.roles import Role
from app.domain.training.attendance.codes import code_at
from app.security import passwords
from app.sql import Connection
from tests.conftest import SharedPool
from tests.make import City, Client, make_account, make_activity


@pytest.fixture(autouse=True)
async def made(db: Connection, city: City) -> None:
    """What the fixtures made is not what the test does."""
    await record_act(db, None, operation="make", target_id=None, provenance=Provenance())


async def test_what_was_done_is_told_with_its_changes_and_where_it_came_from(
    client: Client, city: City
) -> None:
    path = f"/accounts/{city.teacher_account.actor.account_id}/suspend"
    done = await client.post(
        city.county_admin, path, headers={"X-Request-Id": "one-request", "User-Agent": "a tool"}
    )
    assert done.status_code == 200
    answer = await client.get(city.auditor, "/audit/acts?operation=suspend_account&include=changes")
    [act] = answer.json()["items"]
    changes = act.pop("changes")
    assert {name: act[name] for name in ("account_id", "target_id", "refusal", "request_id")} == {
        "account_id": str(city.county_admin.actor.account_id),
        "target_id": str(city.teacher_account.actor.account_id),
        "refusal": None,
        "request_id": "one-request",
    }
    assert (act["agent"], act["network"], act["changed_rows"]) == ("a tool", "127.0.0.0", 2)
    assert changes[0]["before"] == {"suspended_at": None}
    one = await client.get(city.auditor, f"/audit/acts/{act['id']}")
    assert one.json() == act


async def test_a_refusal_is_told_to_those_above_and_not_to_the_refused(
    client: Client, city: City
) -> None:
    path = f"/accounts/{city.school_admin.actor.account_id}"
    assert (await client.get(city.teacher_account, path)).status_code == 404
    assert (await client.get(city.teacher_account, "/accounts")).status_code == 403
    answer = await client.get(city.school_admin, "/audit/acts?refused=true")
    assert [(act["operation"], act["refusal"]) for act in answer.json()["items"]] == [
        ("list_accounts", "not_allowed"),
        ("get_account", "account_not_found"),
    ]
    assert (await client.get(city.teacher_account, "/audit/acts")).status_code == 403


async def test_what_is_refused_for_other_reasons_leaves_nothing(client: Client, city: City) -> None:
    new = {"name": "", "kind": "project", "unit_id": str(city.school["id"])}
    assert (await client.post(city.school_admin, "/groups", new)).status_code == 422
    answer = await client.get(
        city.auditor, f"/audit/acts?account_id={city.school_admin.actor.account_id}"
    )
    assert answer.json()["items"] == []


async def test_a_request_sent_twice_is_one_act(client: Client, city: City) -> None:
    new = {"name": "数学组", "kind": "project", "unit_id": str(city.school["id"])}
    once = {"Idempotency-Key": "the-same-key"}
    answer = await client.post(city.school_admin, "/groups", new, headers=once)
    assert (await client.post(city.school_admin, "/groups", new, headers=once)).status_code == 201
    found = await client.get(city.auditor, "/audit/acts?operation=create_group")
    [act] = found.json()["items"]
    assert act["target_id"] == answer.json()["id"], "what was made"


async def test_a_check_in_and_its_act_are_one_statement_and_a_repeat_is_no_act(
    client: Client, city: City, db: Connection, pool: SharedPool
) -> None:
    moment = datetime.now(UTC)
    activity = await make_activity(db, city.school, city.school_admin, begins=moment)
    [session] = activity["sessions"]
    code = code_at(session["secret"], session["id"], moment)
    path = f"/sessions/{session['id']}/check-in"
    for needed in (2, 2):
        before = pool.statements
        answer = await client.post(city.teacher_account, path, {"code": code})
        assert answer.status_code == 200
        assert pool.statements - before <= needed, "the secret once, then the record with its act"
    found = await client.get(city.auditor, "/audit/acts?operation=check_in")
    [act] = found.json()["items"]
    assert act["target_id"] == str(session["id"])
    assert act["account_id"] == str(city.teacher_account.actor.account_id)
    assert act["school_id"] == str(city.school["id"])


async def test_signing_in_is_an_act_and_a_wrong_password_a_refusal(
    client: Client, city: City, db: Connection
) -> None:
    secret = (await passwords.hash_password("correct horse battery")).encode()
    person = await make_account(db, "in", Role.SCHOOL_ADMIN, city.school, secret=secret)
    for password, status in (("a wrong horse", 400), ("correct horse battery", 200)):
        form = {"grant_type": "password", "username": person.name, "password": password}
        answer = await client.http.post("/oauth/token", data=form)
        assert answer.status_code == status, answer.text
    path = f"/audit/acts?account_id={person.actor.account_id}"
    done, refused = (await client.get(city.auditor, path)).json()["items"]
    assert (done["operation"], done["refusal"]) == ("sign_in", None)
    assert (refused["operation"], refused["refusal"]) == ("sign_in", "wrong_credentials")
    assert done["school_id"] == refused["school_id"] == str(city.school["id"])


async def test_where_the_chain_ends_is_told_to_everybody(client: Client, city: City) -> None:
    answer = await client.get(city.teacher_account, "/audit/head")
    assert answer.json() == {"position": 0, "hash": "0" * 64, "sealed_at": None}


@pytest.mark.parametrize(
    "query", ["since=yesterday", "sort=operation", "refused=perhaps", "who=me"]
)
async def test_what_cannot_be_asked_is_refused(query: str, client: Client, city: City) -> None:
    assert (await client.get(city.auditor, f"/audit/acts?{query}")).status_code == 422
