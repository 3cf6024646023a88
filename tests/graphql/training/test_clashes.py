"""Clashes and free times over GraphQL."""

from app.sql import Connection
from tests.make import City, Client, make_activity, make_group
from tests.make_timetables import make_term, make_timetable

REPORT = "{ clashes teachers items { kind name className } }"
ASK = f"""query ($activity: UUID!, $school: UUID!, $teacher: UUID!, $group: UUID!) {{
    clashes(activityId: $activity) {REPORT}
    schoolClashes(schoolId: $school, schoolYear: 2026, semester: FIRST) {REPORT}
    teacherClashes(teacherId: $teacher, since: "2026-11-16", until: "2026-11-22") {REPORT}
    freeTimes(schoolId: $school, weekOf: "2026-11-20") {{ day half free people }}
    groupFreeTimes(groupId: $group, weekOf: "2026-11-20") {{ day half free people }}
}}"""


async def test_clashes_and_free_times(client: Client, db: Connection, city: City) -> None:
    await make_term(db, city.city_admin, city.city)
    await make_timetable(db, city.school_admin, city.school)
    activity = await make_activity(db, city.county, city.county_admin)
    group = await make_group(db, city.school, city.teacher, city.colleague)
    variables = {
        "activity": str(activity["id"]), "school": str(city.school["id"]),
        "teacher": str(city.teacher["id"]), "group": str(group["id"]),
    }  # fmt: skip
    answer = await client.graphql(city.county_admin, ASK, variables)
    report = {
        "clashes": 1, "teachers": 1,
        "items": [{"kind": "LESSON", "name": "测试甲", "className": "一年级1班"}],
    }  # fmt: skip
    free = [{"day": "2026-11-16", "half": "AFTERNOON", "free": 2, "people": 2}]
    assert answer["data"] == {
        "clashes": report, "schoolClashes": report, "teacherClashes": report,
        "freeTimes": free, "groupFreeTimes": free,
    }  # fmt: skip
    outside = await client.graphql(city.other_county_admin, ASK, variables)
    assert outside["errors"][0]["extensions"]["code"] == "activity_not_found"
