"""Suggestions of mentors over GraphQL."""

from tests.make import City, Client

ASKED = """query ($teacher: UUID!) {
    mentorSuggestions(teacherId: $teacher) { name rank points subjectPoints }
}"""


async def test_who_could_mentor(client: Client, city: City) -> None:
    found = await client.graphql(city.school_admin, ASKED, {"teacher": str(city.teacher["id"])})
    assert found["data"]["mentorSuggestions"] == [
        {"name": "测试乙", "rank": "FIRST_GRADE", "points": 70, "subjectPoints": 40}
    ]
