"""A visit of guidance: its table, its door, and what may be asked of it."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import CheckConstraint, Computed, ForeignKeyConstraint, Index, Uuid
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, key, place_constraints, text_enum
from app.domain.errors import NotFound, Unfit
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row


class GuidanceKind(StrEnum):
    """What was done (方式)."""

    GUIDE = "guide"
    """指导"""
    INSPECT = "inspect"
    """检查"""
    EXCHANGE = "exchange"
    """交流"""
    EVALUATE = "evaluate"
    """评估"""
    REVIEW = "review"
    """审核、对照目标的评议"""


RIGHTS: dict[GuidanceKind, Permission] = {
    GuidanceKind.GUIDE: Permission.GUIDANCE_GUIDE,
    GuidanceKind.INSPECT: Permission.GUIDANCE_INSPECT,
    GuidanceKind.EXCHANGE: Permission.GUIDANCE_EXCHANGE,
    GuidanceKind.EVALUATE: Permission.GUIDANCE_EVALUATE,
    GuidanceKind.REVIEW: Permission.GUIDANCE_REVIEW,
}
"""By which permission each is done."""


class GuidanceFields(BaseModel):
    """What was done on which day, by whom, on which basis, what was found and what is asked for."""

    kind: GuidanceKind = Field(description="方式 / kind", sa_type=text_enum(GuidanceKind))
    visited_on: date = Field(description="日期 / day")
    visitors: str = Field(min_length=1, max_length=200, description="参加人员 / who came, in words")
    assignment_id: UUID | None = Field(
        default=None,
        description="依据：包片包校安排 / the assignment by which it was done, if by one",
        foreign_key="assignment.id",
        sa_type=Uuid,
    )
    target_id: UUID | None = Field(
        default=None,
        description="对照的目标 / the target of the assignment against which it was done",
        foreign_key="assignment_target.id",
        sa_type=Uuid,
    )
    committee_id: UUID | None = Field(
        default=None,
        description="依据：委员会 / the committee for which it was done, if for one",
        foreign_key="committee.id",
        sa_type=Uuid,
    )
    findings: str = Field(min_length=1, max_length=5000, description="发现与意见 / what was found")
    requests: str | None = Field(
        default=None, min_length=1, max_length=2000, description="整改要求 / what is asked for"
    )
    due_on: date | None = Field(default=None, description="整改期限 / by when it is asked for")


class GuidanceVisit(GuidanceFields, Placed, Table, table=True):
    """A visit, placed by the unit that was visited; its findings are written once."""

    __table_args__ = (
        *place_constraints(),
        ForeignKeyConstraint(["by_unit_id", "city_id"], ["unit.bureau_id", "unit.city_id"]),
        CheckConstraint("by_unit_id <> unit_id", name="not_of_oneself"),
        CheckConstraint("num_nonnulls(assignment_id, committee_id) <= 1", name="one_basis"),
        CheckConstraint("target_id IS NULL OR assignment_id IS NOT NULL", name="target"),
        CheckConstraint("num_nonnulls(requests, due_on) IN (0, 2)", name="requests_fall_due"),
        CheckConstraint("due_on >= visited_on", name="due_afterwards"),
        CheckConstraint("num_nonnulls(answer, answered_at, answered_by) IN (0, 3)", name="answer"),
        CheckConstraint("num_nonnulls(conclusion, closed_at, closed_by) IN (0, 3)", name="closing"),
        *(
            Index(None, name, "visited_on", "id")
            for name in ("unit_id", "school_id", "county_id", "city_id", "assignment_id")
        ),
        Index(None, "committee_id"),
    )

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    by_unit_id: UUID = Field(sa_type=Uuid)
    recorded_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    recorded_at: datetime = Field(sa_type=MOMENT)
    answer: str | None = Field(default=None, max_length=5000)
    answered_at: datetime | None = Field(default=None, sa_type=MOMENT)
    answered_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    conclusion: str | None = Field(default=None, max_length=2000)
    closed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    closed_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class GuidanceVisitView(GuidanceFields):
    """A visit as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="被指导单位 / unit that was visited")
    school_id: UUID | None = Field(description="学校 / school, null for a visited bureau")
    county_id: UUID = Field(description="主管教育局 / bureau in charge")
    city_id: UUID = Field(description="所属市 / city")
    by_unit_id: UUID = Field(description="指导方教育局 / bureau on whose behalf")
    recorder: str = Field(description="登记人 / who recorded it")
    recorded_at: datetime = Field(description="登记时间 / when it was recorded")
    answer: str | None = Field(description="被指导单位的答复 / what the unit answered")
    answered_at: datetime | None = Field(description="答复时间 / when it last answered")
    conclusion: str | None = Field(description="办结意见 / what it was closed with")
    closed_at: datetime | None = Field(description="办结时间 / when it was closed, null until then")


class NewGuidanceVisit(GuidanceFields, Command):
    """A visit to be recorded: on behalf of the bureau in charge, or as said otherwise."""

    by_unit_id: UUID | None = Field(
        default=None,
        description="指导方教育局，默认为直接上级或所依安排、委员会的教育局 / bureau on whose behalf",
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        bases = [self.by_unit_id, self.assignment_id, self.committee_id]
        if sum(basis is not None for basis in bases) > 1:
            raise Unfit(
                "依据只能是教育局职权、一项包片包校安排或一个委员会。",
                "The basis is the right of a bureau, one assignment or one committee.",
            )
        if self.target_id is not None and self.assignment_id is None:
            raise Unfit("目标须属于所依的安排。", "A target belongs to the assignment it names.")
        if (self.requests is None) != (self.due_on is None):
            raise Unfit("整改要求须有期限。", "What is asked for is asked for by a day.")
        if self.due_on is not None and self.due_on < self.visited_on:
            raise Unfit("整改期限不能早于指导日期。", "It is asked for after the visit.")
        return self


class GuidanceAnswer(Command):
    """What the visited unit answers."""

    answer: str = Field(min_length=1, max_length=5000, description="答复 / answer")


class GuidanceConclusion(Command):
    """With what a visit is closed."""

    conclusion: str = Field(min_length=1, max_length=2000, description="办结意见 / conclusion")


# What can be refused.


class GuidanceVisitNotFound(NotFound):
    """There is no such visit for the one who asks."""

    code = "guidance_visit_not_found"
    zh = "未找到该指导记录。"
    en = "There is no such record of guidance."


# What may be asked.

GUIDANCE_VISITS = Door(
    table=GuidanceVisit,
    view=GuidanceVisitView,
    read=Permission.GUIDANCE_READ,
    missing=GuidanceVisitNotFound,
    places={"assignment_id": col(GuidanceVisit.assignment_id)},
    computed={"recorder": col(Account.display_name)},
    joined=GuidanceVisit.__table__.join(  # type: ignore[attr-defined]
        Account.__table__,  # type: ignore[attr-defined]
        col(GuidanceVisit.recorded_by) == col(Account.id),
    ),
    filters={
        "unit_id": col(GuidanceVisit.unit_id),
        "by_unit_id": col(GuidanceVisit.by_unit_id),
        "assignment_id": col(GuidanceVisit.assignment_id),
        "kind": col(GuidanceVisit.kind),
        "closed": lambda closed: col(GuidanceVisit.closed_at).is_not(None) == closed,
        "due_before": lambda day: col(GuidanceVisit.due_on) < day,
    },
    sorts={"visited_on": (col(GuidanceVisit.visited_on),), "created": ()},
)
"""Visits, seen where the visited unit lies, and by the holder of the assignment by which they were."""


async def get_guidance_visit(db: Connection, actor: Actor, *, visit_id: UUID) -> Row:
    """One visit within the actor's reach."""
    return await GUIDANCE_VISITS.get(db, actor, visit_id)


async def list_guidance_visits(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    by_unit_id: UUID | None = None,
    assignment_id: UUID | None = None,
    kind: GuidanceKind | None = None,
    closed: bool | None = None,
    due_before: date | None = None,
) -> Page:
    """The visits that the actor may see, the earliest first unless sorted otherwise."""
    filters = {
        "unit_id": unit_id, "by_unit_id": by_unit_id, "assignment_id": assignment_id,
        "kind": kind, "closed": closed, "due_before": due_before,
    }  # fmt: skip
    return await GUIDANCE_VISITS.page(db, actor, page, filters=filters)


async def guidance_visits_of(
    db: Connection,
    actor: Actor,
    *,
    unit_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """A page of the visits to each of many units, the latest first."""
    return await GUIDANCE_VISITS.pages_of(
        db, actor, col(GuidanceVisit.unit_id), unit_ids, page, sort="-visited_on", columns=columns
    )
