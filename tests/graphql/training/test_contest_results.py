from app.domain.training.activities import ActivityKind
from app.sql import Connection
from tests.make import City, Client, make_activity
from tests.make_forms import make_result


async def test_results_are_entered_and_seen(client: Client, db: Connection, city: City) -> None:
    contest = await make_activity(
        db, city.county, city.county_admin, kind=ActivityKind.COMPETITION, title="片区竞赛"
    )
    key = {"id": str(contest["id"])}
    result = {"teacherId": str(city.teacher["id"]), "workTitle": "优秀课件", "award": "FIRST"}
    entered = await client.graphql(
        city.county_admin,
        "mutation ($id: UUID!, $new: NewResults!)"
        " { recordContestResults(activityId: $id, new: $new) { entered } }",
        key | {"new": {"results": [result]}},
    )
    assert "errors" not in entered, entered
    await make_result(db, contest, city.colleague, city.county_admin)
    seen = await client.graphql(
        city.county_admin,
        "query ($id: UUID!) { contestResults(activityId: $id, award: FIRST) { nodes { name } }"
        " activity(id: $id) { results { nodes { award } } } }",
        key,
    )
    assert seen["data"] == {
        "contestResults": {"nodes": [{"name": "测试甲"}]},
        "activity": {"results": {"nodes": [{"award": "FIRST"}, {"award": "SECOND"}]}},
    }


async def test_results_are_corrected_and_struck(client: Client, db: Connection, city: City) -> None:
    contest = await make_activity(
        db, city.county, city.county_admin, kind=ActivityKind.COMPETITION, title="片区竞赛"
    )
    first = await make_result(db, contest, city.teacher, city.county_admin)
    correction = {"workTitle": "优秀课件", "award": "SPECIAL", "reason": "评委复核"}
    corrected = await client.graphql(
        city.county_admin,
        "mutation ($id: UUID!, $new: ResultCorrection!)"
        " { correctContestResult(resultId: $id, new: $new) { id award } }",
        {"id": str(first["id"]), "new": correction},
    )
    struck = await client.graphql(
        city.county_admin,
        "mutation ($id: UUID!) { strikeContestResult(resultId: $id,"
        ' new: {reason: "登记错人"}) { reason } }',
        {"id": corrected["data"]["correctContestResult"]["id"]},
    )
    assert struck["data"]["strikeContestResult"] == {"reason": "登记错人"}
    own = await client.graphql(
        city.teacher_account,
        "query ($id: UUID!) { teacherContestResults(teacherId: $id) { nodes { award reason"
        " activity { title } } } }",
        {"id": str(city.teacher["id"])},
    )
    assert own["data"]["teacherContestResults"]["nodes"] == [
        {"award": "SECOND", "reason": "评委复核", "activity": {"title": "片区竞赛"}},
        {"award": "SPECIAL", "reason": "登记错人", "activity": {"title": "片区竞赛"}},
    ]
