"""Programmes: who sets one up, who knows of it."""

from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.errors import NotAllowed
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.domain.people.programmes import (
    NewProgramme,
    ProgrammeNotFound,
    create_programme,
    get_programme,
    list_programmes,
    programmes_by_id,
)
from app.sql import Connection, Row
from tests.make import City, Person
from tests.make_programmes import make_programme

ALL = PageRequest(limit=100)


def new_programme(unit: Row, **more: Any) -> NewProgramme:
    given = {
        "unit_id": unit["id"], "name": "名师工程", "kind": "master_teachers", "level": "county",
        "purpose": "培养县级名师", "document": "甲教发〔2026〕1号", "valid_from": "2026-09-01",
    }  # fmt: skip
    return NewProgramme.model_validate(given | more)


async def listed(db: Connection, who: Person, **filters: Any) -> list[str]:
    page = await list_programmes(db, who.actor, page=ALL, **filters)
    return [row["name"] for row in page.items]


async def test_a_bureau_sets_one_up_and_all_below_know_of_it(db: Connection, city: City) -> None:
    row = await create_programme(db, city.county_admin.actor, new=new_programme(city.county))
    assert (row["unit_id"], row["kind"], row["valid_to"]) == (
        city.county["id"], "master_teachers", None,
    )  # fmt: skip
    for reader in (city.city_admin, city.school_admin, city.teacher_account, city.auditor):
        assert await get_programme(db, reader.actor, programme_id=row["id"]) == row
    with pytest.raises(ProgrammeNotFound):
        await get_programme(db, city.other_county_admin.actor, programme_id=row["id"])
    assert await listed(db, city.county_admin) == ["名师工程"]
    assert await listed(db, city.school_admin) == []
    assert await listed(db, city.school_admin, offered=True) == ["名师工程"]
    assert await listed(db, city.teacher_account, offered=True, kind="gem_cup") == []
    seen = await programmes_by_id(db, city.other_county_admin.actor, programme_ids=[row["id"]])
    assert seen == {row["id"]: None}


async def test_a_school_runs_its_own(db: Connection, city: City) -> None:
    new = new_programme(city.school, level="school", kind="old_and_young", name="青蓝工程")
    row = await create_programme(db, city.school_admin.actor, new=new)
    assert (row["unit_id"], row["school_id"]) == (city.school["id"], city.school["id"])
    assert await listed(db, city.county_admin, level="school") == ["青蓝工程"]
    with pytest.raises(ProgrammeNotFound):
        await get_programme(db, city.sibling_admin.actor, programme_id=row["id"])


async def test_whoever_does_not_run_a_unit_sets_up_nothing(db: Connection, city: City) -> None:
    for who in (city.auditor, city.teacher_account):
        with pytest.raises((NotAllowed, UnitNotFound)):
            await create_programme(db, who.actor, new=new_programme(city.school))
    with pytest.raises(UnitNotFound):
        await create_programme(db, city.school_admin.actor, new=new_programme(city.sibling))
    assert await listed(db, city.city_admin) == []


async def test_a_list_is_one_statement(db: Connection, city: City) -> None:
    for number in range(3):
        await make_programme(db, city.county, f"工程{number}")
    before = db.statements
    assert len(await listed(db, city.county_admin)) == 3
    assert db.statements - before == 1


def test_a_programme_ends_after_it_begins(city: City) -> None:
    with pytest.raises(ValidationError):
        new_programme(city.county, valid_to="2026-09-01")
