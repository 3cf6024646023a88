"""Of each city: a signed head of its ledger; of each teacher: credit from another authority, and a loan."""

from decimal import Decimal

from app.domain.credits.credit_transfers import CreditTransfer
from app.domain.credits.ledger_heads import LedgerHead, LedgerKey
from app.sql import Connection
from tests.faces.world import Thing, World, add_row, place_of
from tests.make import NOW, TODAY, City
from tests.make_claims import put_loan


async def add_things(db: Connection, world: World, city: City) -> None:
    """What the ledger has beside its entries."""
    await db.insert(LedgerKey, {"id": "a key", "public": {"kid": "a key"}, "published_at": NOW})
    for name, units in world.units.items():
        things, path, unit = world.places[name], tuple(each["id"] for each in units), units[-1]
        if unit["level"] == "city":
            head = await add_row(
                db, LedgerHead, **place_of(unit), day=TODAY, number=1, chains=0, entries=0, grown=0,
                previous="0" * 64, digest="1" * 64, signed_at=NOW, key_id="a key", signature="a.b.c",
            )  # fmt: skip
            things["ledger_head"] = Thing(head, path, audience=unit["id"])
        if name in world.teachers:
            teacher = world.teachers[name]
            transfer = await add_row(
                db, CreditTransfer, **place_of(unit), teacher_id=teacher["id"], direction="in",
                authority="外市教育局", document_number="0", decided_on=TODAY, entries=1,
                hours=Decimal(1), credits=Decimal(1), recorded_at=NOW,
                recorded_by=city.city_admin.actor.account_id,
            )  # fmt: skip
            things["credit_transfer"] = Thing(transfer, path, teacher["id"])
            loan = await put_loan(db, teacher, city.city_admin)
            things["credit_loan"] = Thing(loan, path, teacher["id"])
