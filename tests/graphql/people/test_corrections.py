from app.sql import Connection
from tests.make import City, Client


async def test_a_correction_is_asked_for_and_decided(
    client: Client, db: Connection, city: City
) -> None:
    asked = await client.graphql(
        city.teacher_account,
        "mutation ($new: NewCorrection!)"
        " { requestCorrection(new: $new) { id stated state teacher { name } } }",
        {"new": {"field": "NAME", "stated": "改名", "reason": "登记有误"}},
    )
    correction = asked["data"]["requestCorrection"]
    assert (correction["stated"], correction["teacher"]) == ("改名", {"name": "测试甲"})
    listed = await client.graphql(
        city.school_admin, "{ corrections(state: ASKED) { nodes { id } totalCount } }"
    )
    assert listed["data"]["corrections"] == {
        "nodes": [{"id": correction["id"]}], "totalCount": 1,
    }  # fmt: skip
    granted = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!, $decision: CorrectionOpinion!)"
        " { grantCorrection(correctionId: $id, decision: $decision) { state name } }",
        {"id": correction["id"], "decision": {"opinion": "已核对"}},
    )
    assert granted["data"]["grantCorrection"] == {"state": "GRANTED", "name": "改名"}
    one = "query ($id: UUID!) { correction(id: $id) { opinion } }"
    shown = await client.graphql(city.teacher_account, one, {"id": correction["id"]})
    assert shown["data"]["correction"] == {"opinion": "已核对"}
    foreign = await client.graphql(city.sibling_admin, one, {"id": correction["id"]})
    assert foreign["errors"][0]["extensions"]["code"] == "correction_not_found"


async def test_a_school_corrects_a_teacher(client: Client, city: City) -> None:
    corrected = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!, $correction: TeacherCorrection!)"
        " { correctTeacher(teacherId: $id, correction: $correction) { subject } }",
        {"id": str(city.teacher["id"]), "correction": {"subject": "PHYSICS"}},
    )
    assert corrected["data"]["correctTeacher"] == {"subject": "PHYSICS"}
