from app.sql import Connection
from tests.make import City, Client
from tests.make_series import make_outside_training

NEW = {
    "title": "省级骨干教师培训", "organiser": "省教师发展中心", "level": "PROVINCE",
    "kind": "LECTURE", "mode": "CONCENTRATED", "channel": "OFF_JOB", "content": ["ETHICS"],
    "startsOn": "2026-07-01", "endsOn": "2026-07-05", "hours": "40",
}  # fmt: skip


async def test_stated_entered_and_decided(client: Client, city: City) -> None:
    key = {"id": str(city.teacher["id"])}
    done = {}
    for person, verb in ((city.teacher_account, "state"), (city.school_admin, "enter")):
        answer = await client.graphql(
            person,
            f"mutation ($id: UUID!, $new: NewOutsideTraining!) {{ {verb}OutsideTraining("
            "teacherId: $id, new: $new) { id state } }",
            key | {"new": NEW | {"title": f"培训{verb}"}},
        )
        done[verb] = answer["data"][f"{verb}OutsideTraining"]["id"]
    confirmed = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!) { confirmOutsideTraining(trainingId: $id) { state overlaps } }",
        {"id": done["state"]},
    )
    assert confirmed["data"]["confirmOutsideTraining"] == {
        "state": "CONFIRMED", "overlaps": [done["enter"]],
    }  # fmt: skip
    returned = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!) { returnOutsideTraining(trainingId: $id,"
        ' decision: {opinion: "重复"}) { state } }',
        {"id": done["enter"]},
    )
    assert returned["data"]["returnOutsideTraining"] == {"state": "RETURNED"}
    seen = await client.graphql(
        city.teacher_account,
        "query ($id: UUID!, $one: UUID!) { outsideTraining(id: $one) { state }"
        " outsideTrainings(state: RETURNED) { nodes { opinion } }"
        " teacherOutsideTrainings(teacherId: $id) { nodes { id } } }",
        key | {"one": done["state"]},
    )
    assert seen["data"]["outsideTraining"] == {"state": "CONFIRMED"}
    assert seen["data"]["outsideTrainings"]["nodes"] == [{"opinion": "重复"}]
    assert len(seen["data"]["teacherOutsideTrainings"]["nodes"]) == 2


async def test_taken_back(client: Client, db: Connection, city: City) -> None:
    row = await make_outside_training(db, city.teacher, city.teacher_account)
    back = await client.graphql(
        city.teacher_account,
        "mutation ($id: UUID!) { withdrawOutsideTraining(trainingId: $id) { state } }",
        {"id": str(row["id"])},
    )
    assert back["data"]["withdrawOutsideTraining"] == {"state": "WITHDRAWN"}
