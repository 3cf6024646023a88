"""Appearances: read from the staff of activities, of teachers and of outside experts alike."""

from datetime import date, timedelta

import pytest

from app.domain.learning.trainer_appearances import list_trainer_appearances
from app.domain.learning.trainers import TrainerNotFound
from app.domain.paging import PageRequest
from app.domain.training.vocabulary import ActivityState
from app.sql import Connection
from tests.make import NOW, TODAY, City
from tests.make_trainers import EXPERT, make_appearance, make_invited, make_trainer

ALL = PageRequest(limit=100)


async def test_what_was_published_is_an_appearance(db: Connection, city: City) -> None:
    expert = await make_trainer(db, city.county, city.county_admin)
    teacher = await make_trainer(db, city.county, city.county_admin, city.teacher)
    made = [
        await make_appearance(db, unit, city.city_admin, expert)
        for unit in (city.school, city.far_school)
    ]
    for state in (ActivityState.DRAFT, ActivityState.CANCELLED):
        await make_appearance(db, city.school, city.city_admin, expert, state)
    namesake = dict.fromkeys(EXPERT, "同名不同单位") | {"outside_name": EXPERT["outside_name"]}
    await make_appearance(db, city.school, city.city_admin, namesake)
    own = await make_appearance(db, city.school, city.school_admin, teacher)
    before = db.statements
    page = await list_trainer_appearances(
        db, city.county_admin.actor, trainer_id=expert["id"], page=ALL
    )
    assert db.statements - before == 2
    assert {row["id"] for row in page.items} == {row["id"] for row in made}
    assert {str(row["hours"]) for row in page.items} == {"2.00"}
    theirs = await list_trainer_appearances(
        db, city.teacher_account.actor, trainer_id=teacher["id"], page=ALL
    )
    assert [(row["id"], row["role"]) for row in theirs.items] == [(own["id"], "speaker")]
    later = await list_trainer_appearances(
        db, city.county_admin.actor, trainer_id=expert["id"], page=ALL, since=date(2027, 1, 1)
    )
    assert later.items == []


async def test_the_schools_below_a_library_are_not_told(db: Connection, city: City) -> None:
    expert = await make_trainer(db, city.county, city.county_admin)
    with pytest.raises(TrainerNotFound):
        await list_trainer_appearances(
            db, city.school_admin.actor, trainer_id=expert["id"], page=ALL
        )


async def test_a_library_follows_nobody_who_did_not_accept_or_has_left(
    db: Connection, city: City
) -> None:
    invited = await make_invited(db, city.school, city.school_admin)
    left = await make_trainer(
        db, city.school, city.school_admin, city.teacher, state="left", left_on=TODAY,
        exit_kind="own_wish", left_by=city.school_admin.actor.account_id,
    )  # fmt: skip
    before = await make_appearance(
        db, city.school, city.city_admin, left, begins=NOW - timedelta(days=9)
    )
    for trainer in (invited, left):
        await make_appearance(db, city.far_school, city.city_admin, trainer)
    found = [
        [row["id"] for row in page.items]
        for trainer in (invited, left)
        for page in [
            await list_trainer_appearances(
                db, city.school_admin.actor, trainer_id=trainer["id"], page=ALL
            )
        ]
    ]
    assert found == [[], [before["id"]]]
