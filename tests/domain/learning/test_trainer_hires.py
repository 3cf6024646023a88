"""Hires: for what, at which fee and from which funds, seen by those who keep the library."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.errors import NotAllowed
from app.domain.learning.trainer_hires import (
    NewTrainerHire,
    TrainerHired,
    TrainerHireDayUnfit,
    TrainerHireNotFound,
    TrainerHiresOneself,
    get_trainer_hire,
    hire_trainer,
    list_trainer_hires,
)
from app.domain.learning.trainers import TrainerGone, get_trainer
from app.domain.paging import PageRequest
from app.domain.training.activities import ActivityNotFound
from app.sql import Connection, Row, new_id
from tests.make import NOW, TODAY, City, Person, make_activity
from tests.make_trainers import make_invited, make_trainer

ALL = PageRequest(limit=100)
GIVEN: dict[str, Any] = {
    "topic": "核心素养与课堂", "held_on": TODAY, "fee": "1200.00", "funds_line": "教师培训费",
}  # fmt: skip


async def hire(db: Connection, who: Person, trainer: Row, **more: Any) -> Row:
    new = NewTrainerHire.model_validate(GIVEN | more)
    return await hire_trainer(db, who.actor, trainer_id=trainer["id"], new=new, now=NOW)


async def test_a_hire_is_recorded_once_and_not_published(db: Connection, city: City) -> None:
    expert = await make_trainer(db, city.county, city.county_admin)
    activity = await make_activity(db, city.county, city.county_admin)
    made = await hire(db, city.county_admin, expert, activity_id=activity["id"])
    assert (made["name"], made["fee"]) == ("李教授", Decimal("1200.00"))
    with pytest.raises(TrainerHired):
        async with db.transaction():
            await hire(db, city.county_admin, expert)
    before = db.statements
    page = await list_trainer_hires(
        db, city.city_admin.actor, page=ALL, funds_line="教师培训费", since=TODAY, until=TODAY
    )
    assert (page.items, db.statements - before) == ([made], 1)
    with pytest.raises(TrainerHireNotFound):
        await get_trainer_hire(db, city.school_admin.actor, hire_id=made["id"])


async def test_what_is_refused_changes_nothing(db: Connection, city: City) -> None:
    invited = await make_invited(db, city.county, city.county_admin)
    with pytest.raises(TrainerGone):
        await hire(db, city.county_admin, invited)
    trainer = await make_trainer(db, city.county, city.county_admin, city.teacher)
    for day in (date(1900, 1, 1), TODAY + timedelta(days=367)):
        with pytest.raises(TrainerHireDayUnfit):
            await hire(db, city.county_admin, trainer, held_on=day)
    with pytest.raises(ActivityNotFound):
        await hire(db, city.county_admin, trainer, activity_id=new_id())
    oneself = replace(city.county_admin.actor, teacher_id=city.teacher["id"])
    with pytest.raises(TrainerHiresOneself):
        await hire(db, Person(oneself, "oneself"), trainer)
    assert (await list_trainer_hires(db, city.city_admin.actor, page=ALL)).items == []


@pytest.mark.parametrize("more", [{"fee": "-1"}, {"fee": "1.005"}, {"funds_line": ""}])
def test_a_fee_is_an_amount_from_somewhere(more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        NewTrainerHire.model_validate(GIVEN | more)


async def test_fees_are_read_by_auditors_and_not_by_an_interface_account(
    db: Connection, city: City
) -> None:
    trainer = await make_trainer(db, city.county, city.county_admin)
    hired = await hire(db, city.county_admin, trainer)
    own = await get_trainer_hire(db, city.auditor.actor, hire_id=hired["id"])
    assert own["fee"] == hired["fee"]
    with pytest.raises(NotAllowed):
        await get_trainer_hire(db, city.integration.actor, hire_id=hired["id"])
    with pytest.raises(NotAllowed):
        await list_trainer_hires(db, city.integration.actor, page=ALL)
    known = await get_trainer(db, city.integration.actor, trainer_id=trainer["id"])
    assert known["id"] == trainer["id"]
