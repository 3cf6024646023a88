"""Serving teachers (任教教师): who works at a school, whether or not the personnel relation is there.

A teacher belongs to the school of the personnel relation, which alone keeps the record. The schools
at which the teacher serves besides (交流轮岗、走教、支教) see who comes to them, in a narrow view.
"""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.base import civil_date, holds_on
from app.domain.organisation.units import UNITS, Stage, Unit
from app.domain.paging import Page, PageRequest
from app.domain.people.facts.engagement import PlaceKind, ServicePlace
from app.domain.people.teachers import PersonName, Subject, Teacher, place_column
from app.sql import Connection


class ServingTeacherView(BaseModel):
    """Somebody who serves at a school, as that school sees one."""

    id: UUID = Field(description="任教记录 / key of the service place")
    school_id: UUID = Field(description="任教学校 / school of service")
    teacher_id: UUID = Field(description="教师 / teacher")
    name: PersonName = Field(description="姓名 / name")
    subject: Subject = Field(description="任教学科 / subject taught")
    stage: Stage = Field(description="任教学段 / stage taught")
    kind: PlaceKind = Field(description="任教类型 / kind")
    home_school_id: UUID = Field(description="人事关系所在学校 / school of the personnel relation")
    valid_from: date = Field(description="起始日 / first day")
    valid_to: date | None = Field(description="终止日 / first day on which it no longer holds")


# What may be asked.

SERVING_TEACHERS = Door(
    table=ServicePlace,
    view=ServingTeacherView,
    read=Permission.TEACHER_READ,
    places={place: col(getattr(Unit, place)) for place in PLACE},
    computed={
        "name": col(Teacher.name),
        "subject": col(Teacher.subject),
        "stage": col(Teacher.stage),
        "home_school_id": col(Teacher.school_id),
    },
    joined=ServicePlace.__table__.join(  # type: ignore[attr-defined]
        Unit.__table__,  # type: ignore[attr-defined]
        col(ServicePlace.school_id) == col(Unit.id),
    ).join(Teacher.__table__, col(ServicePlace.teacher_id) == col(Teacher.id)),  # type: ignore[attr-defined]
    filters={
        **{place: col(getattr(Unit, place)) for place in PLACE},
        "kind": col(ServicePlace.kind),
        "holding": lambda day: holds_on(ServicePlace, day),
    },
    sorts={"name": (col(Teacher.name),), "valid_from": (col(ServicePlace.valid_from),)},
)


async def list_serving_teachers(
    db: Connection,
    actor: Actor,
    *,
    unit_id: UUID,
    page: PageRequest,
    now: datetime,
    kind: PlaceKind | None = None,
    as_of: date | None = None,
) -> Page:
    """Whose service places lie in a unit on a day, today by default, by name unless sorted otherwise."""
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.TEACHER_READ)
    filters = {
        place_column(unit): unit_id, "kind": kind, "holding": as_of or civil_date(now),
    }  # fmt: skip
    return await SERVING_TEACHERS.page(db, actor, page, filters=filters)
