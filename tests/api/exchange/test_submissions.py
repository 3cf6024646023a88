import pytest

from app.domain import portions
from app.domain.exchange.submissions import putting_down
from app.sql import Connection
from tests.make import City, Client
from tests.make_province import make_codes, make_province, make_things


async def test_it_is_made_read_acknowledged_and_sent_again(
    client: Client, db: Connection, city: City
) -> None:
    await make_codes(db, city)
    batch, province = await make_things(db, city), await make_province(db, city)
    who, city_id = city.integration, str(city.city["id"])
    new = {"city_id": city_id, "kind": "credits", "batch_id": str(batch["id"])}
    answer = await client.post(who, "/province/submissions", new)
    assert answer.status_code == 201
    row = answer.json()
    path = f"/province/submissions/{row['id']}"
    assert answer.headers["location"] == f"/api/v1{path}"
    records = (await client.get(province, f"{path}/records?state=waiting")).json()["items"]
    assert [each["ordinal"] for each in records] == [1, 2, 3, 4]
    wrong = {"state": "rejected", "code": "person_unknown", "reason": "查无此人"}
    receipts = [{"key": each["key"], **wrong} for each in records]
    said = await client.post(province, f"{path}/acknowledge", {"receipts": receipts})
    assert (said.json()["rejected"], said.json()["state"]) == (4, "settled")
    shown = (await client.get(who, f"{path}/records?state=rejected&kind=reversal")).json()["items"]
    assert [each["receipt_code"] for each in shown] == ["person_unknown"]
    again = await client.post(who, f"{path}/resend")
    assert (again.status_code, again.json()["resends_id"]) == (201, row["id"])
    hastened = await client.post(who, f"/province/submissions/{again.json()['id']}/hasten")
    assert hastened.json()["state"] == "waiting"
    listed = await client.get(who, "/province/submissions?kind=credits&state=settled")
    assert [each["id"] for each in listed.json()["items"]] == [row["id"]]


async def test_how_far_a_long_one_is_gathered_is_shown_by_both_faces(
    client: Client, db: Connection, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portions, "AT_ONCE", 2)
    monkeypatch.setattr(putting_down, "MOST_AT_ONCE", 2)
    await make_codes(db, city)
    new = {"city_id": str(city.city["id"]), "kind": "roster"}
    answer = await client.post(city.integration, "/province/submissions", new)
    row = answer.json()
    assert (answer.status_code, row["state"], row["records"]) == (201, "gathering", 2)
    assert row["expected"] > 2
    again = await client.post(city.integration, "/province/submissions", new)
    assert (again.status_code, again.json()["code"]) == (409, "submission_gathering")
    query = "query ($id: UUID!) { submission(id: $id) { state records expected gaps failure } }"
    told = await client.graphql(city.integration, query, {"id": row["id"]})
    assert told["data"]["submission"] == {
        "state": "GATHERING", "records": 2, "expected": row["expected"], "gaps": [], "failure": None,
    }  # fmt: skip
    hastened = await client.post(city.integration, f"/province/submissions/{row['id']}/hasten")
    assert (hastened.status_code, hastened.json()["state"]) == (200, "gathering")


async def test_gaps_are_named(client: Client, db: Connection, city: City) -> None:
    await make_codes(db, city, without=["senior", "first_grade"])
    new = {"city_id": str(city.city["id"]), "kind": "roster"}
    answer = await client.post(city.integration, "/province/submissions", new)
    assert (answer.status_code, answer.json()["code"]) == (409, "province_codes_missing")
    assert "rank=first_grade" in answer.json()["detail"]


async def test_a_rejection_says_why(client: Client, db: Connection, city: City) -> None:
    province = await make_province(db, city)
    receipts = {"receipts": [{"key": "credit:1", "state": "rejected"}]}
    path = f"/province/submissions/{city.city['id']}/acknowledge"
    answer = await client.post(province, path, receipts)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
