from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from app.domain.learning.course_classes import (
    ClassOutsideRun,
    CourseClassExists,
    CourseClassUnfit,
    NewCourseClass,
    classes_of_runs,
    list_course_classes,
    list_offered_course_classes,
    open_course_class,
)
from app.domain.learning.course_reviews import revise_course
from app.domain.learning.courses import CourseRevision
from app.domain.paging import PageRequest
from app.domain.training.activities import (
    ActivityChanges,
    AudienceOutsideOrganiser,
    get_activity,
    update_activity,
)
from app.sql import Connection
from tests.make import NOW, City
from tests.make_courses import (
    approve,
    make_class,
    make_published,
    make_published_class,
    make_run,
    make_school_course,
)

PAGE = PageRequest(limit=100)


async def test_a_class_is_an_activity_with_what_the_version_says(
    db: Connection, city: City
) -> None:
    course = await make_school_course(db, city, strata=["class_head"])
    run = await make_run(db, city.school_admin, course)
    revision = CourseRevision.model_validate(
        {"hours": "8", "syllabus": [{"title": "全部", "hours": "8"}]}
    )
    await revise_course(
        db, city.school_admin.actor, course_id=course["id"], revision=revision, now=NOW
    )
    await approve(db, city.county_admin, course)
    made = await make_class(db, city.school_admin, run, capacity=40)
    assert (made["hours"], made["as_approved"], made["state"]) == (4, True, "draft")
    actor = city.school_admin.actor
    activity = await get_activity(db, actor, activity_id=made["activity_id"])
    assert activity["title"] == "课堂提问的设计（2026年秋季 一班）"
    for name in ("kind", "mode", "channel", "content", "strata"):
        assert activity[name] == course[name], name
    assert (activity["capacity"], activity["organiser_unit_id"]) == (40, city.school["id"])
    assert activity["audience"] == course["audience"]
    assert (activity["starts_on"], activity["ends_on"]) == (run["starts_on"], run["ends_on"])
    changes = ActivityChanges(hours=Decimal(2))
    await update_activity(db, actor, activity_id=activity["id"], changes=changes)
    page = await list_course_classes(db, actor, page=PAGE, activity_id=activity["id"])
    assert [(row["id"], row["as_approved"]) for row in page.items] == [(made["id"], False)]


async def test_a_class_has_a_name_of_its_own_within_the_days_of_its_run(
    db: Connection, city: City
) -> None:
    run = await make_run(db, city.school_admin, await make_school_course(db, city))
    await make_class(db, city.school_admin, run)
    with pytest.raises(CourseClassExists):
        async with db.transaction():
            await make_class(db, city.school_admin, run)
    with pytest.raises(ClassOutsideRun):
        await make_class(db, city.school_admin, run, name="二班", ends_on=date(2027, 1, 1))
    pages = await classes_of_runs(db, city.school_admin.actor, run_ids=[run["id"]], page=PAGE)
    assert [row["name"] for row in pages[run["id"]].items] == ["一班"]


async def test_a_class_is_for_people_of_who_gives_it(db: Connection, city: City) -> None:
    county = await make_published(db, city.county_admin, city.city_admin, unit_id=city.county["id"])
    run = await make_run(db, city.school_admin, county, unit_id=city.school["id"])
    made = await make_published_class(db, city.school_admin, run)
    for person, seen in ((city.teacher_account, [made["id"]]), (city.sibling_teacher_account, [])):
        page = await list_offered_course_classes(db, person.actor, page=PAGE, run_id=run["id"])
        assert [row["id"] for row in page.items] == seen
    with pytest.raises(AudienceOutsideOrganiser):
        await make_class(db, city.school_admin, run, name="二班", audience=[city.sibling["id"]])


async def test_what_is_no_activity_is_no_class(db: Connection, city: City) -> None:
    course = await make_school_course(db, city)
    for given in (
        {"starts_on": date(3001, 1, 1), "ends_on": date(3001, 1, 2)},
        {"starts_on": date(1800, 1, 1), "ends_on": date(1800, 1, 2)},
    ):
        run = await make_run(db, city.school_admin, course, name=str(given["starts_on"]), **given)
        with pytest.raises(CourseClassUnfit) as refused:
            await make_class(db, city.school_admin, run)
        assert "starts_on" in str(refused.value.details["fields"])
        page = await list_course_classes(db, city.school_admin.actor, page=PAGE, run_id=run["id"])
        assert page.items == []
    wide = NewCourseClass.model_construct(
        name="一班", audience=[uuid4() for _ in range(201)], starts_on=None, ends_on=None,
        capacity=None, requires_note=False,
    )  # fmt: skip
    run = await make_run(db, city.school_admin, course, name="宽")
    with pytest.raises(CourseClassUnfit) as refused:
        await open_course_class(db, city.school_admin.actor, run_id=run["id"], new=wide)
    assert refused.value.details == {"fields": "audience"}
