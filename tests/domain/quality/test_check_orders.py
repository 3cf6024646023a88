from typing import Any

import pytest

from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.domain.quality.check_orders import CheckOrderNotFound, get_check_order, list_check_orders
from app.domain.quality.indicator_sheets import IndicatorSheetNotFound
from app.domain.quality.unit_evaluations import (
    CheckOrderAddresseesUnfit,
    CheckOrderDuePast,
    CheckOrderPeriodUnfit,
    CheckOrderWithoutData,
    CheckOrderWithoutListNumber,
    list_unit_evaluations,
)
from app.sql import Connection
from tests.make import City
from tests.make_evaluations import INDICATORS, make_held_activity, make_order, make_sheet


async def orders_of(db: Connection, city: City) -> list[Any]:
    return (await list_check_orders(db, city.county_admin.actor, page=PageRequest())).items


async def test_an_order_goes_to_all_below_or_to_those_named(db: Connection, city: City) -> None:
    await make_held_activity(db, city)
    sheet = await make_sheet(db, city.city, city.city_admin)
    before = db.statements
    order = await make_order(db, city.city, city.city_admin, sheet=sheet)
    # The unit twice, the sheet, the schools, three inserts, two measures, the order read: for any number.
    assert db.statements - before == 10
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
        ({"since": "2025-09-01", "until": "2025-09-30"}, CheckOrderWithoutData),
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
    quiet = {"since": "2025-09-01", "until": "2025-09-30"}
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
