from app.sql import Connection
from tests.conftest import SharedPool
from tests.make import City, Client
from tests.make_needs import make_problem

MERGE = (
    "mutation ($id: UUID!, $merger: ProblemMerger!) { mergeProblem(problemId: $id, merger: $merger)"
    " { state mergedInto { id } } }"
)


async def test_a_problem_is_stated_taken_in_and_answered(client: Client, city: City) -> None:
    made = await client.graphql(
        city.teacher_account,
        "mutation ($new: NewProblem!) { stateProblem(new: $new) { id state subject } }",
        {"new": {"statement": "学生不会提问", "subject": "CHINESE"}},
    )
    problem = made["data"]["stateProblem"]
    assert (problem["state"], problem["subject"]) == ("STATED", "CHINESE")
    one = {"id": problem["id"]}
    take = "mutation ($id: UUID!) { takeInProblem(problemId: $id) { state unit { name } } }"
    taken = await client.graphql(city.school_admin, take, one)
    assert taken["data"]["takeInProblem"] == {
        "state": "TAKEN_IN", "unit": {"name": "甲县第一小学"},
    }  # fmt: skip
    again = await client.graphql(city.school_admin, take, one)
    assert again["errors"][0]["extensions"]["code"] == "problem_decided"
    answered = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!, $reply: ProblemReply!)"
        " { answerProblem(problemId: $id, reply: $reply) { reply } }",
        {**one, "reply": {"reply": "已列入"}},
    )
    assert answered["data"]["answerProblem"] == {"reply": "已列入"}
    read = await client.graphql(
        city.teacher_account, "query ($id: UUID!) { problem(id: $id) { reply } }", one
    )
    assert read["data"]["problem"] == {"reply": "已列入"}


async def test_problems_are_joined_listed_and_counted(
    client: Client, city: City, db: Connection, pool: SharedPool
) -> None:
    first = await make_problem(db, city.school, city.school_admin, subject="chinese")
    second = await make_problem(db, city.school, city.school_admin, subject="chinese")
    joined = await client.graphql(
        city.school_admin, MERGE, {"id": str(first["id"]), "merger": {"intoId": str(second["id"])}}
    )
    assert joined["data"]["mergeProblem"] == {
        "state": "MERGED", "mergedInto": {"id": str(second["id"])},
    }  # fmt: skip
    before = pool.statements
    found = await client.graphql(
        city.school_admin,
        "query ($id: UUID!) { problems(state: STATED) { nodes { id } }"
        " problemCounts(unitId: $id) { subject problems waiting } }",
        {"id": str(city.school["id"])},
    )
    assert found["data"] == {
        "problems": {"nodes": [{"id": str(second["id"])}]},
        "problemCounts": [{"subject": "CHINESE", "problems": 1, "waiting": 1}],
    }
    assert pool.statements - before == 3
