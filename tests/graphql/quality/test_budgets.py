"""Budgets over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_funds import make_open

DRAFT = """mutation ($unit: UUID!) {
    draftBudget(new: {unitId: $unit, year: 2026}) { id state unit { name } }
}"""
ADD = """mutation ($id: UUID!) {
    addBudgetLine(budgetId: $id, new: {
        title: "教师培训费", spendClass: TRAINING, planned: "5000"
    }) { id planned }
}"""
STEPS = """mutation ($id: UUID!) {
    submitBudget(budgetId: $id) { state lines { nodes { title expenses { nodes { id } } } } }
}"""
APPROVE = """mutation ($id: UUID!) {
    approveBudget(budgetId: $id, opinion: {opinion: "同意"}) { state }
}"""


async def test_a_budget_is_drafted_and_approved(client: Client, city: City) -> None:
    made = await client.graphql(city.school_admin, DRAFT, {"unit": str(city.school["id"])})
    budget = made["data"]["draftBudget"]
    assert (budget["state"], budget["unit"]["name"]) == ("DRAFT", city.school["name"])
    one = {"id": budget["id"]}
    line = (await client.graphql(city.school_admin, ADD, one))["data"]["addBudgetLine"]
    assert line["planned"] == "5000.00"
    done = (await client.graphql(city.school_admin, STEPS, one))["data"]["submitBudget"]
    assert done["lines"]["nodes"] == [{"title": "教师培训费", "expenses": {"nodes": []}}]
    own = await client.graphql(city.school_admin, APPROVE, one)
    assert own["errors"][0]["extensions"]["code"] == "funds_decided_by_superior"
    done = await client.graphql(city.county_admin, APPROVE, one)
    assert done["data"]["approveBudget"] == {"state": "APPROVED"}


async def test_budgets_are_read(client: Client, db: Connection, city: City) -> None:
    budget, (line,) = await make_open(db, city.school_admin, city.county_admin, city.school)
    text = """query ($id: UUID!, $line: UUID!) {
        budgets(year: 2026) { nodes { year } }
        budget(id: $id) { state }
        budgetReviews(budgetId: $id) { nodes { step by } }
        budgetLines(budgetId: $id) { nodes { available } }
        budgetLine(id: $line) { planned amended }
    }"""
    given = {"id": str(budget["id"]), "line": str(line["id"])}
    read = (await client.graphql(city.auditor, text, given))["data"]
    assert read["budget"] == {"state": "APPROVED"}
    assert [each["step"] for each in read["budgetReviews"]["nodes"]] == ["SUBMIT", "APPROVE"]
    assert read["budgetLines"]["nodes"] == [{"available": "10000.00"}]
