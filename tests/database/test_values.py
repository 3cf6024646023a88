"""What values become on their way into the database and back."""

from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import ARRAY, Numeric, Uuid, bindparam, func, literal, select

from app.sql import Connection, Statement

ONE = Statement(select(bindparam("value", type_=Numeric(30, 10)).label("value")))
MANY = Statement(
    select(
        func.unnest(bindparam("values", type_=ARRAY(Numeric))).label("value"), literal(1).label("n")
    )
)


KEYS = Statement(
    select(
        bindparam("keys", type_=ARRAY(Uuid)).label("keys"),
        func.array_to_string(bindparam("keys", type_=ARRAY(Uuid)), " ", "-").label("text"),
    )
)


@pytest.mark.parametrize("places", ["", "k", "kkk", "-", "-k", "k--k"])
async def test_lists_of_keys_come_back_as_they_were(db: Connection, places: str) -> None:
    keys: list[UUID | None] = [uuid4() if place == "k" else None for place in places]
    row = await db.one(KEYS, keys=keys)
    assert row is not None
    assert row["keys"] == keys
    assert row["text"] == " ".join("-" if key is None else str(key) for key in keys)


@pytest.mark.parametrize("text", ["0", "-0.01", "12.50", "1E+3", "99999999999999.0000000001"])
async def test_a_decimal_comes_back_as_it_was(db: Connection, text: str) -> None:
    value = await db.value(ONE, value=Decimal(text))
    assert isinstance(value, Decimal)
    assert value == Decimal(text)


async def test_decimals_keep_their_places_in_lists_too(db: Connection) -> None:
    values = [Decimal("1.50"), None, Decimal(3), Decimal("-2.00")]
    rows = await db.all(MANY, values=values)
    assert [str(row["value"]) for row in rows] == ["1.50", "None", "3", "-2.00"]
    assert [row["n"] for row in rows] == [1] * 4


async def test_rows_and_records_say_the_same(db: Connection) -> None:
    values = [Decimal(1), Decimal(2)]
    rows = await db.all(MANY, values=values)
    assert rows == [dict(record) for record in await db.records(MANY, values=values)]
    assert await db.all(MANY, values=[]) == await db.records(MANY, values=[]) == []
