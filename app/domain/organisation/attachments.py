"""Attachments (隶属关系以外的附属): schools that belong to another without being supervised by it.

A teaching point (教学点) and a campus (校区) lie under a central school, an education group (教育集团) has a
leading one; the bureau in charge supervises each of them all the same, and there is no fourth level.
The superior may let the head school administer an attached one, by granting its accounts roles
there; such grants end with the attachment.
"""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Date, Index, Uuid, bindparam, or_, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.holders import end_grants_over
from app.domain.access.roles import Permission
from app.domain.base import (
    Command,
    Dated,
    Table,
    civil_date,
    dated_constraints,
    holds_once,
    key,
    text_enum,
)
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.organisation.facts import (
    FactView,
    check_day,
    end_fact,
    end_of,
    fact_filters,
)
from app.domain.organisation.units import UNITS, Level, NotASchool, Unit, hold_unit, lock_city
from app.domain.paging import Page, PageRequest
from app.sql import Connection, ExclusionViolationError, Row, Statement, new_id


class AttachmentKind(StrEnum):
    """How a school belongs to another (类型)."""

    TEACHING_POINT = "teaching_point"
    """教学点"""
    CAMPUS = "campus"
    """校区"""
    EDUCATION_GROUP = "education_group"
    """教育集团"""


class AttachmentFields(BaseModel):
    """To which school, and how."""

    head_id: UUID = Field(
        description="中心校、本部或牵头校 / the school that it belongs to", sa_type=Uuid
    )
    kind: AttachmentKind = Field(description="类型 / kind", sa_type=text_enum(AttachmentKind))
    document: str | None = Field(
        default=None, max_length=100, description="文号 / number of the document"
    )


class UnitAttachment(AttachmentFields, Dated, Table, table=True):
    """That a school belongs to another from a day on."""

    __table_args__ = (
        *dated_constraints(),
        CheckConstraint("unit_id <> head_id", name="not_to_itself"),
        holds_once("unit_attachment", "unit_id", "kind"),
        Index(None, "unit_id", "valid_from"),
        Index(None, "head_id", "valid_from"),
    )

    id: UUID = key()
    unit_id: UUID = Field(foreign_key="unit.id", sa_type=Uuid)
    head_id: UUID = Field(foreign_key="unit.id", sa_type=Uuid)


class AttachmentView(AttachmentFields, FactView):
    """An attachment as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="附属学校 / the school that is attached")


class NewAttachment(AttachmentFields, Command):
    """An attachment, from today unless said otherwise."""

    valid_from: date | None = Field(
        default=None, description="起始日期，默认今天 / first day; today by default"
    )


class AttachmentEnd(Command):
    """The day from which a school no longer belongs to another, today unless said otherwise."""

    on: date | None = Field(default=None, description="终止日期，默认今天 / first day without it")


# What can be refused.


class AttachmentNotFound(NotFound):
    """There is no such attachment for the one who asks."""

    code = "attachment_not_found"
    zh = "未找到该附属关系。"
    en = "There is no such attachment."


class AttachmentExists(Conflict):
    """A school belongs to one school at most at a time in each kind."""

    code = "attachment_exists"
    zh = "该学校在同一时期已有此类附属关系，请先终止。"
    en = "The school has an attachment of this kind at that time already: end that first."


class AttachmentCircle(Invalid):
    """A school belongs neither to itself nor to one that belongs to it."""

    code = "attachment_circle"
    zh = "学校不能附属于自身，也不能附属于其附属学校。"
    en = "A school can be attached neither to itself nor to one that is attached to it."


# What may be asked.

ATTACHMENTS = Door(
    table=UnitAttachment,
    view=AttachmentView,
    read=Permission.UNIT_READ,
    missing=AttachmentNotFound,
    places={name: col(getattr(Unit, name)) for name in ("city_id", "county_id", "school_id")},
    joined=UnitAttachment.__table__.join(  # type: ignore[attr-defined]
        Unit.__table__,  # type: ignore[attr-defined]
        col(UnitAttachment.unit_id) == col(Unit.id),
    ),
    filters={
        "unit_id": col(UnitAttachment.unit_id),
        "head_id": col(UnitAttachment.head_id),
        **fact_filters(UnitAttachment),
    },
    sorts={"valid_from": (col(UnitAttachment.valid_from),), "created": ()},
)


async def list_attachments(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    head_id: UUID | None = None,
    as_of: date | None = None,
    known_on: date | None = None,
) -> Page:
    """The attachments of the schools that the actor may see, by first day: all, or those of a day."""
    filters = {
        "unit_id": unit_id, "head_id": head_id, "as_of": as_of, "known_at": end_of(known_on)
    }  # fmt: skip
    return await ATTACHMENTS.page(db, actor, page, filters=filters)


async def attachments_of(
    db: Connection, actor: Actor, *, unit_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, list[Row]]:
    """All attachments of many schools, by first day; one statement."""
    return await ATTACHMENTS.rows_of(
        db, actor, col(UnitAttachment.unit_id), unit_ids,
        filters={"known_at": end_of(None)}, columns=columns,
    )  # fmt: skip


# What may be done.


def _heads_above() -> Statement:
    """Whether from a day on a school is the head, or one to which that belongs through others."""
    first = select(bindparam("head_id", type_=Uuid).label("id")).cte("above", recursive=True)
    table = UnitAttachment.__table__.c  # type: ignore[attr-defined]
    above = first.union(
        select(table.head_id).where(
            table.unit_id == first.c.id,
            table.superseded_at.is_(None),
            or_(table.valid_to.is_(None), table.valid_to > bindparam("since", type_=Date)),
        )
    )
    return Statement(select(above.c.id).where(above.c.id == bindparam("unit_id", type_=Uuid)))


_IN_CIRCLE = _heads_above()


async def attach_unit(
    db: Connection, actor: Actor, *, unit_id: UUID, new: NewAttachment, now: datetime
) -> Row:
    """Attach a school to another; who administers both may do it.

    Attachments of one city are made one after the other, so that no two close a circle together.
    """
    permission = Permission.UNIT_WRITE
    unit = await UNITS.get(db, actor, unit_id, permission=permission)
    await lock_city(db, city_id=unit["city_id"])
    unit = await hold_unit(db, actor, unit_id=unit_id, permission=permission)
    head = await hold_unit(db, actor, unit_id=new.head_id, permission=permission)
    if not unit["level"] == head["level"] == Level.SCHOOL:
        raise NotASchool
    today = civil_date(now)
    since = new.valid_from or today
    check_day(since, today=today)
    if await db.value(_IN_CIRCLE, unit_id=unit_id, head_id=new.head_id, since=since) is not None:
        raise AttachmentCircle
    attachment_id = new_id()
    row = {**new.model_dump(), "id": attachment_id, "unit_id": unit_id}
    try:
        await db.insert(UnitAttachment, {**row, "valid_from": since, "recorded_at": now})
    except ExclusionViolationError:
        raise AttachmentExists from None
    return await ATTACHMENTS.get(db, actor, attachment_id)


async def end_attachment(
    db: Connection, actor: Actor, *, attachment_id: UUID, end: AttachmentEnd, now: datetime
) -> Row:
    """End an attachment on a day, and with it what the head school's accounts may do there."""
    held = await ATTACHMENTS.get(
        db, actor, attachment_id, permission=Permission.UNIT_WRITE, lock=True
    )
    ended = await end_fact(db, table=UnitAttachment, held=held, on=end.on, now=now)
    await end_grants_over(
        db, actor, subject_ids=[held["unit_id"]], holders_at=held["head_id"], now=now
    )
    return ended
