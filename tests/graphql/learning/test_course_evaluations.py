"""Evaluation of courses over GraphQL."""

from app.domain.training.surveys import SurveyState
from app.sql import Connection
from tests.domain.learning.test_course_evaluations import evaluate
from tests.make import City, Client
from tests.make_courses import make_published_class, make_run, make_school_course

ASK = """query ($id: UUID!) { courseEvaluation(courseId: $id) {
  version versions { number answers satisfaction change questions { code satisfaction } } } }"""


async def test_what_was_thought_of_a_course(client: Client, db: Connection, city: City) -> None:
    course = await make_school_course(db, city)
    run = await make_run(db, city.school_admin, course)
    made = await make_published_class(db, city.school_admin, run)
    await evaluate(db, city, made, SurveyState.CLOSED, *[{"use": 3}] * 6)
    told = await client.graphql(city.county_admin, ASK, {"id": str(course["id"])})
    assert told["data"]["courseEvaluation"] == {
        "version": 1,
        "versions": [
            {
                "number": 1, "answers": 6, "satisfaction": "50.00", "change": None,
                "questions": [{"code": "use", "satisfaction": "50.00"}],
            }
        ],
    }  # fmt: skip
