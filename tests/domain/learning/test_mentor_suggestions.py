"""Suggestions of mentors: by subject, stage, rank, distance and load, each point explained."""

from datetime import date

import pytest

from app.domain.errors import NotAllowed
from app.domain.learning.mentor_suggestions import list_mentor_suggestions
from app.domain.organisation.units import Stage
from app.domain.people.careers import Rank
from app.domain.people.teachers import Subject
from app.request import Resources
from app.sql import Connection
from tests.make import City, make_teacher
from tests.make_mentorships import make_mentoring_policy, make_mentorship
from tests.make_trainers import make_trainer

LASTING = {"valid_from": date(2026, 9, 1), "valid_to": date(2900, 9, 1)}


async def test_who_fits_best_comes_first_and_says_why(
    db: Connection, city: City, resources: Resources
) -> None:
    cipher = resources.cipher
    senior = await make_teacher(db, cipher, city.sibling, "高级", rank=Rank.SENIOR)
    young = await make_teacher(db, cipher, city.school, "新手", rank=Rank.SECOND_GRADE)
    other = await make_teacher(
        db, cipher, city.school, "外科", subject=Subject.ENGLISH, stage=Stage.SENIOR_SECONDARY
    )
    await make_trainer(db, city.county, city.county_admin, senior)
    await make_mentorship(db, city.city, city.city_admin, city.far_teacher, city.teacher, **LASTING)
    before = db.statements
    rows = await list_mentor_suggestions(
        db, city.county_admin.actor, teacher_id=city.colleague["id"]
    )
    assert db.statements - before == 2
    found = {row["teacher_id"]: row for row in rows}
    assert rows[0]["teacher_id"] == senior["id"]
    names = ("subject", "stage", "rank", "distance", "library", "load")
    points = {key: tuple(row[f"{name}_points"] for name in names) for key, row in found.items()}
    assert points == {
        senior["id"]: (40, 20, 10, 5, 10, 0),
        city.teacher["id"]: (40, 20, 0, 10, 0, -10),
        city.sibling_teacher["id"]: (40, 20, 0, 5, 0, 0),
    }
    assert all(row["points"] == sum(points[key]) for key, row in found.items())
    assert not {young["id"], other["id"], city.colleague["id"]} & found.keys()
    assert city.far_teacher["id"] not in found, "out of the actor's place"


async def test_who_is_full_or_has_this_one_is_not_suggested(db: Connection, city: City) -> None:
    ask = [{"rank": "first_grade", "least": 1, "most": 1}]
    await make_mentoring_policy(db, city.city, city.city_admin, ranks=ask)
    by = city.city_admin
    await make_mentorship(db, city.city, by, city.far_teacher, city.sibling_teacher, **LASTING)
    await make_mentorship(db, city.city, by, city.colleague, city.direct_teacher, **LASTING)
    rows = await list_mentor_suggestions(db, by.actor, teacher_id=city.colleague["id"])
    assert {row["teacher_id"] for row in rows} == {city.teacher["id"], city.far_teacher["id"]}


async def test_another_subject_may_be_the_aim(
    db: Connection, city: City, resources: Resources
) -> None:
    chemist = await make_teacher(
        db, resources.cipher, city.school, "化学", subject=Subject.CHEMISTRY
    )
    rows = await list_mentor_suggestions(
        db, city.school_admin.actor, teacher_id=city.colleague["id"],
        target_subject=Subject.CHEMISTRY,
    )  # fmt: skip
    assert (rows[0]["teacher_id"], rows[0]["subject_points"]) == (chemist["id"], 40)


async def test_only_who_arranges_is_told(db: Connection, city: City) -> None:
    for person in (city.teacher_account, city.auditor):
        with pytest.raises(NotAllowed):
            await list_mentor_suggestions(db, person.actor, teacher_id=city.teacher["id"])
