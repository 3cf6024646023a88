"""Evaluation of courses over REST."""

from app.domain.training.surveys import SurveyState
from app.sql import Connection
from tests.domain.learning.test_course_evaluations import evaluate
from tests.make import City, Client
from tests.make_courses import make_published_class, make_run, make_school_course


async def test_what_was_thought_of_a_course(client: Client, db: Connection, city: City) -> None:
    course = await make_school_course(db, city)
    run = await make_run(db, city.school_admin, course)
    made = await make_published_class(db, city.school_admin, run)
    await evaluate(db, city, made, SurveyState.CLOSED, *[{"quality": 5}] * 5)
    told = await client.get(city.county_admin, f"/courses/{course['id']}/evaluation")
    assert told.json() == {
        "course_id": str(course["id"]), "version": 1, "in_force": 1,
        "versions": [
            {
                "number": 1, "runs": 1, "classes": 1, "evaluated_classes": 1, "answers": 5,
                "satisfaction": "100.00", "change": None,
                "questions": [
                    {"code": "quality", "text": "质量如何？", "answers": 5, "satisfaction": "100.00"}
                ],
            }
        ],
    }  # fmt: skip
    hidden = await client.get(city.teacher_account, f"/courses/{course['id']}/evaluation")
    assert hidden.status_code == 403
