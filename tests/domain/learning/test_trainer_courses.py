"""Courses that trainers give: published ones, each named once."""

import pytest

from app.domain.errors import NotAllowed
from app.domain.learning.courses import CourseNotFound
from app.domain.learning.trainer_courses import (
    NewTrainerCourse,
    TrainerCourseAdded,
    TrainerCourseNotFound,
    TrainerCourseUnpublished,
    add_trainer_course,
    list_trainer_courses,
    remove_trainer_course,
)
from app.domain.learning.trainers import TrainerGone
from app.domain.paging import PageRequest
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, Person
from tests.make_courses import make_approved, make_published
from tests.make_trainers import make_invited, make_trainer

ALL = PageRequest(limit=100)


async def add(db: Connection, who: Person, trainer: Row, course: Row) -> Row:
    new = NewTrainerCourse(course_id=course["id"])
    return await add_trainer_course(db, who.actor, trainer_id=trainer["id"], new=new, now=NOW)


async def test_a_published_course_is_given_and_taken_back(db: Connection, city: City) -> None:
    trainer = await make_trainer(db, city.county, city.county_admin)
    course = await make_published(db, city.county_admin, city.city_admin, unit_id=city.county["id"])
    given = await add(db, city.county_admin, trainer, course)
    assert (given["name"], given["title"]) == ("李教授", course["title"])
    with pytest.raises(TrainerCourseAdded):
        async with db.transaction():
            await add(db, city.county_admin, trainer, course)
    before = db.statements
    page = await list_trainer_courses(db, city.city_admin.actor, page=ALL, course_id=course["id"])
    assert (page.items, db.statements - before) == ([given], 1)
    with pytest.raises(NotAllowed):
        await remove_trainer_course(db, city.school_admin.actor, given_id=given["id"])
    await remove_trainer_course(db, city.county_admin.actor, given_id=given["id"])
    with pytest.raises(TrainerCourseNotFound):
        await remove_trainer_course(db, city.county_admin.actor, given_id=given["id"])


async def test_what_is_refused_changes_nothing(db: Connection, city: City) -> None:
    trainer = await make_trainer(db, city.county, city.county_admin)
    approved = await make_approved(
        db, city.county_admin, city.city_admin, unit_id=city.county["id"]
    )
    with pytest.raises(TrainerCourseUnpublished):
        await add(db, city.county_admin, trainer, approved)
    with pytest.raises(CourseNotFound):
        await add(db, city.county_admin, trainer, {"id": new_id()})
    invited = await make_invited(db, city.county, city.county_admin, city.teacher)
    with pytest.raises(TrainerGone):
        await add(db, city.county_admin, invited, approved)
    assert (await list_trainer_courses(db, city.city_admin.actor, page=ALL)).items == []
