from typing import Any

from app.domain.access.roles import Role
from app.sql import Connection
from tests.make import City, Client, make_account
from tests.make_evaluations import ORDER, make_held_activity, make_sheet

LASTING = ORDER | {"due_on": "2099-12-31", "until": "2026-11-20"}


async def test_an_order_is_given_and_its_evaluators_are_appointed(
    client: Client, db: Connection, city: City
) -> None:
    await make_held_activity(db, city)
    sheet = await make_sheet(db, city.county, city.county_admin)
    new = LASTING | {"unit_id": str(city.county["id"]), "sheet_id": str(sheet["id"])}
    made = await client.post(city.county_admin, "/check-orders", new)
    assert made.status_code == 201, made.text
    order = made.json()
    assert (order["list_number"], order["appeal_days"]) == (ORDER["list_number"], 15)
    read = await client.get(city.school_admin, made.headers["location"].removeprefix("/api/v1"))
    assert read.json() == order
    assert (await client.get(city.school_admin, "/check-orders")).json()["items"] == [order]
    person = await make_account(db, "second", Role.COUNTY_ADMIN, city.county)
    named = {
        "unit_ids": [str(city.school["id"]), str(city.sibling["id"])],
        "evaluators": [{"account_id": str(person.actor.account_id)}],
    }
    appointed = await client.post(
        city.county_admin, f"/check-orders/{order['id']}/evaluators", named
    )
    assert appointed.json() == order
    owed = (await client.get(city.county_admin, f"/unit-evaluations?order_id={order['id']}")).json()
    evaluators: list[dict[str, Any]] = []
    for row in owed["items"]:
        names = await client.get(city.school_admin, f"/unit-evaluations/{row['id']}/evaluators")
        own = row["unit_id"] == str(city.school["id"])
        assert names.status_code == (200 if own else 404)
        evaluators += names.json() if own else []
    [evaluator] = evaluators
    address = f"/evaluators/{evaluator['id']}"
    refused = await client.request(city.school_admin, "DELETE", address)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    removed = await client.request(city.county_admin, "DELETE", address)
    assert (removed.status_code, removed.json()) == (200, evaluator)
    gone = await client.request(city.county_admin, "DELETE", address)
    assert (gone.status_code, gone.json()["code"]) == (404, "evaluator_not_found")


async def test_refusals(client: Client, db: Connection, city: City) -> None:
    await make_held_activity(db, city)
    sheet = await make_sheet(db, city.county, city.county_admin)
    new = LASTING | {"unit_id": str(city.county["id"]), "sheet_id": str(sheet["id"])}
    del new["list_number"]
    for person, more, status, code in (
        (city.county_admin, {}, 422, "check_order_without_list_number"),
        (city.county_admin, {"list_number": ""}, 422, "invalid_request"),
        (city.county_admin, {"list_number": "3", "until": "9999-12-31"}, 422,
         "check_order_period_unfit"),
        (city.county_admin, {"list_number": "3", "unit_ids": [str(city.far_school["id"])]}, 422,
         "check_order_addressees_unfit"),
        (city.county_admin, {"list_number": "3", "sheet_id": str(city.city["id"])}, 404,
         "indicator_sheet_not_found"),
        (city.school_admin, {"list_number": "3"}, 403, "not_allowed"),
        (city.other_county_admin, {"list_number": "3"}, 404, "unit_not_found"),
    ):  # fmt: skip
        answer = await client.post(person, "/check-orders", new | more)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await client.get(city.county_admin, "/check-orders")).json()["items"] == []


async def test_the_same_is_not_ordered_twice_and_a_year_lies_in_its_period(
    client: Client, db: Connection, city: City
) -> None:
    await make_held_activity(db, city)
    sheet = await make_sheet(db, city.county, city.county_admin)
    new = LASTING | {"unit_id": str(city.county["id"]), "sheet_id": str(sheet["id"])}
    early = await client.post(city.county_admin, "/check-orders", new | {"school_year": 2027})
    assert (early.status_code, early.json()["code"]) == (422, "check_order_year_unfit")
    assert (await client.post(city.county_admin, "/check-orders", new)).status_code == 201
    again = await client.post(city.county_admin, "/check-orders", new)
    assert (again.status_code, again.json()["code"]) == (409, "check_order_given_already")
    assert again.json()["details"] == {"units": 2}
    listed = await client.get(city.county_admin, "/check-orders")
    assert len(listed.json()["items"]) == 1
