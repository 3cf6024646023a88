from app.sql import Connection
from tests.make import City, Client, make_group


async def test_members_come_and_go(client: Client, db: Connection, city: City) -> None:
    group = await make_group(db, city.school)
    group_id = str(group["id"])
    added = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!, $new: NewMember!)"
        " { addMember(groupId: $id, new: $new) { name duty } }",
        {"id": group_id, "new": {"teacherId": str(city.teacher["id"]), "duty": "HEAD"}},
    )
    assert added["data"]["addMember"] == {"name": "测试甲", "duty": "HEAD"}
    listing = "query ($id: UUID!) { members(groupId: $id) { nodes { name } } }"
    foreign = await client.graphql(city.sibling_admin, listing, {"id": group_id})
    assert foreign["errors"][0]["extensions"]["code"] == "group_not_found"
    ended = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!, $teacher: UUID!)"
        " { endMembership(groupId: $id, teacherId: $teacher) { name } }",
        {"id": group_id, "teacher": str(city.teacher["id"])},
    )
    assert ended["data"]["endMembership"] == {"name": "测试甲"}
    listed = await client.graphql(city.school_admin, listing, {"id": group_id})
    assert listed["data"]["members"]["nodes"] == []


async def test_a_duty_is_changed_and_told(client: Client, db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    variables = {"id": str(group["id"]), "teacher": str(city.teacher["id"])}
    changed = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!, $teacher: UUID!) { changeDuty(groupId: $id, teacherId: $teacher,"
        ' new: {duty: HEAD, validFrom: "2026-09-01"}) { duty validFrom } }',
        variables,
    )
    assert changed["data"]["changeDuty"] == {"duty": "HEAD", "validFrom": "2026-09-01"}
    told = await client.graphql(
        city.school_admin,
        "query ($id: UUID!) { groupHistory(groupId: $id) { nodes { duty validTo } } }",
        {"id": str(group["id"])},
    )
    assert told["data"]["groupHistory"]["nodes"] == [
        {"duty": "MEMBER", "validTo": "2026-09-01"},
        {"duty": "HEAD", "validTo": None},
    ]
