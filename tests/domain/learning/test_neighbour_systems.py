from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.errors import DomainError, NotAllowed
from app.domain.learning.neighbour_systems import (
    NeighbourSystemExists,
    NeighbourSystemNotFound,
    NewNeighbourSystem,
    NewSystemIdentifier,
    SystemIdentifierTaken,
    get_neighbour_system,
    list_neighbour_systems,
    list_system_identifiers,
    neighbour_systems_by_id,
    record_system_identifier,
    register_neighbour_system,
)
from app.domain.paging import PageRequest
from app.sql import Connection, Row
from tests.make import NOW, City, Person

PAGE = PageRequest(limit=100)
SYSTEM = {
    "name": "中小学生学籍管理系统", "kind": "student_register", "operated_by": "省教育厅",
    "link": "https://xueji.example.edu.cn",
}  # fmt: skip


async def refused(db: Connection, refusal: type[DomainError], awaitable: Any) -> None:
    with pytest.raises(refusal):
        async with db.transaction():
            await awaitable


async def register(db: Connection, person: Person, unit: Row, **given: Any) -> Row:
    new = NewNeighbourSystem.model_validate(SYSTEM | {"unit_id": unit["id"]} | given)
    return await register_neighbour_system(db, person.actor, new=new, now=NOW)


async def known_as(db: Connection, person: Person, unit: Row, system: Row, identifier: str) -> Row:
    new = NewSystemIdentifier(system_id=system["id"], identifier=identifier)
    return await record_system_identifier(db, person.actor, unit_id=unit["id"], new=new, now=NOW)


async def test_a_bureau_registers_a_system_for_all_below(db: Connection, city: City) -> None:
    system = await register(db, city.city_admin, city.city)
    for person in (city.city_admin, city.school_admin, city.county_admin):
        page = await list_neighbour_systems(db, person.actor, page=PAGE)
        assert page.items == [system]
    of_county = await register(db, city.county_admin, city.county)
    await refused(db, NeighbourSystemExists, register(db, city.county_admin, city.county))
    await refused(db, NotAllowed, register(db, city.school_admin, city.county))
    found = await neighbour_systems_by_id(
        db, city.other_county_admin.actor, system_ids=[system["id"], of_county["id"]]
    )
    assert found == {system["id"]: system, of_county["id"]: None}
    hidden = get_neighbour_system(db, city.other_county_admin.actor, system_id=of_county["id"])
    await refused(db, NeighbourSystemNotFound, hidden)


async def test_a_school_is_known_there_by_an_identifier(db: Connection, city: City) -> None:
    system = await register(db, city.city_admin, city.city)
    first = await known_as(db, city.school_admin, city.school, system, "4306000001")
    again = await known_as(db, city.school_admin, city.school, system, "4306000002")
    assert (again["id"], again["identifier"]) == (first["id"], "4306000002")
    taken = known_as(db, city.sibling_admin, city.sibling, system, "4306000002")
    await refused(db, SystemIdentifierTaken, taken)
    for person, seen in ((city.county_admin, 1), (city.school_admin, 1), (city.sibling_admin, 0)):
        page = await list_system_identifiers(db, person.actor, page=PAGE)
        assert len(page.items) == seen


def test_an_address_is_of_the_web() -> None:
    for link in ("ftp://a.cn", "xueji", "https://"):
        with pytest.raises(ValidationError):
            NewNeighbourSystem.model_validate(
                SYSTEM | {"unit_id": "01890000-0000-7000-8000-000000000000", "link": link}
            )
