"""Trainees: registered with a unit, with or without a number, and never among the teachers."""

from datetime import date
from typing import Any

import asyncpg
import pytest
from pydantic import ValidationError

from app.domain.credits.summaries import get_credit_summary
from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.domain.people.identity import BadCheckDigit
from app.domain.people.personal_data.resealing import sealed_columns
from app.domain.people.trainees import (
    NewTrainee,
    TraineeCategory,
    TraineeExists,
    TraineeNotFound,
    get_trainee,
    list_trainees,
    register_trainee,
)
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, City, Person, id_number

ALL = PageRequest(limit=100)


async def register(db: Connection, who: Person, held: Resources, unit: Row, **more: Any) -> Row:
    given = {"unit_id": unit["id"], "name": "刘技师", "category": "technical"}
    new = NewTrainee.model_validate({**given, "employer": "县农业技术推广站", **more})
    return await register_trainee(db, who.actor, new=new, cipher=held.cipher, now=NOW)


async def test_one_is_registered_without_a_number(
    db: Connection, city: City, resources: Resources
) -> None:
    row = await register(db, city.county_admin, resources, city.county)
    assert (row["unit_id"], row["id_number"]) == (city.county["id"], None)
    for reader in (city.city_admin, city.auditor):
        assert await get_trainee(db, reader.actor, trainee_id=row["id"]) == row
    for other in (city.school_admin, city.other_county_admin, city.teacher_account):
        with pytest.raises(TraineeNotFound):
            await get_trainee(db, other.actor, trainee_id=row["id"])
    page = await list_trainees(
        db, city.county_admin.actor, page=ALL, category=TraineeCategory.TECHNICAL
    )
    assert page.items == [row]
    summary = await get_credit_summary(db, city.county_admin.actor, unit_id=city.county["id"])
    assert summary["teachers"] == 3, "teachers alone"


async def test_a_number_is_sealed_and_registered_once_by_a_unit(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    number = id_number(date(1985, 6, 1))
    given = {"id_kind": "resident_card", "id_number": number}
    row = await register(db, city.county_admin, resources, city.county, **given)
    assert row["id_number"] == number[:4] + "*" * 10 + number[-4:]
    sealed = await driver.fetchval("SELECT id_number_sealed FROM trainee WHERE id = $1", row["id"])
    assert number.encode() not in sealed
    context = f"trainee|id_number|{row['id']}"
    assert resources.cipher.open(sealed, context=context) == number
    [column] = [each for each in sealed_columns() if each.table.name == "trainee"]
    assert column.context(row["id"]) == context
    with pytest.raises(TraineeExists):
        async with db.transaction():
            await register(db, city.county_admin, resources, city.county, **given)
    assert await register(db, city.other_county_admin, resources, city.other_county, **given)


REFUSED: list[tuple[str, str, dict[str, Any], type[DomainError]]] = [
    ("school_admin", "county", {}, NotAllowed),
    ("school_admin", "sibling", {}, UnitNotFound),
    ("auditor", "county", {}, NotAllowed),
    ("county_admin", "other_county", {}, UnitNotFound),
    (
        "county_admin", "county",
        {"id_kind": "resident_card", "id_number": "100000198803070010"}, BadCheckDigit,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("who", "unit", "given", "refusal"), REFUSED)
async def test_what_is_refused_registers_nobody(
    db: Connection, city: City, resources: Resources, who: str, unit: str,
    given: dict[str, Any], refusal: type[DomainError],
) -> None:  # fmt: skip
    with pytest.raises(refusal):
        await register(db, getattr(city, who), resources, getattr(city, unit), **given)
    assert (await list_trainees(db, city.city_admin.actor, page=ALL)).items == []


def test_a_number_has_its_kind(city: City) -> None:
    with pytest.raises(ValidationError):
        NewTrainee.model_validate(
            {
                "unit_id": city.county["id"], "name": "刘技师", "category": "technical",
                "employer": "县农业技术推广站", "id_kind": "passport",
            }
        )  # fmt: skip
