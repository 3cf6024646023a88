from app.sql import Connection
from tests.make import City, Client
from tests.make_learning import make_class, make_player, settle, statement, tell


async def test_progress_is_read_by_organiser_and_teacher(
    client: Client, db: Connection, city: City
) -> None:
    player = await make_player(db, city.county)
    activity = await make_class(db, city, city.teacher, city.colleague)
    await tell(
        db, player, statement(city.teacher, activity, score={"scaled": 0.9}),
        statement(city.colleague, activity, "experienced", "film", duration="PT5M"),
    )  # fmt: skip
    await settle(db)
    path = f"/activities/{activity['id']}/learners"
    rows = {
        row["teacher_id"]: row
        for row in (await client.get(city.county_admin, path)).json()["items"]
    }
    mine = rows[str(city.teacher["id"])]
    assert (mine["share"], mine["score"], mine["name"]) == (100, "0.900000", city.teacher["name"])
    assert rows[str(city.colleague["id"])]["seconds"] == 300
    own = f"/teachers/{city.teacher['id']}/learning-progress"
    (row,) = (await client.get(city.teacher_account, own)).json()["items"]
    assert row.items() <= mine.items()
    one = f"/learning-progress/{row['id']}"
    assert (await client.get(city.school_admin, one)).json() == row
    refused = await client.get(city.colleague_account, one)
    assert (refused.status_code, refused.json()["code"]) == (404, "learning_progress_not_found")
    refused = await client.get(city.other_county_admin, path)
    assert (refused.status_code, refused.json()["code"]) == (404, "activity_not_found")
