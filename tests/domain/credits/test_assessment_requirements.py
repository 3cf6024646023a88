from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.domain.credits.assessment_requirements import (
    NewRequirement,
    RequirementEnd,
    RequirementExists,
    end_assessment_requirement,
    list_assessment_requirements,
    list_school_requirements,
    set_assessment_requirement,
)
from app.domain.errors import NotAllowed
from app.domain.organisation.facts import FactEnded
from app.domain.organisation.units import NotASchool
from app.domain.paging import PageRequest
from app.sql import Connection, Row
from tests.make import NOW, TODAY, City, Person

PAGE = PageRequest(limit=100)


async def ask(db: Connection, by: Person, unit: Row, **given: Any) -> Row:
    fields = {"measure": "hours", "term": "year", "amount": "40", "valid_from": "2026-09-01"}
    new = NewRequirement.model_validate(fields | given)
    return await set_assessment_requirement(db, by.actor, unit_id=unit["id"], new=new, now=NOW)


async def test_a_school_asks_by_layer_category_and_post(db: Connection, city: City) -> None:
    """对全校教师分层分类分岗制订校本研修培训考核要求: R56."""
    asked = [
        await ask(db, city.school_admin, city.school),
        await ask(db, city.school_admin, city.school, stratum="young_teacher", amount="60"),
        await ask(db, city.school_admin, city.school, stratum="class_head", measure="notes"),
        await ask(db, city.school_admin, city.school, term="semester", amount="20"),
    ]
    keys = sorted(row["id"] for row in asked)
    page = await list_school_requirements(db, city.teacher_account.actor, page=PAGE)
    assert sorted(row["id"] for row in page.items) == keys
    page = await list_assessment_requirements(
        db, city.county_admin.actor, page=PAGE, school_id=city.school["id"]
    )
    assert sorted(row["id"] for row in page.items) == keys
    assert asked[1]["amount"] == Decimal(60)
    for person in (city.sibling_admin, city.other_county_admin):
        page = await list_assessment_requirements(db, person.actor, page=PAGE)
        assert page.items == []
    with pytest.raises(NotAllowed):
        await ask(db, city.teacher_account, city.school, measure="credits")


async def test_one_amount_at_a_time_and_the_former_stays_told(db: Connection, city: City) -> None:
    first = await ask(db, city.school_admin, city.school)
    with pytest.raises(RequirementExists):
        async with db.transaction():
            await ask(db, city.school_admin, city.school, amount="50")
    admin = city.school_admin.actor
    end = RequirementEnd(on=date(2026, 11, 1))
    ended = await end_assessment_requirement(
        db, admin, requirement_id=first["id"], end=end, now=NOW
    )
    assert ended == first | {"valid_to": date(2026, 11, 1)}
    with pytest.raises(FactEnded):
        await end_assessment_requirement(db, admin, requirement_id=first["id"], end=end, now=NOW)
    await ask(db, city.school_admin, city.school, amount="50", valid_from=TODAY)
    page = await list_assessment_requirements(db, admin, page=PAGE)
    assert [(row["amount"], row["valid_to"]) for row in page.items] == [
        (Decimal(40), date(2026, 11, 1)), (Decimal(50), None),
    ]  # fmt: skip
    page = await list_assessment_requirements(db, admin, page=PAGE, in_force=True)
    assert [row["amount"] for row in page.items] == [Decimal(50)]


async def test_only_schools_ask(db: Connection, city: City) -> None:
    with pytest.raises(NotASchool):
        await ask(db, city.county_admin, city.county)
