from app.domain.base import civil_date
from app.request import now
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
        "valid_to": None,
    }
    listed = await client.get(city.teacher_account, path)
    assert [member["name"] for member in listed.json()["items"]] == ["测试甲", "测试乙"]
    again = await client.post(city.school_admin, path, new)
    assert (again.status_code, again.json()["code"]) == (409, "group_member_exists")
    ended = await client.post(city.school_admin, f"{path}/{city.teacher['id']}/end")
    assert ended.status_code == 200
    assert ended.json() == added.json() | {"valid_to": civil_date(now()).isoformat()}
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


async def test_a_head_takes_over_and_the_history_tells_it(
    client: Client, db: Connection, city: City
) -> None:
    group = await make_group(db, city.school, city.teacher, city.colleague)
    path = f"/groups/{group['id']}/members"
    for teacher, day in ((city.teacher, "2025-09-01"), (city.colleague, "2026-09-01")):
        new = {"duty": "head", "valid_from": day}
        named = await client.post(city.school_admin, f"{path}/{teacher['id']}/duty", new)
        assert (named.status_code, named.json()["duty"]) == (200, "head"), named.text
    then = await client.get(city.school_admin, f"{path}?as_of=2026-01-01")
    assert [(row["name"], row["duty"]) for row in then.json()["items"]] == [
        ("测试甲", "head"), ("测试乙", "member"),
    ]  # fmt: skip
    told = await client.get(city.teacher_account, f"{path}/history")
    assert [row["valid_from"] for row in told.json()["items"]][-2:] == ["2026-09-01"] * 2
    body = {"duty": "head", "valid_from": "2026-09-01", "valid_to": "2026-09-01"}
    wrong = await client.post(city.school_admin, f"{path}/{city.teacher['id']}/duty", body)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "group_term_out_of_order")
