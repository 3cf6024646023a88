"""Taking the steps of a course: handing it in, deciding on it, publishing, revising, retiring it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, func, select, update
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, civil_date, text_enum
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
from app.sql import Connection, Row, Statement, new_id


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
    city_id, county_id, school_id = (course[n] for n in ("city_id", "county_id", "school_id"))
    if course["group_id"] is not None or course["department_id"] is not None:
        return {"city_id": city_id, "county_id": county_id, "school_id": school_id}
    if school_id is not None:
        return {"city_id": city_id, "county_id": county_id}
    return None if county_id == city_id else {"city_id": city_id, "county_id": city_id}


# What may be done.

_COURSE = col(Course.id) == bindparam("course_id", type_=Uuid)
_moment = bindparam("now", type_=MOMENT)
_ENTER = Statement(
    update(Course)
    .where(_COURSE)
    .values(
        state=bindparam("new_state", type_=text_enum(CourseState)),
        since=_moment,
        version=bindparam("new_version", type_=Integer),
        submitted_by=func.coalesce(bindparam("by", type_=Uuid), col(Course.submitted_by)),
        published_at=bindparam("published", type_=MOMENT),
        in_force=bindparam("agreed", type_=Integer),
    )
)


async def _enter(
    db: Connection,
    actor: Actor,
    course: Row,
    step: CourseStep,
    *,
    opinion: str | None = None,
    now: datetime,
) -> Row:
    """Bring a locked course into the state to which a step leads, and keep that the step was taken."""
    state = _LEADS_TO[step]
    is_handed_in = step is CourseStep.SUBMIT or course["version"] == 0
    version = course["version"] + is_handed_in
    in_force = course["in_force"] or version
    await db.run(
        _ENTER,
        course_id=course["id"],
        new_state=state,
        new_version=version,
        by=actor.on_behalf_of or actor.account_id if is_handed_in else None,
        now=now,
        published=now if state is CourseState.PUBLISHED else None,
        agreed=in_force if state in AGREED else None,
    )
    about = in_force if step is CourseStep.PUBLISH else version
    return await _keep(db, actor, course["id"], step, about, opinion, now)


async def _keep(
    db: Connection,
    actor: Actor,
    course_id: UUID,
    step: CourseStep,
    version: int,
    opinion: str | None,
    now: datetime,
) -> Row:
    """Keep that a step was taken."""
    row = {
        "id": new_id(), "course_id": course_id, "version": version, "step": step,
        "opinion": opinion, "taken_at": now, "taken_by": actor.account_id,
    }  # fmt: skip
    await db.insert(CourseReview, row)
    return await COURSES.get(db, actor, course_id)


_LEADS_TO = {
    CourseStep.SUBMIT: CourseState.SUBMITTED,
    CourseStep.WITHDRAW: CourseState.WITHDRAWN,
    CourseStep.RETURN: CourseState.RETURNED,
    CourseStep.APPROVE: CourseState.APPROVED,
    CourseStep.PUBLISH: CourseState.PUBLISHED,
}
_WAITING = frozenset({CourseState.SUBMITTED})


async def _settle(
    db: Connection, actor: Actor, course: Row, step: CourseStep, opinion: str | None, now: datetime
) -> Row:
    """Decide on what waits of a locked course, or take it back: a revision, or else the course."""
    if course["revision_since"] is None:
        check_course_state(course, _WAITING)
        return await _enter(db, actor, course, step, opinion=opinion, now=now)
    agreed = step is CourseStep.APPROVE
    await settle_revision(db, actor, course=course, agreed=agreed, now=now)
    return await _keep(db, actor, course["id"], step, course["version"], opinion, now)


async def submit_course(db: Connection, actor: Actor, *, course_id: UUID, now: datetime) -> Row:
    """Declare a course to the superior; what it says now is kept as a version."""
    course = await open_course(db, actor, course_id=course_id)
    if place_of_course_review(course) is None:
        raise CourseWithoutSuperior
    await keep_course_version(db, actor, course=course, now=now)
    return await _enter(db, actor, course, CourseStep.SUBMIT, now=now)


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
    if not actor.accounts.isdisjoint(
        (await db.one(_SUBMITTERS, course_id=course_id) or {}).values()
    ):
        raise CourseOfOneself
    return await _settle(db, actor, course, step, opinion, now)


_SUBMITTERS = Statement(
    select(col(Course.submitted_by), col(CourseVersion.submitted_by).label("by"))
    .join_from(Course, CourseVersion, col(CourseVersion.course_id) == col(Course.id))
    .where(_COURSE, col(CourseVersion.number) == col(Course.version))
)


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
    return await _enter(db, actor, course, CourseStep.PUBLISH, now=now)


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
    return await _keep(db, actor, course_id, CourseStep.REVISE, version, None, now)


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
    return await _keep(
        db, actor, course_id, CourseStep.RETIRE, course["in_force"], retirement.reason, now
    )
