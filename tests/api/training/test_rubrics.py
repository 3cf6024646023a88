from app.domain.training.rubrics import STANDARD
from tests.make import City, Client


async def test_the_standard_is_published_as_ones_own_and_read(client: Client, city: City) -> None:
    standard = (await client.get(city.teacher_account, "/rubrics/standard")).json()
    assert standard == STANDARD.model_dump(mode="json")
    new = standard | {"unit_id": str(city.school["id"])}
    made = await client.post(city.school_admin, "/rubrics", new)
    assert made.status_code == 201, made.text
    read = await client.get(city.teacher_account, made.headers["location"].removeprefix("/api/v1"))
    assert read.json() == made.json()
    listed = await client.get(city.teacher_account, f"/rubrics?unit_id={city.school['id']}")
    assert listed.json()["items"] == [made.json()]


async def test_refusals(client: Client, city: City) -> None:
    new = STANDARD.model_dump(mode="json") | {"unit_id": str(city.school["id"])}
    heavy = new | {"dimensions": [new["dimensions"][0]]}
    for person, body, status, code in (
        (city.school_admin, heavy, 422, "invalid_request"),
        (city.teacher_account, new, 403, "not_allowed"),
        (city.sibling_admin, new, 404, "unit_not_found"),
    ):
        answer = await client.post(person, "/rubrics", body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await client.get(city.school_admin, "/rubrics")).json()["items"] == []
