from app.sql import Connection
from tests.make import City, Client
from tests.make_topics import make_topic


async def test_members_are_written_as_a_whole(client: Client, city: City, db: Connection) -> None:
    topic = await make_topic(
        db, city.school_admin, unit_id=city.school["id"], leader_id=city.teacher["id"]
    )
    address = f"/topics/{topic['id']}/members"
    members = [
        {"teacher_id": str(city.teacher["id"]), "duty": "leader", "share": "60"},
        {"teacher_id": str(city.colleague["id"]), "duty": "core", "share": "30", "task": "问卷"},
    ]
    wrong = await client.request(city.school_admin, "PUT", address, json={"members": members})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "topic_shares_unbalanced")
    team = {"members": members, "shares_explained": "校外专家一成"}
    written = await client.request(city.school_admin, "PUT", address, json=team)
    assert (written.status_code, written.json()["members"]) == (200, 2)
    listed = await client.get(city.colleague_account, address)
    assert [(row["name"], row["share"]) for row in listed.json()["items"]] == [
        ("测试甲", "60.00"), ("测试乙", "30.00"),
    ]  # fmt: skip
