from app.sql import Connection
from tests.make import City, Client
from tests.make_province import make_province

RAISE = "mutation ($new: NewChallenge!) { raiseChallenge(new: $new) { id state countyId } }"
ANSWER = """mutation ($id: UUID!, $given: ChallengeAnswer!) {
  answerChallenge(challengeId: $id, given: $given) { state answer }
}"""
CLOSE = "mutation ($id: UUID!) { closeChallenge(challengeId: $id) { state } }"
SHOW = "query ($id: UUID!) { challenge(id: $id) { question } challenges { nodes { id } } }"


async def test_a_doubt_is_raised_answered_and_closed(
    client: Client, db: Connection, city: City
) -> None:
    province = await make_province(db, city)
    new = {
        "subject": "TEACHER", "subjectId": str(city.teacher["id"]), "reference": "Z-1",
        "question": "任教学校是否有误", "dueOn": "2098-12-01",
    }  # fmt: skip
    made = (await client.graphql(province, RAISE, {"new": new}))["data"]["raiseChallenge"]
    assert made["countyId"] == str(city.county["id"])
    shown = (await client.graphql(city.county_admin, SHOW, {"id": made["id"]}))["data"]
    assert shown["challenge"] == {"question": "任教学校是否有误"}
    assert shown["challenges"]["nodes"] == [{"id": made["id"]}]
    given = {"outcome": "REFUSED", "answer": "不属于本市人员"}
    variables = {"id": made["id"], "given": given}
    denied = await client.graphql(province, ANSWER, variables)
    assert denied["errors"][0]["extensions"]["code"] == "not_allowed"
    answered = await client.graphql(city.county_admin, ANSWER, variables)
    assert answered["data"]["answerChallenge"]["state"] == "REFUSED"
    closed = await client.graphql(province, CLOSE, {"id": made["id"]})
    assert closed["data"]["closeChallenge"] == {"state": "CLOSED"}
