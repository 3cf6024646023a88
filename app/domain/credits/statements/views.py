"""What a statement shows: whose account it is, opening, lines, closing, and how that is judged."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, Field

from app.domain.credits.packs.parts import EntryKind, Unit
from app.domain.credits.rules import Verdict
from app.domain.credits.standings.views import (
    AssumptionView,
    CapView,
    CutView,
    RequirementView,
    SaidView,
)


class LineState(StrEnum):
    """What became of a line."""

    COUNTED = "counted"  # 全额计入
    CUT = "cut"  # 部分或全部被上限核减
    STRUCK = "struck"  # 已被冲销
    REVERSAL = "reversal"  # 冲销
    NOTHING = "nothing"  # 数额为零


class BalanceView(BaseModel):
    """How much lies in the account: what was earned and not reversed, before any cap."""

    entries: int = Field(description="有效记录数 / entries in force")
    hours: Decimal = Field(description="学时 / hours")
    credits: Decimal = Field(description="学分 / credits")


class LineView(BaseModel):
    """One line of the ledger in the cycle, what of it counts and why, and the balance after it."""

    entry_id: UUID = Field(description="学分记录 / entry")
    sequence: int = Field(description="本人台账序号 / place in the ledger")
    kind: EntryKind = Field(description="类别 / how it came into the ledger")
    source_kind: str | None = Field(description="来源类型 / what it comes from")
    level: str | None = Field(description="层级 / level")
    activity_kind: str | None = Field(description="活动类型 / kind of activity")
    earned_on: date = Field(description="取得日期 / civil date of earning")
    recorded_at: datetime = Field(description="入账时间 / when it was recorded")
    pack_id: str | None = Field(description="认定时的规则包 / pack it was earned under")
    pack_version: int | None = Field(description="该规则包版本 / version of that pack")
    reverses_id: UUID | None = Field(description="所冲销的记录 / entry that it reverses")
    reversed_by_id: UUID | None = Field(description="冲销本记录的记录 / entry that reverses it")
    hours: Decimal = Field(description="学时，冲销为负 / hours; negative in a reversal")
    credits: Decimal = Field(description="学分，冲销为负 / credits; negative in a reversal")
    state: LineState = Field(description="计入情况 / what became of it")
    counted: Decimal = Field(description="计入数额，按规则包单位 / what counts, in the pack's unit")
    cuts: list[CutView] = Field(description="各上限的核减 / what each cap cut")
    why: list[SaidView] = Field(description="说明 / why")
    balance_hours: Decimal = Field(description="账户学时余额 / hours in the account after it")
    balance_credits: Decimal = Field(description="账户学分余额 / credits in the account after it")


class StatementView(BaseModel):
    """A teacher's account in a cycle, as it was on `as_of` and as was known on `known_on`.

    The balances are of the account: opening and the amounts of all lines make the closing one.
    What counts is of the cycle: `counted` of all lines make `counted_hours` or `counted_credits`,
    whichever is the pack's unit. Earlier cycles count for themselves.
    """

    teacher_id: UUID = Field(description="教师 / teacher")
    name: str = Field(description="姓名 / name")
    school: str = Field(description="现学校 / name of the present school")
    city: str = Field(description="所属市 / name of the city")
    pack_id: str = Field(description="规则包 / pack")
    pack_version: int = Field(description="规则包版本 / version of the pack")
    pack_title_zh: str = Field(description="规则包标题（中文） / title of the pack in Chinese")
    pack_title_en: str = Field(description="规则包标题（英文） / title of the pack in English")
    cycle_start: date = Field(description="周期首日 / first day of the cycle")
    cycle_end: date = Field(description="周期末日 / last day of the cycle")
    as_of: date = Field(description="截至取得日期 / counted by the day of earning until")
    known_on: date | None = Field(description="截至入账日期 / by the day of recording until")
    unit: Unit = Field(description="计量单位 / unit of caps and requirements")
    opening: BalanceView = Field(description="期初：以往周期累计 / from earlier cycles")
    lines: list[LineView] = Field(description="明细 / lines, in the order of the ledger")
    closing: BalanceView = Field(description="期末 / opening and all lines")
    earned_hours: Decimal = Field(description="本周期取得学时 / hours earned in the cycle")
    earned_credits: Decimal = Field(description="本周期取得学分 / credits earned in the cycle")
    counted_hours: Decimal = Field(description="本周期计入学时 / hours that count in the cycle")
    counted_credits: Decimal = Field(description="本周期计入学分 / credits that count in it")
    verdict: Verdict = Field(description="达标情况 / verdict")
    requirements: list[RequirementView] = Field(description="各项要求 / requirements")
    caps: list[CapView] = Field(description="各项上限 / caps")
    assumptions: list[AssumptionView] = Field(description="假定 / what no source states")
