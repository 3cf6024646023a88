"""Growth stages (成长阶段) of teachers: when they are due, and what was found."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    Date,
    Integer,
    Uuid,
    bindparam,
    cast,
    column,
    exists,
    func,
    select,
    true,
    values,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.base import TODAY, civil_date, holds_on, text_enum
from app.domain.organisation.units import UNITS
from app.domain.paging import Page, PageRequest
from app.domain.people.facts.engagement import Employment
from app.domain.people.facts.merits import GrowthFinding, GrowthResult, GrowthStage
from app.domain.people.growth.targets import read_targets
from app.domain.people.teachers import (
    CAREERS,
    PersonName,
    Teacher,
    TeacherNotFound,
    place_column,
)
from app.sql import Connection, Row, Statement

YEARS = {GrowthStage.ONE_YEAR: 1, GrowthStage.THREE_YEARS: 3, GrowthStage.FIVE_YEARS: 5}
"""After how many years of service a stage is due."""

_NEAREST = ("school_id", "county_id", "city_id")


class DueGrowthView(BaseModel):
    """That a stage of a teacher is due."""

    teacher_id: UUID = Field(description="教师 / teacher")
    name: PersonName = Field(description="姓名 / name")
    school_id: UUID = Field(description="学校 / school of the personnel relation")
    stage: GrowthStage = Field(description="成长阶段 / growth stage")
    began_on: date = Field(description="参加工作日期 / first day of service")
    due_on: date = Field(description="到期日 / day on which the stage is due")


class GrowthView(BaseModel):
    """A stage of one teacher: what is expected, when it is due, and what was found."""

    stage: GrowthStage = Field(description="成长阶段 / growth stage")
    due_on: date | None = Field(
        description="到期日，人事关系起始日未知时为空 / due day, null where service has no known start"
    )
    title: str | None = Field(description="目标，未设定时为空 / target, null where none is set")
    criteria: str | None = Field(description="考核标准 / criteria")
    finding: GrowthFinding | None = Field(description="考核结果，未考核时为空 / what was found")
    found_on: date | None = Field(description="考核日期 / day of the assessment")


# What may be asked.

_STAGES = values(
    column("stage", text_enum(GrowthStage)), column("years", Integer), name="stages"
).data(list(YEARS.items()))


def _service_of(teacher_id: Any) -> Any:
    """The first day of service of a teacher, of the relations that are believed."""
    return (
        select(func.min(col(Employment.valid_from)).label("began_on"))
        .where(col(Employment.teacher_id) == teacher_id, col(Employment.superseded_at).is_(None))
        .lateral("service")
    )


_SERVICE = _service_of(col(Teacher.id))
_DUE_ON = cast(_SERVICE.c.began_on + func.make_interval(_STAGES.c.years), Date)
_FOUND = exists(
    select(col(GrowthResult.id)).where(
        col(GrowthResult.teacher_id) == col(Teacher.id),
        col(GrowthResult.stage) == _STAGES.c.stage,
        col(GrowthResult.superseded_at).is_(None),
    )
)

DUE_GROWTH = Door(
    table=Teacher,
    view=DueGrowthView,
    read=Permission.CAREER_READ,
    missing=TeacherNotFound,
    places={"teacher_id": col(Teacher.id)},
    computed={
        "teacher_id": col(Teacher.id),
        "stage": _STAGES.c.stage,
        "began_on": _SERVICE.c.began_on,
        "due_on": _DUE_ON,
    },
    joined=Teacher.__table__.join(_SERVICE, true()).join(_STAGES, true()),  # type: ignore[attr-defined]
    filters={
        **{place: col(getattr(Teacher, place)) for place in PLACE},
        "due_from": lambda day: day <= _DUE_ON,
        "due_to": lambda day: day >= _DUE_ON,
        "without_result": lambda given: given & ~_FOUND,
    },
    sorts={"due_on": (_DUE_ON, _STAGES.c.stage)},
)
"""The stages of teachers with the days on which they are due."""


async def list_due_growth(
    db: Connection,
    actor: Actor,
    *,
    unit_id: UUID,
    page: PageRequest,
    now: datetime,
    due_from: date | None = None,
    due_to: date | None = None,
) -> Page:
    """Whose stages in a unit are due and without a result, the longest due first.

    Those that fell due in the past year and fall due in the next three months, unless other days
    are asked for, both included.
    """
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.CAREER_READ)
    today = civil_date(now)
    filters = {
        place_column(unit): unit_id,
        "due_from": due_from or today - timedelta(days=365),
        "due_to": due_to or today + timedelta(days=91),
        "without_result": True,
    }
    return await DUE_GROWTH.page(db, actor, page, filters=filters)


_OWN = _service_of(bindparam("teacher_id", type_=Uuid))
_STAGES_OF = Statement(
    select(
        _STAGES.c.stage,
        cast(_OWN.c.began_on + func.make_interval(_STAGES.c.years), Date).label("due_on"),
        col(GrowthResult.finding),
        col(GrowthResult.valid_from).label("found_on"),
    )
    .select_from(
        _STAGES.join(_OWN, true()).outerjoin(
            GrowthResult.__table__,  # type: ignore[attr-defined]
            (col(GrowthResult.teacher_id) == bindparam("teacher_id", type_=Uuid))
            & (col(GrowthResult.stage) == _STAGES.c.stage)
            & holds_on(GrowthResult, TODAY),
        )
    )
    .order_by(_STAGES.c.years)
)


async def list_growth(
    db: Connection, actor: Actor, *, teacher_id: UUID, now: datetime
) -> list[Row]:
    """The stages of one teacher: what is expected today, when each is due, what was found."""
    teacher = await CAREERS.get(db, actor, teacher_id)
    targets = await read_targets(
        db, places=[teacher[place] for place in _NEAREST], day=civil_date(now)
    )
    return [
        {
            **stage,
            "title": target["title"] if target else None,
            "criteria": target["criteria"] if target else None,
        }
        for stage in await db.all(_STAGES_OF, teacher_id=teacher_id)
        for target in (targets.get(stage["stage"]),)
    ]
