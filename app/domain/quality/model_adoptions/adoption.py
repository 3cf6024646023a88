"""An adoption (推广应用): its tables, who sees it, and what may be asked of it."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Computed, Index, Text, Uuid, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Placed, Table, key, place_constraints
from app.domain.errors import NotFound
from app.domain.organisation.units import UNITS, Level, Unit
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import place_column
from app.domain.quality.measures import IndicatorMeasure
from app.domain.quality.model_cases import ModelCase
from app.sql import Connection, Row, Statement


class ModelAdoptionFields(BaseModel):
    """From when a unit works by a case, and how it means to."""

    adopted_on: date = Field(description="采用日期 / from when")
    plan: str = Field(
        min_length=10, max_length=5000, description="推广应用方案 / how it is to be done",
        sa_type=Text,
    )  # fmt: skip
    report_by: date = Field(description="成效报告期限 / by when it says what came of it")


class ModelAdoption(ModelAdoptionFields, Placed, Table, table=True):
    """That a unit works by a case of another, placed by the unit that does. It names no teacher."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("report_by > adopted_on", name="reports_afterwards"),
        CheckConstraint(
            "num_nonnulls(effect, figures, reported_at, reported_by) IN (0, 4)", name="report"
        ),
        CheckConstraint(
            "num_nonnulls(ended_on, ended_because, ended_by) IN (0, 3)", name="ending"
        ),
        CheckConstraint("ended_on >= adopted_on", name="ends_afterwards"),
        Index(
            "uq_model_adoption_in_force", "case_id", "unit_id", unique=True,
            postgresql_where=text("ended_on IS NULL"),
        ),
        *(Index(None, name, "id") for name in ("school_id", "county_id", "city_id")),
        Index(None, "case_id"),
    )  # fmt: skip

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    case_id: UUID = Field(foreign_key="model_case.id", sa_type=Uuid)
    version: int
    created_at: datetime = Field(sa_type=MOMENT)
    created_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    effect: str | None = Field(default=None, sa_type=Text)
    figures: list[dict[str, object]] | None = Field(default=None, sa_type=JSONB)
    reported_at: datetime | None = Field(default=None, sa_type=MOMENT)
    reported_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    ended_on: date | None = None
    ended_because: str | None = Field(default=None, max_length=2000)
    ended_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class ModelAdoptionActivity(Table, table=True):
    """That an activity of the unit was held by the case that it has adopted."""

    __table_args__ = (Index(None, "activity_id"),)

    adoption_id: UUID = Field(primary_key=True, foreign_key="model_adoption.id", sa_type=Uuid)
    activity_id: UUID = Field(primary_key=True, foreign_key="activity.id", sa_type=Uuid)
    added_at: datetime = Field(sa_type=MOMENT)
    added_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class AdoptionFigure(BaseModel):
    """A measure of the unit before and since it adopted a case, over as many days; from the register."""

    measure: IndicatorMeasure = Field(description="计量项 / measure")
    before_since: str = Field(description="采用前起始日 / first day before")
    before_until: str = Field(description="采用前截止日 / last day before")
    before_numerator: int = Field(description="采用前分子或计数 / numerator or count before")
    before_denominator: int | None = Field(description="采用前分母 / denominator before")
    before_value: Decimal | None = Field(description="采用前的值 / value before")
    since: str = Field(description="采用后起始日 / first day since")
    until: str = Field(description="采用后截止日 / last day since")
    numerator: int = Field(description="采用后分子或计数 / numerator or count since")
    denominator: int | None = Field(description="采用后分母 / denominator since")
    value: Decimal | None = Field(description="采用后的值 / value since")
    rows: str = Field(description="明细所在地址 / address of the rows behind it")


class ModelAdoptionView(ModelAdoptionFields):
    """An adoption as both faces show it."""

    id: UUID = Field(description="标识 / key")
    case_id: UUID = Field(description="典型案例 / case")
    title: str = Field(description="案例名称 / title of the case")
    version: int = Field(description="采用的版本号 / number of the version that was adopted")
    unit_id: UUID = Field(description="采用单位 / unit that adopted it")
    unit_name: str = Field(description="采用单位名称 / its name")
    created_at: datetime = Field(description="登记时间 / when it was recorded")
    activities: int = Field(description="所开展的活动数 / activities that were held by it")
    effect: str | None = Field(description="成效 / what came of it")
    figures: list[AdoptionFigure] | None = Field(description="成效数据 / figures of that")
    reported_at: datetime | None = Field(description="报告时间 / when that was reported")
    ended_on: date | None = Field(description="停止日期 / when it was given up")
    ended_because: str | None = Field(description="停止原因 / why")


class ModelAdoptionCountView(BaseModel):
    """How many units of a level in and below a unit have adopted a case, and what became of that."""

    case_id: UUID = Field(description="典型案例 / case")
    title: str = Field(description="案例名称 / title")
    level: Level = Field(description="采用单位层级 / level of the units")
    units: int = Field(description="采用过的单位数 / units that have adopted it at any time")
    in_force: int = Field(description="现仍采用的单位数 / of them, those that still work by it")
    reported: int = Field(
        description="已报告成效的单位数 / of them, those that said what came of it"
    )
    counties: int = Field(description="涉及的主管教育局数 / bureaux in charge of them")


# What can be refused.


class ModelAdoptionNotFound(NotFound):
    """There is no such adoption for the one who asks."""

    code = "model_adoption_not_found"
    zh = "未找到该推广应用记录。"
    en = "There is no such adoption of a model case."


# What may be asked.

_activities = (
    select(func.count())
    .where(col(ModelAdoptionActivity.adoption_id) == col(ModelAdoption.id))
    .correlate(ModelAdoption)
    .scalar_subquery()
)
MODEL_ADOPTIONS = Door(
    table=ModelAdoption,
    view=ModelAdoptionView,
    read=Permission.RESOURCE_READ,
    missing=ModelAdoptionNotFound,
    computed={
        "title": col(ModelCase.title), "unit_name": col(Unit.name), "activities": _activities,
    },
    joined=ModelAdoption.__table__.join(  # type: ignore[attr-defined]
        ModelCase.__table__,  # type: ignore[attr-defined]
        col(ModelAdoption.case_id) == col(ModelCase.id),
    ).join(Unit.__table__, col(ModelAdoption.unit_id) == col(Unit.id)),  # type: ignore[attr-defined]
    filters={
        "case_id": col(ModelAdoption.case_id),
        "unit_id": col(ModelAdoption.unit_id),
        "in_force": lambda given: col(ModelAdoption.ended_on).is_(None) == given,
        "reported": lambda given: col(ModelAdoption.reported_at).is_not(None) == given,
    },
    sorts={"created": (), "report_by": (col(ModelAdoption.report_by),)},
)  # fmt: skip
"""Adoptions, seen by the unit that adopted a case and by those above it."""


async def get_model_adoption(db: Connection, actor: Actor, *, adoption_id: UUID) -> Row:
    """One adoption within the actor's reach."""
    return await MODEL_ADOPTIONS.get(db, actor, adoption_id)


async def list_model_adoptions(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    case_id: UUID | None = None,
    unit_id: UUID | None = None,
    in_force: bool | None = None,
    reported: bool | None = None,
) -> Page:
    """The adoptions by units in the actor's place, in the order in which they were recorded."""
    filters = {"case_id": case_id, "unit_id": unit_id, "in_force": in_force, "reported": reported}
    return await MODEL_ADOPTIONS.page(db, actor, page, filters=filters)


async def model_adoptions_of(
    db: Connection,
    actor: Actor,
    *,
    case_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """A page of the adoptions of each of many cases."""
    owner = col(ModelAdoption.case_id)
    return await MODEL_ADOPTIONS.pages_of(db, actor, owner, case_ids, page, columns=columns)


def _counts(place: str) -> Statement:
    units = col(ModelAdoption.unit_id).distinct()
    return Statement(
        select(
            col(ModelAdoption.case_id), col(ModelCase.title), col(Unit.level),
            func.count(units).label("units"),
            func.count(units).filter(col(ModelAdoption.ended_on).is_(None)).label("in_force"),
            func.count(units).filter(col(ModelAdoption.reported_at).is_not(None)).label("reported"),
            func.count(col(ModelAdoption.county_id).distinct()).label("counties"),
        )
        .join_from(ModelAdoption, ModelCase, col(ModelAdoption.case_id) == col(ModelCase.id))
        .join(Unit, col(ModelAdoption.unit_id) == col(Unit.id))
        .where(col(getattr(ModelAdoption, place)) == bindparam("unit_id", type_=Uuid))
        .group_by(col(ModelAdoption.case_id), col(ModelCase.title), col(Unit.level))
        .order_by(col(ModelCase.title), col(ModelAdoption.case_id), col(Unit.level))
    )  # fmt: skip


_COUNTS = {place: _counts(place) for place in ("city_id", "county_id", "school_id")}


async def list_model_adoption_counts(db: Connection, actor: Actor, *, unit_id: UUID) -> list[Row]:
    """By how many units in and below a unit each case was adopted, by their level; each unit once.

    It counts units, and leads to nobody's assessment: what is read or adopted is no merit of a teacher.
    """
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.RESOURCE_READ)
    return await db.all(_COUNTS[place_column(unit)], unit_id=unit_id)
