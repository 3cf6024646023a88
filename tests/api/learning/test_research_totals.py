from app.sql import Connection
from tests.make import City, Client
from tests.make_topics import make_studied


async def test_a_school_sets_out_what_it_means_to_have_and_is_counted(
    client: Client, city: City, db: Connection
) -> None:
    await make_studied(db, city.teacher_account, city.school_admin)
    school = f"/units/{city.school['id']}"
    target = {"year": 2026, "level": "school", "topics": 4}
    set_out = await client.request(city.school_admin, "PUT", f"{school}/topic-targets", json=target)
    assert [(row["topics"], row["approved"]) for row in set_out.json()] == [(4, 1)]
    read = await client.get(city.county_admin, f"{school}/topic-targets")
    assert read.json() == set_out.json()
    period = "since=2026-01-01&until=2027-01-01"
    totals = await client.get(
        city.county_admin, f"/units/{city.county['id']}/research-totals?{period}"
    )
    assert [(row["name"], row["school_topics"]) for row in totals.json()] == [
        (None, 1), ("甲县", 0), ("甲县第一小学", 1), ("甲县第二小学", 0),
    ]  # fmt: skip
    wrong = await client.get(
        city.school_admin, f"{school}/research-totals?since=2026-01-01&until=2026-01-01"
    )
    assert (wrong.status_code, wrong.json()["code"]) == (422, "research_period_out_of_order")
