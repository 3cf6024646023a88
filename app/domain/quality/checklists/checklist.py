"""What a checklist is: its items, for whom it is, from when until when. It is never changed, but ended."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import CheckConstraint, Index, any_
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import (
    MOMENT,
    TODAY,
    Command,
    Placed,
    Table,
    civil_date,
    in_force,
    key,
    place_constraints,
    text_enum,
)
from app.domain.credits.assessment_requirements import AssessmentTerm
from app.domain.credits.rules.calendar import DAY
from app.domain.errors import Conflict, Invalid, NotFound, Unfit
from app.domain.organisation.units import Level, NotASchool, hold_unit, place_of
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers.strata import Stratum
from app.sql import Connection, Row, new_id

MOST_ITEMS = 30
"""How many items a checklist has at most."""


class ChecklistMeasure(StrEnum):
    """What an item counts by itself (自动计数指标)."""

    HOURS = "hours"
    """参加研修学时"""
    CREDITS = "credits"
    """取得学分"""
    ACTIVITIES = "activities"
    """参加活动次数"""
    OBSERVATIONS = "observations"
    """听课评课次数"""
    NOTES = "notes"
    """研修笔记篇数"""
    REFLECTIONS = "reflections"
    """反思篇数"""
    TALKS = "talks"
    """主讲场次"""
    LESSONS = "lessons"
    """执教公开课、示范课节数"""
    OUTPUTS = "outputs"
    """已核实的论文、课例等成果数"""


class ChecklistItem(BaseModel):
    """One item (清单事项): counted where it says a measure, ticked by somebody where it says none."""

    number: int = Field(description="序号 / number within the checklist, from 1")
    wording: str = Field(description="事项 / what is asked, in the school's words")
    measure: ChecklistMeasure | None = Field(
        description="自动计数指标，人工确认为空 / what is counted, null where somebody ticks it"
    )
    amount: Decimal = Field(description="数量 / how much, or how often")


class NewChecklistItem(Command):
    """An item of a checklist to be."""

    wording: str = Field(min_length=1, max_length=100, description="事项 / what is asked")
    measure: ChecklistMeasure | None = Field(
        default=None,
        description="自动计数指标，人工确认不填 / what is counted; none where somebody ticks it",
    )
    amount: Decimal = Field(
        default=Decimal(1), gt=0, le=10_000, max_digits=8, decimal_places=2,
        description="数量，默认1 / how much, or how often; once by default",
    )  # fmt: skip


class ChecklistFields(BaseModel):
    """What a checklist is called, for whom it is, in which term, and by which rule."""

    name: str = Field(min_length=1, max_length=60, description="清单名称，如“八个一” / name")
    term: AssessmentTerm = Field(
        description="完成周期 / in which term", sa_type=text_enum(AssessmentTerm)
    )
    stratum: Stratum | None = Field(
        default=None,
        description="适用的层次、类别或岗位，全体为空 / for whom: layer, category or post; null for all",
        sa_type=text_enum(Stratum),
    )
    source: str | None = Field(
        default=None, min_length=1, max_length=200,
        description="依据，如校本研修管理制度第三条 / the rule that asks for it",
    )  # fmt: skip


class Checklist(ChecklistFields, Placed, Table, table=True):
    """A checklist of a school with its items; they stay as they were written."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("jsonb_typeof(items) = 'array'", name="items"),
        CheckConstraint("valid_to > valid_from", name="ends_after_it_begins"),
        Index(None, "school_id", "valid_from", "id"),
        Index(None, "county_id", "valid_from", "id"),
        Index(None, "city_id", "valid_from", "id"),
    )

    id: UUID = key()
    school_id: UUID = Placed.model_fields["school_id"]  # type: ignore[assignment]
    items: list[dict[str, Any]] = Field(sa_type=JSONB)
    valid_from: date
    valid_to: date | None = None
    created_by: UUID = Field(foreign_key="account.id")
    created_at: datetime = Field(sa_type=MOMENT)
    ended_by: UUID | None = Field(default=None, foreign_key="account.id")


class ChecklistView(ChecklistFields):
    """A checklist as both faces show it."""

    id: UUID = Field(description="标识 / key")
    school_id: UUID = Field(description="学校 / school")
    items: list[ChecklistItem] = Field(description="事项 / items, in their order")
    valid_from: date = Field(description="起始日 / first day on which it is asked")
    valid_to: date | None = Field(description="终止日（不含） / first day on which it no longer is")
    created_at: datetime = Field(description="制定时间 / when it was written")


class NewChecklist(ChecklistFields, Command):
    """A checklist, asked from today unless said otherwise."""

    items: list[NewChecklistItem] = Field(
        min_length=1, max_length=MOST_ITEMS, description="事项 / items, in their order"
    )
    valid_from: date | None = Field(default=None, description="起始日，默认今天 / first day")

    @model_validator(mode="after")
    def _items_differ(self) -> Self:
        if len({item.wording for item in self.items}) < len(self.items):
            raise Unfit("清单中的事项不能重复。", "No two items say the same.")
        return self


class ChecklistEnd(Command):
    """The day from which it is no longer asked, today unless said otherwise."""

    on: date | None = Field(default=None, description="终止日，默认今天 / first day without it")


# What can be refused.


class ChecklistNotFound(NotFound):
    """There is no such checklist for the one who asks."""

    code = "checklist_not_found"
    zh = "未找到该清单。"
    en = "There is no such checklist."


class ChecklistEnded(Conflict):
    """It was ended before."""

    code = "checklist_ended"
    zh = "该清单已于{day}终止。"
    en = "The checklist was ended on {day}."


class ChecklistEndsTooEarly(Invalid):
    """It ends after the first day on which it is asked, and what was asked cannot be made not to have been."""

    code = "checklist_ends_too_early"
    zh = "终止日须晚于起始日，且不早于今天：最早为{day}。"
    en = "It ends after its first day, and not before today: on {day} at the earliest."


# What may be asked.


def _is_asked_of(audience: Any) -> Any:
    """Those of the school see it: whoever has a grant in it."""
    return col(Checklist.school_id) == any_(audience)


CHECKLISTS = Door(
    table=Checklist,
    view=ChecklistView,
    read=Permission.ASSESSMENT_READ,
    missing=ChecklistNotFound,
    audience=_is_asked_of,
    filters={
        "school_id": col(Checklist.school_id),
        "term": col(Checklist.term),
        "in_force": lambda wanted: in_force(Checklist, TODAY) == wanted,
    },
    sorts={"valid_from": (col(Checklist.valid_from),)},
)


async def get_checklist(db: Connection, actor: Actor, *, checklist_id: UUID) -> Row:
    """One checklist: those of the school see it as well as those who look after it."""
    return await CHECKLISTS.get(db, actor, checklist_id)


async def list_checklists(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    school_id: UUID | None = None,
    term: AssessmentTerm | None = None,
    in_force: bool | None = None,
) -> Page:
    """The checklists of the schools in the actor's place, ended ones too unless said otherwise."""
    filters = {"school_id": school_id, "term": term, "in_force": in_force}
    return await CHECKLISTS.page(db, actor, page, filters=filters)


async def list_school_checklists(db: Connection, actor: Actor, *, page: PageRequest) -> Page:
    """What the actor's own school asks today."""
    return await CHECKLISTS.page(db, actor, page, filters={"in_force": True}, published=True)


# What may be done.


async def create_checklist(
    db: Connection, actor: Actor, *, unit_id: UUID, new: NewChecklist, now: datetime
) -> Row:
    """Ask the teachers of a school for what a checklist says."""
    write = Permission.ASSESSMENT_WRITE
    unit = await hold_unit(db, actor, unit_id=unit_id, permission=write)
    if unit["level"] != Level.SCHOOL:
        raise NotASchool
    checklist_id = new_id()
    items = [
        {"number": number, **item.model_dump(mode="json")}
        for number, item in enumerate(new.items, start=1)
    ]
    row = {
        "id": checklist_id,
        **new.model_dump(include=set(ChecklistFields.model_fields)),
        **place_of(unit),
        "items": items,
        "valid_from": new.valid_from or civil_date(now),
        "created_by": actor.account_id,
        "created_at": now,
    }
    await db.insert(Checklist, row)
    return await get_checklist(db, actor, checklist_id=checklist_id)


async def end_checklist(
    db: Connection, actor: Actor, *, checklist_id: UUID, end: ChecklistEnd, now: datetime
) -> Row:
    """No longer ask it, from a day on; what was reached until then can still be read."""
    write = Permission.ASSESSMENT_WRITE
    held = await CHECKLISTS.get(db, actor, checklist_id, permission=write, lock=True)
    if held["valid_to"] is not None:
        raise ChecklistEnded(day=held["valid_to"].isoformat())
    today = civil_date(now)
    first, day = max(held["valid_from"] + DAY, today), end.on or today
    if day < first:
        raise ChecklistEndsTooEarly(day=first.isoformat())
    await db.change(Checklist, checklist_id, {"valid_to": day, "ended_by": actor.account_id})
    return await get_checklist(db, actor, checklist_id=checklist_id)
