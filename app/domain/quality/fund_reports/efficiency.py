"""Efficiency (经费使用效益; S2 four 3): what the money spent on activities came to.

Per person, per person-time and per credit are three different figures: each is a type of its own, with its
numerator and its denominator, so that people (人) and attendances (人次) are never added or exchanged.
"""

from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Integer, Uuid, bindparam, exists, func, select, union
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.access.walled import Beyond
from app.domain.credits.entries import CreditEntry
from app.domain.learning.course_runs import CourseClass
from app.domain.learning.trainer_hires import TrainerHire
from app.domain.organisation.units import UNITS
from app.domain.people.teachers import Teacher, place_column
from app.domain.people.teachers.strata import is_among
from app.domain.quality.budgets import NOTHING, Budget, BudgetLine
from app.domain.quality.expenses import Expense, ExpenseState
from app.domain.quality.fund_reports.execution import check_budget_year
from app.domain.training.attendance import Attendance
from app.domain.training.plans import TOOK_PART
from app.sql import Connection, Row, Statement


class SpentPerPersonTime(BaseModel):
    """Money per attendance (人次): somebody who was at five sessions counts five times."""

    spent: Decimal = Field(description="支出（分子），元 / spent in yuan, the numerator")
    person_times: int = Field(description="参加人次（分母） / attendances, the denominator")
    yuan: Decimal | None = Field(description="每人次元 / yuan for each; null where there are none")


class SpentPerPerson(BaseModel):
    """Money per person (人): each counts once, however often they came."""

    spent: Decimal = Field(description="支出（分子），元 / spent in yuan, the numerator")
    persons: int = Field(description="参加人数（分母） / people, the denominator")
    yuan: Decimal | None = Field(description="每人元 / yuan for each; null where there are none")


class SpentPerCredit(BaseModel):
    """Money per credit earned in the activities that were paid."""

    spent: Decimal = Field(description="支出（分子），元 / spent in yuan, the numerator")
    credits: Decimal = Field(description="认定学分（分母） / credits recognised, the denominator")
    yuan: Decimal | None = Field(description="每学分元 / yuan for each; null where there are none")


class FundEfficiencyView(BaseModel):
    """What the money of a year that was spent on activities came to."""

    unit_id: UUID = Field(description="单位，含其下属 / unit, with all below it")
    year: int = Field(description="预算年度 / calendar year")
    activities: int = Field(description="所支付的研修活动数 / activities that were paid for")
    spent_elsewhere: Decimal = Field(
        description="未对应研修活动的支出，元 / spent on what is no activity, in yuan; in no figure here"
    )
    per_person_time: SpentPerPersonTime = Field(description="每人次 / per attendance")
    per_person: SpentPerPerson = Field(description="每人 / per person")
    per_credit: SpentPerCredit = Field(description="每学分 / per credit")


# What may be asked.


def _spent(place: str) -> Any:
    """The approved expenses of a year below a place, and what each was for."""
    tied_to = ("id", "amount", "activity_id", "course_run_id", "trainer_hire_id")
    return (
        select(*(col(getattr(Expense, name)) for name in tied_to))
        .join(BudgetLine, col(BudgetLine.id) == col(Expense.line_id))
        .join(Budget, col(Budget.id) == col(BudgetLine.budget_id))
        .where(
            col(getattr(Expense, place)) == bindparam("unit_id", type_=Uuid),
            col(Budget.year) == bindparam("year", type_=Integer),
            col(Expense.state) == ExpenseState.APPROVED,
        )
        .cte("spent")
    )


def _tied(spent: Any) -> Any:
    """Which expense paid for which activities: one of a run for all its classes, one of a hire for its own."""
    return union(
        select(spent.c.id, spent.c.activity_id).where(spent.c.activity_id.is_not(None)),
        select(spent.c.id, col(CourseClass.activity_id)).join(
            CourseClass, col(CourseClass.run_id) == spent.c.course_run_id
        ),
        select(spent.c.id, col(TrainerHire.activity_id))
        .join(TrainerHire, col(TrainerHire.id) == spent.c.trainer_hire_id)
        .where(col(TrainerHire.activity_id).is_not(None)),
    ).cte("tied")


def _attended(tied: Any) -> Any:
    """Who was how often at each of these activities.

    What stays with a merged record is of sessions of which the record that remains says it itself.
    """
    was_there = is_among(col(Attendance.status), TOOK_PART)
    by = (col(Attendance.activity_id), col(Attendance.teacher_id))
    return (
        select(*by, func.count().label("times"))
        .join(Teacher, col(Teacher.id) == col(Attendance.teacher_id))
        .where(
            col(Attendance.activity_id).in_(select(tied.c.activity_id)),
            was_there,
            col(Teacher.merged_into_id).is_(None),
        )
        .group_by(*by)
        .cte("attended")
    )


def _earned(attended: Any) -> Any:
    """The credits that those who attended earned there, without what was reversed."""
    reversal = CreditEntry.__table__.alias("reversal")  # type: ignore[attr-defined]
    was_reversed = exists(
        select(reversal.c.id).where(reversal.c.reverses_id == col(CreditEntry.id))
    )
    of_it = (
        (col(CreditEntry.teacher_id) == attended.c.teacher_id)
        & (col(CreditEntry.source_kind) == "activity")
        & (col(CreditEntry.source_id) == attended.c.activity_id)
    )
    return (
        select(func.coalesce(func.sum(col(CreditEntry.credits)), NOTHING))
        .join_from(attended, CreditEntry, of_it)
        .where(~was_reversed)
        .scalar_subquery()
    )


def _efficiency(place: str) -> Statement:
    """Expenses of the year, the activities they paid for, and what came of these, in one statement."""
    spent = _spent(place)
    tied = _tied(spent)
    attended = _attended(tied)
    on_activities = spent.c.id.in_(select(tied.c.id))
    people = func.count(attended.c.teacher_id.distinct())
    times = func.coalesce(func.sum(attended.c.times), 0)
    return Statement(
        select(
            func.coalesce(func.sum(spent.c.amount).filter(on_activities), NOTHING).label("spent"),
            func.coalesce(func.sum(spent.c.amount).filter(~on_activities), NOTHING).label(
                "elsewhere"
            ),
            select(func.count(tied.c.activity_id.distinct())).scalar_subquery().label("activities"),
            select(people).scalar_subquery().label("persons"),
            select(times).scalar_subquery().label("person_times"),
            _earned(attended).label("credits"),
        ),
        beyond=Beyond.COUNTED,
    )


_EFFICIENCY = {place: _efficiency(place) for place in PLACE}
_FEN = Decimal("0.01")


def _each(found: Row, name: str) -> Row:
    spent, number = found["spent"], found[name]
    yuan = (spent / number).quantize(_FEN) if number else None
    return {"spent": spent, name: number, "yuan": yuan}


async def get_fund_efficiency(db: Connection, actor: Actor, *, unit_id: UUID, year: int) -> Row:
    """What a unit, with all below it, has spent on activities in a year, per attendance, person, credit."""
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.FUNDS_READ)
    check_budget_year(year)
    found = await db.one(_EFFICIENCY[place_column(unit)], unit_id=unit_id, year=year) or {}
    found["person_times"] = int(found["person_times"])
    return {
        "unit_id": unit_id,
        "year": year,
        "activities": found["activities"],
        "spent_elsewhere": found["elsewhere"],
        "per_person_time": _each(found, "person_times"),
        "per_person": _each(found, "persons"),
        "per_credit": _each(found, "credits"),
    }
