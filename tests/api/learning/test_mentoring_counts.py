"""What mentoring comes to, over REST."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_mentorships import CONCLUDED, make_mentoring_policy, make_mentorship


async def test_counts_obligations_and_what_a_term_was(
    client: Client, db: Connection, city: City
) -> None:
    await make_mentoring_policy(db, city.city, city.city_admin)
    await make_mentorship(
        db, city.school, city.school_admin, city.colleague, city.teacher, **CONCLUDED
    )
    path = f"/units/{city.school['id']}/mentoring-counts"
    counts = await client.get(city.school_admin, f"{path}?since=2026-01-01&until=2026-12-31")
    assert [(row["mentors"], row["concluded"]) for row in counts.json()] == [(1, 1)]
    wrong = await client.get(city.school_admin, f"{path}?since=2026-12-31&until=2026-01-01")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "mentoring_period_unfit")
    asked = await client.get(city.colleague_account, "/mentoring-obligations?lacking=true")
    assert [row["missing"] for row in asked.json()["items"]] == [1]
    was = await client.get(
        city.teacher_account, f"/teachers/{city.teacher['id']}/concluded-mentorships"
    )
    assert [(row["role"], row["hours"], row["level"]) for row in was.json()] == [
        ("lead", "0.00", "school")
    ]
