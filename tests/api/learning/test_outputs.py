from app.sql import Connection
from tests.make import City, Client
from tests.make_topics import OUTPUT, confirm_output, make_output


async def test_an_output_is_stated_put_right_and_confirmed(
    client: Client, city: City, db: Connection
) -> None:
    other = await make_output(db, city.sibling_teacher_account, city.sibling_teacher)
    await confirm_output(db, city.sibling_admin, other)
    new = OUTPUT | {"author_ids": [str(city.teacher["id"])]}
    made = await client.post(city.teacher_account, "/outputs", new)
    assert made.status_code == 201, made.text
    address = f"/outputs/{made.json()['id']}"
    found = await client.get(city.school_admin, f"{address}/duplicates")
    assert [(row["unit"], row["grounds"]) for row in found.json()] == [("甲县第二小学", ["title"])]
    verdict = {"verdict": "confirmed"}
    twice = await client.post(city.school_admin, f"{address}/decide", verdict)
    assert (twice.status_code, twice.json()["code"]) == (409, "output_duplicated")
    changed = await client.request(
        city.teacher_account, "PATCH", address, json={"title": "另一篇", "isbn": "1"}
    )
    assert (changed.status_code, changed.json()["code"]) == (422, "isbn_wrong")
    await client.request(city.teacher_account, "PATCH", address, json={"title": "另一篇"})
    done = await client.post(city.school_admin, f"{address}/decide", verdict)
    assert (done.json()["state"], done.json()["title"]) == ("confirmed", "另一篇")
    late = await client.post(city.teacher_account, f"{address}/withdraw")
    assert (late.status_code, late.json()["code"]) == (409, "output_settled")
    listed = await client.get(city.county_admin, "/outputs?state=confirmed&kind=paper")
    assert len(listed.json()["items"]) == 2
    assert (await client.get(city.teacher_account, address)).json() == done.json()
