"""Budgets over REST."""

from app.sql import Connection
from tests.make import City, Client

LINE = {"title": "教师培训费", "spend_class": "training", "planned": "5000", "earmark": "专款"}
YES = {"opinion": "同意"}


async def test_a_budget_from_the_draft_to_the_closed_books(client: Client, city: City) -> None:
    by, superior = city.school_admin, city.county_admin
    new = {"unit_id": str(city.school["id"]), "year": 2026, "remark": "据实编制"}
    made = await client.post(by, "/budgets", new)
    assert (made.status_code, made.json()["state"]) == (201, "draft")
    again = await client.post(by, "/budgets", new)
    assert (again.status_code, again.json()["code"]) == (409, "budget_exists")
    path = made.headers["location"].removeprefix("/api/v1")
    line = await client.post(by, f"{path}/lines", LINE)
    assert (line.status_code, line.json()["planned"]) == (201, "5000.00")
    other = await client.post(by, f"{path}/lines", LINE | {"title": "图书"})
    dropped = await client.request(by, "DELETE", f"/budget-lines/{other.json()['id']}")
    assert dropped.json()["title"] == "图书"
    assert (await client.post(by, f"{path}/submit")).json()["state"] == "submitted"
    assert (await client.post(superior, f"{path}/return", YES)).json()["state"] == "returned"
    await client.post(by, f"{path}/submit")
    own = await client.post(by, f"{path}/approve", YES)
    assert (own.status_code, own.json()["code"]) == (409, "funds_decided_by_superior")
    assert (await client.post(superior, f"{path}/approve", YES)).json()["state"] == "approved"
    found = await client.get(by, line.headers["location"].removeprefix("/api/v1"))
    assert found.json()["available"] == "5000.00"
    closed = await client.post(by, f"{path}/close")
    assert (closed.status_code, closed.json()["code"]) == (409, "budget_left_over")
    reopened = await client.post(superior, f"{path}/reopen", YES)
    assert (reopened.status_code, reopened.json()["code"]) == (409, "budget_state_wrong")
    steps = await client.get(city.auditor, f"{path}/reviews")
    assert [each["step"] for each in steps.json()["items"]] == [
        "submit", "return", "submit", "approve",
    ]  # fmt: skip


async def test_lists_by_year_class_and_earmark(client: Client, db: Connection, city: City) -> None:
    new = {"unit_id": str(city.school["id"]), "year": 2026}
    budget = (await client.post(city.school_admin, "/budgets", new)).json()
    line = await client.post(city.school_admin, f"/budgets/{budget['id']}/lines", LINE)
    page = await client.get(city.county_admin, "/budgets?year=2026&state=draft")
    assert page.json()["items"] == [budget]
    query = "/budget-lines?spend_class=training&earmark=专款&is_priority=false&year=2026"
    assert (await client.get(city.auditor, query)).json()["items"] == [line.json()]
    assert (await client.get(city.auditor, "/budgets?year=x")).status_code == 422
    assert (await client.get(city.teacher_account, "/budgets")).status_code == 403
