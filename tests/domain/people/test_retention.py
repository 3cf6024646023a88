from datetime import date, timedelta

import pytest

from app.domain.people.facts.engagement import STATE, ServiceState
from app.domain.people.optional_data import get_phone
from app.domain.people.retention import (
    PERIODS,
    PHONE_MONTHS,
    Ending,
    KeptData,
    count_overdue,
    erase_overdue,
    list_retention_periods,
)
from app.request import Resources
from app.sql import Connection
from tests.make import NOW, TODAY, City, make_fact
from tests.make_personal import make_phone

LONG_AGO = date(TODAY.year - 1, TODAY.month, TODAY.day)


async def test_every_kind_has_its_period_and_says_on_which_ground(
    db: Connection, city: City
) -> None:
    rows = await list_retention_periods(db, city.teacher_account.actor)
    assert [row["data"] for row in rows] == list(KeptData)
    assert all(row["basis"] and row["counted_from"] for row in rows)
    for row in rows:
        bounded = row["most_months"] is not None
        assert bounded == (row["ending"] != Ending.KEPT), row["data"]
        # A period that a source names is a least one; what the system sets it says it sets.
        assert row["assumed"] == (row["least_months"] is None), row["data"]
    assert {row["data"]: row["least_months"] for row in rows}["provision"] == 36
    assert len(PERIODS) == len(KeptData)


@pytest.mark.parametrize(
    ("state", "since", "overdue"),
    [
        (ServiceState.RETIRED, LONG_AGO, 1),
        (ServiceState.LEFT, LONG_AGO, 1),
        (ServiceState.RETIRED, LONG_AGO + timedelta(days=1), 0),
        (ServiceState.OFF_POST, LONG_AGO, 0),
    ],
)
async def test_the_number_of_who_is_gone_long_enough_is_erased(
    state: ServiceState, since: date, overdue: int,
    db: Connection, city: City, resources: Resources,
) -> None:  # fmt: skip
    for person, teacher in (
        (city.teacher_account, city.teacher),
        (city.colleague_account, city.colleague),
    ):
        await make_phone(db, resources.cipher, person, teacher)
    await make_fact(db, city.teacher, STATE, since, state=state)
    assert await count_overdue(db, now=NOW) == overdue
    assert await db._driver.fetchval("SELECT count(*) FROM teacher_phone") == 2
    assert await erase_overdue(db, now=NOW) == overdue
    assert await erase_overdue(db, now=NOW) == 0
    left = await db._driver.fetch("SELECT teacher_id FROM teacher_phone")
    assert len(left) == 2 - overdue
    kept = await get_phone(db, city.colleague_account.actor, teacher_id=city.colleague["id"])
    assert kept["phone"]


async def test_who_came_back_is_no_longer_gone(
    db: Connection, city: City, resources: Resources
) -> None:
    await make_phone(db, resources.cipher, city.teacher_account, city.teacher)
    await make_fact(db, city.teacher, STATE, LONG_AGO, TODAY, state=ServiceState.LEFT)
    await make_fact(db, city.teacher, STATE, TODAY, state=ServiceState.IN_SERVICE)
    assert (PHONE_MONTHS, await count_overdue(db, now=NOW)) == (12, 0)
