from datetime import date, timedelta
from typing import Any

import pytest

from app.domain.errors import NotAllowed
from app.domain.learning.equipment import (
    EquipmentCountedAhead,
    EquipmentKind,
    NewEquipment,
    equipment_of,
    list_equipment,
    list_equipment_totals,
    record_equipment,
)
from app.domain.organisation.units import Level, Unit, UnitNotFound
from app.domain.paging import PageRequest
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_unit

PAGE = PageRequest(limit=100)


async def record(db: Connection, person: Person, unit: Row, number: int, **given: Any) -> Row:
    new = NewEquipment(
        kind=given.get("kind", EquipmentKind.NETWORK_ROOM), number=number,
        counted_on=given.get("counted_on", date(2026, 9, 1)),
    )  # fmt: skip
    return await record_equipment(db, person.actor, unit_id=unit["id"], new=new, now=NOW)


async def test_what_each_unit_has_and_all_together(db: Connection, city: City) -> None:
    first = await record(db, city.school_admin, city.school, 1)
    again = await record(db, city.school_admin, city.school, 2)
    assert (again["id"], again["number"]) == (first["id"], 2)
    await record(db, city.sibling_admin, city.sibling, 0)
    await record(db, city.county_admin, city.county, 1)
    await record(db, city.school_admin, city.school, 30, kind=EquipmentKind.TERMINAL)
    before = db.statements
    totals = await list_equipment_totals(db, city.county_admin.actor, unit_id=city.county["id"])
    assert db.statements - before == 2
    assert totals == [
        {"kind": "network_room", "number": 3, "units": 2},
        {"kind": "terminal", "number": 30, "units": 1},
    ]
    found = await equipment_of(
        db, city.county_admin.actor, unit_ids=[city.school["id"], city.zone["id"]]
    )
    assert [len(rows) for rows in found.values()] == [2, 0]
    listed = await list_equipment(
        db, city.school_admin.actor, page=PAGE, kind=EquipmentKind.TERMINAL
    )
    assert [row["number"] for row in listed.items] == [30]


async def test_what_is_counted_was_there(db: Connection, city: City) -> None:
    await record(db, city.school_admin, city.school, 1)
    with pytest.raises(EquipmentCountedAhead):
        await record(
            db, city.school_admin, city.school, 9, counted_on=NOW.date() + timedelta(days=1)
        )
    listed = await list_equipment(db, city.school_admin.actor, page=PAGE)
    assert [row["number"] for row in listed.items] == [1]


async def test_who_records_it(db: Connection, city: City) -> None:
    for person, refusal in (
        (city.sibling_admin, UnitNotFound), (city.auditor, NotAllowed),
        (city.teacher_account, NotAllowed),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await record(db, person, city.school, 1)
    listed = await list_equipment(db, city.city_admin.actor, page=PAGE)
    assert listed.items == []


async def test_what_a_closed_school_had_is_not_counted_twice(db: Connection, city: City) -> None:
    closing = await make_unit(db, "撤并小学", Level.SCHOOL, city.county)
    await record(db, city.county_admin, closing, 2)
    await record(db, city.sibling_admin, city.sibling, 5)
    await db.change(Unit, closing["id"], {"closed_on": date(2026, 10, 1)})
    totals = await list_equipment_totals(db, city.county_admin.actor, unit_id=city.county["id"])
    assert totals == [{"kind": "network_room", "number": 5, "units": 1}]
