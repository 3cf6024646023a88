"""What a reorganisation is: the fact, what is shown of it, and what is asked for."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Index, Uuid, text
from sqlmodel import Field

from app.domain.base import MOMENT, Command, Table, key, text_enum
from app.domain.errors import Conflict, Invalid


class ReorganisationKind(StrEnum):
    """What became of a unit (方式)."""

    CLOSURE = "closure"
    """撤销"""
    MERGER = "merger"
    """并入另一学校"""
    MOVE = "move"
    """改由另一教育局主管"""


class ReorganisationFields(BaseModel):
    """What happened to a unit, from which day on, and by which document."""

    unit_id: UUID = Field(
        description="被撤销、并入他校或改变主管的单位 / the unit that it happened to",
        foreign_key="unit.id",
        sa_type=Uuid,
    )
    kind: ReorganisationKind = Field(
        description="方式 / kind", sa_type=text_enum(ReorganisationKind)
    )
    effective_on: date = Field(description="生效日期 / first day of the new order")
    document: str | None = Field(
        default=None, max_length=100, description="文号 / number of the document"
    )
    successor_id: UUID | None = Field(
        default=None,
        description="并入的学校 / the school that it was merged into",
        foreign_key="unit.id",
        sa_type=Uuid,
    )
    from_id: UUID | None = Field(
        default=None,
        description="原主管教育局 / bureau in charge before",
        foreign_key="unit.id",
        sa_type=Uuid,
    )
    to_id: UUID | None = Field(
        default=None,
        description="新主管教育局 / bureau in charge since",
        foreign_key="unit.id",
        sa_type=Uuid,
    )


class Reorganisation(ReorganisationFields, Table, table=True):
    """That a unit was closed, merged into another or moved to another bureau. It is never undone.

    A unit ends once. It is merged into a school that is still open, and a closed one never opens
    again: so no successor leads back to where it began.
    """

    __table_args__ = (
        CheckConstraint(
            "(kind = 'merger') = (successor_id IS NOT NULL)"
            " AND (kind = 'move') = (from_id IS NOT NULL)"
            " AND (kind = 'move') = (to_id IS NOT NULL)",
            name="says_where_to",
        ),
        CheckConstraint("successor_id <> unit_id AND from_id <> to_id", name="leads_elsewhere"),
        Index(
            "uq_reorganisation_end", "unit_id", unique=True,
            postgresql_where=text("kind IN ('closure', 'merger')"),
        ),
        Index(None, "unit_id", "effective_on"),
        Index(None, "successor_id", "effective_on"),
        Index(None, "from_id", "effective_on"),
        Index(None, "to_id", "effective_on"),
    )  # fmt: skip

    id: UUID = key()
    recorded_at: datetime = Field(sa_type=MOMENT)
    recorded_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class ReorganisationView(ReorganisationFields):
    """A reorganisation as both faces show it."""

    id: UUID = Field(description="标识 / key")
    recorded_at: datetime = Field(description="登记时间 / when it was recorded")


class Closure(Command):
    """A unit is closed, from today unless said otherwise."""

    effective_on: date | None = Field(
        default=None, description="撤销日期，默认今天 / first day without it; today by default"
    )
    document: str | None = Field(
        default=None, max_length=100, description="文号 / number of the document"
    )


class Merger(Closure):
    """A school is merged into another, which takes in its people and what is theirs."""

    successor_id: UUID = Field(description="并入的学校 / the school that takes it in")


class Move(Closure):
    """A school is placed under another bureau: a county's, or the city's own (市直)."""

    bureau_id: UUID = Field(description="新主管教育局 / bureau in charge from then on")


# What can be refused.


class ReorganisationInFuture(Invalid):
    """A reorganisation is recorded when it has taken effect: what is planned is not so yet."""

    code = "reorganisation_in_future"
    zh = "生效日期不能晚于今天（{today}）：请在生效之日登记。"
    en = "It cannot take effect after today ({today}): record it once it has."


class ReorganisationTooEarly(Conflict):
    """Nothing is reorganised before it was there, nor before what is on record of it already."""

    code = "reorganisation_too_early"
    zh = "生效日期不能早于 {first}：此前该单位尚未登记，或其后已有机构调整、人事关系的记录。"
    en = (
        "It cannot take effect before {first}: the unit was not on record yet, or what happened to it"
        " or in it until then is."
    )


class CityStays(Invalid):
    """The city is the deployment's own: it is neither closed nor merged."""

    code = "city_stays"
    zh = "市级单位不能撤销或合并。"
    en = "The city can be neither closed nor merged."


class UnitNotEmpty(Conflict):
    """What is still in the unit stands in the way of closing it."""

    code = "unit_not_empty"
    zh = "该单位仍有学校 {schools} 所、教师 {teachers} 人、可用账号 {accounts} 个，不能撤销。"
    en = (
        "The unit still has {schools} school(s), {teachers} teacher(s) and {accounts} account(s) in"
        " use: it cannot be closed."
    )


class MoneyInTransit(Conflict):
    """What is sent between a school and its bureau is answered before another bureau is over it.

    Otherwise the bureau that sent it, or is to receive it, would no longer see what it waits for.
    """

    code = "money_in_transit"
    zh = "该学校与原主管单位之间有 {sent} 笔拨付尚未确认或退回，请先办结。"
    en = (
        "{sent} appropriation(s) between the school and its bureau are in transit: acknowledge or return"
        " them first."
    )


class AlreadyThere(Conflict):
    """The school is under this bureau already, or is to be merged into itself."""

    code = "unit_already_there"
    zh = "该学校已在此单位之下。"
    en = "The school is there already."
