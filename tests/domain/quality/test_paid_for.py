"""Purposes: exactly one, seen by who names it, and what an earmark is for."""

from datetime import date

import pytest
from pydantic import ValidationError

from app.domain.learning.equipment import EquipmentKind, NewEquipment, record_equipment
from app.domain.people.cohorts import CohortNotFound
from app.domain.quality.paid_for import EarmarkBroken, NewPaidFor, check_purpose
from app.sql import Connection, new_id
from tests.make import NOW, City
from tests.make_programmes import make_cohort, make_programme

LINE = {"earmark": "骨干教师专款", "title": "骨干教师培养"}


def test_a_purpose_is_one_thing_or_a_reason() -> None:
    with pytest.raises(ValidationError):
        NewPaidFor()
    with pytest.raises(ValidationError):
        NewPaidFor(topic_id=new_id(), other_purpose="另有用途")


async def test_an_earmark_pays_a_cohort_that_names_it(db: Connection, city: City) -> None:
    actor, programme = city.city_admin.actor, await make_programme(db, city.city)
    for named, allowed in (("骨干教师专款", True), ("骨干教师培养", True), ("办公经费", False)):
        cohort = await make_cohort(db, programme, name=named, budget_line=named)
        purpose = NewPaidFor(cohort_id=cohort["id"])
        if allowed:
            await check_purpose(db, actor, purpose=purpose, line=LINE)
            continue
        with pytest.raises(EarmarkBroken):
            await check_purpose(db, actor, purpose=purpose, line=LINE)
        await check_purpose(db, actor, purpose=purpose, line=LINE | {"earmark": None})
    with pytest.raises(CohortNotFound):
        await check_purpose(db, actor, purpose=NewPaidFor(cohort_id=new_id()), line=LINE)


async def test_equipment_is_a_thing_of_the_register(db: Connection, city: City) -> None:
    actor = city.school_admin.actor
    room = await record_equipment(
        db, actor, unit_id=city.school["id"], now=NOW,
        new=NewEquipment(
            kind=EquipmentKind.MEDIA_ROOM, number=1, counted_on=date(2026, 11, 1)
        ),
    )  # fmt: skip
    await check_purpose(db, actor, purpose=NewPaidFor(equipment_id=room["id"]), line=LINE)
    with pytest.raises(EarmarkBroken):
        await check_purpose(db, actor, purpose=NewPaidFor(other_purpose="另有用途"), line=LINE)
