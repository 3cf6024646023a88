from typing import Any

import pytest

from app.domain.base import civil_date
from app.request import Resources, now
from app.sql import new_id
from tests.make import City, Client, Person


def path_of(person: Person) -> str:
    return f"/accounts/{person.actor.account_id}/grants"


async def test_a_role_is_granted_listed_and_revoked(client: Client, city: City) -> None:
    path = path_of(city.teacher_account)
    new = {"role": "school_admin", "subject_id": str(city.school["id"]), "valid_to": "2099-01-01"}
    made = await client.post(city.school_admin, path, new)
    assert made.status_code == 201, made.text
    today = civil_date(now()).isoformat()
    assert made.json() == {
        "role": "school_admin", "subject_id": str(city.school["id"]), "id": made.json()["id"],
        "account_id": str(city.teacher_account.actor.account_id), "subject": "unit",
        "valid_from": today, "valid_to": "2099-01-01",
    }  # fmt: skip
    listed = (await client.get(city.school_admin, path)).json()
    assert [grant["role"] for grant in listed] == ["teacher", "school_admin"]
    revoked = await client.post(city.school_admin, f"/grants/{listed[0]['id']}/revoke")
    assert (revoked.status_code, revoked.json()["valid_to"]) == (200, today)
    again = await client.post(city.school_admin, f"/grants/{revoked.json()['id']}/revoke")
    assert (again.status_code, again.json()["code"]) == (409, "grant_ended")


@pytest.mark.parametrize(
    ("by", "to", "new", "status", "code"),
    [
        ("school_admin", "school_admin", {"role": "county_admin"}, 403, "not_allowed"),
        ("school_admin", "county_admin", {}, 404, "account_not_found"),
        ("sibling_admin", "school_admin", {}, 404, "account_not_found"),
        ("school_admin", "teacher_account", {"subject_id": "SIBLING"}, 404, "subject_not_found"),
        ("school_admin", "teacher_account", {"role": "teacher", "subject_id": "COLLEAGUE"}, 403,
         "not_allowed"),
        ("school_admin", "teacher_account", {"valid_to": "2020-01-01"}, 422, "grant_period_empty"),
        ("school_admin", "school_admin", {}, 409, "grant_exists"),
        ("school_admin", "school_admin", {"role": "root"}, 422, "invalid_request"),
        ("school_admin", "school_admin", {"valid_from": "yesterday"}, 422, "invalid_request"),
        ("school_admin", "school_admin", {"granted_by": "x"}, 422, "invalid_request"),
        ("auditor", "auditor", {"role": "auditor"}, 403, "not_allowed"),
    ],
)  # fmt: skip
async def test_a_grant_that_is_refused_changes_nothing(
    client: Client, city: City, by: str, to: str, new: dict[str, Any], status: int, code: str
) -> None:
    subjects = {"SIBLING": city.sibling["id"], "COLLEAGUE": city.colleague["id"]}
    sent = {"role": "school_admin", "subject_id": str(city.school["id"]), **new}
    sent["subject_id"] = str(subjects.get(sent["subject_id"], sent["subject_id"]))
    path = path_of(getattr(city, to))
    before = (await client.get(city.city_admin, path)).json()
    answer = await client.post(getattr(city, by), path, sent)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await client.get(city.city_admin, path)).json() == before


async def test_a_grant_elsewhere_and_none_at_all_are_told_alike(client: Client, city: City) -> None:
    (grant,) = (await client.get(city.city_admin, path_of(city.county_admin))).json()
    answers = [
        await client.post(city.school_admin, f"/grants/{grant_id}/revoke")
        for grant_id in (grant["id"], new_id())
    ]
    told = [answer.json() | {"request_id": None} for answer in answers]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert told[0] == told[1]


async def test_tokens_of_before_end_when_a_grant_does(
    client: Client, city: City, resources: Resources
) -> None:
    account_id = city.school_admin.actor.account_id
    (grant,) = (await client.get(city.county_admin, path_of(city.school_admin))).json()
    assert (await client.get(city.school_admin, "/me")).status_code == 200
    await client.post(city.county_admin, f"/grants/{grant['id']}/revoke")
    resources.actors.learn({account_id: 2})
    resources.tokens.forget(str(account_id))
    answer = await client.get(city.school_admin, "/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "revoked_token")
