"""Amendments of budgets over GraphQL."""

from app.sql import Connection
from tests.make import TODAY, City, Client
from tests.make_funds import make_open

PROPOSE = """mutation ($id: UUID!, $line: UUID!, $day: Date!) {
    proposeBudgetAmendment(budgetId: $id, new: {
        toLineId: $line, amount: "500", effectiveOn: $day, reason: "追加"
    }) { id state }
}"""
APPROVE = """mutation ($id: UUID!) {
    approveBudgetAmendment(amendmentId: $id, opinion: {opinion: "同意"}) { state amount }
}"""
READ = """query ($id: UUID!) {
    budgetAmendment(id: $id) { reason }
    budgetAmendments(state: APPROVED) { nodes { opinion } }
}"""


async def test_an_amendment_is_approved(client: Client, db: Connection, city: City) -> None:
    budget, (line,) = await make_open(db, city.school_admin, city.county_admin, city.school)
    given = {"id": str(budget["id"]), "line": str(line["id"]), "day": TODAY.isoformat()}
    made = await client.graphql(city.school_admin, PROPOSE, given)
    one = {"id": made["data"]["proposeBudgetAmendment"]["id"]}
    done = await client.graphql(city.county_admin, APPROVE, one)
    assert done["data"]["approveBudgetAmendment"] == {"state": "APPROVED", "amount": "500.00"}
    read = await client.graphql(city.auditor, READ, one)
    assert read["data"]["budgetAmendments"]["nodes"] == [{"opinion": "同意"}]
