"""A cohort (期次): one run of a programme, with its year, its places, its goals, its plan and its budget."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, StringConstraints, model_validator
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Numeric,
    Text,
    UniqueConstraint,
    Uuid,
    any_,
    column,
    func,
    or_,
    select,
    table,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import Command, Table, key
from app.domain.errors import Conflict, Invalid, NotFound, Unfit
from app.domain.paging import Page, PageRequest
from app.domain.people.programmes import PROGRAMMES, Programme
from app.domain.people.teachers import was_merged
from app.sql import Connection, Row, UniqueViolationError, new_id

GoalText = Annotated[str, StringConstraints(min_length=2, max_length=200)]
YUAN = Numeric(14, 2)
"""An amount of money in yuan."""
TAKEN = ("admitted", "completed")
"""The states of a membership that take a place."""


class CohortFields(BaseModel):
    """When a cohort runs, for how many, and what it is to reach."""

    name: str = Field(min_length=1, max_length=60, description="期次名称 / name: 第二期")
    year: int = Field(ge=1990, le=2100, description="年度 / year to which it counts")
    places: int = Field(ge=1, le=100_000, description="名额 / places")
    goals: list[GoalText] = Field(
        min_length=1, max_length=20, description="培养指标，逐项考核 / goals, each with a result",
        sa_type=ARRAY(Text),
    )  # fmt: skip
    nominate_by: date | None = Field(
        default=None, description="推荐截止日（含） / last day of nominations"
    )
    plan: str | None = Field(
        default=None, min_length=2, max_length=20_000,
        description="培训方案 / how the people are trained, in words", sa_type=Text,
    )  # fmt: skip
    budget: Decimal | None = Field(
        default=None, ge=0, max_digits=14, decimal_places=2,
        description="经费预算（元） / budget in yuan", sa_type=YUAN,
    )  # fmt: skip
    budget_line: str | None = Field(
        default=None, min_length=2, max_length=200,
        description="经费来源、科目 / where the money comes from",
    )  # fmt: skip
    starts_on: date = Field(description="开班日期 / first day")
    ends_on: date = Field(description="结业日期 / last day")


class Cohort(CohortFields, Table, table=True):
    """A cohort; it hangs below its programme, which places it."""

    __table_args__ = (
        UniqueConstraint("programme_id", "year", "name"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_begins"),
        CheckConstraint("places >= 1", name="has_places"),
        CheckConstraint("budget >= 0", name="budget"),
    )

    id: UUID = key()
    programme_id: UUID = Field(foreign_key="programme.id", sa_type=Uuid)


class CohortView(CohortFields):
    """A cohort as both faces show it; teachers and trainees are counted apart."""

    id: UUID = Field(description="标识 / key")
    programme_id: UUID = Field(description="培养工程 / programme")
    teachers: int = Field(description="在培与结业教师数（人） / teachers admitted or completed")
    trainees: int = Field(description="非教师学员数（人） / trainees who are no teachers")


class NewCohort(CohortFields, Command):
    """A cohort to be opened in a programme."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_on < self.starts_on:
            raise Unfit("结业日期不能早于开班日期。", "A cohort ends when it begins, or later.")
        if self.nominate_by is not None and self.nominate_by > self.ends_on:
            raise Unfit("推荐截止日不能晚于结业日期。", "Nominations close before it ends.")
        return self


# What can be refused.


class CohortNotFound(NotFound):
    """There is no such cohort for the one who asks."""

    code = "cohort_not_found"
    zh = "未找到该期次。"
    en = "There is no such cohort."


class CohortExists(Conflict):
    """The programme has a cohort of this name in that year."""

    code = "cohort_exists"
    zh = "该培养工程本年度已有同名期次。"
    en = "The programme has a cohort of this name in that year."


class CohortOutsideProgramme(Invalid):
    """A cohort runs while its programme does."""

    code = "cohort_outside_programme"
    zh = "期次的起止日期超出了培养工程的有效期。"
    en = "The cohort runs on days on which its programme does not."


# What may be asked.

_MEMBERS = table(
    "cohort_member", column("state", Text()),
    *(column(name, Uuid()) for name in ("cohort_id", "teacher_id")),
)  # fmt: skip
_IN_A_PLACE = or_(*(_MEMBERS.c.state == each for each in TAKEN)), ~was_merged(_MEMBERS.c.teacher_id)
_TRAINEES = table("cohort_trainee", column("cohort_id", Uuid()))
# The nouns above this one describe these tables; here they are only counted.


def _number(rows: Any, *conditions: Any) -> Any:
    counted = select(func.count()).select_from(rows)
    return counted.where(rows.c.cohort_id == col(Cohort.id), *conditions).scalar_subquery()


COHORTS = Door(
    table=Cohort,
    view=CohortView,
    read=Permission.PROGRAMME_READ,
    missing=CohortNotFound,
    places={name: col(getattr(Programme, name)) for name in PLACE},
    audience=lambda audience: col(Programme.unit_id) == any_(audience),
    computed={
        "teachers": _number(_MEMBERS, *_IN_A_PLACE),
        "trainees": _number(_TRAINEES),
    },
    joined=Cohort.__table__.join(  # type: ignore[attr-defined]
        Programme.__table__,  # type: ignore[attr-defined]
        col(Cohort.programme_id) == col(Programme.id),
    ),
    filters={"programme_id": col(Cohort.programme_id), "year": col(Cohort.year)},
    sorts={"year": (col(Cohort.year), col(Cohort.name)), "created": ()},
    confided=frozenset({"budget", "budget_line"}),
)


async def get_cohort(db: Connection, actor: Actor, *, cohort_id: UUID) -> Row:
    """One cohort of a programme that the actor may see."""
    return await COHORTS.get(db, actor, cohort_id)


async def list_cohorts(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    programme_id: UUID | None = None,
    year: int | None = None,
    offered: bool | None = None,
) -> Page:
    """The cohorts of the actor's place by year, or with `offered` those of units at and above it."""
    filters = {"programme_id": programme_id, "year": year}
    return await COHORTS.page(db, actor, page, filters=filters, published=bool(offered))


async def cohorts_by_id(
    db: Connection, actor: Actor, *, cohort_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many cohorts by their keys; None where the actor may not see one."""
    return await COHORTS.by_id(db, actor, cohort_ids, columns=columns)


# What may be done.


async def open_cohort(db: Connection, actor: Actor, *, programme_id: UUID, new: NewCohort) -> Row:
    """Open a cohort of a programme that the actor runs."""
    programme = await PROGRAMMES.get(db, actor, programme_id, permission=Permission.PROGRAMME_WRITE)
    ends = programme["valid_to"]
    if new.starts_on < programme["valid_from"] or (ends is not None and new.ends_on >= ends):
        raise CohortOutsideProgramme
    cohort_id = new_id()
    try:
        await db.insert(Cohort, {"id": cohort_id, "programme_id": programme_id, **new.model_dump()})
    except UniqueViolationError:
        raise CohortExists from None
    return await COHORTS.get(db, actor, cohort_id)


async def hold_cohort(db: Connection, actor: Actor, *, cohort_id: UUID) -> Row:
    """A cohort that the actor runs, held until the transaction ends, as it is once it is held.

    It is read again: whoever held it before may have given places away, which a row that was waited
    for does not tell of others.
    """
    write = Permission.PROGRAMME_WRITE
    await COHORTS.get(db, actor, cohort_id, permission=write, lock=True)
    return await COHORTS.get(db, actor, cohort_id, permission=write)
