from app.sql import Connection
from tests.make import City, Client, make_group


async def test_members_come_and_go(client: Client, db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.colleague)
    path = f"/groups/{group['id']}/members"
    new = {"teacher_id": str(city.teacher["id"]), "duty": "head", "valid_from": "2026-09-01"}
    added = await client.post(city.school_admin, path, new)
    assert added.status_code == 201, added.text
    assert added.json() == new | {
        "id": added.json()["id"],
        "group_id": str(group["id"]),
        "name": "测试甲",
    }
    listed = await client.get(city.teacher_account, path)
    assert [member["name"] for member in listed.json()["items"]] == ["测试甲", "测试乙"]
    again = await client.post(city.school_admin, path, new)
    assert (again.status_code, again.json()["code"]) == (409, "group_member_exists")
    ended = await client.post(city.school_admin, f"{path}/{city.teacher['id']}/end")
    assert (ended.status_code, ended.json()) == (200, added.json())
    listed = await client.get(city.school_admin, path)
    assert [member["name"] for member in listed.json()["items"]] == ["测试乙"]
    gone = await client.post(city.school_admin, f"{path}/{city.teacher['id']}/end")
    assert (gone.status_code, gone.json()["code"]) == (404, "group_member_not_found")


async def test_refusals(client: Client, db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    path = f"/groups/{group['id']}/members"
    foreign = await client.get(city.colleague_account, path)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "group_not_found")
    new = {"teacher_id": str(city.sibling_teacher["id"])}
    outside = await client.post(city.county_admin, path, new)
    assert (outside.status_code, outside.json()["code"]) == (422, "group_member_outside_unit")
    refused = await client.post(city.teacher_account, path, new)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    listed = await client.get(city.school_admin, path)
    assert [member["name"] for member in listed.json()["items"]] == ["测试甲"]
