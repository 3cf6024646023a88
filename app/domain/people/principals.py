"""Principals (校长): who leads a school on a day, as its first responsible person and beside that one.

「校长是校本研修工作第一责任人」: what a school has achieved by a day is what its principal of that day
answers for. Who that is follows from the posts, wherever the personnel relation is.
"""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.base import civil_date
from app.domain.organisation.facts import end_of, fact_filters
from app.domain.organisation.units import UNITS, Unit
from app.domain.paging import Page, PageRequest
from app.domain.people.facts.posts import COUNTS_AS, Post, TeacherPost
from app.domain.people.teachers import PersonName, Teacher, place_column
from app.domain.people.teachers.strata import is_among
from app.sql import Connection


class PrincipalView(BaseModel):
    """Who held a leading post at a school, in the narrow view: who, which, since when."""

    id: UUID = Field(description="任职记录 / key of the post")
    school_id: UUID = Field(description="任职学校 / school")
    teacher_id: UUID = Field(description="教师 / teacher")
    name: PersonName = Field(description="姓名 / name")
    post: Post = Field(description="岗位 / post")
    valid_from: date = Field(description="任职日期 / first day")
    valid_to: date | None = Field(description="离任日期 / first day on which it was no longer held")


# What may be asked.

PRINCIPALS = Door(
    table=TeacherPost,
    view=PrincipalView,
    read=Permission.TEACHER_READ,
    # By the school at which the post is held, which need not be that of the personnel relation.
    places={place: col(getattr(Unit, place)) for place in PLACE},
    computed={"name": col(Teacher.name)},
    joined=TeacherPost.__table__.join(  # type: ignore[attr-defined]
        Unit.__table__,  # type: ignore[attr-defined]
        col(TeacherPost.school_id) == col(Unit.id),
    ).join(Teacher.__table__, col(TeacherPost.teacher_id) == col(Teacher.id)),  # type: ignore[attr-defined]
    filters={
        **{place: col(getattr(Unit, place)) for place in PLACE},
        "post": col(TeacherPost.post),
        "leads": lambda given: given & is_among(col(TeacherPost.post), COUNTS_AS),
        **fact_filters(TeacherPost),
    },
    sorts={
        "school": (col(Unit.name), col(TeacherPost.post)),
        "valid_from": (col(TeacherPost.valid_from),),
    },
)


async def list_principals(
    db: Connection,
    actor: Actor,
    *,
    unit_id: UUID,
    page: PageRequest,
    now: datetime,
    post: Post | None = None,
    as_of: date | None = None,
    known_on: date | None = None,
) -> Page:
    """Who led the schools of a unit on a day, today by default: principals, deputies, secretaries.

    `post` narrows it to one of these; another post is held by nobody here.
    """
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.TEACHER_READ)
    filters = {
        place_column(unit): unit_id,
        "post": post,
        "leads": True,
        "as_of": as_of or civil_date(now),
        "known_at": end_of(known_on),
    }
    return await PRINCIPALS.page(db, actor, page, filters=filters)
