"""A step of a course: what it is, who reads it."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Index, Uuid
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Table, key, text_enum
from app.domain.errors import NotFound
from app.domain.learning.courses import COURSE_PLACES, COURSES, Course, CourseStep
from app.domain.paging import Page, PageRequest
from app.sql import Connection


class CourseReview(Table, table=True):
    """One step of a course: who did what with which version, when, with which opinion. Written once."""

    __table_args__ = (Index(None, "course_id", "id"),)

    id: UUID = key()
    course_id: UUID = Field(foreign_key="course.id", sa_type=Uuid)
    version: int
    step: CourseStep = Field(sa_type=text_enum(CourseStep))
    opinion: str | None = Field(default=None, max_length=2000)
    taken_at: datetime = Field(sa_type=MOMENT)
    taken_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class CourseReviewView(BaseModel):
    """A step as both faces show it."""

    id: UUID = Field(description="标识 / key")
    course_id: UUID = Field(description="课程 / course")
    version: int = Field(description="版本号 / version that it is about")
    step: CourseStep = Field(description="环节 / what was done")
    opinion: str | None = Field(description="意见 / opinion")
    taken_at: datetime = Field(description="时间 / when")
    by: str = Field(description="经办人 / who did it")


# What can be refused.


class CourseReviewNotFound(NotFound):
    """There is no such step for the one who asks."""

    code = "course_review_not_found"
    zh = "未找到该审核记录。"
    en = "There is no such step of a course."


# What may be asked.

COURSE_REVIEWS = Door(
    table=CourseReview,
    view=CourseReviewView,
    read=Permission.COURSE_READ,
    missing=CourseReviewNotFound,
    places=COURSE_PLACES,
    computed={"by": col(Account.display_name)},
    joined=CourseReview.__table__.join(  # type: ignore[attr-defined]
        Course.__table__,  # type: ignore[attr-defined]
        col(CourseReview.course_id) == col(Course.id),
    ).join(Account.__table__, col(CourseReview.taken_by) == col(Account.id)),  # type: ignore[attr-defined]
    filters={"course_id": col(CourseReview.course_id)},
    sorts={"taken": ()},
)
"""Steps are for those who write and review the course, not for those to whom it is published."""


async def list_course_reviews(
    db: Connection, actor: Actor, *, course_id: UUID, page: PageRequest
) -> Page:
    """What was done with one course in the actor's place, the first first."""
    actor.require(Permission.COURSE_READ, await COURSES.get(db, actor, course_id))
    return await COURSE_REVIEWS.page(db, actor, page, filters={"course_id": course_id})


async def reviews_of_courses(
    db: Connection,
    actor: Actor,
    *,
    course_ids: list[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """What was done with each of many courses, the first first."""
    return await COURSE_REVIEWS.pages_of(
        db, actor, col(CourseReview.course_id), course_ids, page, columns=columns
    )
