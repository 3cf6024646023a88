"""Expenses over GraphQL."""

from app.sql import Connection
from tests.make import TODAY, City, Client
from tests.make_funds import make_clerks, make_limit, make_open

SUBMIT = """mutation ($id: UUID!, $day: Date!) {
    submitExpense(lineId: $id, new: {
        amount: "800", payee: "测试师范大学", summary: "讲座", spentOn: $day, spendClass: TRAINING,
        otherPurpose: "慰问"
    }) { id fileIds line { title } }
}"""
APPROVE = """mutation ($id: UUID!) {
    approveExpense(expenseId: $id, opinion: {opinion: "同意"}) { state }
}"""
READ = """query ($id: UUID!) {
    expense(id: $id) { amount spendClass }
    expenses(state: APPROVED) { nodes { payee } }
}"""


async def test_an_expense_is_approved(client: Client, db: Connection, city: City) -> None:
    clerk = (await make_clerks(db, city))["school"]
    _, (line,) = await make_open(db, city.school_admin, city.county_admin, city.school)
    await make_limit(db, city.county_admin, city.school, city.school_admin)
    given = {"id": str(line["id"]), "day": TODAY.isoformat()}
    made = (await client.graphql(clerk, SUBMIT, given))["data"]["submitExpense"]
    assert (made["fileIds"], made["line"]["title"]) == ([], "教师培训费")
    one = {"id": made["id"]}
    own = await client.graphql(clerk, APPROVE, one)
    assert own["errors"][0]["extensions"]["code"] == "funds_of_oneself"
    done = await client.graphql(city.school_admin, APPROVE, one)
    assert done["data"]["approveExpense"] == {"state": "APPROVED"}
    read = await client.graphql(city.auditor, READ, one)
    assert read["data"]["expense"] == {"amount": "800.00", "spendClass": "TRAINING"}
