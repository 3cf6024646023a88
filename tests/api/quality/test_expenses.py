"""Expenses over REST."""

from app.sql import Connection
from tests.make import TODAY, City, Client
from tests.make_evidence import make_file
from tests.make_funds import make_clerks, make_limit, make_open

YES = {"opinion": "同意"}
NEW = {
    "amount": "1200.50", "payee": "测试师范大学", "summary": "专家讲座", "spend_class": "training",
    "spent_on": TODAY.isoformat(), "other_purpose": "未对应登记事项",
}  # fmt: skip


async def test_an_expense_is_handed_in_approved_and_reversed(
    client: Client, db: Connection, city: City
) -> None:
    clerk = (await make_clerks(db, city))["school"]
    _, (line,) = await make_open(db, city.school_admin, city.county_admin, city.school)
    path = f"/budget-lines/{line['id']}/expenses"
    file = await make_file(db, city.school, clerk)
    made = await client.post(clerk, path, NEW | {"file_ids": [str(file["id"])]})
    assert (made.status_code, made.json()["amount"]) == (201, "1200.50")
    one = made.headers["location"].removeprefix("/api/v1")
    beyond = await client.post(city.school_admin, f"{one}/approve", YES)
    assert (beyond.status_code, beyond.json()["code"]) == (409, "beyond_approval_limit")
    await make_limit(db, city.county_admin, city.school, city.school_admin)
    done = await client.post(city.school_admin, f"{one}/approve", YES)
    assert done.json()["state"] == "approved"
    assert (await client.get(city.auditor, one)).json() == done.json()
    link = await client.post(city.auditor, f"{one}/files/{file['id']}/link", {"purpose": "view"})
    assert str(file["id"]) in link.json()["url"]
    hidden = await client.get(city.integration, f"/files/{file['id']}")
    assert hidden.status_code == 404
    back = await client.post(city.school_admin, f"{one}/reverse", {"opinion": "重复报销"})
    assert back.json()["state"] == "reversed"
    other = (await client.post(clerk, path, NEW)).json()
    await client.post(city.school_admin, f"/expenses/{other['id']}/return", YES)
    page = await client.get(city.auditor, "/expenses?state=returned&spend_class=training")
    assert [row["id"] for row in page.json()["items"]] == [other["id"]]


async def test_bad_input_is_named(client: Client, db: Connection, city: City) -> None:
    _, (line,) = await make_open(
        db, city.school_admin, city.county_admin, city.school, {"earmark": "专款"}
    )
    path = f"/budget-lines/{line['id']}/expenses"
    for more, status, code in (
        ({}, 422, "earmark_broken"),
        ({"spend_class": "visits"}, 422, "spend_class_wrong"),
        ({"spent_on": "2999-01-01"}, 422, "expense_outside_year"),
    ):
        answer = await client.post(city.school_admin, path, NEW | more)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    for more in ({"payee": "a\x00b"}, {"amount": "1e30"}, {"spent_on": "30000-01-01"}):
        assert (await client.post(city.school_admin, path, NEW | more)).status_code == 422
    assert (await client.get(city.auditor, "/expenses")).json()["items"] == []
