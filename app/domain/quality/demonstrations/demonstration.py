"""The application of a school: its door, and what may be asked of it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Uuid, any_, bindparam, func, select
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import civil_date
from app.domain.errors import NotFound
from app.domain.organisation.units import Unit
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers.strata import is_among
from app.domain.quality.demonstration_calls import DemonstrationCall
from app.domain.quality.demonstrations.conditions import DemonstrationFinding
from app.domain.quality.demonstrations.table import (
    Demonstration,
    DemonstrationAct,
    DemonstrationEvidence,
    DemonstrationState,
    DemonstrationStep,
)
from app.domain.quality.unit_evaluations.evaluation import of_county_or_bureau
from app.sql import Connection, Row, Statement


class DemonstrationView(BaseModel):
    """An application as the school and the bureaux above it see it."""

    id: UUID = Field(description="标识 / key")
    call_id: UUID = Field(description="创建通知 / call")
    title: str = Field(description="通知名称 / title of the call")
    designation: str = Field(description="称号 / the title that is applied for")
    unit_id: UUID = Field(description="申报学校 / school")
    unit_name: str = Field(description="学校名称 / name of the school")
    by_unit_id: UUID = Field(description="命名教育局 / bureau that gives the title")
    school_id: UUID = Field(description="学校 / school")
    county_id: UUID = Field(description="主管教育局 / bureau in charge")
    city_id: UUID = Field(description="所属市 / city")
    state: DemonstrationState = Field(description="状态 / how far it has come")
    statement: str = Field(description="自评报告 / what the school says of itself")
    file_ids: list[UUID] = Field(description="佐证文件 / files that show it")
    created_at: datetime = Field(description="建立时间 / when it was begun")
    handed_in_at: datetime | None = Field(description="申报时间 / when it was handed in")
    score: Decimal | None = Field(
        description="专家评审平均分，公示起可见 / mean of the experts' scores, once published"
    )
    published_on: date | None = Field(description="公示首日 / first day of publication")
    objections_until: date | None = Field(description="公示末日（含） / last day for objections")
    place: int | None = Field(description="名额序号 / number of the place that was taken")
    designation_id: UUID | None = Field(
        description="命名记录 / the designation, once it is awarded"
    )
    valid_to: date | None = Field(description="命名终止日（不含） / first day without the title")
    withdrawn_at: datetime | None = Field(description="撤销时间 / when the title was withdrawn")


class PublishedDemonstrationView(BaseModel):
    """What everybody below the bureau sees of a school that is to bear a title."""

    id: UUID = Field(description="标识 / key")
    title: str = Field(description="通知名称 / title of the call")
    designation: str = Field(description="拟授称号 / the title that is to be given")
    unit_name: str = Field(description="学校名称 / name of the school")
    by_unit_id: UUID = Field(description="公示教育局 / bureau that publishes it")
    published_on: date = Field(description="公示首日 / first day")
    objections_until: date = Field(description="公示末日（含） / last day for objections")


class DemonstrationStepView(BaseModel):
    """What was done with an application."""

    id: UUID = Field(description="标识 / key")
    act: DemonstrationAct = Field(description="环节 / what was done")
    opinion: str | None = Field(description="意见或理由 / opinion or reason")
    findings: list[DemonstrationFinding] = Field(
        description="当时核查的条件 / the conditions as they were found then"
    )
    at: datetime = Field(description="时间 / when")
    name: str = Field(description="办理人 / who did it")


# What can be refused.


class DemonstrationNotFound(NotFound):
    """There is no such application for the one who asks."""

    code = "demonstration_not_found"
    zh = "未找到该示范校申报。"
    en = "There is no such application for a title."


# What may be asked.

_files = func.array(
    select(col(DemonstrationEvidence.file_id))
    .where(col(DemonstrationEvidence.demonstration_id) == col(Demonstration.id))
    .order_by(col(DemonstrationEvidence.file_id))
    .correlate(Demonstration)
    .scalar_subquery()
)
_D, _C, _U = (each.__table__ for each in (Demonstration, DemonstrationCall, Unit))  # type: ignore[union-attr]
_with_call = _D.join(_C, _D.c.call_id == _C.c.id)

DEMONSTRATIONS = Door(
    table=Demonstration,
    view=DemonstrationView,
    read=Permission.GUIDANCE_READ,
    missing=DemonstrationNotFound,
    places={"county_id": of_county_or_bureau(Demonstration)},
    computed={
        "title": col(DemonstrationCall.title), "designation": col(DemonstrationCall.designation),
        "unit_id": col(Demonstration.school_id), "unit_name": col(Unit.name), "file_ids": _files,
    },
    joined=_with_call.join(_U, _D.c.school_id == _U.c.id),
    filters={
        "call_id": col(Demonstration.call_id),
        "unit_id": col(Demonstration.school_id),
        "by_unit_id": col(Demonstration.by_unit_id),
        "state": col(Demonstration.state),
        "ends_before": lambda day: col(Demonstration.valid_to) < day,
    },
    sorts={"created": (), "valid_to": (func.coalesce(col(Demonstration.valid_to), date(9999, 1, 1)),)},
)  # fmt: skip
"""Applications, seen by the school, by those above it, and by the bureau whose title it is."""

PUBLISHED_DEMONSTRATIONS = Door(
    table=Demonstration,
    view=PublishedDemonstrationView,
    read=Permission.NOTICE_READ,
    missing=DemonstrationNotFound,
    audience=lambda audience: col(Demonstration.by_unit_id) == any_(audience),
    computed={
        "title": col(DemonstrationCall.title), "designation": col(DemonstrationCall.designation),
        "unit_name": col(Unit.name),
    },
    joined=_with_call.join(
        # What is not shown does not exist here, whoever asks.
        _U, (_D.c.school_id == _U.c.id) & is_among(_D.c.state, [DemonstrationState.PUBLISHED])
    ),
    filters={"open_on": lambda day: col(Demonstration.objections_until) >= day},
    sorts={"published": (col(Demonstration.published_on),)},
)  # fmt: skip
"""What is published, for everybody below the bureau, as long as its days last."""


async def get_demonstration(db: Connection, actor: Actor, *, demonstration_id: UUID) -> Row:
    """One application within the actor's reach."""
    return await DEMONSTRATIONS.get(db, actor, demonstration_id)


async def list_demonstrations(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    call_id: UUID | None = None,
    unit_id: UUID | None = None,
    state: DemonstrationState | None = None,
    ends_before: date | None = None,
) -> Page:
    """The applications that the actor may see; by the end of their titles, if sorted so."""
    filters = {"call_id": call_id, "unit_id": unit_id, "state": state, "ends_before": ends_before}
    return await DEMONSTRATIONS.page(db, actor, page, filters=filters)


async def demonstrations_of(
    db: Connection,
    actor: Actor,
    *,
    call_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """A page of the applications under each of many calls."""
    owner = col(Demonstration.call_id)
    return await DEMONSTRATIONS.pages_of(db, actor, owner, call_ids, page, columns=columns)


async def demonstrations_by_id(
    db: Connection, actor: Actor, *, demonstration_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many applications by their keys; None where the actor may not see one."""
    return await DEMONSTRATIONS.by_id(db, actor, demonstration_ids, columns=columns)


async def list_published_demonstrations(
    db: Connection, actor: Actor, *, page: PageRequest, now: datetime
) -> Page:
    """The schools that are published today to the actor, for objections."""
    filters = {"open_on": civil_date(now)}
    return await PUBLISHED_DEMONSTRATIONS.page(db, actor, page, filters=filters, published=True)


_STEPS = Statement(
    select(
        col(DemonstrationStep.id), col(DemonstrationStep.act), col(DemonstrationStep.opinion),
        col(DemonstrationStep.findings), col(DemonstrationStep.at),
        col(Account.display_name).label("name"),
    )
    .join_from(DemonstrationStep, Account, col(DemonstrationStep.by) == col(Account.id))
    .where(col(DemonstrationStep.demonstration_id) == bindparam("demonstration_id", type_=Uuid))
    .order_by(col(DemonstrationStep.id))
)  # fmt: skip


async def list_demonstration_steps(
    db: Connection, actor: Actor, *, demonstration_id: UUID
) -> list[Row]:
    """All that was done with an application, the first first; with the conditions as they were found then."""
    await DEMONSTRATIONS.get(db, actor, demonstration_id)
    rows = await db.all(_STEPS, demonstration_id=demonstration_id)
    return [row | {"findings": [_typed(each) for each in row["findings"] or []]} for row in rows]


def _typed(finding: Mapping[str, Any]) -> Row:
    return DemonstrationFinding.model_validate(finding).model_dump()
