"""Reports over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_reports import make_autumn

DRAFT = """mutation ($unit: UUID!) {
    draftReport(new: {unitId: $unit}) {
        id kind state title unit { name }
        figures { code countedIn numerator denominator value asOf parts { label number } rows }
        inequality { gini } comparison { group } sections { heading rendered }
    }
}"""
WRITE = """mutation ($id: UUID!) {
    writeReport(reportId: $id, words: {
        sections: [{heading: "一、概况", text: "举办{activities_held}。"}]
    }) { sections { rendered } }
}"""
ASK = """query ($id: UUID!, $unit: UUID!) {
    report(id: $id) { state figures { code numerator } }
    reports(unitId: $unit) { nodes { id } }
    reportFigureRows(reportId: $id, code: TRAINED_TEACHERS, first: 1) {
        nodes { name counts } pageInfo { hasNextPage }
    }
    reportRecounts(reportId: $id) { code agrees numeratorNow }
}"""
ISSUE = "mutation ($id: UUID!) { issueReport(reportId: $id) { state issuedAt } }"
WITHDRAW = """mutation ($id: UUID!) {
    withdrawReport(reportId: $id, withdrawal: {reason: "重复"}) { state withdrawnBecause }
}"""


async def test_a_report_is_drafted_written_issued_and_withdrawn(
    client: Client, city: City, db: Connection
) -> None:
    by = city.school_admin
    await make_autumn(db, city.school, by, city.teacher, city.colleague)
    unit = str(city.school["id"])
    made = (await client.graphql(by, DRAFT, {"unit": unit}))["data"]["draftReport"]
    assert (made["kind"], made["state"]) == ("SCHOOL_YEAR", "DRAFT")
    assert (made["unit"]["name"], made["inequality"]) == (city.school["name"], None)
    figures = {each["code"]: each for each in made["figures"]}
    assert figures["ACTIVITIES_HELD"]["parts"] == [{"label": "专题研讨", "number": 1}]
    assert figures["TRAINED_TEACHERS"]["value"] == "100.00"
    assert figures["ATTENDANCES"]["countedIn"] == "PERSON_TIMES"
    one = {"id": made["id"]}
    written = await client.graphql(by, WRITE, one)
    assert written["data"]["writeReport"]["sections"] == [{"rendered": "举办1项。"}]
    found = (await client.graphql(by, ASK, one | {"unit": unit}))["data"]
    assert found["reports"]["nodes"] == [one]
    assert found["reportFigureRows"]["pageInfo"] == {"hasNextPage": True}
    assert found["reportFigureRows"]["nodes"][0]["counts"]
    assert all(each["agrees"] for each in found["reportRecounts"])
    issued = await client.graphql(by, ISSUE, one)
    assert issued["data"]["issueReport"]["state"] == "ISSUED"
    late = await client.graphql(by, WRITE, one)
    assert late["errors"][0]["extensions"]["code"] == "report_wrong_state"
    gone = await client.graphql(by, WITHDRAW, one)
    assert gone["data"]["withdrawReport"] == {"state": "WITHDRAWN", "withdrawnBecause": "重复"}
    hidden = await client.graphql(city.sibling_admin, ASK, one | {"unit": unit})
    assert hidden["errors"][0]["extensions"]["code"] == "report_not_found"
