"""Inspections of groups over GraphQL."""

from app.domain.access.roles import Role
from app.sql import Connection
from tests.make import City, Client, make_account, make_group, signed_in

INSPECT = """mutation ($group: UUID!) {
    inspectGroup(groupId: $group, new: {
        inspectedOn: "2026-11-18", inspectors: "教导处", records: EXCELLENT, findings: "记载齐全"
    }) { id records plans group { name } byUnit { name } }
}"""
ANSWER = """mutation ($id: UUID!) {
    answerGroupInspection(inspectionId: $id, reply: {answer: "谢谢"}) { answer }
}"""
CLOSE = """mutation ($id: UUID!) {
    closeGroupInspection(inspectionId: $id, conclusion: {}) { conclusion closedAt }
}"""
ASK = """query ($id: UUID!, $unit: UUID!) {
    groupInspection(id: $id) { findings }
    groupInspections(unitId: $unit, closed: true) { nodes { id } }
    groupInspectionCounts(unitId: $unit, since: "2026-09-01", until: "2026-12-31") {
        name inspections closed unanswered
    }
}"""


async def test_an_inspection_from_finding_to_closing(
    client: Client, db: Connection, city: City
) -> None:
    group = await make_group(db, city.school)
    leader = await make_account(db, "leader", Role.GROUP_LEADER, group)
    await signed_in(db, leader)
    given = {"group": str(group["id"])}
    made = (await client.graphql(city.school_admin, INSPECT, given))["data"]["inspectGroup"]
    inspection_id = made.pop("id")
    assert made == {
        "records": "EXCELLENT", "plans": None, "group": {"name": group["name"]},
        "byUnit": {"name": "甲县第一小学"},
    }  # fmt: skip
    answered = await client.graphql(leader, ANSWER, {"id": inspection_id})
    assert answered["data"]["answerGroupInspection"] == {"answer": "谢谢"}
    closed = await client.graphql(city.school_admin, CLOSE, {"id": inspection_id})
    assert closed["data"]["closeGroupInspection"]["conclusion"] is None
    found = await client.graphql(
        city.county_admin, ASK, {"id": inspection_id, "unit": str(city.school["id"])}
    )
    assert found["data"] == {
        "groupInspection": {"findings": "记载齐全"},
        "groupInspections": {"nodes": [{"id": inspection_id}]},
        "groupInspectionCounts": [
            {"name": group["name"], "inspections": 1, "closed": 1, "unanswered": 0}
        ],
    }
    refused = await client.graphql(leader, INSPECT, given)
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
