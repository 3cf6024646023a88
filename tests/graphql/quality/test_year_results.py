"""Results of a teacher's school year over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_checklists import make_checklist
from tests.make_incentives import make_assessment, make_given

READ = """query ($unit: UUID!, $teacher: UUID!) {
    yearResults(unitId: $unit, schoolYear: 2026) { teacherId }
    yearResult(teacherId: $teacher, schoolYear: 2026) {
        name hours credits assessments { term judgement } incentives { kind title }
        checklists { name items done }
    }
}"""


async def test_a_year_is_read(client: Client, db: Connection, city: City) -> None:
    await make_assessment(db, city.school_admin, city.teacher)
    await make_given(db, city)
    await make_checklist(db, city.school_admin, city.school)
    given = {"unit": str(city.school["id"]), "teacher": str(city.teacher["id"])}
    shown = (await client.graphql(city.school_admin, READ, given))["data"]
    assert len(shown["yearResults"]) == 2
    assert shown["yearResult"] == {
        "name": city.teacher["name"], "hours": "0", "credits": "0",
        "assessments": [{"term": "SEMESTER", "judgement": "BASICALLY_QUALIFIED"}],
        "incentives": [{"kind": "REWARD", "title": "2026年度校本研修先进个人"}],
        "checklists": [{"name": "八个一", "items": 2, "done": 0}],
    }  # fmt: skip
