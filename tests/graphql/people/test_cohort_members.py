"""Members of cohorts over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_programmes import make_cohort, make_member, make_programme

NOMINATE = """mutation ($id: UUID!, $new: NewNomination!) {
    nominateTeacher(teacherId: $id, new: $new) { id state cohort { year } }
}"""
DECIDE = """mutation ($id: UUID!) {
    decideNomination(memberId: $id, decision: {admitted: true, opinion: "同意"}) { state }
}"""
END = """mutation ($id: UUID!) {
    endCohortMember(memberId: $id, end: {
        completed: true, reason: "按期结业", results: [REACHED, PARTLY]
    }) { state results }
}"""
READ = """query ($cohort: UUID!, $teacher: UUID!) {
    cohortMembers(cohortId: $cohort) { nodes { name } }
    nominations { nodes { name } }
    teacher(id: $teacher) { programmes { programme state } }
}"""


async def test_a_membership_from_its_beginning_to_its_end(
    client: Client, db: Connection, city: City
) -> None:
    cohort = await make_cohort(db, await make_programme(db, city.county))
    new = {"cohortId": str(cohort["id"]), "reason": "教学能力突出"}
    named = {"id": str(city.teacher["id"]), "new": new}
    made = await client.graphql(city.school_admin, NOMINATE, named)
    member = made["data"]["nominateTeacher"]
    assert (member["state"], member["cohort"]) == ("NOMINATED", {"year": 2026})
    refused = await client.graphql(city.auditor, DECIDE, {"id": member["id"]})
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
    admitted = await client.graphql(city.county_admin, DECIDE, {"id": member["id"]})
    assert admitted["data"]["decideNomination"] == {"state": "ADMITTED"}
    over = await client.graphql(city.county_admin, END, {"id": member["id"]})
    assert over["data"]["endCohortMember"] == {
        "state": "COMPLETED", "results": ["REACHED", "PARTLY"],
    }  # fmt: skip
    asked = {"cohort": str(cohort["id"]), "teacher": str(city.teacher["id"])}
    read = await client.graphql(city.county_admin, READ, asked)
    assert read["data"] == {
        "cohortMembers": {"nodes": [{"name": "测试甲"}]},
        "nominations": {"nodes": [{"name": "测试甲"}]},
        "teacher": {"programmes": [{"programme": "青蓝工程", "state": "COMPLETED"}]},
    }


REPLACE = """mutation ($id: UUID!, $by: UUID!) {
    replaceCohortMember(memberId: $id, replacement: {byId: $by, reason: "因病不能参加"}) {
        name state replacesId
    }
}"""


async def test_a_place_passes_to_another(client: Client, db: Connection, city: City) -> None:
    cohort = await make_cohort(db, await make_programme(db, city.county))
    first, second = [
        await make_member(db, cohort, teacher, city.school_admin)
        for teacher in (city.teacher, city.colleague)
    ]
    await client.graphql(city.county_admin, DECIDE, {"id": str(first["id"])})
    given = {"id": str(first["id"]), "by": str(second["id"])}
    taken = await client.graphql(city.county_admin, REPLACE, given)
    assert taken["data"]["replaceCohortMember"] == {
        "name": "测试乙", "state": "ADMITTED", "replacesId": str(first["id"]),
    }  # fmt: skip
