"""The door of tests, and what may be asked of them."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, any_, column, exists, func, or_, select, table
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.errors import Conflict, NotFound
from app.domain.learning.course_runs import CourseClass, CourseRun
from app.domain.learning.course_tests.table import CourseTest, CourseTestState, CourseTestView
from app.domain.learning.courses import Course
from app.domain.paging import Page, PageRequest
from app.domain.training.activities import Activity
from app.domain.training.activities.activity import is_offered
from app.domain.training.activities.owners import is_owned_by
from app.sql import Connection, Row

# What can be refused.


class CourseTestNotFound(NotFound):
    """There is no such test for the one who asks."""

    code = "course_test_not_found"
    zh = "未找到该测验。"
    en = "There is no such test."


class CourseTestWrongState(Conflict):
    """This is done in another state of a test than the one that it is in."""

    code = "course_test_wrong_state"
    zh = "测验当前状态为“{state}”，此操作只能在以下状态进行：{allowed}。"
    en = "The test is '{state}'; this can be done only while it is: {allowed}."


def check_test_state(test: Row, allowed: CourseTestState) -> None:
    """Refuse what is not done in the test's state."""
    if test["state"] != allowed:
        raise CourseTestWrongState(state=test["state"], allowed=allowed.value)


# What may be asked.


_class: Any = aliased(CourseClass)
_run: Any = aliased(CourseRun)


def is_of_activity(activity_id: Any, test: Any = CourseTest) -> ColumnElement[bool]:
    """The predicate 'this test is taken in that activity': its own, or that of its class's course."""
    of_version = (
        select(_class.id)
        .join_from(_class, _run, _class.run_id == _run.id)
        .where(
            _class.activity_id == activity_id,
            _run.course_id == col(test.course_id),
            _run.version == col(test.course_version),
        )
        .correlate_except(_class, _run)
    )
    return or_(col(test.activity_id) == activity_id, exists(of_version))


IS_PUBLISHED: ColumnElement[bool] = col(CourseTest.published_at).is_not(None)
"""The predicate 'this test is published'."""


def _is_offered(addresses: Any) -> ColumnElement[bool]:
    """The predicate 'this test is published, and so is its activity, or a class of its course, to one'."""
    of_class = (
        select(col(CourseClass.id))
        .join_from(CourseClass, CourseRun, col(CourseClass.run_id) == col(CourseRun.id))
        .join(Activity, col(CourseClass.activity_id) == col(Activity.id))
        .where(
            col(CourseRun.course_id) == col(CourseTest.course_id),
            col(CourseRun.version) == col(CourseTest.course_version),
            is_offered(addresses),
        )
    )
    return IS_PUBLISHED & or_(is_offered(addresses), exists(of_class))


def _of_either(activity: str, course: str) -> Any:
    return func.coalesce(col(getattr(Activity, activity)), col(getattr(Course, course)), type_=Uuid)


def _is_of_department(departments: Any) -> ColumnElement[bool]:
    return is_owned_by(departments) | (col(Course.department_id) == any_(departments))


TEST_PLACES = {
    **{name: _of_either(name, name) for name in PLACE},
    "group_id": _of_either("organiser_group_id", "group_id"),
    "network_id": col(Activity.organiser_network_id),
    "department_id": _is_of_department,
}
"""What places a test, and all that is read through its door: its activity, or its course."""

_IN = CourseTest.__table__.outerjoin(  # type: ignore[attr-defined]
    Activity.__table__,  # type: ignore[attr-defined]
    col(CourseTest.activity_id) == col(Activity.id),
).outerjoin(
    Course.__table__,  # type: ignore[attr-defined]
    col(CourseTest.course_id) == col(Course.id),
)
# The noun above this one describes this table; here its rows are only counted.
_ATTEMPTS = table("course_test_attempt", column("test_id", Uuid()))

COURSE_TESTS = Door(
    table=CourseTest,
    view=CourseTestView,
    read=Permission.COURSE_READ,
    missing=CourseTestNotFound,
    places=TEST_PLACES,
    audience=_is_offered,
    joined=_IN,
    computed={
        "attempts": select(func.count())
        .select_from(_ATTEMPTS)
        .where(_ATTEMPTS.c.test_id == col(CourseTest.id))
        .scalar_subquery()
    },
    filters={
        "activity_id": is_of_activity,
        "course_id": col(CourseTest.course_id),
        "state": col(CourseTest.state),
    },
    sorts={"created": ()},
)
"""Tests where their activity or course lies; once published seen by those to whom that is."""


def beside_test(rows: Any, test_id: Any) -> Any:
    """What hangs on tests, joined with them and with what places them."""
    tests, activities, courses = (
        each.__table__  # type: ignore[union-attr]  # table classes
        for each in (CourseTest, Activity, Course)
    )
    return (
        rows.join(tests, test_id == tests.c.id)
        .outerjoin(activities, tests.c.activity_id == activities.c.id)
        .outerjoin(courses, tests.c.course_id == courses.c.id)
    )


async def get_course_test(db: Connection, actor: Actor, *, test_id: UUID) -> Row:
    """One test in the actor's place, or published to the actor."""
    return await COURSE_TESTS.get(db, actor, test_id)


async def list_course_tests(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    activity_id: UUID | None = None,
    course_id: UUID | None = None,
    state: CourseTestState | None = None,
) -> Page:
    """The tests in the actor's place; `activity_id` keeps those that are taken in that class or activity."""
    filters = {"activity_id": activity_id, "course_id": course_id, "state": state}
    return await COURSE_TESTS.page(db, actor, page, filters=filters)


async def list_offered_course_tests(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    activity_id: UUID | None = None,
    course_id: UUID | None = None,
) -> Page:
    """The tests that are published to the actor."""
    filters = {"activity_id": activity_id, "course_id": course_id}
    return await COURSE_TESTS.page(db, actor, page, filters=filters, published=True)
