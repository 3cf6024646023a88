"""How far teachers are with a checklist: counted from what happened, in one statement, not stored."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    Integer,
    Numeric,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    column,
    func,
    or_,
    select,
    true,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import civil_date, in_force, text_enum
from app.domain.credits.assessment_requirements import AssessmentTerm
from app.domain.credits.assessments import days_of_term
from app.domain.credits.assessments.counted import COUNTED, FIRST, LAST
from app.domain.organisation.units import UNITS
from app.domain.people.teachers import TEACHERS, PersonName, Teacher, teachers_within
from app.domain.people.teachers.strata import Stratum, counts_in
from app.domain.quality.checklists.checklist import (
    CHECKLISTS,
    Checklist,
    ChecklistMeasure,
)
from app.domain.quality.checklists.ticks import ChecklistTick
from app.domain.quality.outcomes import LESSONS, OUTPUTS
from app.sql import Connection, Row, Statement


class ChecklistProgress(BaseModel):
    """One item of a checklist and one teacher: how much is asked, how much was done."""

    teacher_id: UUID = Field(description="教师 / teacher")
    name: PersonName = Field(description="姓名 / name")
    checklist_id: UUID = Field(description="清单 / checklist")
    checklist: str = Field(description="清单名称 / name of the checklist")
    number: int = Field(description="事项序号 / number of the item")
    wording: str = Field(description="事项 / what is asked")
    measure: ChecklistMeasure | None = Field(
        description="自动计数指标，人工确认为空 / what is counted, null where somebody ticks it"
    )
    needed: Decimal = Field(description="要求数量 / how much is asked")
    reached: Decimal = Field(description="实际数量 / how much was done")
    done: bool = Field(description="是否完成 / whether the item is ticked off")


# What may be asked.

_counted: dict[ChecklistMeasure, Any] = {
    **{ChecklistMeasure(each.value): value for each, value in COUNTED.items()},
    ChecklistMeasure.LESSONS: LESSONS,
    ChecklistMeasure.OUTPUTS: OUTPUTS,
}
"""How each measure is counted of a row of teachers; those of assessments count the same there and here."""

_item = (
    func.jsonb_to_recordset(col(Checklist.items))
    .table_valued(
        column("number", Integer), column("wording", Text), column("measure", Text),
        column("amount", Numeric), name="item",
    )
    .render_derived(name="item", with_types=True)
)  # fmt: skip
_ticked = (
    select(func.count())
    .select_from(ChecklistTick)
    .where(
        col(ChecklistTick.teacher_id) == col(Teacher.id),
        col(ChecklistTick.checklist_id) == col(Checklist.id),
        col(ChecklistTick.number) == _item.c.number,
        col(ChecklistTick.withdrawn_at).is_(None),
        col(ChecklistTick.done_on).between(FIRST, LAST),
    )
    .correlate(Teacher, Checklist, _item)
    .scalar_subquery()
)


@lru_cache(maxsize=2)
def _progress(owner: str) -> Statement:
    """Each item of these checklists, and each teacher of whom the column `owner` has one of these values."""
    stratum, measure = col(Checklist.stratum), _item.c.measure
    applies = or_(
        stratum.is_(None), *(and_(stratum == each, counts_in(each, LAST)) for each in Stratum)
    )
    counted = case(
        *((measure == each.value, value) for each, value in _counted.items()), else_=_ticked
    )
    reached = func.coalesce(counted, 0)
    return Statement(
        select(
            col(Teacher.id).label("teacher_id"), col(Teacher.name),
            col(Checklist.id).label("checklist_id"), col(Checklist.name).label("checklist"),
            _item.c.number, _item.c.wording, measure,
            _item.c.amount.label("needed"), reached.label("reached"),
            (reached >= _item.c.amount).label("done"),
        )
        .join_from(Teacher, Checklist, col(Checklist.school_id) == col(Teacher.school_id))
        .join(_item, true())
        .where(
            col(getattr(Teacher, owner)) == any_(bindparam("owner_ids", type_=ARRAY(Uuid))),
            col(Teacher.merged_into_id).is_(None),
            applies,
            or_(
                col(Checklist.id) == bindparam("checklist_id", type_=Uuid),
                bindparam("checklist_id", type_=Uuid).is_(None)
                & in_force(Checklist, LAST)
                & (col(Checklist.term) == bindparam("term", type_=text_enum(AssessmentTerm))),
            ),
        )
        .order_by(
            col(Teacher.name), col(Teacher.id), col(Checklist.name), col(Checklist.id),
            _item.c.number,
        )
    )  # fmt: skip


async def list_checklist_progress(
    db: Connection,
    actor: Actor,
    *,
    checklist_id: UUID,
    now: datetime,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> list[Row]:
    """How far each teacher is whom a checklist asks, by name; in the school year of today by default."""
    first, last = days_of_term(starts_on, ends_on, civil_date(now))
    checklist = await CHECKLISTS.get(db, actor, checklist_id)
    # Those of the school see what is asked; how far others are is for those who look after it.
    await UNITS.get(db, actor, checklist["school_id"], permission=Permission.ASSESSMENT_READ)
    return await db.all(
        _progress("school_id"),
        owner_ids=[checklist["school_id"]], checklist_id=checklist_id, term=checklist["term"],
        starts_on=first, ends_on=last,
    )  # fmt: skip


async def list_teacher_checklist_progress(
    db: Connection,
    actor: Actor,
    *,
    teacher_id: UUID,
    now: datetime,
    term: AssessmentTerm = AssessmentTerm.YEAR,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> list[Row]:
    """How far one teacher is with what the school asks in a term; teachers see their own."""
    first, last = days_of_term(starts_on, ends_on, civil_date(now))
    await TEACHERS.get(db, actor, teacher_id, permission=Permission.ASSESSMENT_READ)
    return await db.all(
        _progress("id"),
        owner_ids=[teacher_id], checklist_id=None, term=term, starts_on=first, ends_on=last,
    )  # fmt: skip


async def checklist_progress_of(
    db: Connection,
    actor: Actor,
    *,
    teacher_ids: Sequence[UUID],
    terms: Sequence[tuple[AssessmentTerm, date, date]],
) -> list[list[Row]]:
    """How far these teachers are with what their schools ask in each of these terms, given with their days.

    Only of those of whom the actor may see it.
    """
    right = Permission.ASSESSMENT_READ
    people = await teachers_within(db, actor, teacher_ids=teacher_ids, permission=right)
    asked = {"owner_ids": list(people), "checklist_id": None}
    return [
        await db.all(_progress("id"), **asked, term=term, starts_on=first, ends_on=last)
        for term, first, last in terms
    ]
