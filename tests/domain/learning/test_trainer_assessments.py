"""Assessments of trainers: of an appearance that is over, of a year, and never of oneself."""

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.errors import DomainError, NotAllowed
from app.domain.learning.trainer_appearances import TrainerAppearanceNotFound
from app.domain.learning.trainer_assessments import (
    NewTrainerAssessment,
    TrainerAppearanceOpen,
    TrainerAssessed,
    TrainerAssessmentNotFound,
    TrainerOfOneself,
    TrainerYearUnfit,
    assess_trainer,
    get_trainer_assessment,
    list_trainer_assessments,
)
from app.domain.learning.trainers import TrainerGone
from app.domain.paging import PageRequest
from app.domain.training.vocabulary import ActivityState
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, Person
from tests.make_trainers import make_appearance, make_invited, make_trainer

ALL = PageRequest(limit=100)


async def assess(db: Connection, who: Person, trainer: Row, **what: Any) -> Row:
    given = {"grade": "qualified", "score": "86.5", "remark": "案例扎实，互动充分"}
    new = NewTrainerAssessment.model_validate(given | what)
    return await assess_trainer(db, who.actor, trainer_id=trainer["id"], new=new, now=NOW)


async def test_an_appearance_and_a_year_are_judged_once(db: Connection, city: City) -> None:
    trainer = await make_trainer(db, city.county, city.county_admin, city.teacher)
    given = await make_appearance(db, city.school, city.school_admin, trainer)
    for what in ({"staff_id": given["id"]}, {"year": 2026}):
        judged = await assess(db, city.county_admin, trainer, **what)
        assert (judged["name"], judged["grade"], str(judged["score"])) == (
            "测试甲", "qualified", "86.50",
        )  # fmt: skip
        with pytest.raises(TrainerAssessed):
            async with db.transaction():
                await assess(db, city.county_admin, trainer, **what)
    own = await list_trainer_assessments(db, city.teacher_account.actor, page=ALL)
    assert len(own.items) == 2
    seen = await get_trainer_assessment(
        db, city.teacher_account.actor, assessment_id=own.items[0]["id"]
    )
    assert seen == own.items[0]
    # The library is known to the schools below; what is judged of a trainer is not.
    with pytest.raises(TrainerAssessmentNotFound):
        await get_trainer_assessment(db, city.sibling_admin.actor, assessment_id=seen["id"])


async def test_nobody_assesses_themselves(db: Connection, city: City) -> None:
    trainer = await make_trainer(db, city.county, city.county_admin, city.teacher)
    oneself = replace(city.county_admin.actor, teacher_id=city.teacher["id"])
    with pytest.raises(TrainerOfOneself):
        await assess(db, Person(oneself, "oneself"), trainer, year=2026)
    assert (await list_trainer_assessments(db, city.city_admin.actor, page=ALL)).items == []


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        (ActivityState.HELD, TrainerAppearanceOpen),
        (ActivityState.CANCELLED, TrainerAppearanceNotFound),
    ],
)
async def test_what_is_not_over_is_not_judged(
    db: Connection, city: City, state: ActivityState, refusal: type[DomainError]
) -> None:
    trainer = await make_trainer(db, city.county, city.county_admin)
    given = await make_appearance(db, city.school, city.school_admin, trainer, state)
    with pytest.raises(refusal):
        await assess(db, city.county_admin, trainer, staff_id=given["id"])


async def test_what_cannot_be_judged_is_refused(db: Connection, city: City) -> None:
    trainer = await make_trainer(db, city.county, city.county_admin)
    other = await make_trainer(db, city.county, city.county_admin, city.teacher)
    given = await make_appearance(db, city.school, city.school_admin, other)
    for key in (given["id"], new_id()):
        with pytest.raises(TrainerAppearanceNotFound):
            await assess(db, city.county_admin, trainer, staff_id=key)
    for year in (2025, 2027):
        with pytest.raises(TrainerYearUnfit):
            await assess(db, city.county_admin, trainer, year=year)
    invited = await make_invited(db, city.county, city.county_admin, city.colleague)
    with pytest.raises(TrainerGone):
        await assess(db, city.county_admin, invited, year=2026)
    with pytest.raises(NotAllowed):
        await assess(db, city.auditor, trainer, year=2026)
    assert (await list_trainer_assessments(db, city.city_admin.actor, page=ALL)).items == []


@pytest.mark.parametrize("what", [{}, {"year": 2026, "staff_id": new_id()}, {"score": "101"}])
def test_a_judgement_is_of_one_thing(what: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        NewTrainerAssessment.model_validate({"grade": "barely", "remark": "尚可"} | what)
