from app.sql import Connection
from tests.make import City, Client
from tests.make_organisation import make_committee

SEAT = (
    "mutation ($id: UUID!, $new: NewCommitteeMember!)"
    " { seatCommitteeMember(committeeId: $id, new: $new) { id name committee { name } } }"
)


async def test_members_sit_and_leave(client: Client, city: City, db: Connection) -> None:
    group = await make_committee(db, city.school)
    key = str(group["id"])
    new = {
        "duty": "MANAGING_DIRECTOR", "teacherId": str(city.teacher["id"]),
        "validFrom": "2026-01-01",
    }  # fmt: skip
    seated = await client.graphql(city.school_admin, SEAT, {"id": key, "new": new})
    member = seated["data"]["seatCommitteeMember"]
    assert (member["name"], member["committee"]) == ("测试甲", {"name": "校本研修工作小组"})
    again = await client.graphql(city.school_admin, SEAT, {"id": key, "new": new})
    assert again["errors"][0]["extensions"]["code"] == "committee_member_exists"
    ended = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!, $end: CommitteeMemberEnd!)"
        " { unseatCommitteeMember(memberId: $id, end: $end) { validTo } }",
        {"id": member["id"], "end": {"on": "2026-06-01"}},
    )
    assert ended["data"]["unseatCommitteeMember"] == {"validTo": "2026-06-01"}
    listed = await client.graphql(
        city.teacher_account,
        "query ($id: UUID!) { committeeMembers(committeeId: $id) { duty }"
        ' then: committeeMembers(committeeId: $id, asOf: "2026-05-31") { duty } }',
        {"id": key},
    )
    assert listed["data"] == {
        "committeeMembers": [{"duty": "CHAIR"}],
        "then": [{"duty": "CHAIR"}, {"duty": "MANAGING_DIRECTOR"}],
    }
