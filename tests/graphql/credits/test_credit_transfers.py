from app.sql import Connection
from tests.domain.credits.making import make_pack
from tests.make import City, Client

IN = """
mutation ($id: UUID!, $new: NewTransferIn!) {
  transferCreditIn(teacherId: $id, new: $new) { id direction entries credits }
}
"""
OUT = """
mutation ($id: UUID!, $new: NewTransferOut!) {
  transferCreditOut(teacherId: $id, new: $new) { direction entries }
}
"""
LIST = "query ($id: UUID!) { creditTransfers(teacherId: $id) { edges { node { id authority } } } }"
ONE = "query ($id: UUID!) { creditTransfer(id: $id) { documentNumber } }"
DOCUMENT = {"authority": "外市教育局", "documentNumber": "7", "decidedOn": "2026-10-08"}
LINE = {"earnedOn": "2026-04-01", "hours": "9.00", "credits": "9.00", "level": "PROVINCE"}


async def test_credit_comes_in_and_goes_out(client: Client, db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    who, teacher = city.county_admin, str(city.teacher["id"])
    given = {"id": teacher, "new": DOCUMENT | {"items": [LINE]}}
    made = (await client.graphql(who, IN, given))["data"]["transferCreditIn"]
    assert (made["direction"], made["entries"], made["credits"]) == ("IN", 1, "9.00")
    listed = await client.graphql(who, LIST, {"id": teacher})
    assert len(listed["data"]["creditTransfers"]["edges"]) == 1
    one = await client.graphql(who, ONE, {"id": made["id"]})
    assert one["data"]["creditTransfer"]["documentNumber"] == "7"
    gone = await client.graphql(who, OUT, {"id": teacher, "new": DOCUMENT})
    assert gone["data"]["transferCreditOut"] == {"direction": "OUT", "entries": 1}
    again = await client.graphql(
        who, OUT, {"id": teacher, "new": DOCUMENT | {"documentNumber": "8"}}
    )
    assert again["errors"][0]["extensions"]["code"] == "nothing_to_transfer"
