"""What mentoring comes to, over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_mentorships import CONCLUDED, make_mentoring_policy, make_mentorship

ASKED = """query ($school: UUID!, $teacher: UUID!) {
    mentoringCounts(unitId: $school, since: "2026-01-01", until: "2026-12-31") { mentors }
    mentoringObligations(rank: FIRST_GRADE) { nodes { name rank required } }
    concludedMentorships(teacherId: $teacher) { role hours level }
}"""


async def test_what_it_comes_to(client: Client, db: Connection, city: City) -> None:
    await make_mentoring_policy(db, city.city, city.city_admin)
    await make_mentorship(
        db, city.school, city.school_admin, city.colleague, city.teacher, **CONCLUDED
    )
    given = {"school": str(city.school["id"]), "teacher": str(city.colleague["id"])}
    seen = await client.graphql(city.school_admin, ASKED, given)
    assert seen["data"] == {
        "mentoringCounts": [{"mentors": 1}],
        "mentoringObligations": {
            "nodes": [
                {"name": name, "rank": "FIRST_GRADE", "required": 1}
                for name in ("测试乙", "测试甲")
            ]
        },
        "concludedMentorships": [{"role": "apprentice", "hours": "0.00", "level": "SCHOOL"}],
    }
