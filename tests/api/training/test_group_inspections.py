"""Inspections of groups over REST."""

from app.domain.access.roles import Role
from app.sql import Connection
from tests.make import City, Client, make_account, make_group, signed_in

FOUND = {
    "inspected_on": "2026-11-18", "inspectors": "教导处", "plans": "good", "notes": "unqualified",
    "findings": "笔记不全", "suggestions": "补齐笔记", "due_on": "2026-12-01",
}  # fmt: skip


async def test_an_inspection_from_finding_to_closing(
    client: Client, db: Connection, city: City
) -> None:
    group = await make_group(db, city.school)
    leader = await make_account(db, "leader", Role.GROUP_LEADER, group)
    await signed_in(db, leader)
    made = await client.post(city.county_admin, f"/groups/{group['id']}/inspections", FOUND)
    assert made.status_code == 201, made.text
    path = made.headers["Location"].removeprefix("/api/v1")
    assert (await client.get(leader, path)).json() == made.json()
    answered = await client.post(leader, f"{path}/answer", {"answer": "已补齐"})
    assert answered.json()["answer"] == "已补齐", answered.text
    elsewhere = await client.post(city.school_admin, f"{path}/answer", {"answer": "代答"})
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (
        422, "group_inspection_answered_elsewhere",
    )  # fmt: skip
    closed = await client.post(city.county_admin, f"{path}/close", {})
    assert closed.json()["closed_at"] is not None
    again = await client.post(city.county_admin, f"{path}/close", {})
    assert (again.status_code, again.json()["code"]) == (409, "group_inspection_closed")
    page = await client.get(city.school_admin, f"/group-inspections?group_id={group['id']}")
    assert page.json()["items"] == [closed.json()]
    counts = await client.get(
        city.school_admin,
        f"/units/{city.school['id']}/group-inspection-counts?since=2026-09-01&until=2026-12-31",
    )
    assert [(row["inspections"], row["unqualified"]) for row in counts.json()] == [(1, 1)]
