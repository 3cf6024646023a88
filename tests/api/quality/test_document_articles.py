"""Document articles over REST."""

from tests.make import City, Client


async def test_articles_are_written_while_it_is_a_draft(client: Client, city: City) -> None:
    new = {"unit_id": str(city.county["id"]), "title": "实施办法", "kind": "measures"}
    made = await client.post(city.county_admin, "/official-documents", new)
    path = f"/official-documents/{made.json()['id']}"
    articles = [{"number": 1, "chapter": "总则", "text": "为加强校本研修，制定本办法。"}]
    written = await client.request(
        city.county_admin, "PUT", f"{path}/articles", json={"articles": articles}
    )
    assert [row["number"] for row in written.json()] == [1]
    twice = await client.request(
        city.county_admin, "PUT", f"{path}/articles", json={"articles": articles * 2}
    )
    assert twice.status_code == 422
    await client.post(city.county_admin, f"{path}/issue")
    read = await client.get(city.teacher_account, f"{path}/articles")
    assert read.json() == written.json()
    late = await client.request(city.county_admin, "PUT", f"{path}/articles", json={"articles": []})
    assert (late.status_code, late.json()["code"]) == (409, "document_wrong_state")
