"""Courses that trainers give, over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_courses import make_published
from tests.make_trainers import make_trainer

ADD = """mutation ($trainer: UUID!, $course: UUID!) {
    addTrainerCourse(trainerId: $trainer, new: {courseId: $course}) { id course { title } }
}"""
REMOVE = "mutation ($id: UUID!) { removeTrainerCourse(givenId: $id) { name } }"
LIST = "{ trainerCourses { nodes { title } } trainers { nodes { courses { totalCount } } } }"


async def test_a_course_with_its_trainer(client: Client, db: Connection, city: City) -> None:
    trainer = await make_trainer(db, city.county, city.county_admin)
    course = await make_published(db, city.county_admin, city.city_admin, unit_id=city.county["id"])
    asked = {"trainer": str(trainer["id"]), "course": str(course["id"])}
    made = await client.graphql(city.county_admin, ADD, asked)
    given = made["data"]["addTrainerCourse"]
    assert given["course"] == {"title": course["title"]}
    seen = await client.graphql(city.county_admin, LIST)
    assert seen["data"] == {
        "trainerCourses": {"nodes": [{"title": course["title"]}]},
        "trainers": {"nodes": [{"courses": {"totalCount": 1}}]},
    }
    gone = await client.graphql(city.county_admin, REMOVE, {"id": given["id"]})
    assert gone["data"]["removeTrainerCourse"] == {"name": "李教授"}
