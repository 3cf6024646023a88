"""The question bank over REST."""

from tests import make_tests as making
from tests.make import City, Client


async def test_questions_are_added_revised_and_retired(client: Client, city: City) -> None:
    admin, unit = city.school_admin, {"unit_id": str(city.school["id"])}
    made = await client.post(admin, "/bank-questions", unit | {"questions": making.QUESTIONS})
    assert made.status_code == 201, made.json()
    first = made.json()[0]
    assert (first["points"], first["correct"], first["version"]) == ("2.00", ["a"], 1)
    path = f"/bank-questions/{first['id']}"
    revised = await client.post(admin, f"{path}/versions", making.SINGLE | {"text": "改写"})
    assert (revised.json()["version"], revised.json()["text"]) == (2, "改写")
    listed = await client.get(admin, f"{path}/versions")
    assert [row["document"]["text"] for row in listed.json()["items"]] == [
        making.SINGLE["text"], "改写"
    ]  # fmt: skip
    gone = await client.post(admin, f"{path}/retire", {"reason": "内容已过时"})
    assert gone.json()["retired_because"] == "内容已过时"
    assert (await client.get(admin, path)).json() == gone.json()
    hard = await client.get(admin, "/bank-questions?difficulty=hard&is_retired=false")
    assert [row["kind"] for row in hard.json()["items"]] == ["multiple_choice"]


async def test_what_does_not_fit_is_named_by_its_place(client: Client, city: City) -> None:
    admin, unit = city.school_admin, {"unit_id": str(city.school["id"])}
    bad = making.SINGLE | {"correct": ["z"]}
    refused = await client.post(admin, "/bank-questions", unit | {"questions": [making.FREE, bad]})
    assert refused.status_code == 422
    assert "questions.1" in refused.text or '"questions",1' in refused.text, refused.text
    twice = await client.post(
        admin, "/bank-questions", unit | {"questions": [making.FREE, making.FREE]}
    )
    assert (twice.status_code, twice.json()["code"]) == (409, "bank_questions_repeated")
    assert (await client.get(admin, "/bank-questions")).json()["items"] == []
    nul = making.FREE | {"text": "a\x00b"}
    refused = await client.post(admin, "/bank-questions", unit | {"questions": [nul]})
    assert refused.status_code == 422
