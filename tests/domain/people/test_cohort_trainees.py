"""Trainees in cohorts: entered once within the places, completed, counted as people and as parts."""

from datetime import date

import pytest

from app.domain.errors import DomainError, NotAllowed
from app.domain.paging import PageRequest
from app.domain.people.cohort_members import CohortFull
from app.domain.people.cohort_trainees import (
    CohortTrainee,
    CohortTraineeCompleted,
    CohortTraineeExists,
    CohortTraineeNotFound,
    NewCohortTrainee,
    TraineeCompletion,
    TraineeCompletionInFuture,
    complete_cohort_trainee,
    enter_cohort_trainee,
    list_cohort_trainees,
    list_trainee_counts,
)
from app.domain.people.cohorts import CohortNotFound, get_cohort
from app.domain.people.trainees import Trainee, TraineeNotFound
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, Person
from tests.make_programmes import make_cohort, make_member, make_part, make_programme, make_trainee

ALL = PageRequest(limit=100)


async def enter(db: Connection, who: Person, cohort: Row, trainee: Row) -> Row:
    new = NewCohortTrainee(trainee_id=trainee["id"])
    return await enter_cohort_trainee(db, who.actor, cohort_id=cohort["id"], new=new, now=NOW)


async def test_one_takes_part_and_completes(db: Connection, city: City) -> None:
    cohort = await make_cohort(db, await make_programme(db, city.county), places=1)
    trainee = await make_trainee(db, city.county)
    part = await enter(db, city.county_admin, cohort, trainee)
    assert (part["name"], part["category"], part["completed_on"]) == ("学员甲", "technical", None)
    with pytest.raises(CohortFull):
        await enter(db, city.county_admin, cohort, await make_trainee(db, city.county, "学员乙"))
    actor = city.county_admin.actor
    done = await complete_cohort_trainee(
        db, actor, part_id=part["id"], completion=TraineeCompletion(), now=NOW
    )
    assert done["completed_on"] == date(2026, 11, 20)
    with pytest.raises(CohortTraineeCompleted):
        await complete_cohort_trainee(
            db, actor, part_id=part["id"], completion=TraineeCompletion(), now=NOW
        )
    page = await list_cohort_trainees(db, actor, cohort_id=cohort["id"], page=ALL)
    assert page.items == [done]
    # The school knows of the cohort and not of who else is in it.
    seen = await list_cohort_trainees(db, city.school_admin.actor, cohort_id=cohort["id"], page=ALL)
    assert seen.items == []


async def test_one_is_entered_once(db: Connection, city: City) -> None:
    cohort = await make_cohort(db, await make_programme(db, city.county))
    trainee = await make_trainee(db, city.county)
    await enter(db, city.county_admin, cohort, trainee)
    with pytest.raises(CohortTraineeExists):
        async with db.transaction():
            await enter(db, city.county_admin, cohort, trainee)


async def test_a_day_to_come_is_none(db: Connection, city: City) -> None:
    cohort = await make_cohort(db, await make_programme(db, city.county))
    part = await make_part(db, cohort, await make_trainee(db, city.county))
    later = TraineeCompletion(on=date(2026, 11, 21))
    for who, refusal in (
        (city.county_admin, TraineeCompletionInFuture),
        (city.auditor, NotAllowed),
        (city.school_admin, CohortTraineeNotFound),
    ):
        with pytest.raises(refusal):
            await complete_cohort_trainee(
                db, who.actor, part_id=part["id"], completion=later, now=NOW
            )


REFUSED: list[tuple[str, str, type[DomainError]]] = [
    ("county_admin", "other_county", TraineeNotFound),
    ("school_admin", "school", NotAllowed),
    ("other_county_admin", "other_county", CohortNotFound),
]


@pytest.mark.parametrize(("who", "unit", "refusal"), REFUSED)
async def test_whoever_does_not_run_it_enters_nobody(
    db: Connection, city: City, who: str, unit: str, refusal: type[DomainError]
) -> None:
    cohort = await make_cohort(db, await make_programme(db, city.county))
    trainee = await make_trainee(db, getattr(city, unit))
    with pytest.raises(refusal):
        await enter(db, getattr(city, who), cohort, trainee)
    page = await list_cohort_trainees(db, city.city_admin.actor, cohort_id=cohort["id"], page=ALL)
    assert page.items == []


async def all_enter(db: Connection, cohort: Row, people: list[Row]) -> None:
    parts = [
        {"id": new_id(), "cohort_id": cohort["id"], "trainee_id": each["id"], "entered_at": NOW}
        for each in people
    ]
    await db.insert_all(CohortTrainee, parts)


async def test_690_technical_staff_are_690_people_however_often_they_took_part(
    db: Connection, city: City
) -> None:
    """「專業技術人員690人」"""
    place = {name: city.county[name] for name in ("city_id", "county_id", "school_id")}
    staff: list[Row] = [
        {"id": new_id(), **place, "name": f"技术员{number}", "category": "technical",
         "employer": "县属企业", "registered_at": NOW}
        for number in range(690)
    ]  # fmt: skip
    await db.insert_all(Trainee, staff)
    programme = await make_programme(db, city.county)
    first, second = [
        await make_cohort(db, programme, places=1000, name=name) for name in ("上半年", "下半年")
    ]
    earlier = await make_cohort(db, programme, places=10, year=2025)

    await all_enter(db, first, staff)
    await all_enter(db, second, staff[:60])
    await all_enter(db, earlier, staff[:1])
    await make_part(
        db, first, await make_trainee(db, city.county, "管理员", "management"),
        completed_on=date(2026, 11, 1),
    )  # fmt: skip
    await make_member(db, first, city.teacher, city.school_admin, state="admitted", decided_at=NOW)
    before = db.statements
    counts = await list_trainee_counts(
        db, city.county_admin.actor, unit_id=city.county["id"], year=2026
    )
    assert db.statements - before == 2, "the unit, the counts"
    assert counts == [
        {"year": 2026, "category": "management", "people": 1, "participations": 1, "completed": 1},
        {"year": 2026, "category": "technical", "people": 690, "participations": 750,
         "completed": 0},
    ]  # fmt: skip
    of_city = await list_trainee_counts(db, city.city_admin.actor, unit_id=city.city["id"])
    assert [(row["year"], row["people"]) for row in of_city] == [(2025, 1), (2026, 1), (2026, 690)]
    cohort = await get_cohort(db, city.county_admin.actor, cohort_id=first["id"])
    assert (cohort["teachers"], cohort["trainees"]) == (1, 691)
    with pytest.raises(NotAllowed):
        await list_trainee_counts(db, city.school_admin.actor, unit_id=city.county["id"])
