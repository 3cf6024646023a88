"""What holds on a day and what was believed then, against a plain list of what was said and when."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.domain.organisation.facts import (
    LATEST,
    DayInFuture,
    check_day,
    end_facts,
    end_of,
    list_facts,
)
from app.domain.organisation.names_and_codes import UnitNamed
from app.domain.organisation.unit_names import UnitNameView
from app.sql import Connection, Row, new_id
from tests.make import NOW, TODAY, City

FIRST = date(2020, 1, 1)


@pytest.mark.parametrize("seed", range(6))
async def test_every_day_is_told_as_it_was_believed_at_every_moment(
    db: Connection, city: City, seed: int
) -> None:
    """Names change in any order of recording; a model keeps what was known after each."""
    chance, unit_id = random.Random(seed), city.zone["id"]
    believed: list[dict[date, str]] = []
    present: dict[date, str] = {}
    days = [FIRST + timedelta(days=n) for n in range(12)]
    since = FIRST
    for step in range(5):
        since = since + timedelta(days=chance.randrange(3))
        moment = NOW + timedelta(days=step)
        await end_facts(
            db, table=UnitNamed, owners=["unit_id"], owner=unit_id, on=since, now=moment
        )
        name = f"名称{step}"
        fact = {"id": new_id(), "unit_id": unit_id, "name": name, "valid_from": since}
        await db.insert(UnitNamed, {**fact, "recorded_at": moment})
        present = {day: said for day, said in present.items() if day < since}
        present |= {day: name for day in days if day >= since}
        believed.append(present)
    for step, known in enumerate(believed):
        for day in days:
            rows = await facts(db, city, as_of=day, known_on=TODAY + timedelta(days=step))
            assert [row["name"] for row in rows] == ([known[day]] if day in known else [])
    now_known = await facts(db, city)
    assert [row for row in now_known if row["superseded_at"] is not None] == []


async def facts(db: Connection, city: City, **when: Any) -> list[Row]:
    asked = {"as_of": None, "known_on": None, "unit_id": city.zone["id"]} | when
    return await list_facts(db, table=UnitNamed, view=UnitNameView, **asked)


async def test_what_ends_on_its_first_day_never_was(db: Connection, city: City) -> None:
    fact = {"id": new_id(), "unit_id": city.zone["id"], "name": "误登", "valid_from": TODAY}
    await db.insert(UnitNamed, {**fact, "recorded_at": NOW})
    ended = {"table": UnitNamed, "owners": ["unit_id"], "owner": city.zone["id"]}
    later = NOW + timedelta(days=2)
    assert len(await end_facts(db, **ended, on=TODAY, now=later)) == 1
    assert await end_facts(db, **ended, on=TODAY, now=later) == []
    assert await facts(db, city) == []
    assert [row["name"] for row in await facts(db, city, known_on=TODAY)] == ["误登"]


def test_a_civil_day_ends_in_china() -> None:
    assert end_of(date(2026, 11, 20)) < datetime(2026, 11, 20, 16, tzinfo=UTC)
    assert end_of(date(2026, 11, 20)) > datetime(2026, 11, 20, 15, 59, 59, tzinfo=UTC)
    assert end_of(None) == end_of(date.max) == LATEST


def test_what_is_to_come_is_not_recorded() -> None:
    check_day(TODAY, today=TODAY)
    with pytest.raises(DayInFuture):
        check_day(TODAY + timedelta(days=1), today=TODAY)
