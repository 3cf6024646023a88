import asyncio
from typing import Any

import pytest

from app.database.pool import Pool
from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.domain.quality.check_orders import CheckOrderNotFound, get_check_order, list_check_orders
from app.domain.quality.indicator_sheets import (
    IndicatorSheetNotFound,
    ShippedSheetChoice,
    publish_shipped_indicator_sheet,
)
from app.domain.quality.unit_evaluations import (
    CheckOrderAddresseesUnfit,
    CheckOrderDuePast,
    CheckOrderGivenAlready,
    CheckOrderPeriodUnfit,
    CheckOrderWithoutData,
    CheckOrderWithoutListNumber,
    CheckOrderYearUnfit,
    NewCheckOrder,
    issue_check_order,
    list_unit_evaluations,
)
from app.request import Resources
from app.sql import Connection
from tests.make import NOW, City, make_city, make_group
from tests.make_evaluations import INDICATORS, ORDER, make_held_activity, make_order, make_sheet


async def orders_of(db: Connection, city: City) -> list[Any]:
    return (await list_check_orders(db, city.county_admin.actor, page=PageRequest())).items


async def test_an_order_goes_to_all_below_or_to_those_named(db: Connection, city: City) -> None:
    await make_held_activity(db, city)
    sheet = await make_sheet(db, city.city, city.city_admin)
    before = db.statements
    order = await make_order(db, city.city, city.city_admin, sheet=sheet)
    # The unit twice, the sheet, the schools, whose turn it is, what was ordered before, three inserts, two
    # measures, the order read: for any number.
    assert db.statements - before == 12
    page = await list_unit_evaluations(
        db, city.city_admin.actor, page=PageRequest(), order_id=order["id"]
    )
    schools = (city.school, city.sibling, city.far_school, city.direct_school)
    assert {row["unit_id"] for row in page.items} == {each["id"] for each in schools}
    # A county checks by the city's sheet, too.
    own = await make_order(db, city.county, city.county_admin, city.school, sheet=sheet)
    page = await list_unit_evaluations(
        db, city.county_admin.actor, page=PageRequest(), order_id=own["id"]
    )
    assert [row["unit_id"] for row in page.items] == [city.school["id"]]
    assert (await get_check_order(db, city.school_admin.actor, order_id=own["id"])) == own
    with pytest.raises(CheckOrderNotFound):
        await get_check_order(db, city.other_county_admin.actor, order_id=own["id"])


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"list_number": None}, CheckOrderWithoutListNumber),
        ({"until": "2026-11-21"}, CheckOrderPeriodUnfit),
        ({"since": "2026-11-20", "until": "2026-11-19"}, CheckOrderPeriodUnfit),
        ({"since": "1000-01-01"}, CheckOrderPeriodUnfit),
        ({"since": "2020-01-01"}, CheckOrderPeriodUnfit),
        ({"due_on": "2026-11-19"}, CheckOrderDuePast),
        ({"since": "2025-09-01", "until": "2025-09-30"}, CheckOrderYearUnfit),
        ({"school_year": 2027}, CheckOrderYearUnfit),
        (
            {"since": "2025-09-01", "until": "2025-09-30", "school_year": 2025},
            CheckOrderWithoutData,
        ),
    ],
)
async def test_what_cannot_be_ordered(
    db: Connection, city: City, wrong: dict[str, Any], refusal: type[DomainError]
) -> None:
    await make_held_activity(db, city)
    with pytest.raises(refusal):
        async with db.transaction():
            await make_order(db, city.county, city.county_admin, city.school, **wrong)
    assert await orders_of(db, city) == []


async def test_what_only_people_know_needs_no_data(db: Connection, city: City) -> None:
    judged = [INDICATORS[3] | {"weight": "100"}]
    sheet = await make_sheet(db, city.county, city.county_admin, indicators=judged)
    quiet = {"since": "2025-09-01", "until": "2025-09-30", "school_year": 2025}
    order = await make_order(db, city.county, city.county_admin, city.school, sheet=sheet, **quiet)
    assert [row["id"] for row in await orders_of(db, city)] == [order["id"]]


async def test_to_whom_it_may_go(db: Connection, city: City) -> None:
    await make_held_activity(db, city)
    for unit in (city.far_school, city.county, city.direct_school):
        with pytest.raises(CheckOrderAddresseesUnfit):
            await make_order(db, city.county, city.county_admin, city.school, unit)
    own = await make_sheet(db, city.county, city.county_admin)
    for wrong_bureau in (city.other_county, city.city):
        with pytest.raises(IndicatorSheetNotFound):
            await make_order(db, wrong_bureau, city.city_admin, sheet=own)
    with pytest.raises(NotAllowed):
        await make_order(db, city.school, city.school_admin, sheet=own)
    with pytest.raises(UnitNotFound):
        await make_order(db, city.other_county, city.county_admin, sheet=own)
    with pytest.raises(CheckOrderAddresseesUnfit):
        await make_order(db, city.school, city.county_admin, sheet=own)


async def test_what_is_so_today_tells_nothing_of_a_year_without_data(
    db: Connection, city: City
) -> None:
    """The shipped sheet asks for groups, for who is in charge, for credit: teachers are there in any year."""
    await make_held_activity(db, city)
    await make_group(db, city.school, city.teacher)
    choice = ShippedSheetChoice(unit_id=city.county["id"], code="yueyang_2013_school")
    sheet = await publish_shipped_indicator_sheet(
        db, city.county_admin.actor, choice=choice, now=NOW
    )
    quiet = {"since": "2010-09-01", "until": "2011-08-31", "school_year": 2010}
    with pytest.raises(CheckOrderWithoutData):
        async with db.transaction():
            await make_order(db, city.county, city.county_admin, sheet=sheet, **quiet)
    assert await orders_of(db, city) == []
    order = await make_order(db, city.county, city.county_admin, sheet=sheet)
    assert [row["id"] for row in await orders_of(db, city)] == [order["id"]]


async def test_nobody_is_checked_twice_under_one_number(db: Connection, city: City) -> None:
    await make_held_activity(db, city)
    sheet = await make_sheet(db, city.county, city.county_admin)
    by = (db, city.county, city.county_admin)
    order = await make_order(*by, city.school, sheet=sheet)
    for units in ((), (city.school,), (city.school, city.sibling)):
        with pytest.raises(CheckOrderGivenAlready) as refused:
            async with db.transaction():
                await make_order(*by, *units, sheet=sheet)
        assert refused.value.details == {"units": 1}
    assert [row["id"] for row in await orders_of(db, city)] == [order["id"]]
    # Another kind, another number, and another bureau under the same.
    await make_order(*by, city.school, sheet=sheet, kind="mid_term")
    await make_order(*by, city.school, sheet=sheet, list_number="岳教督清单〔2026〕4")
    await make_order(db, city.city, city.city_admin, city.school)
    assert len(await orders_of(db, city)) == 4


async def test_of_two_who_order_the_same_at_once_one_is_told(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        await make_held_activity(db, city)
        sheet = await make_sheet(db, city.county, city.county_admin)
    given = {"unit_id": city.county["id"], "sheet_id": sheet["id"]}
    new = NewCheckOrder.model_validate(ORDER | given)

    async def order() -> Any:
        async with real_pool.transaction() as db:
            return await issue_check_order(db, city.county_admin.actor, new=new, now=NOW)

    told = await asyncio.gather(*(order() for _ in range(4)), return_exceptions=True)
    refused = [each for each in told if isinstance(each, CheckOrderGivenAlready)]
    assert (len(refused), len(told) - len(refused)) == (3, 1)
    async with real_pool.transaction() as db:
        page = await list_unit_evaluations(db, city.county_admin.actor, page=PageRequest())
        assert len(page.items) == 2
