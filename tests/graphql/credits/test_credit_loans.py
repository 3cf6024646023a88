from app.sql import Connection
from tests.domain.credits.making import make_pack
from tests.domain.credits.test_credit_loans import lending
from tests.make import City, Client

LEND = """
mutation ($id: UUID!, $new: NewCreditLoan!) {
  lendCredit(teacherId: $id, new: $new) { id hours credits dueOn repaidOn }
}
"""
REPAY = "mutation ($id: UUID!) { repayCreditLoan(creditLoanId: $id) { repaidOn } }"
LIST = "query ($id: UUID!) { creditLoans(teacherId: $id) { edges { node { id reason } } } }"
ONE = "query ($id: UUID!) { creditLoan(id: $id) { packId packVersion } }"


async def test_credit_is_lent_and_repaid(client: Client, db: Connection, city: City) -> None:
    await make_pack(db, city.city, lending())
    who, teacher = city.county_admin, str(city.teacher["id"])
    given = {"id": teacher, "new": {"amount": "15.00", "reason": "因公派出"}}
    made = (await client.graphql(who, LEND, given))["data"]["lendCredit"]
    assert (made["credits"], made["repaidOn"]) == ("15.00", None)
    listed = (await client.graphql(who, LIST, {"id": teacher}))["data"]["creditLoans"]["edges"]
    assert listed == [{"node": {"id": made["id"], "reason": "因公派出"}}]
    one = (await client.graphql(who, ONE, {"id": made["id"]}))["data"]["creditLoan"]
    assert one == {"packId": "yueyang-demo-2026", "packVersion": 1}
    repaid = (await client.graphql(who, REPAY, {"id": made["id"]}))["data"]["repayCreditLoan"]
    assert repaid["repaidOn"] is not None
    again = await client.graphql(who, REPAY, {"id": made["id"]})
    assert again["errors"][0]["extensions"]["code"] == "credit_loan_repaid"
