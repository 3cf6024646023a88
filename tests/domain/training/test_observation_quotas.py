"""Observation quotas: what is asked of whom, and what the sheets say was done."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.facts import FactEnded
from app.domain.organisation.units import NotASchool
from app.domain.paging import PageRequest
from app.domain.people.facts.posts import POST
from app.domain.people.teachers import TeacherNotFound
from app.domain.training.observation_quotas import (
    NewQuota,
    ObservationTerm,
    QuotaEnd,
    QuotaExists,
    QuotaNotFound,
    QuotaTermUnfit,
    QuotaTooLow,
    end_observation_quota,
    get_teacher_observations_due,
    list_observation_quotas,
    list_observations_due,
    list_own_observation_quotas,
    set_observation_quota,
)
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_fact
from tests.make_checks import make_quota
from tests.make_evidence import make_sheet
from tests.make_timetables import make_term

PAGE = PageRequest(limit=100)
TERM: dict[str, Any] = {"starts_on": date(2026, 9, 1), "ends_on": date(2027, 1, 31)}


def quota(lessons: int, role: str = "teacher", **more: Any) -> NewQuota:
    return NewQuota.model_validate({"role": role, "term": "semester", "lessons": lessons} | more)


async def ask(db: Connection, by: Person, unit: Row, new: NewQuota) -> Row:
    return await set_observation_quota(db, by.actor, unit_id=unit["id"], new=new, now=NOW)


async def test_what_is_due_of_each_teacher_of_a_school(db: Connection, city: City) -> None:
    await make_quota(db, city.city, 10)
    await make_quota(db, city.school, 12)
    await make_quota(db, city.county, 20, role="principal")
    await make_quota(db, city.other_county, 40)
    await make_quota(db, city.school, 99, term="year")
    await make_fact(db, city.colleague, POST, post="principal", school_id=city.school["id"])
    for day in (3, 3, 17):
        await make_sheet(
            db, city.colleague, city.teacher_account, city.teacher, held_on=date(2026, 9, day)
        )
    await make_sheet(
        db, city.colleague, city.teacher_account, city.teacher, held_on=date(2026, 8, 31)
    )
    admin = city.school_admin.actor
    before = db.statements
    rows = await list_observations_due(db, admin, unit_id=city.school["id"], now=NOW)
    assert db.statements - before == 3, "the unit's door, the calendar, all teachers"
    told = {
        row["name"]: (row["role"], row["required"], row["done"], row["missing"]) for row in rows
    }
    assert told == {"测试甲": ("teacher", 12, 3, 9), "测试乙": ("principal", 20, 0, 20)}
    assert rows[0]["days"] != rows[1]["days"]
    own = await get_teacher_observations_due(
        db, city.teacher_account.actor, teacher_id=city.teacher["id"], now=NOW, **TERM
    )
    assert own in rows
    assert own["days"] == [date(2026, 9, 3), date(2026, 9, 17)]
    year = await get_teacher_observations_due(
        db, city.teacher_account.actor, teacher_id=city.teacher["id"], now=NOW,
        term=ObservationTerm.YEAR,
    )  # fmt: skip
    assert (year["required"], year["done"]) == (99, 3)


async def test_who_has_done_enough_and_who_is_asked_nothing(db: Connection, city: City) -> None:
    await make_quota(db, city.school, 1, role="new_teacher")
    admin, unit_id = city.school_admin.actor, city.school["id"]
    rows = await list_observations_due(db, admin, unit_id=unit_id, now=NOW)
    assert {(row["role"], row["required"], row["missing"]) for row in rows} == {(None, 0, 0)}
    await make_quota(db, city.school, 1)
    await make_sheet(db, city.colleague, city.teacher_account, city.teacher)
    behind = await list_observations_due(db, admin, unit_id=unit_id, now=NOW, missing=True)
    assert [row["teacher_id"] for row in behind] == [city.colleague["id"]]
    # In the spring nothing of it counts.
    spring = NOW.replace(year=2027, month=3)
    behind = await list_observations_due(db, admin, unit_id=unit_id, now=spring, missing=True)
    assert len(behind) == 2


async def test_below_may_be_asked_more_and_not_less(db: Connection, city: City) -> None:
    await ask(db, city.city_admin, city.city, quota(10))
    with pytest.raises(QuotaTooLow):
        await ask(db, city.school_admin, city.school, quota(9))
    with pytest.raises(QuotaTooLow):
        await ask(db, city.county_admin, city.county, quota(9, valid_from=date(2027, 2, 1)))
    same = await ask(db, city.county_admin, city.county, quota(10))
    assert (same["unit_id"], same["valid_from"]) == (city.county["id"], date(2026, 11, 20))
    made = await ask(db, city.school_admin, city.school, quota(15))
    await ask(db, city.school_admin, city.school, quota(3, role="principal"))
    ended = await end_observation_quota(
        db, city.school_admin.actor, quota_id=made["id"],
        end=QuotaEnd(on=date(2026, 11, 20)), now=NOW + timedelta(days=1),
    )  # fmt: skip
    assert ended["valid_to"] == date(2026, 11, 20)
    await ask(db, city.school_admin, city.school, quota(20))
    with pytest.raises(QuotaExists):
        await ask(db, city.school_admin, city.school, quota(25))


async def test_the_schools_calendar_names_the_days_of_a_term(db: Connection, city: City) -> None:
    await make_quota(db, city.city, 2)
    await make_quota(db, city.city, 3, term="year")
    for day in (date(2026, 8, 31), date(2027, 1, 30)):
        await make_sheet(db, city.colleague, city.teacher_account, city.teacher, held_on=day)

    async def done(term: ObservationTerm) -> tuple[int, int]:
        row = await get_teacher_observations_due(
            db, city.teacher_account.actor, teacher_id=city.teacher["id"], now=NOW, term=term
        )
        return row["done"], row["missing"]

    assert await done(ObservationTerm.SEMESTER) == (1, 1)
    await make_term(db, city.city_admin, city.city)
    await make_term(
        db, city.school_admin, city.school, starts_on="2026-08-31", ends_on="2027-01-22"
    )
    assert await done(ObservationTerm.SEMESTER) == (1, 1)
    assert await done(ObservationTerm.YEAR) == (2, 1)
    rows = await list_observations_due(
        db, city.school_admin.actor, unit_id=city.school["id"], now=NOW
    )
    assert [date(2026, 8, 31)] in [row["days"] for row in rows]


async def test_a_quota_that_is_yet_to_begin_is_taken_back(db: Connection, city: City) -> None:
    admin = city.school_admin.actor
    slip = await ask(db, city.school_admin, city.school, quota(40, valid_from=date.max))
    taken = await end_observation_quota(db, admin, quota_id=slip["id"], end=QuotaEnd(), now=NOW)
    assert taken["valid_to"] == taken["valid_from"]
    with pytest.raises(FactEnded):
        await end_observation_quota(db, admin, quota_id=slip["id"], end=QuotaEnd(), now=NOW)
    await ask(db, city.school_admin, city.school, quota(20))


async def test_who_knows_of_it(db: Connection, city: City) -> None:
    asked = [await make_quota(db, unit, 10) for unit in (city.city, city.school)]
    far = await make_quota(db, city.far_school, 10)
    own = await list_own_observation_quotas(db, city.teacher_account.actor, page=PAGE)
    assert {row["id"] for row in own.items} == {each["id"] for each in asked}
    placed = await list_observation_quotas(
        db, city.county_admin.actor, page=PAGE, unit_id=city.school["id"]
    )
    assert [row["id"] for row in placed.items] == [asked[1]["id"]]
    with pytest.raises(QuotaNotFound):
        await end_observation_quota(
            db, city.school_admin.actor, quota_id=far["id"], end=QuotaEnd(), now=NOW
        )
    with pytest.raises(NotAllowed):
        await ask(db, city.auditor, city.school, quota(12))
    with pytest.raises(TeacherNotFound):
        await get_teacher_observations_due(
            db, city.teacher_account.actor, teacher_id=city.far_teacher["id"], now=NOW
        )


@pytest.mark.parametrize(
    ("unit", "asked", "refused"),
    [
        ("county", {}, NotASchool),
        ("school", {"starts_on": date(2026, 9, 1)}, QuotaTermUnfit),
        ("school", {"starts_on": date(2026, 9, 1), "ends_on": date(2026, 8, 1)}, QuotaTermUnfit),
        ("school", {"starts_on": date(2026, 9, 1), "ends_on": date(2027, 9, 2)}, QuotaTermUnfit),
        ("school", {"starts_on": date.min, "ends_on": date.min}, QuotaTermUnfit),
    ],
)
async def test_what_is_refused(
    db: Connection, city: City, unit: str, asked: dict[str, Any], refused: type[DomainError]
) -> None:
    unit_id = getattr(city, unit)["id"]
    with pytest.raises(refused):
        await list_observations_due(db, city.city_admin.actor, unit_id=unit_id, now=NOW, **asked)
