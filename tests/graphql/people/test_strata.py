from tests.make import City, Client


async def test_a_unit_and_a_teacher_are_sorted(client: Client, city: City) -> None:
    document = "query ($id: UUID!) { strata(unitId: $id) { stratum dimension teachers } }"
    unit = {"id": str(city.school["id"])}
    answer = await client.graphql(city.school_admin, document, unit)
    lines = {line["stratum"]: line for line in answer["data"]["strata"]}
    assert lines["MATURE_TEACHER"] == {
        "stratum": "MATURE_TEACHER", "dimension": "LAYER", "teachers": 2,
    }  # fmt: skip
    foreign = await client.graphql(city.sibling_admin, document, unit)
    assert foreign["errors"][0]["extensions"]["code"] == "unit_not_found"
    own = await client.graphql(
        city.teacher_account,
        'query ($id: UUID!) { teacherStrata(teacherId: $id, asOf: "2022-01-01") { stratum } }',
        {"id": str(city.teacher["id"])},
    )
    assert {"stratum": "YOUNG_TEACHER"} in own["data"]["teacherStrata"]
    listed = await client.graphql(
        city.school_admin, "{ teachers(stratum: SENIOR_RANK) { nodes { name } } }"
    )
    assert listed["data"]["teachers"]["nodes"] == []
