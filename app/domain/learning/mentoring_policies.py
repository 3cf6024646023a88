"""Mentoring policies (带教规定): what a city asks of each rank, and what its probation year consists of.

The sources ask senior ranks to mentor, to study topics and to give lectures (S2 two 1 (1)), and name a
probation year of '1+1+0.5' without ever saying what is counted: both are data that a city sets, citing what
it rests on. A policy is never changed; the one set last is in force, and what was agreed under another keeps
its parts.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import CheckConstraint, Index, Uuid, bindparam, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, columns_of, key, place_constraints
from app.domain.errors import Invalid, NotFound, Unfit
from app.domain.organisation.units import UNITS, Level, hold_unit, place_of
from app.domain.people.careers import Rank
from app.sql import Connection, Row, Statement, new_id


class RankObligation(BaseModel):
    """What a rank is asked for in a cycle at least, and how many apprentices at one time at most."""

    # 带教教师、课题研究、专场讲座 (S2 two 1 (1)).

    rank: Rank = Field(description="职称 / rank")
    least: int = Field(
        ge=0,
        le=50,
        description="每周期至少带教人数 / apprentices in a cycle at least; 0: none asked",
    )
    most: int | None = Field(
        default=None,
        ge=1,
        le=50,
        description="同时带教人数上限，不限时为空 / apprentices at one time at most; null: no limit",
    )
    topics: int = Field(
        default=0,
        ge=0,
        le=50,
        description="每周期至少参加的课题数 / topics in a cycle at least; 0: none asked",
    )
    lectures: int = Field(
        default=0,
        ge=0,
        le=50,
        description="每周期至少主讲的专场讲座数 / lectures given in a cycle at least; 0: none asked",
    )


class ProbationPart(BaseModel):
    """A part of the probation year: a number of something, whatever the city means by it."""

    name: str = Field(min_length=1, max_length=60, description="名称 / name")
    amount: Decimal = Field(
        gt=0, le=100, max_digits=5, decimal_places=2, description="数量，如 0.5 / number, as 0.5"
    )
    measure: str = Field(
        min_length=1, max_length=20, description="单位，如学年、人 / of what, as years or persons"
    )


class NewRankObligation(RankObligation, Command):
    """What a rank is to be asked for."""


class NewProbationPart(ProbationPart, Command):
    """A part that the probation year is to have."""


class MentoringPolicyFields(BaseModel):
    """Over how many years a city counts, and by which document."""

    cycle_years: int = Field(ge=1, le=10, description="周期（年） / years of a cycle")
    source: str = Field(
        min_length=2, max_length=500, description="依据（文件及条款） / document and clause"
    )


class MentoringPolicy(MentoringPolicyFields, Placed, Table, table=True):
    """A policy of a city, set once and never changed."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("county_id = city_id AND school_id IS NULL", name="is_of_a_city"),
        Index(None, "city_id", "id"),
    )

    id: UUID = key()
    ranks: list[dict[str, Any]] = Field(sa_type=JSONB)
    probation: list[dict[str, Any]] = Field(sa_type=JSONB)
    set_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    set_at: datetime = Field(sa_type=MOMENT)


class MentoringPolicyView(MentoringPolicyFields):
    """A policy as it is shown to those below the city."""

    id: UUID = Field(description="标识 / key")
    city_id: UUID = Field(description="所属市 / city")
    ranks: list[RankObligation] = Field(description="各职称带教要求 / what each rank is asked")
    probation: list[ProbationPart] = Field(
        description="见习期（如“1+1+0.5”）的组成 / parts of the probation year, as '1+1+0.5'"
    )
    set_at: datetime = Field(description="制定时间 / when it was set")


class NewMentoringPolicy(MentoringPolicyFields, Command):
    """What a city asks from now on."""

    ranks: list[NewRankObligation] = Field(
        max_length=len(Rank), description="各职称带教要求 / what each rank is asked"
    )
    probation: list[NewProbationPart] = Field(
        default_factory=list,
        max_length=10,
        description="见习期（如“1+1+0.5”）的组成 / parts of the probation year, as '1+1+0.5'",
    )

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        ranks = [each.rank for each in self.ranks]
        names = [each.name for each in self.probation]
        if len(set(ranks)) < len(ranks) or len(set(names)) < len(names):
            raise Unfit("职称、组成部分不得重复。", "Each rank and each part is named once.")
        return self


# What can be refused.


class MentoringPolicyNotFound(NotFound):
    """The city has not set a policy."""

    code = "mentoring_policy_not_found"
    zh = "所属市尚未制定带教规定。"
    en = "The city has set no policy of mentoring."


class MentoringPolicyOfCity(Invalid):
    """A policy is a city's."""

    code = "mentoring_policy_of_city"
    zh = "带教规定由市级制定。"
    en = "A policy of mentoring is set by the city."


# What may be asked.

_IN_FORCE = Statement(
    select(*columns_of(MentoringPolicy, MentoringPolicyView))
    .where(col(MentoringPolicy.city_id) == bindparam("city_id", type_=Uuid))
    .order_by(col(MentoringPolicy.id).desc())
    .limit(1)
)


def policy_in_force(city_id: Any) -> Any:
    """The policy of the city in a column, set last, as a lateral subquery."""
    return (
        select(
            col(MentoringPolicy.ranks), col(MentoringPolicy.cycle_years),
            col(MentoringPolicy.probation),
        )
        .where(col(MentoringPolicy.city_id) == city_id)
        .order_by(col(MentoringPolicy.id).desc())
        .limit(1)
        .lateral("policy")
    )  # fmt: skip


async def get_mentoring_policy(db: Connection, actor: Actor, *, unit_id: UUID) -> Row:
    """The policy in force for a unit of the actor's place: its city's."""
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.PAIR_READ)
    policy = await db.one(_IN_FORCE, city_id=unit["city_id"])
    if policy is None:
        raise MentoringPolicyNotFound
    return policy


# What may be done.


async def set_mentoring_policy(
    db: Connection, actor: Actor, *, unit_id: UUID, new: NewMentoringPolicy, now: datetime
) -> Row:
    """Set what a city that the actor administers asks from now on."""
    unit = await hold_unit(db, actor, unit_id=unit_id, permission=Permission.PAIR_WRITE)
    if unit["level"] != Level.CITY:
        raise MentoringPolicyOfCity
    row = {
        "id": new_id(), **new.model_dump(mode="json"), **place_of(unit),
        "set_by": actor.account_id, "set_at": now,
    }  # fmt: skip
    await db.insert(MentoringPolicy, row)
    return await get_mentoring_policy(db, actor, unit_id=unit_id)
