from typing import Any

from app.domain.access.roles import Role
from app.sql import Connection
from tests.make import City, Client, make_account
from tests.make_evaluations import make_held_activity, make_sheet

ISSUE = """
mutation ($unit: UUID!, $sheet: UUID!, $number: String) { issueCheckOrder(new: {
  unitId: $unit, sheetId: $sheet, title: "自查通知", kind: SELF_INSPECTION, listNumber: $number,
  schoolYear: 2026, since: "2026-09-01", until: "2026-11-20", dueOn: "2099-12-31"
}) { id kind unit { name } sheet { code } evaluations { nodes { state unit { name } } } } }
"""
APPOINT = """
mutation ($order: UUID!, $unit: UUID!, $account: UUID!) { appointEvaluators(orderId: $order,
  appointment: {unitIds: [$unit], evaluators: [{accountId: $account}]}) { id } }
"""


EVALUATORS = "{ unitEvaluations { nodes { id unitId } } }"
REMOVE = "mutation ($id: UUID!) { removeEvaluator(evaluatorId: $id) { id name } }"


async def evaluator_of(client: Client, city: City, unit_id: str) -> dict[str, Any]:
    """The one who was appointed for the evaluation of a unit."""
    found = (await client.graphql(city.county_admin, EVALUATORS))["data"]["unitEvaluations"]
    [key] = [each["id"] for each in found["nodes"] if each["unitId"] == unit_id]
    listed = await client.graphql(
        city.county_admin,
        "query ($id: UUID!) { evaluators(evaluationId: $id) { id name } }",
        {"id": key},
    )
    [evaluator] = listed["data"]["evaluators"]
    return dict(evaluator)


async def test_an_order_is_given_and_read(client: Client, db: Connection, city: City) -> None:
    await make_held_activity(db, city)
    sheet = await make_sheet(db, city.county, city.county_admin)
    keys = {"unit": str(city.county["id"]), "sheet": str(sheet["id"])}
    wrong = await client.graphql(city.county_admin, ISSUE, keys)
    assert wrong["errors"][0]["extensions"]["code"] == "check_order_without_list_number"
    made = await client.graphql(city.county_admin, ISSUE, keys | {"number": "3"})
    order = made["data"]["issueCheckOrder"]
    assert (order["unit"]["name"], order["sheet"]["code"]) == ("甲县", "school_based_2026")
    names = [each["unit"]["name"] for each in order["evaluations"]["nodes"]]
    assert sorted(names) == ["甲县第一小学", "甲县第二小学"]
    again = await client.graphql(city.county_admin, ISSUE, keys | {"number": "3"})
    assert again["errors"][0]["extensions"]["code"] == "check_order_given_already"
    person = await make_account(db, "second", Role.COUNTY_ADMIN, city.county)
    named = {"order": order["id"], "unit": str(city.school["id"])}
    account = str(person.actor.account_id)
    done = await client.graphql(city.county_admin, APPOINT, named | {"account": account})
    assert done["data"]["appointEvaluators"] == {"id": order["id"]}
    evaluator = await evaluator_of(client, city, named["unit"])
    for by, answered in ((city.county_admin, evaluator), (city.county_admin, None)):
        told = await client.graphql(by, REMOVE, {"id": evaluator["id"]})
        assert (told["data"] or {}).get("removeEvaluator") == answered
    own = str(city.school_admin.actor.account_id)
    refused = await client.graphql(city.county_admin, APPOINT, named | {"account": own})
    assert refused["errors"][0]["extensions"]["code"] == "evaluator_of_own_unit"
    read = await client.graphql(
        city.school_admin,
        "query ($id: UUID!) { checkOrder(id: $id) { title }"
        " checkOrders(schoolYear: 2026) { nodes { id } } }",
        {"id": order["id"]},
    )
    assert read["data"] == {
        "checkOrder": {"title": "自查通知"},
        "checkOrders": {"nodes": [{"id": order["id"]}]},
    }
