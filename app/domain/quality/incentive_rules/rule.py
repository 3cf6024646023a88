"""A rule of incentives: what it is, and what may be asked of it."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, StringConstraints
from sqlalchemy import (
    CheckConstraint,
    Computed,
    Index,
    UniqueConstraint,
    Uuid,
    any_,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import (
    AMOUNT,
    MOMENT,
    TODAY,
    Placed,
    Table,
    in_force,
    key,
    place_constraints,
    text_enum,
)
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.people.facts.merits import Honour
from app.domain.quality.outcomes import OutcomeMeasure
from app.sql import Connection, Row

IncentiveRuleCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class IncentiveKind(StrEnum):
    """Whether somebody is rewarded or punished (奖惩类别)."""

    REWARD = "reward"
    """奖励"""
    PENALTY = "penalty"
    """惩处"""


class IncentiveForm(StrEnum):
    """In what a reward or a penalty consists (形式)."""

    HONOUR = "honour"
    """授予荣誉称号"""
    MONEY = "money"
    """发放奖金"""
    MEASURE = "measure"
    """通报表扬、约谈、通报批评等措施"""


MONEY_MOST = Decimal("100000.00")
"""The most that a rule gives for one thing, in yuan."""
_amount: dict[str, Any] = {"default": None, "gt": 0, "le": MONEY_MOST, "decimal_places": 2}


class IncentiveRuleFields(BaseModel):
    """What a rule says: for what, in which form, by which text, and within which days."""

    code: IncentiveRuleCode = Field(
        max_length=40,
        description="规则代码，新版本取代同一代码的旧版本 / code; one of a code takes the last one's place",
    )
    name: str = Field(min_length=1, max_length=60, description="奖惩名称 / name")
    kind: IncentiveKind = Field(
        description="奖励或惩处 / reward or penalty", sa_type=text_enum(IncentiveKind)
    )
    form: IncentiveForm = Field(description="形式 / form", sa_type=text_enum(IncentiveForm))
    condition: str = Field(
        min_length=2,
        max_length=500,
        description="适用情形，不得为留痕材料数量 / for what it is given",
    )
    measure: OutcomeMeasure | None = Field(
        default=None,
        description="成效指标，由系统核对，可不填 / outcome that the register is asked for, if one is",
        sa_type=text_enum(OutcomeMeasure),
    )
    threshold: Decimal | None = Field(
        default=None, gt=0, le=10_000, decimal_places=2, sa_type=AMOUNT,
        description="指标数量：奖励须达到，惩处为未达到 / a reward from this on, a penalty below it",
    )  # fmt: skip
    honour: Honour | None = Field(
        default=None,
        description="授予的荣誉称号，形式为荣誉时必填 / the honour, of the form honour alone",
        sa_type=text_enum(Honour),
    )
    least_amount: Decimal | None = Field(
        **_amount, sa_type=AMOUNT, description="奖金下限（元），形式为奖金时必填 / least in yuan"
    )
    most_amount: Decimal | None = Field(
        **_amount, sa_type=AMOUNT, description="奖金上限（元），形式为奖金时必填 / most in yuan"
    )
    regulation_id: UUID | None = Field(
        default=None, foreign_key="regulation.id", sa_type=Uuid,
        description="依据的制度，与条款二选一 / the regulation it rests on, or else an article",
    )  # fmt: skip
    article_id: UUID | None = Field(
        default=None, foreign_key="document_article.id", sa_type=Uuid,
        description="依据的公文条款 / article of a document",
    )  # fmt: skip
    clause: str = Field(
        min_length=1, max_length=100, description="依据条目，如“第三条第二款” / which clause of it"
    )
    statement_days: int = Field(
        default=0, ge=0, le=30,
        description="惩处的陈述申辩天数，至少3天 / days to be heard before a penalty, 3 at least",
    )  # fmt: skip
    publicity_days: int = Field(
        default=0, ge=0, le=30,
        description="奖励的公示天数，至少5天；惩处不公示 / days a reward is shown, 5 at least",
    )  # fmt: skip
    appeal_days: int = Field(
        default=0, ge=0, le=60,
        description="惩处的申诉天数，至少15天 / days to appeal against a penalty, 15 at least",
    )  # fmt: skip
    valid_months: int | None = Field(
        default=None, ge=1, le=36,
        description="惩处的影响期（月），必填 / months after which a penalty is over",
    )  # fmt: skip


class IncentiveRule(IncentiveRuleFields, Placed, Table, table=True):
    """One version of a rule of a unit; it is never changed, but followed or ended."""

    __table_args__ = (
        *place_constraints(),
        UniqueConstraint("unit_id", "code", "version"),
        CheckConstraint("num_nonnulls(regulation_id, article_id) = 1", name="rests_on_one_text"),
        CheckConstraint("(measure IS NULL) = (threshold IS NULL)", name="measured"),
        CheckConstraint(
            "measure NOT IN ('notes', 'reflections', 'logs', 'photos')", name="counts_no_traces"
        ),
        CheckConstraint("(honour IS NOT NULL) = (form = 'honour')", name="honour_of_form"),
        CheckConstraint(
            "num_nonnulls(least_amount, most_amount) = CASE form WHEN 'money' THEN 2 ELSE 0 END",
            name="money",
        ),
        CheckConstraint("most_amount >= least_amount", name="amounts"),
        CheckConstraint(
            "CASE kind WHEN 'penalty' THEN form = 'measure' AND publicity_days = 0"
            " AND statement_days >= 3 AND appeal_days >= 15 AND valid_months IS NOT NULL"
            " ELSE publicity_days >= 5 AND statement_days = 0 AND appeal_days = 0"
            " AND valid_months IS NULL END",
            name="days",
        ),
        CheckConstraint("valid_to >= valid_from", name="ends_after_it_begins"),
        *(Index(None, name, "id") for name in ("school_id", "county_id", "city_id")),
        Index(None, "regulation_id"),
        Index(None, "article_id"),
    )

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    version: int
    valid_from: date
    valid_to: date | None = None
    published_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    published_at: datetime = Field(sa_type=MOMENT)
    ended_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class IncentiveRuleView(IncentiveRuleFields):
    """A version of a rule as everybody under it sees it."""

    id: UUID = Field(description="标识 / key of this version")
    unit_id: UUID = Field(description="制定单位 / unit whose rule it is")
    version: int = Field(description="版本号 / number of the version")
    valid_from: date = Field(description="起始日 / first day")
    valid_to: date | None = Field(
        description="终止日（不含） / first day on which it no longer holds"
    )
    published_at: datetime = Field(description="发布时间 / when it was published")


# What can be refused.


class IncentiveRuleNotFound(NotFound):
    """There is no such rule for the one who asks."""

    code = "incentive_rule_not_found"
    zh = "未找到该奖惩规则。"
    en = "There is no such rule of incentives."


# What may be asked.

INCENTIVE_RULES = Door(
    table=IncentiveRule,
    view=IncentiveRuleView,
    read=Permission.DOCUMENT_READ,
    missing=IncentiveRuleNotFound,
    audience=lambda audience: col(IncentiveRule.unit_id) == any_(audience),
    filters={
        "unit_id": col(IncentiveRule.unit_id),
        "kind": col(IncentiveRule.kind),
        "code": col(IncentiveRule.code),
        "in_force": lambda wanted: in_force(IncentiveRule, TODAY) == wanted,
    },
    sorts={"created": (), "name": (col(IncentiveRule.name),)},
)
"""Rules are read by all whom they are about: the people of the unit and below it."""


async def get_incentive_rule(db: Connection, actor: Actor, *, rule_id: UUID) -> Row:
    """One version of a rule, for those under it and those who look after the place."""
    return await INCENTIVE_RULES.get(db, actor, rule_id)


async def list_incentive_rules(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    kind: IncentiveKind | None = None,
    code: str | None = None,
    in_force: bool | None = None,
) -> Page:
    """The rules of the units in the actor's place, every version unless said otherwise."""
    filters = {"unit_id": unit_id, "kind": kind, "code": code, "in_force": in_force}
    return await INCENTIVE_RULES.page(db, actor, page, filters=filters)


async def list_own_incentive_rules(db: Connection, actor: Actor, *, page: PageRequest) -> Page:
    """The rules in force today under which the actor stands: of the own units and those above."""
    return await INCENTIVE_RULES.page(db, actor, page, filters={"in_force": True}, published=True)


async def incentive_rules_by_id(
    db: Connection, actor: Actor, *, rule_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many versions of rules by their keys; None for what the actor may not see."""
    return await INCENTIVE_RULES.by_id(db, actor, rule_ids, columns=columns)
