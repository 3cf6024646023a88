from typing import Any

import pytest

from app.domain.access.actors import Actor, Grant
from app.domain.access.roles import Role, SubjectKind
from app.domain.organisation.founding import CityExists, NewCity, found_city
from app.domain.organisation.names_and_codes import UnitCodeTaken
from app.domain.organisation.units import get_unit
from app.sql import Connection, new_id
from tests.make import NOW


def administrator(city: dict[str, Any]) -> Actor:
    place = {"city_id": city["city_id"], "county_id": city["county_id"]}
    grant = Grant(role=Role.CITY_ADMIN, subject=SubjectKind.UNIT, subject_id=city["id"], **place)
    return Actor(account_id=new_id(), grants=(grant,))


async def test_a_city_is_the_top_of_its_own_hierarchy(db: Connection) -> None:
    city = await found_city(db, new=NewCity(name="测试新市", code="439900"), now=NOW)
    seen = await get_unit(db, administrator(city), unit_id=city["id"])
    assert seen["level"] == "city"
    assert (seen["name"], seen["code"], seen["parent_id"]) == ("测试新市", "439900", None)
    assert seen["county_id"] == seen["city_id"] == seen["id"]


async def test_a_city_is_founded_once(db: Connection) -> None:
    await found_city(db, new=NewCity(name="测试新市"), now=NOW)
    with pytest.raises(CityExists):
        await found_city(db, new=NewCity(name="测试新市"), now=NOW)


async def test_a_code_belongs_to_one_city(db: Connection) -> None:
    await found_city(db, new=NewCity(name="测试新市", code="439900"), now=NOW)
    with pytest.raises(UnitCodeTaken):
        await found_city(db, new=NewCity(name="另一新市", code="439900"), now=NOW)
