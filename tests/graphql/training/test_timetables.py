"""Timetables over GraphQL."""

from typing import Any

from app.sql import Connection
from tests.make import City, Client
from tests.make_timetables import PERIODS, make_term, timetable_body

IMPORT = """mutation ($school: UUID!, $file: TimetableFile!) {
    previewTimetable(schoolId: $school, file: $file) { added differences { kind name } }
    importTimetable(schoolId: $school, file: $file) { timetableId added refused { code } }
}"""
READ = """query ($key: UUID!, $teacher: UUID!) {
    timetable(timetableId: $key) { lessons periods { number startsAt endsAt } }
    timetables { nodes { id semester } }
    lessons(timetableId: $key, weekday: 5) { nodes { id name period weeks } }
    teacherLessons(teacherId: $teacher, since: "2026-11-20", until: "2026-11-20") { period }
}"""
CHANGE = """mutation ($lesson: UUID!) {
    changeLesson(lessonId: $lesson, new: {day: "2026-11-20", toPeriod: 1}) { id toDay toPeriod }
}"""
CHANGES = "{ lessonChanges { nodes { id toDay toPeriod } } }"
UNDO = "mutation ($id: UUID!) { undoLessonChange(changeId: $id) { id } }"


def as_sent() -> dict[str, Any]:
    """The file as GraphQL takes it."""
    body = timetable_body()
    periods = [
        {"number": each["number"], "startsAt": each["starts_at"], "endsAt": each["ends_at"]}
        for each in PERIODS
    ]
    return {
        "schoolYear": body["school_year"], "semester": "FIRST", "format": "CSV",
        "content": body["content"], "periods": periods,
    }  # fmt: skip


async def test_a_timetable_is_taken_in_read_and_changed(
    client: Client, db: Connection, city: City
) -> None:
    await make_term(db, city.city_admin, city.city)
    given = {"school": str(city.school["id"]), "file": as_sent()}
    done = await client.graphql(city.school_admin, IMPORT, given)
    assert done["data"]["previewTimetable"]["added"] == 4, done
    key = done["data"]["importTimetable"]["timetableId"]
    variables = {"key": key, "teacher": str(city.teacher["id"])}
    found = (await client.graphql(city.school_admin, READ, variables))["data"]
    assert found["timetable"] == {"lessons": 4, "periods": as_sent()["periods"]}
    assert found["timetables"]["nodes"] == [{"id": key, "semester": "FIRST"}]
    assert found["teacherLessons"] == [{"period": 3}]
    lesson = found["lessons"]["nodes"][0]
    assert (lesson["name"], lesson["period"], lesson["weeks"]) == ("测试甲", 3, "EVERY")
    made = await client.graphql(city.school_admin, CHANGE, {"lesson": lesson["id"]})
    change = made["data"]["changeLesson"]
    assert (change["toDay"], change["toPeriod"]) == ("2026-11-20", 1)
    seen = await client.graphql(city.teacher_account, CHANGES)
    assert seen["data"]["lessonChanges"]["nodes"] == [change]
    again = await client.graphql(city.school_admin, CHANGE, {"lesson": lesson["id"]})
    assert again["errors"][0]["extensions"]["code"] == "lesson_changed"
    gone = await client.graphql(city.school_admin, UNDO, {"id": change["id"]})
    assert gone["data"]["undoLessonChange"] == {"id": change["id"]}
