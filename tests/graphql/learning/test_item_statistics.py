"""Item statistics over GraphQL."""

from app.sql import Connection
from tests import make_tests as making
from tests.make import City, Client

READ = "query ($id: UUID!) { itemStatistics(testId: $id) { questionId attempts facility } }"


async def test_a_question_that_few_had_is_named_without_figures(
    client: Client, db: Connection, city: City
) -> None:
    [question] = await making.make_bank(db, city, making.SINGLE)
    test = await making.make_test(db, city, [question])
    await making.take(db, city.teacher_account, test, {1: {"choices": ["a"]}})
    read = await client.graphql(city.school_admin, READ, {"id": str(test["id"])})
    assert read["data"]["itemStatistics"] == [
        {"questionId": str(question["id"]), "attempts": None, "facility": None}
    ]
