"""What a loan of credit is, and what may be asked."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import CheckConstraint, Index, Uuid, text
from sqlmodel import Field as Column
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.base import AMOUNT, MOMENT, Command, Placed, Table, key
from app.domain.credits.packs.parts import Amount
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import TEACHERS, follows_teacher
from app.sql import Connection, Row


class CreditLoan(Placed, Table, table=True):
    """A loan; what it entered is in the ledger, by its key. Only that it was repaid is added later."""

    __table_args__ = (
        follows_teacher(),
        CheckConstraint(
            "hours >= 0 AND credits >= 0 AND hours + credits > 0", name="lends_something"
        ),
        CheckConstraint("due_on > lent_on", name="due_later"),
        CheckConstraint("repaid_on >= lent_on", name="repaid_later"),
        CheckConstraint("(repaid_on IS NULL) = (repaid_at IS NULL)", name="repaid_at"),
        Index("ix_credit_loan_open", "due_on", "id", postgresql_where=text("repaid_on IS NULL")),
        *(Index(None, place, "id") for place in ("teacher_id", *PLACE)),
    )

    id: UUID = key()
    teacher_id: UUID = Column(sa_type=Uuid)
    school_id: UUID = Column(sa_type=Uuid)
    pack_id: str = Column(max_length=80)
    pack_version: int
    hours: Decimal = Column(sa_type=AMOUNT)
    credits: Decimal = Column(sa_type=AMOUNT)
    lent_on: date
    due_on: date
    reason: str = Column(max_length=500)
    lent_at: datetime = Column(sa_type=MOMENT)
    lent_by: UUID = Column(foreign_key="account.id", sa_type=Uuid)
    repaid_on: date | None = None
    repaid_at: datetime | None = Column(default=None, sa_type=MOMENT)
    repaid_by: UUID | None = Column(default=None, foreign_key="account.id", sa_type=Uuid)
    """Nobody, where it fell due."""


class CreditLoanView(BaseModel):
    """A loan as both faces show it."""

    id: UUID = Field(description="标识 / key")
    teacher_id: UUID = Field(description="教师 / teacher")
    pack_id: str = Field(description="规则包 / pack that lends")
    pack_version: int = Field(description="规则包版本 / version of the pack")
    hours: Decimal = Field(description="预借学时 / hours lent")
    credits: Decimal = Field(description="预借学分 / credits lent")
    lent_on: date = Field(description="预借日 / day from which it counts")
    due_on: date = Field(description="到期日 / day on which it is taken back at the latest")
    reason: str = Field(description="预借理由 / why it was lent")
    lent_at: datetime = Field(description="登记时间 / when it was registered")
    repaid_on: date | None = Field(
        description="归还日，未归还为空 / day from which it counts no more, null while it is owed"
    )
    repaid_at: datetime | None = Field(description="归还登记时间 / when that was registered")


class NewCreditLoan(Command):
    """What is lent to a teacher, in the unit of the pack in force."""

    amount: Annotated[Amount, Field(gt=0, le=1000)] = Field(
        description="预借数额，按规则包单位 / how much, in the pack's unit"
    )
    due_on: date | None = Field(
        default=None,
        description="到期日；不填则为规则包允许的最迟日 / when it is due; left out: as late as may be",
    )
    reason: str = Field(min_length=2, max_length=500, description="预借理由 / why")


# What can be refused.


class CreditLoanNotFound(NotFound):
    """There is no such loan for the one who asks."""

    code = "credit_loan_not_found"
    zh = "未找到该学分预借。"
    en = "There is no such loan of credit."


# What may be asked.

CREDIT_LOANS = Door(
    table=CreditLoan,
    view=CreditLoanView,
    read=Permission.CREDIT_READ,
    missing=CreditLoanNotFound,
    places={"teacher_id": col(CreditLoan.teacher_id)},
    filters={"teacher_id": col(CreditLoan.teacher_id)},
    sorts={"lent": ()},
)


async def get_credit_loan(db: Connection, actor: Actor, *, credit_loan_id: UUID) -> Row:
    """One loan."""
    return await CREDIT_LOANS.get(db, actor, credit_loan_id)


async def list_credit_loans(
    db: Connection, actor: Actor, *, teacher_id: UUID, page: PageRequest
) -> Page:
    """What was lent to a teacher, in the order in which it was registered."""
    await TEACHERS.get(db, actor, teacher_id, permission=Permission.CREDIT_READ)
    return await CREDIT_LOANS.page(db, actor, page, filters={"teacher_id": teacher_id})
