"""One piece of work of each kind about courses, their runs, classes and exercises."""

from app.sql import Connection
from tests import make_completions, make_courses
from tests.made import Made
from tests.make import City


async def course_to_review(db: Connection, city: City) -> Made:
    course = await make_courses.make_course(db, city.school_admin, unit_id=city.school["id"])
    await make_courses.submit(db, city.school_admin, course)
    return Made(course["id"], city.county_admin, city.county["id"])


async def course_to_revise(db: Connection, city: City) -> Made:
    made = await course_to_review(db, city)
    await make_courses.send_back(db, city.county_admin, {"id": made.subject_id})
    return Made(made.subject_id, city.school_admin, city.school["id"])


async def course_to_publish(db: Connection, city: City) -> Made:
    made = await course_to_review(db, city)
    await make_courses.approve(db, city.county_admin, {"id": made.subject_id})
    return Made(made.subject_id, city.school_admin, city.school["id"])


async def course_run_to_judge(db: Connection, city: City) -> Made:
    course = await make_courses.make_school_course(db, city)
    run = await make_courses.make_concluded(db, city.school_admin, course)
    return Made(run["id"], city.county_admin, city.county["id"])


async def exercise_to_review(db: Connection, city: City) -> Made:
    made = await make_completions.make_handed_in(db, city)
    return Made(made["id"], city.school_admin, city.school["id"])


async def course_class_to_settle(db: Connection, city: City) -> Made:
    made = await make_completions.make_closed(db, city)
    return Made(made["id"], city.school_admin, city.school["id"])
