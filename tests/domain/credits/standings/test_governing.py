"""Which sums count today: those of the pack that is in force in their own city, in its present cycle."""

from datetime import date
from uuid import UUID

from sqlalchemy import Date, Integer, Text, Uuid, column, select, values

from app.domain.credits.packs import PackDocument
from app.domain.credits.standings.governing import counts_today
from app.request import Resources
from app.sql import Connection, Statement
from tests.domain.credits.making import make_pack, open_ended
from tests.make import City, make_city

PRESENT, PAST = (date(2000, 1, 1), date(9999, 12, 31)), (date(2000, 1, 1), date(2001, 12, 31))


def ended(document: PackDocument) -> PackDocument:
    content = document.model_dump(mode="json", exclude_defaults=True)
    content["effective_to"] = content["effective_from"] | {"value": "2010-12-31"}
    return PackDocument.model_validate(content)


async def counting(db: Connection, rows: list[tuple[UUID, str, int, date, date]]) -> list[bool]:
    """Of each row (a city, a pack, its version, a cycle) whether it counts today."""
    sums = values(
        column("place", Integer),
        column("city_id", Uuid),
        column("pack_id", Text),
        column("pack_version", Integer),
        column("cycle_start", Date),
        column("cycle_end", Date),
        name="sums",
    ).data([(place, *row) for place, row in enumerate(rows)])
    counts = counts_today(sums.c.city_id, sums.c).label("counts")
    found = await db.all(Statement(select(counts).order_by(sums.c.place)))
    return [row["counts"] for row in found]


async def test_a_city_counts_under_its_own_pack_alone_and_only_while_it_is_in_force(
    db: Connection, city: City, resources: Resources
) -> None:
    other = await make_city(db, resources.cipher)
    pack, ours, theirs = open_ended(), city.city["id"], other.city["id"]
    await make_pack(db, city.city, pack)
    await make_pack(db, other.city, ended(pack))
    named = (pack.id, pack.version)
    assert await counting(
        db,
        [
            (ours, *named, *PRESENT),
            (ours, *named, *PAST),
            (ours, pack.id, pack.version + 1, *PRESENT),
            (ours, "another", pack.version, *PRESENT),
            (theirs, *named, *PRESENT),
        ],
    ) == [True, False, False, False, False]
