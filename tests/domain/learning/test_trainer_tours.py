"""Tours: lent to another county for a term, counted by what is carried there."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.errors import DomainError
from app.domain.learning.trainer_tours import (
    NewTrainerTour,
    TrainerTourAtHome,
    TrainerTourEnd,
    TrainerTourNotFound,
    TrainerTourOver,
    TrainerTourOverlaps,
    end_trainer_tour,
    get_trainer_tour,
    lend_trainer,
    list_trainer_tours,
)
from app.domain.learning.trainers import TrainerGone
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.sql import Connection, Row, new_id
from tests.make import NOW, TODAY, City, Person
from tests.make_trainers import make_appearance, make_invited, make_tour, make_trainer

ALL = PageRequest(limit=100)
TERM = {"valid_from": date(2026, 9, 1), "valid_to": date(2027, 7, 1)}
END = TrainerTourEnd(reason="原校工作需要")


async def lend(db: Connection, who: Person, trainer: Row, to: Row, **more: Any) -> Row:
    given = {"to_county_id": to["id"], "purpose": "巡回示教", **TERM}
    new = NewTrainerTour.model_validate(given | more)
    return await lend_trainer(db, who.actor, trainer_id=trainer["id"], new=new, now=NOW)


async def test_a_trainer_is_lent_and_what_they_carry_there_is_counted(
    db: Connection, city: City
) -> None:
    trainer = await make_trainer(db, city.city, city.city_admin, city.teacher)
    tour = await lend(db, city.city_admin, trainer, city.other_county)
    assert (tour["from_county_id"], tour["appearances"]) == (city.county["id"], 0)
    await make_appearance(db, city.far_school, city.city_admin, trainer)
    await make_appearance(db, city.school, city.city_admin, trainer)
    seen = [
        await get_trainer_tour(db, person.actor, tour_id=tour["id"])
        for person in (
            city.city_admin, city.county_admin, city.other_county_admin, city.teacher_account,
        )
    ]  # fmt: skip
    assert seen == [tour | {"appearances": 1}] * 4
    with pytest.raises(TrainerTourNotFound):
        await get_trainer_tour(db, city.school_admin.actor, tour_id=tour["id"])
    with pytest.raises(TrainerTourOverlaps):
        async with db.transaction():
            await lend(db, city.city_admin, trainer, city.other_county)
    await lend(db, city.city_admin, trainer, city.zone)
    page = await list_trainer_tours(
        db, city.other_county_admin.actor, page=ALL, as_of=date(2026, 9, 1)
    )
    assert [row["id"] for row in page.items] == [tour["id"]]


async def test_a_tour_ends_early_and_may_begin_again(db: Connection, city: City) -> None:
    trainer = await make_trainer(db, city.city, city.city_admin)
    tour = await lend(db, city.city_admin, trainer, city.other_county)
    assert tour["from_county_id"] == city.city["id"]
    ended = await end_trainer_tour(db, city.city_admin.actor, tour_id=tour["id"], end=END, now=NOW)
    assert (ended["ended_on"], ended["ended_because"]) == (TODAY, "原校工作需要")
    with pytest.raises(TrainerTourOver):
        await end_trainer_tour(db, city.city_admin.actor, tour_id=tour["id"], end=END, now=NOW)
    await lend(db, city.city_admin, trainer, city.other_county, valid_from=TODAY)
    page = await list_trainer_tours(db, city.city_admin.actor, page=ALL, as_of=TODAY)
    assert [row["ended_on"] for row in page.items] == [None]


@pytest.mark.parametrize(
    ("who", "to", "refusal"),
    [
        ("city_admin", "county", TrainerTourAtHome),
        ("city_admin", "city", TrainerTourAtHome),
        ("city_admin", "far_school", TrainerTourAtHome),
        ("county_admin", "other_county", UnitNotFound),
    ],
)
async def test_what_is_refused_changes_nothing(
    db: Connection, city: City, who: str, to: str, refusal: type[DomainError]
) -> None:
    trainer = await make_trainer(db, city.county, city.county_admin, city.teacher)
    with pytest.raises(refusal):
        await lend(db, getattr(city, who), trainer, getattr(city, to))
    invited = await make_invited(db, city.county, city.county_admin, city.colleague)
    with pytest.raises(TrainerGone):
        await lend(db, city.city_admin, invited, city.other_county)
    assert (await list_trainer_tours(db, city.city_admin.actor, page=ALL)).items == []


async def test_the_list_is_one_statement(db: Connection, city: City) -> None:
    trainer = await make_trainer(db, city.city, city.city_admin, city.teacher)
    for to in (city.other_county, city.zone):
        await make_tour(db, trainer, city.city_admin, city.county, to)
    before = db.statements
    page = await list_trainer_tours(db, city.city_admin.actor, page=ALL)
    assert (len(page.items), db.statements - before) == (2, 1)


def test_a_tour_has_a_term() -> None:
    given = {"to_county_id": new_id(), "purpose": "巡回示教"} | dict.fromkeys(TERM, TODAY)
    with pytest.raises(ValidationError):
        NewTrainerTour.model_validate(given)
