from tests.make import City, Client


async def test_who_answers_is_named_and_who_is_missing_is_told(client: Client, city: City) -> None:
    missing = "/schools-without-responsible?fields=name"
    before = await client.get(city.county_admin, missing)
    assert before.json()["items"] == [{"name": "甲县第一小学"}, {"name": "甲县第二小学"}]
    new = {
        "duty": "training_lead",
        "teacher_id": str(city.teacher["id"]),
        "department": "教导处",
        "tasks": "师训专管",
        "valid_from": "2025-09-01",
    }
    path = f"/units/{city.school['id']}/responsibilities"
    named = await client.post(city.school_admin, path, new)
    assert named.status_code == 201, named.text
    assert named.json()["name"] == "测试甲"
    after = await client.get(city.county_admin, missing)
    assert after.json()["items"] == [{"name": "甲县第二小学"}]
    listed = await client.get(
        city.county_admin, f"/responsibilities?unit_id={city.school['id']}&as_of=2026-01-01"
    )
    assert listed.json()["items"] == [named.json()]
    ended = await client.post(
        city.school_admin, f"/responsibilities/{named.json()['id']}/end", {"on": "2026-01-01"}
    )
    assert (ended.status_code, ended.json()["valid_to"]) == (200, "2026-01-01")


async def test_a_department_without_a_person_does_not_suffice(client: Client, city: City) -> None:
    new = {"duty": "training_lead", "department": "教导处"}
    path = f"/units/{city.school['id']}/responsibilities"
    answer = await client.post(city.school_admin, path, new)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    elsewhere = {**new, "teacher_id": str(city.sibling_teacher["id"])}
    answer = await client.post(city.school_admin, path, elsewhere)
    assert (answer.status_code, answer.json()["code"]) == (404, "subject_not_found")
