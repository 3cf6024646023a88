from cryptography.hazmat.primitives.asymmetric import ec

from app.domain.credits.ledger_heads import sign_due_head
from app.security.tokens import LEDGER_HEAD, JoseKey
from app.sql import Connection
from tests.make import NOW, City, Client

LIST = "{ ledgerHeads { edges { node { id number day signature } } } }"
ONE = "query ($id: UUID!) { ledgerHead(id: $id) { number entries digest } }"


async def test_heads_are_listed_and_read(client: Client, db: Connection, city: City) -> None:
    key = JoseKey(ec.generate_private_key(ec.SECP256R1()), kind=LEDGER_HEAD)
    head_id = await sign_due_head(db, signer=key, now=NOW)
    answer = await client.graphql(city.teacher_account, LIST)
    (edge,) = answer["data"]["ledgerHeads"]["edges"]
    assert (edge["node"]["number"], edge["node"]["day"]) == (1, "2026-11-20")
    one = await client.graphql(city.auditor, ONE, {"id": str(head_id)})
    assert (one["data"]["ledgerHead"]["entries"]) in {0, "0"}
