"""What an adviser was asked in a year, in numbers: for the adviser, and those in charge of them."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Integer, Numeric, Uuid, bindparam, case, cast, extract, func, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import TODAY, civil_date, civil_day
from app.domain.errors import Invalid
from app.domain.learning.consultations.table import Consultation, ConsultationState
from app.domain.people.teachers import TEACHERS
from app.sql import Connection, Row, Statement

YEARS = range(2000, 3000)
"""Of which totals are asked."""
FEWEST_RATINGS = 3
"""With fewer, a mean would say who rated how."""


class ConsultationTotals(BaseModel):
    """What a teacher was asked as an adviser in a calendar year."""

    teacher_id: UUID = Field(description="指导教师 / adviser")
    year: int = Field(description="年份（自然年） / calendar year in which it was asked")
    asked: int = Field(description="提问数 / consultations")
    answered: int = Field(description="已答复数 / of them, answered at least once")
    closed: int = Field(description="已办结数 / of them, closed")
    overdue: int = Field(description="逾期未答复数 / of them, waiting beyond the due day")
    mean_rating: Decimal | None = Field(
        description="平均评分，评分少于3个时为空 / mean rating, null where fewer than three rated"
    )


# What can be refused.


class ConsultationYearUnfit(Invalid):
    """Consultations are asked in years of this millennium."""

    code = "consultation_year_unfit"
    zh = "年份须在 2000 至 2999 之间。"
    en = "A year is one from 2000 to 2999."


# What may be asked.

_state, _rating = col(Consultation.state), col(Consultation.rating)
_TOTALS = Statement(
    select(
        func.count().label("asked"),
        func.count(col(Consultation.answered_at)).label("answered"),
        func.count(col(Consultation.closed_at)).label("closed"),
        func.count()
        .filter(_state == ConsultationState.ASKED, col(Consultation.due_on) < TODAY)
        .label("overdue"),
        case(
            (func.count(_rating) >= FEWEST_RATINGS, cast(func.avg(_rating), Numeric(4, 2))),
        ).label("mean_rating"),
    ).where(
        col(Consultation.adviser_id) == bindparam("teacher_id", type_=Uuid),
        extract("year", civil_day(col(Consultation.asked_at))) == bindparam("year", type_=Integer),
    )
)


async def get_consultation_totals(
    db: Connection, actor: Actor, *, teacher_id: UUID, now: datetime, year: int | None = None
) -> Row:
    """What one was asked as an adviser in a year, this one by default: oneself, or in the actor's place."""
    await TEACHERS.get(db, actor, teacher_id, permission=Permission.CONSULTATION_READ)
    wanted = civil_date(now).year if year is None else year
    if wanted not in YEARS:
        raise ConsultationYearUnfit
    found = await db.one(_TOTALS, teacher_id=teacher_id, year=wanted)
    assert found is not None  # noqa: S101  a count always has a row
    return {"teacher_id": teacher_id, "year": wanted, **found}
