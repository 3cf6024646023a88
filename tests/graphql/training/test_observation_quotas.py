"""Observation quotas over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_evidence import make_sheet

SET = """mutation ($unit: UUID!) {
    setObservationQuota(unitId: $unit, new: {
        role: TEACHER, term: SEMESTER, lessons: 2, validFrom: "2026-09-01"
    }) { id lessons unit { name } }
}"""
END = """mutation ($id: UUID!) {
    endObservationQuota(quotaId: $id, end: {on: "2026-11-01"}) { validTo }
}"""
DUE = """query ($unit: UUID!, $teacher: UUID!) {
    observationQuotas { nodes { id role } }
    ownObservationQuotas { nodes { id } }
    observationsDue(unitId: $unit, startsOn: "2026-09-01", endsOn: "2027-01-31", missing: true) {
        name missing
    }
    teacherObservationsDue(
        teacherId: $teacher, startsOn: "2026-09-01", endsOn: "2027-01-31"
    ) { role required done missing days }
}"""


async def test_a_quota_is_set_counted_and_ended(client: Client, db: Connection, city: City) -> None:
    given = {"unit": str(city.school["id"])}
    made = (await client.graphql(city.school_admin, SET, given))["data"]["setObservationQuota"]
    assert (made["lessons"], made["unit"]) == (2, {"name": "甲县第一小学"})
    await make_sheet(db, city.colleague, city.teacher_account, city.teacher)
    found = await client.graphql(
        city.school_admin, DUE, given | {"teacher": str(city.teacher["id"])}
    )
    assert found["data"] == {
        "observationQuotas": {"nodes": [{"id": made["id"], "role": "TEACHER"}]},
        "ownObservationQuotas": {"nodes": [{"id": made["id"]}]},
        "observationsDue": [{"name": "测试乙", "missing": 2}, {"name": "测试甲", "missing": 1}],
        "teacherObservationsDue": {
            "role": "TEACHER", "required": 2, "done": 1, "missing": 1, "days": ["2026-11-19"],
        },
    }  # fmt: skip
    ended = await client.graphql(city.school_admin, END, {"id": made["id"]})
    assert ended["data"]["endObservationQuota"] == {"validTo": "2026-11-01"}
