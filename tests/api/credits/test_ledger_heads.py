from cryptography.hazmat.primitives.asymmetric import ec

from app.domain.credits.ledger_heads import sign_due_head
from app.security.tokens import LEDGER_HEAD, JoseKey, open_signed
from app.sql import Connection
from tests.make import NOW, City, Client


async def test_a_head_and_its_key_are_published(client: Client, db: Connection, city: City) -> None:
    key = JoseKey(ec.generate_private_key(ec.SECP256R1()), kind=LEDGER_HEAD)
    await sign_due_head(db, signer=key, now=NOW)
    heads = await client.get(city.teacher_account, "/ledger-heads?day=2026-11-20")
    (head,) = heads.json()["items"]
    assert (await client.get(city.auditor, f"/ledger-heads/{head['id']}")).json() == head
    keys = (await client.get(None, "//.well-known/ledger-keys.json")).json()["keys"]
    assert [each["kid"] for each in keys] == [head["key_id"]]
    payload = open_signed(keys[0], head["signature"]).decode()
    assert head["digest"] in payload
    assert head["day"] in payload
    missing = await client.get(city.auditor, f"/ledger-heads/{city.city['id']}")
    assert (missing.status_code, missing.json()["code"]) == (404, "ledger_head_not_found")
