"""Archives over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_archives import make_material
from tests.make_people import make_goal

OPEN = """mutation ($unit: UUID!) {
    openSchoolVolume(unitId: $unit, new: {schoolYear: 2026}) { id title school { name } teacher { name } }
}"""
GROWTH = """mutation ($teacher: UUID!) {
    openGrowthVolume(teacherId: $teacher, new: {schoolYear: 2026}) { id kind teacher { name } }
}"""
ASSEMBLE = "mutation ($id: UUID!) { assembleArchiveVolume(volumeId: $id) { state pieces } }"
CHECK = """mutation ($id: UUID!) {
    checkArchiveVolume(volumeId: $id, check: {passed: true, opinion: "齐全"}) { state }
}"""
SEAL = "mutation ($id: UUID!) { sealArchiveVolume(volumeId: $id) { state retainedUntil } }"
HOLD = """mutation ($id: UUID!) {
    holdArchiveVolume(volumeId: $id, hold: {reason: "审计"}) { holdReason }
}"""
READ = """query ($id: UUID!) {
    archiveVolume(volumeId: $id) { state checkOpinion }
    archiveVolumes(kind: SCHOOL, schoolYear: 2026) { nodes { id } totalCount }
    archivePieces(volumeId: $id) { nodes { number kind title file { name } } }
    archiveKinds { archive kind assumed }
}"""


async def test_a_volume_is_opened_put_together_checked_and_sealed(
    client: Client, db: Connection, city: City
) -> None:
    by, checker = city.school_admin, city.county_admin
    activity = await make_material(db, by, city.school, city.teacher)
    opened = await client.graphql(by, OPEN, {"unit": str(city.school["id"])})
    made = opened["data"]["openSchoolVolume"]
    assert made["school"] == {"name": city.school["name"]}
    assert made["teacher"] is None
    one = {"id": made["id"]}
    steps = [(by, ASSEMBLE), (checker, CHECK), (checker, SEAL), (checker, HOLD)]
    done = [(await client.graphql(person, step, one))["data"] for person, step in steps]
    assert done == [
        {"assembleArchiveVolume": {"state": "ASSEMBLED", "pieces": 2}},
        {"checkArchiveVolume": {"state": "CHECKED"}},
        {"sealArchiveVolume": {"state": "SEALED", "retainedUntil": "2038-01-01"}},
        {"holdArchiveVolume": {"holdReason": "审计"}},
    ]
    shown = (await client.graphql(by, READ, one))["data"]
    assert shown["archiveVolume"] == {"state": "SEALED", "checkOpinion": "齐全"}
    assert shown["archiveVolumes"] == {"nodes": [{"id": made["id"]}], "totalCount": 1}
    assert shown["archivePieces"]["nodes"][0] == {
        "number": 1, "kind": "ACTIVITY", "title": activity["title"], "file": None,
    }  # fmt: skip
    assert len(shown["archiveKinds"]) == 21


async def test_a_growth_file_is_opened(client: Client, db: Connection, city: City) -> None:
    await make_goal(db, city.teacher)
    by, teacher = city.school_admin, {"teacher": str(city.teacher["id"])}
    made = (await client.graphql(by, GROWTH, teacher))["data"]["openGrowthVolume"]
    assert (made["kind"], made["teacher"]) == ("GROWTH", {"name": city.teacher["name"]})
    again = await client.graphql(by, GROWTH, teacher)
    assert again["errors"][0]["extensions"]["code"] == "archive_volume_unsealed"
