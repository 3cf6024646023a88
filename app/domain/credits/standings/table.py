"""The stored standings: what the fold left of each person's ledger, and the sums of each school."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import BigInteger, Index, Numeric, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.domain.base import AMOUNT, Placed, Table, text_enum
from app.domain.credits.rules.judgement import Verdict
from app.domain.people.teachers import follows_teacher

TOTAL = Numeric(12, 2)
"""The sum of many people's hours or credits."""


class StandingFields(BaseModel):
    """A standing in short: under which pack, in which cycle, how much, and how it is judged."""

    teacher_id: UUID = Field(description="教师 / teacher", sa_type=Uuid)
    pack_id: str = Field(description="规则包 / pack", max_length=80)
    pack_version: int = Field(description="规则包版本 / version of the pack")
    cycle_start: date = Field(description="周期首日 / first day of the cycle")
    cycle_end: date = Field(description="周期末日 / last day of the cycle")
    entries: int = Field(description="有效记录数 / entries in force")
    earned_hours: Decimal = Field(description="取得学时 / hours earned", sa_type=AMOUNT)
    earned_credits: Decimal = Field(description="取得学分 / credits earned", sa_type=AMOUNT)
    counted_hours: Decimal = Field(description="计入学时 / hours that count", sa_type=AMOUNT)
    counted_credits: Decimal = Field(description="计入学分 / credits that count", sa_type=AMOUNT)
    verdict: Verdict = Field(description="达标情况 / verdict", sa_type=text_enum(Verdict))
    verdict_until: date | None = Field(
        description="结论可能变化的首日 / first day on which the verdict may turn without an entry"
    )
    missing: Decimal = Field(
        description="最大缺额，按规则包单位 / the largest amount missing, in the pack's unit",
        sa_type=AMOUNT,
    )


class Standing(StandingFields, Placed, Table, table=True):
    """One person's standing in one cycle under one version of a pack.

    It is written in the transaction of the entry, and follows the teacher to another school. The
    rows of `school_credit` are kept by a trigger on this table.
    """

    __table_args__ = (
        follows_teacher(),
        Index(None, "school_id", "verdict"),
    )

    teacher_id: UUID = Field(primary_key=True, sa_type=Uuid)
    pack_id: str = Field(primary_key=True, max_length=80)
    pack_version: int = Field(primary_key=True)
    cycle_start: date = Field(primary_key=True)
    school_id: UUID = Field(sa_type=Uuid)
    state: dict[str, Any] = Field(sa_type=JSONB)
    """The state of the fold (`rules.State`), from which the next entry goes on."""
    facts_version: int = Field(sa_type=BigInteger)
    """Which facts the verdict was given on (`standings.facts.facts_version`): another one makes it stale."""


class SchoolCredit(Table, table=True):
    """The sums of a school's standings under one version of a pack in one cycle.

    Written by the database alone, whenever a standing comes, changes or moves; a county or a city
    is summed on reading.
    """

    school_id: UUID = Field(primary_key=True, foreign_key="unit.id", sa_type=Uuid)
    pack_id: str = Field(primary_key=True, max_length=80)
    pack_version: int = Field(primary_key=True)
    cycle_start: date = Field(primary_key=True)
    cycle_end: date
    teachers: int
    entries: int
    earned_hours: Decimal = Field(sa_type=TOTAL)
    earned_credits: Decimal = Field(sa_type=TOTAL)
    counted_hours: Decimal = Field(sa_type=TOTAL)
    counted_credits: Decimal = Field(sa_type=TOTAL)
    met: int
