"""Item statistics over REST."""

from app.sql import Connection
from tests import make_tests as making
from tests.make import City, Client


async def test_a_question_that_few_had_is_named_without_figures(
    client: Client, db: Connection, city: City
) -> None:
    [question] = await making.make_bank(db, city, making.SINGLE)
    test = await making.make_test(db, city, [question])
    await making.take(db, city.teacher_account, test, {1: {"choices": ["a"]}})
    found = await client.get(city.school_admin, f"/course-tests/{test['id']}/item-statistics")
    assert found.json() == [
        {
            "question_id": str(question["id"]), "version": 1, "attempts": None, "facility": None,
            "discrimination": None,
        }
    ]  # fmt: skip
