"""Sheets of pay inputs over GraphQL."""

from datetime import timedelta

from app.sql import Connection
from tests.make import NOW, City, Client
from tests.make_incentives import make_scheme, make_second, make_sheet

MAKE = """mutation ($unit: UUID!) {
    makePaySheet(unitId: $unit, new: {startsOn: "2026-09-01", endsOn: "2026-10-31", days: 30}) {
        id teachers school { name } scheme { name } lines { nodes { teacher { name } } }
    }
}"""
OWN = "{ payLines { nodes { id points parts { measure reached rule } sheet { id } } } }"
OBJECT = """mutation ($id: UUID!) {
    objectToPayLine(lineId: $id, said: {objection: "少记"}) { objection }
}"""
DECIDE = """mutation ($id: UUID!) {
    decidePayObjection(lineId: $id, decision: {upheld: true, answer: "已补"}) { upheld points }
}"""
WITHDRAW = """mutation ($id: UUID!) {
    withdrawPaySheet(sheetId: $id, withdrawal: {reason: "重算"}) { state }
}"""
CONFIRM = "mutation ($id: UUID!) { confirmPaySheet(sheetId: $id) { state } }"
READ = """query ($id: UUID!, $line: UUID!) {
    paySheet(sheetId: $id) { objections }
    paySheets(state: OPEN) { nodes { id } }
    payLine(lineId: $line) { objection }
}"""


async def test_a_period_is_counted_and_looked_at(
    client: Client, db: Connection, city: City
) -> None:
    await make_scheme(db, city.school_admin, city.school)
    given = {"unit": str(city.school["id"])}
    made = (await client.graphql(city.school_admin, MAKE, given))["data"]["makePaySheet"]
    assert (made["teachers"], len(made["lines"]["nodes"])) == (2, 2)
    own = (await client.graphql(city.teacher_account, OWN))["data"]["payLines"]["nodes"]
    # The sheet is the school's: a teacher sees the own line and not the sheet.
    assert [(each["points"], each["sheet"]) for each in own] == [("0.00", None)]
    assert own[0]["parts"][0]["measure"] == "HOURS"
    line = {"id": own[0]["id"]}
    said = await client.graphql(city.teacher_account, OBJECT, line)
    assert said["data"]["objectToPayLine"] == {"objection": "少记"}
    both = {"id": made["id"], "line": own[0]["id"]}
    shown = (await client.graphql(city.school_admin, READ, both))["data"]
    assert shown["paySheet"] == {"objections": 1}
    assert shown["paySheets"]["nodes"] == [{"id": made["id"]}]
    answered = await client.graphql(city.school_admin, DECIDE, line)
    assert answered["data"]["decidePayObjection"]["upheld"] is True
    gone = await client.graphql(city.school_admin, WITHDRAW, {"id": made["id"]})
    assert gone["data"]["withdrawPaySheet"] == {"state": "WITHDRAWN"}


async def test_a_sheet_is_confirmed(client: Client, db: Connection, city: City) -> None:
    await make_scheme(db, city.school_admin, city.school)
    second = await make_second(db, city)
    sheet = await make_sheet(db, second, city.school, NOW - timedelta(days=20))
    done = await client.graphql(city.school_admin, CONFIRM, {"id": str(sheet["id"])})
    assert done["data"]["confirmPaySheet"] == {"state": "CONFIRMED"}
