from app.sql import Connection
from tests.make import City, Client
from tests.make_organisation import make_committee


async def test_members_sit_and_leave(client: Client, city: City, db: Connection) -> None:
    group = await make_committee(db, city.school)
    path = f"/committees/{group['id']}/members"
    new = {"duty": "deputy", "teacher_id": str(city.teacher["id"]), "valid_from": "2026-01-01"}
    seated = await client.post(city.school_admin, path, new)
    assert (seated.status_code, seated.json()["name"]) == (201, "测试甲")
    again = await client.post(city.school_admin, path, new | {"duty": "member"})
    assert (again.status_code, again.json()["code"]) == (409, "committee_member_exists")
    nobody = await client.post(city.school_admin, path, {"duty": "member"})
    assert nobody.status_code == 422
    listed = await client.get(city.teacher_account, path)
    assert [(row["duty"], row["post"]) for row in listed.json()] == [
        ("chair", "教研室主任"), ("deputy", None),
    ]  # fmt: skip
    end = f"/committee-members/{seated.json()['id']}/end"
    ended = await client.post(city.school_admin, end, {"on": "2026-06-01"})
    assert (ended.status_code, ended.json()["valid_to"]) == (200, "2026-06-01")
    for query, number in (("", 1), ("?as_of=2026-05-31", 2), ("?as_of=2026-06-01", 1)):
        found = await client.get(city.school_admin, f"{path}{query}")
        assert len(found.json()) == number, query
    refused = await client.post(city.school_admin, end, {"on": "2026-06-01"})
    assert (refused.status_code, refused.json()["code"]) == (409, "fact_ended")
