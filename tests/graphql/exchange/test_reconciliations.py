from tests.make import City, Client

START = "mutation ($new: NewReconciliation!) { startReconciliation(new: $new) { id state } }"
SHOW = """query ($id: UUID!) {
  reconciliation(id: $id) { state agreeing }
  reconciliations { nodes { id } }
  reconciliationDifferences(reconciliationId: $id, kind: DIFFERENT) { nodes { key } }
}"""


async def test_one_is_asked_for_and_found(client: Client, city: City) -> None:
    new = {"cityId": str(city.city["id"])}
    made = await client.graphql(city.integration, START, {"new": new})
    row = made["data"]["startReconciliation"]
    assert row["state"] == "RUNNING"
    shown = (await client.graphql(city.auditor, SHOW, {"id": row["id"]}))["data"]
    assert shown == {
        "reconciliation": {"state": "RUNNING", "agreeing": 0},
        "reconciliations": {"nodes": [{"id": row["id"]}]},
        "reconciliationDifferences": {"nodes": []},
    }
    again = await client.graphql(city.integration, START, {"new": new})
    assert again["errors"][0]["extensions"]["code"] == "reconciliation_running"
