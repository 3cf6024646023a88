"""Taking the steps of a course: handing it in, deciding on it, publishing, revising, retiring it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from app.domain.access.actors import Actor
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict
from app.domain.learning.course_reviews.review import CourseReview
from app.domain.learning.courses import (
    AGREED,
    AUDIENCE,
    COURSES,
    EDITABLE,
    Course,
    CourseRevision,
    CourseState,
    CourseStep,
    CourseVersion,
    check_course_state,
    keep_course_version,
    open_course,
    owner_of,
    propose_revision,
    settle_revision,
)
from app.domain.training.reviewed import Reviewed, place_of_superior
from app.sql import Connection, Row


class CourseOpinion(Command):
    """What the superior says to a course."""

    opinion: str = Field(min_length=2, max_length=2000, description="审核意见 / opinion")


class CourseRetirement(Command):
    """Why a course is given no more."""

    reason: str = Field(min_length=2, max_length=500, description="停用原因 / why")


# What can be refused.


class CourseWithoutSuperior(Conflict):
    """The city's own courses have no superior here: they are published."""

    code = "course_without_superior"
    zh = "市级课程没有上级审核环节，可直接发布。"
    en = "The city's courses have no superior here: publish them."


class CourseOfOneself(Conflict):
    """Nobody decides on a course that they submitted, answer for, or that is of what they have a role for."""

    code = "course_of_oneself"
    zh = "不能审核本人负责或申报的课程，也不能审核本组、本部门或本单位的课程。"
    en = (
        "Nobody decides on a course that they answer for or submitted, nor on one of their own group,"
        " department or unit."
    )


def place_of_course_review(course: Row) -> dict[str, Any] | None:
    """Where the right to review this must be held: the superior's place; None where there is none."""
    return place_of_superior(course, parts=("group_id", "department_id"))


# What may be done.

_REVIEWED = Reviewed(
    door=COURSES,
    versions=CourseVersion,
    steps=CourseReview,
    key="course_id",
    leads_to={
        CourseStep.SUBMIT: CourseState.SUBMITTED,
        CourseStep.WITHDRAW: CourseState.WITHDRAWN,
        CourseStep.RETURN: CourseState.RETURNED,
        CourseStep.APPROVE: CourseState.APPROVED,
        CourseStep.PUBLISH: CourseState.PUBLISHED,
    },
    agreed=AGREED,
)
_WAITING = frozenset({CourseState.SUBMITTED})


async def _settle(
    db: Connection, actor: Actor, course: Row, step: CourseStep, opinion: str | None, now: datetime
) -> Row:
    """Decide on what waits of a locked course, or take it back: a revision, or else the course."""
    if course["revision_since"] is None:
        check_course_state(course, _WAITING)
        return await _REVIEWED.take(db, actor, course, step, opinion=opinion, now=now)
    agreed = step is CourseStep.APPROVE
    await settle_revision(db, actor, course=course, agreed=agreed, now=now)
    return await _REVIEWED.keep(
        db, actor, course["id"], step, course["version"], opinion=opinion, now=now
    )


async def submit_course(db: Connection, actor: Actor, *, course_id: UUID, now: datetime) -> Row:
    """Declare a course to the superior; what it says now is kept as a version."""
    course = await open_course(db, actor, course_id=course_id)
    if place_of_course_review(course) is None:
        raise CourseWithoutSuperior
    await keep_course_version(db, actor, course=course, now=now)
    return await _REVIEWED.take(db, actor, course, CourseStep.SUBMIT, now=now)


async def withdraw_course(db: Connection, actor: Actor, *, course_id: UUID, now: datetime) -> Row:
    """Take back what has not been decided on; a course may be written on and submitted again."""
    course = await COURSES.get(db, actor, course_id, permission=Permission.COURSE_WRITE, lock=True)
    return await _settle(db, actor, course, CourseStep.WITHDRAW, None, now)


async def return_course(
    db: Connection, actor: Actor, *, course_id: UUID, opinion: CourseOpinion, now: datetime
) -> Row:
    """Give a course back to its author to be written on, and say why."""
    return await _decide(db, actor, course_id, CourseStep.RETURN, opinion.opinion, now)


async def approve_course(
    db: Connection, actor: Actor, *, course_id: UUID, opinion: CourseOpinion, now: datetime
) -> Row:
    """Agree to a course; of two who decide at once the second is told that it was decided."""
    return await _decide(db, actor, course_id, CourseStep.APPROVE, opinion.opinion, now)


async def _decide(
    db: Connection, actor: Actor, course_id: UUID, step: CourseStep, opinion: str, now: datetime
) -> Row:
    course = await COURSES.get(db, actor, course_id, permission=Permission.COURSE_REVIEW, lock=True)
    place = place_of_course_review(course)
    if place is None:
        raise CourseWithoutSuperior
    actor.require(Permission.COURSE_REVIEW, place)
    if course["revision_since"] is None:
        check_course_state(course, _WAITING)
    own = owner_of(course) in {grant.subject_id for grant in actor.grants}
    if own or await is_oneself(db, actor, teacher_ids=[course["responsible_id"]]):
        raise CourseOfOneself
    if await _REVIEWED.was_submitted_by(db, actor, course_id):
        raise CourseOfOneself
    return await _settle(db, actor, course, step, opinion, now)


async def publish_course(db: Connection, actor: Actor, *, course_id: UUID, now: datetime) -> Row:
    """Put an agreed course into the catalogue of those it is for; the city's own needs no agreement.

    A network among them stands for the schools that belong to it on this day.
    """
    course = await COURSES.get(db, actor, course_id, permission=Permission.COURSE_WRITE, lock=True)
    if place_of_course_review(course) is not None:
        check_course_state(course, frozenset({CourseState.APPROVED}))
    else:
        check_course_state(course, EDITABLE)
        await keep_course_version(db, actor, course=course, now=now)
    await AUDIENCE.expand_networks(db, thing_id=course_id, today=civil_date(now))
    return await _REVIEWED.take(db, actor, course, CourseStep.PUBLISH, now=now)


async def revise_course(
    db: Connection, actor: Actor, *, course_id: UUID, revision: CourseRevision, now: datetime
) -> Row:
    """Submit what an agreed course is to say; until it is agreed to, the course says what it said.

    The city's own needs nobody's agreement.
    """
    course = await COURSES.get(db, actor, course_id, permission=Permission.COURSE_WRITE, lock=True)
    check_course_state(course, AGREED)
    await propose_revision(db, actor, course=course, revision=revision, now=now)
    version = course["version"] + 1
    if place_of_course_review(course) is None:
        revised = course | {"version": version}
        await settle_revision(db, actor, course=revised, agreed=True, now=now)
    return await _REVIEWED.keep(db, actor, course_id, CourseStep.REVISE, version, now=now)


async def retire_course(
    db: Connection, actor: Actor, *, course_id: UUID, retirement: CourseRetirement, now: datetime
) -> Row:
    """Take an agreed course out of the catalogue: it is run no more; what was begun is brought to its end.

    A revision that waits is forgotten with it.
    """
    course = await COURSES.get(db, actor, course_id, permission=Permission.COURSE_WRITE, lock=True)
    check_course_state(course, AGREED)
    values = {
        "state": CourseState.RETIRED, "since": now, "retired_at": now, "revision_since": None,
        "retired_because": retirement.reason,
    }  # fmt: skip
    await db.change(Course, course_id, values)
    return await _REVIEWED.keep(
        db,
        actor,
        course_id,
        CourseStep.RETIRE,
        course["in_force"],
        opinion=retirement.reason,
        now=now,
    )
