from app.sql import Connection
from tests.make import City, Client
from tests.make_topics import confirm_output, make_output


async def test_a_round_is_opened_entered_and_awarded(
    client: Client, city: City, db: Connection
) -> None:
    output = await make_output(db, city.teacher_account, city.teacher)
    await confirm_output(db, city.school_admin, output)
    new = {
        "unit_id": str(city.county["id"]), "year": 2026, "title": "成果奖",
        "opens_on": "2020-01-01", "closes_on": "2099-12-31",
    }  # fmt: skip
    made = await client.post(city.county_admin, "/award-rounds", new)
    assert made.status_code == 201, made.text
    again = await client.post(city.county_admin, "/award-rounds", new)
    assert (again.status_code, again.json()["code"]) == (409, "award_round_exists")
    address = f"/award-rounds/{made.json()['id']}"
    entered = await client.post(
        city.teacher_account, f"{address}/entries", {"output_id": str(output["id"])}
    )
    assert entered.status_code == 201, entered.text
    entry = f"/award-entries/{entered.json()['id']}"
    taken = await client.request(city.teacher_account, "DELETE", entry)
    assert taken.json() == entered.json()
    entered = await client.post(
        city.teacher_account, f"{address}/entries", {"output_id": str(output["id"])}
    )
    entry = f"/award-entries/{entered.json()['id']}"
    awards = {"awards": [{"entry_id": entered.json()["id"], "award": "first"}]}
    published = await client.post(city.county_admin, f"{address}/award", awards)
    assert published.json()["state"] == "published"
    won = await client.get(city.sibling_teacher_account, f"{address}/entries?winners=true")
    assert [row["award"] for row in won.json()["items"]] == ["first"]
    assert (await client.get(city.teacher_account, entry)).json()["award"] == "first"
    listed = await client.get(city.sibling_teacher_account, "/award-rounds?year=2026")
    assert [row["id"] for row in listed.json()["items"]] == [made.json()["id"]]
    read = await client.get(city.sibling_teacher_account, address)
    assert read.json() == published.json()
