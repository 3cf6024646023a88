"""Collection forms over GraphQL."""

from tests.api.quality.test_collection_forms import upload_form
from tests.make import City, Client

ISSUE = """mutation ($unit: UUID!, $file: UUID!) { issueCollectionForm(new: {
    unitId: $unit, fileId: $file, title: "校本研修情况统计表",
    since: "2026-09-01", until: "2026-11-20", dueOn: "2099-12-31",
    cells: [{cell: "B4", label: "在册教师数", measure: "teachers"},
            {cell: "E4", label: "图书册数", measure: "stated"}]
}) { id cells { cell measure } } }"""
RETURNS = """query ($form: UUID!) {
    formReturns(formId: $form) { nodes { id title form { id } school { name } } }
    collectionForm(formId: $form) { title returns { nodes { id } } }
    collectionForms(closed: false) { nodes { id } }
}"""
CELLS = """query ($id: UUID!) {
    formReturn(returnId: $id) { state }
    formReturnCells(returnId: $id) { cell computed stated value rows }
}"""
CONFIRM = """mutation ($id: UUID!) { confirmFormReturn(returnId: $id, said: {
    cells: [{cell: "E4", value: "300"}]
}) { state } }"""
TOTALS = """query ($form: UUID!) {
    formTotals(formId: $form) { cell value confirmed schools }
    formCellValues(formId: $form, cell: "E4") { nodes { schoolName stated } }
}"""
BACK = """mutation ($id: UUID!) {
    sendBackFormReturn(returnId: $id, said: {reason: "请核实"}) { state sentBackBecause }
}"""
CLOSE = """mutation ($form: UUID!) { closeCollectionForm(formId: $form) { closedAt } }"""


async def test_a_form_is_issued_confirmed_and_added_up(client: Client, city: City) -> None:
    by, school = city.county_admin, city.school_admin
    given = {"unit": str(city.county["id"]), "file": await upload_form(client, by, city)}
    made = (await client.graphql(by, ISSUE, given))["data"]["issueCollectionForm"]
    assert made["cells"][1] == {"cell": "E4", "measure": "stated"}
    form = {"form": made["id"]}
    answer = await client.graphql(school, RETURNS, form)
    assert "errors" not in answer
    found = answer["data"]
    [row] = found["formReturns"]["nodes"]
    assert row["form"] == {"id": made["id"]}
    assert row["school"] == {"name": city.school["name"]}
    assert found["collectionForm"]["returns"]["nodes"] == [{"id": row["id"]}]
    assert found["collectionForms"]["nodes"] == [{"id": made["id"]}]
    one = {"id": row["id"]}
    shown = (await client.graphql(school, CELLS, one))["data"]
    assert shown["formReturn"] == {"state": "OPEN"}
    assert shown["formReturnCells"] == [
        {"cell": "B4", "computed": "2.00", "stated": None, "value": "2.00",
         "rows": f"/api/v1/teachers?school_id={city.school['id']}"},
        {"cell": "E4", "computed": None, "stated": None, "value": None, "rows": None},
    ]  # fmt: skip
    done = await client.graphql(school, CONFIRM, one)
    assert done["data"]["confirmFormReturn"] == {"state": "CONFIRMED"}
    refused = await client.graphql(school, TOTALS, form)
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
    totals = (await client.graphql(by, TOTALS, form))["data"]
    assert totals["formTotals"] == [
        {"cell": "B4", "value": "2.00", "confirmed": 1, "schools": 2},
        {"cell": "E4", "value": "300.00", "confirmed": 1, "schools": 2},
    ]
    assert {"schoolName": city.school["name"], "stated": "300.00"} in totals["formCellValues"][
        "nodes"
    ]
    back = await client.graphql(by, BACK, one)
    assert back["data"]["sendBackFormReturn"] == {
        "state": "SENT_BACK", "sentBackBecause": "请核实",
    }  # fmt: skip
    closed = await client.graphql(by, CLOSE, form)
    assert closed["data"]["closeCollectionForm"]["closedAt"] is not None
