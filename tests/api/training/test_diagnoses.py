from app.sql import Connection
from tests.conftest import SharedPool
from tests.make import City, Client
from tests.make_organisation import make_visit

NEW = {
    "diagnosed_on": "2026-11-03", "period_from": "2026-03-01", "period_to": "2026-07-10",
    "findings": [{"aspect": "planning", "finding": "有计划"}], "strengths": "参与面广",
    "problems": "流于形式", "suggestions": "增加次数",
}  # fmt: skip


async def test_a_school_is_diagnosed_and_answers(
    client: Client, city: City, db: Connection, pool: SharedPool
) -> None:
    visit = await make_visit(db, city.school, city.county_admin, city.county)
    made = await client.post(
        city.county_admin, f"/units/{city.school['id']}/diagnoses",
        NEW | {"visit_ids": [str(visit["id"])]},
    )  # fmt: skip
    assert made.status_code == 201
    diagnosis = made.json()
    address = f"/diagnoses/{diagnosis['id']}"
    assert diagnosis["visit_ids"] == [str(visit["id"])]
    reply = {"answer": "照办", "measures": [{"measure": "增加次数", "due_on": "2098-12-31"}]}
    above = await client.post(city.county_admin, f"{address}/answer", reply)
    assert (above.status_code, above.json()["code"]) == (422, "diagnosis_answered_elsewhere")
    answered = await client.post(city.school_admin, f"{address}/answer", reply)
    assert answered.json()["measures"] == reply["measures"]
    read = await client.get(city.city_admin, address)
    assert read.json() == answered.json()
    listed = await client.get(city.county_admin, "/diagnoses?answered=true&sort=-diagnosed_on")
    assert [row["id"] for row in listed.json()["items"]] == [diagnosis["id"]]
    before = pool.statements
    dues = await client.get(city.county_admin, f"/units/{city.county['id']}/diagnosis-dues")
    assert pool.statements - before == 2
    assert [(row["name"], row["answered"]) for row in dues.json()] == [
        ("甲县第二小学", False), ("甲县第一小学", True),
    ]  # fmt: skip


async def test_a_diagnosis_without_findings_is_refused(client: Client, city: City) -> None:
    refused = await client.post(
        city.county_admin, f"/units/{city.school['id']}/diagnoses", NEW | {"findings": []}
    )
    assert refused.status_code == 422
    listed = await client.get(city.county_admin, "/diagnoses")
    assert listed.json()["items"] == []
