"""Load and rest of a library, and the trainers' own study: what follows from what is recorded."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.domain.errors import NotAllowed
from app.domain.learning.trainer_load import (
    YEARLY_STUDY,
    TrainerPeriodUnfit,
    TrainerStudyYearUnfit,
    get_trainer_study,
    list_trainer_load,
)
from app.domain.learning.trainers import TrainerGone, TrainerNotFound
from app.domain.training.attendance import AttendanceRole, AttendanceStatus
from app.sql import Connection
from tests.make import NOW, City, make_activity, make_attendance
from tests.make_trainers import make_appearance, make_invited, make_trainer

YEAR = {"since": date(2026, 1, 1), "until": date(2026, 12, 31)}


async def test_who_is_asked_too_often_and_who_never(db: Connection, city: City) -> None:
    busy = await make_trainer(db, city.county, city.county_admin)
    usual = await make_trainer(db, city.county, city.county_admin, city.teacher)
    idle = await make_trainer(db, city.county, city.county_admin, city.colleague)
    await make_invited(db, city.county, city.county_admin, city.sibling_teacher)
    for days in (0, 3, 4, 10, 20, 30):
        await make_appearance(
            db, city.school, city.school_admin, busy, begins=NOW - timedelta(days=days)
        )
    await make_appearance(db, city.school, city.school_admin, usual)
    before = db.statements
    rows = await list_trainer_load(db, city.county_admin.actor, unit_id=city.county["id"], **YEAR)
    assert db.statements - before == 2
    assert [(row["trainer_id"], row["appearances"], row["load"]) for row in rows] == [
        (busy["id"], 6, "often"), (usual["id"], 1, "usual"), (idle["id"], 0, "never"),
    ]  # fmt: skip
    assert (rows[0]["hours"], rows[0]["shortest_rest"], rows[0]["last_on"]) == (
        Decimal("12.00"), 1, date(2026, 11, 20),
    )  # fmt: skip
    assert (rows[1]["shortest_rest"], rows[2]["hours"]) == (None, Decimal("0.00"))


async def test_a_period_runs_forward_and_a_library_is_its_keepers(
    db: Connection, city: City
) -> None:
    with pytest.raises(TrainerPeriodUnfit):
        await list_trainer_load(
            db, city.county_admin.actor, unit_id=city.county["id"], since=YEAR["until"],
            until=YEAR["since"],
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        await list_trainer_load(db, city.school_admin.actor, unit_id=city.county["id"], **YEAR)


async def test_a_trainer_studies_72_hours_a_year(db: Connection, city: City) -> None:
    trainer = await make_trainer(db, city.county, city.county_admin, city.teacher)
    counted = await make_activity(
        db, city.county, city.county_admin, sessions=2, content=["trainer_training"]
    )
    for session in counted["sessions"]:
        await make_attendance(db, session, city.county_admin, city.teacher)
    other = await make_activity(db, city.school, city.school_admin)
    await make_attendance(
        db, other["sessions"][0], city.school_admin, city.teacher, status=AttendanceStatus.LATE
    )
    for more in ({"status": AttendanceStatus.ABSENT}, {"role": AttendanceRole.SPEAKER}):
        not_counted = await make_activity(db, city.school, city.school_admin)
        await make_attendance(
            db, not_counted["sessions"][0], city.school_admin, city.teacher, **more
        )  # fmt: skip
    last_year = await make_activity(
        db, city.school, city.school_admin, begins=NOW - timedelta(days=365)
    )
    await make_attendance(db, last_year["sessions"][0], city.school_admin, city.teacher)
    own = {"trainer_id": trainer["id"], "year": 2026}
    study = await get_trainer_study(db, city.teacher_account.actor, **own)
    assert study == own | {
        "hours": Decimal("6.00"), "trainer_hours": Decimal("4.00"),
        "required": YEARLY_STUDY, "missing": Decimal("66.00"),
    }  # fmt: skip
    with pytest.raises(TrainerNotFound):
        await get_trainer_study(db, city.school_admin.actor, **own)


async def test_of_outside_experts_nothing_is_asked(db: Connection, city: City) -> None:
    expert = await make_trainer(db, city.county, city.county_admin)
    study = await get_trainer_study(db, city.county_admin.actor, trainer_id=expert["id"], year=2026)
    assert (study["hours"], study["required"], study["missing"]) == (0, 0, 0)


async def test_of_who_is_not_in_the_library_and_of_no_year_nothing_is_said(
    db: Connection, city: City
) -> None:
    trainer = await make_trainer(db, city.school, city.school_admin)
    invited = await make_invited(db, city.school, city.school_admin, city.teacher)
    for key, year, refusal in (
        (invited["id"], 2026, TrainerGone),
        (trainer["id"], 0, TrainerStudyYearUnfit),
        (trainer["id"], 10_000, TrainerStudyYearUnfit),
    ):
        with pytest.raises(refusal):
            await get_trainer_study(db, city.school_admin.actor, trainer_id=key, year=year)
