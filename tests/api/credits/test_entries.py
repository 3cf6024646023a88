from app.sql import Connection
from tests.domain.credits.making import make_pack, make_recognised
from tests.make import City, Client


async def test_a_ledger_is_paged_and_amounts_are_text(
    client: Client, db: Connection, city: City
) -> None:
    await make_pack(db, city.city)
    for hours in ("1.00", "2.50", "3.00"):
        await make_recognised(db, city.school, city.county_admin, [city.teacher], hours=hours)
    path = f"/teachers/{city.teacher['id']}/credit-entries?limit=2"
    page = (await client.get(city.teacher_account, path)).json()
    assert [entry["credits"] for entry in page["items"]] == ["1.00", "2.50"]
    rest = (await client.get(city.teacher_account, f"{path}&cursor={page['next']}")).json()
    assert [(entry["sequence"], entry["hours"]) for entry in rest["items"]] == [(3, "3.00")]
    assert rest["next"] is None
    none = await client.get(city.teacher_account, f"{path}&as_of=2026-01-01")
    assert none.json()["items"] == []
    one = await client.get(city.teacher_account, f"/credit-entries/{rest['items'][0]['id']}")
    assert one.json() == rest["items"][0]


async def test_a_teacher_of_another_school_sees_nothing(
    client: Client, db: Connection, city: City
) -> None:
    await make_pack(db, city.city)
    await make_recognised(db, city.school, city.county_admin, [city.teacher])
    path = f"/teachers/{city.teacher['id']}/credit-entries"
    page = (await client.get(city.teacher_account, path)).json()
    entry = f"/credit-entries/{page['items'][0]['id']}"
    for person in (city.sibling_teacher_account, city.colleague_account, city.other_county_admin):
        answer = await client.get(person, entry)
        assert (answer.status_code, answer.json()["code"]) == (404, "credit_entry_not_found")
        assert (await client.get(person, path)).status_code == 404


async def test_the_ledgers_of_all_are_one_list(client: Client, db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    people = [city.teacher, city.sibling_teacher]
    await make_recognised(db, city.county, city.county_admin, people)
    page = (await client.get(city.county_admin, "/credit-entries?limit=1")).json()
    rest = await client.get(city.county_admin, f"/credit-entries?limit=1&cursor={page['next']}")
    told = [*page["items"], *rest.json()["items"]]
    assert {entry["teacher_id"] for entry in told} == {str(each["id"]) for each in people}
    assert rest.json()["next"] is None
    none = await client.get(city.county_admin, "/credit-entries?kind=reverse")
    assert none.json()["items"] == []
    for wrong in ("kind=gift", "recorded_from=2026-01-01T08:00:00", "sort=hours"):
        answer = await client.get(city.county_admin, f"/credit-entries?{wrong}")
        assert answer.status_code == 422, wrong
