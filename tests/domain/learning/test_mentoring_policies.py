"""Mentoring policies: a city's, cited, the last one in force."""

from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.errors import NotAllowed
from app.domain.learning.mentoring_policies import (
    MentoringPolicyNotFound,
    MentoringPolicyOfCity,
    NewMentoringPolicy,
    get_mentoring_policy,
    set_mentoring_policy,
)
from app.domain.organisation.units import UnitNotFound
from app.sql import Connection
from tests.make import NOW, City

GIVEN: dict[str, Any] = {
    "cycle_years": 5, "source": "市教育局带教办法第三条",
    "ranks": [
        {"rank": "senior", "least": 2, "most": 3, "topics": 1, "lectures": 2},
        {"rank": "principal_senior", "least": 3},
    ],
    "probation": [
        {"name": "校内带教", "amount": "1", "measure": "学年"},
        {"name": "基地研修", "amount": "0.5", "measure": "学年"},
    ],
}  # fmt: skip


async def test_the_city_sets_and_all_below_read(db: Connection, city: City) -> None:
    with pytest.raises(MentoringPolicyNotFound):
        await get_mentoring_policy(db, city.school_admin.actor, unit_id=city.school["id"])
    first = NewMentoringPolicy.model_validate(GIVEN)
    made = await set_mentoring_policy(
        db, city.city_admin.actor, unit_id=city.city["id"], new=first, now=NOW
    )
    assert made["ranks"] == [
        {"rank": "senior", "least": 2, "most": 3, "topics": 1, "lectures": 2},
        {"rank": "principal_senior", "least": 3, "most": None, "topics": 0, "lectures": 0},
    ]
    assert made["probation"][1] == {"name": "基地研修", "amount": "0.5", "measure": "学年"}
    second = NewMentoringPolicy.model_validate(GIVEN | {"cycle_years": 3})
    await set_mentoring_policy(
        db, city.city_admin.actor, unit_id=city.city["id"], new=second, now=NOW
    )
    seen = await get_mentoring_policy(db, city.school_admin.actor, unit_id=city.school["id"])
    assert seen["cycle_years"] == 3


async def test_nobody_else_sets_one(db: Connection, city: City) -> None:
    new = NewMentoringPolicy.model_validate(GIVEN)
    for who, unit, refusal in (
        (city.city_admin, city.county, MentoringPolicyOfCity),
        (city.county_admin, city.city, NotAllowed),
        (city.auditor, city.city, NotAllowed),
        (city.school_admin, city.sibling, UnitNotFound),
    ):
        with pytest.raises(refusal):
            await set_mentoring_policy(db, who.actor, unit_id=unit["id"], new=new, now=NOW)
    with pytest.raises(MentoringPolicyNotFound):
        await get_mentoring_policy(db, city.city_admin.actor, unit_id=city.city["id"])


@pytest.mark.parametrize(
    "more",
    [
        {"ranks": [{"rank": "senior", "least": 1}] * 2},
        {"probation": [{"name": "带教", "amount": "1", "measure": "学年"}] * 2},
        {"probation": [{"name": "带教", "amount": "0", "measure": "学年"}]},
        {"ranks": [{"rank": "senior", "least": 1, "more": 1}]},
        {"source": ""},
    ],
)
def test_each_is_named_once_and_cited(more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        NewMentoringPolicy.model_validate(GIVEN | more)
