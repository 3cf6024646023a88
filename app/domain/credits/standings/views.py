"""What is shown of a standing and of an explanation; the words are the rules' own."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from pydantic import BaseModel, Field

from app.domain.credits.packs.parts import Unit, Window
from app.domain.credits.rules import Verdict


class BasisView(BaseModel):
    """The ground of a value: its source, or who assumed it and why."""

    document: str | None = Field(description="依据文件 / document")
    article: str | None = Field(description="条款 / article")
    quote: str | None = Field(description="原文 / the words of the source")
    via: str | None = Field(description="二手来源 / the secondary source by which it is known")
    assumed: bool = Field(description="是否为假定 / whether no source states it")
    decided_by: str | None = Field(description="由谁决定 / who decided it")
    reason_zh: str | None = Field(description="理由（中文） / why, in Chinese")
    reason_en: str | None = Field(description="理由（英文） / why, in English")


class AssumptionView(BaseModel):
    """A value of the pack that no source states."""

    path: str = Field(description="在规则包中的位置 / its place in the document")
    value: str = Field(description="取值 / value")
    basis: BasisView = Field(description="由谁决定及理由 / who decided it, and why")


class NamedValue(BaseModel):
    """A value inside a sentence."""

    name: str = Field(description="名称 / name")
    value: str = Field(description="值 / value")


class SaidView(BaseModel):
    """A reason or a step: its code and values, and the same as a sentence in both languages."""

    code: str = Field(description="代码 / stable code")
    values: list[NamedValue] = Field(description="句中取值 / the values of the sentence")
    zh: str = Field(description="中文 / in Chinese")
    en: str = Field(description="英文 / in English")
    basis: BasisView | None = Field(description="依据 / ground of the number, if it has one")


class CutView(BaseModel):
    """What a cap took from an entry."""

    cap_id: str = Field(description="上限 / cap")
    amount: Decimal = Field(description="核减数额 / amount cut")


class CountedView(BaseModel):
    """What one entry earned and what of it counts, in the pack's unit."""

    entry_id: UUID = Field(description="学分记录 / entry")
    sequence: int = Field(description="本人台账序号 / place in the ledger")
    earned_on: date = Field(description="取得日期 / day of earning")
    earned: Decimal = Field(description="取得数额 / earned")
    counted: Decimal = Field(description="计入数额 / counted")
    cuts: list[CutView] = Field(description="各上限的核减 / what each cap cut")


class CapView(BaseModel):
    """How much of a cap one window of it has used."""

    id: str = Field(description="编号 / id in the pack")
    title_zh: str = Field(description="名称（中文） / title in Chinese")
    title_en: str = Field(description="名称（英文） / title in English")
    start: date = Field(description="起始日 / first day")
    end: date = Field(description="终止日 / last day")
    maximum: Decimal = Field(description="上限 / maximum")
    used: Decimal = Field(description="已计 / used")
    basis: BasisView = Field(description="依据 / ground")


class WindowView(BaseModel):
    """One window of a requirement."""

    start: date = Field(description="起始日 / first day")
    end: date = Field(description="终止日 / last day")
    needed: Decimal = Field(description="要求 / needed")
    counted: Decimal = Field(description="已计 / counted")
    missing: Decimal = Field(description="缺额 / missing")
    verdict: Verdict = Field(description="结论 / verdict")
    carried: Decimal = Field(description="上一期间结转 / carried over from the window before")


class RequirementView(BaseModel):
    """A requirement as it stands for a person."""

    id: str = Field(description="编号 / id in the pack")
    title_zh: str = Field(description="名称（中文） / title in Chinese")
    title_en: str = Field(description="名称（英文） / title in English")
    window: Window = Field(description="计算期间 / window")
    applies: bool | None = Field(description="是否适用，缺信息时为空 / null: cannot be told")
    reasons: list[SaidView] = Field(description="适用与否的理由 / why it applies or not")
    governed_by: str | None = Field(description="由何项要求替代 / requirement that stands instead")
    some: bool = Field(description="是否只需大于零 / whether any amount is enough")
    needed: Decimal = Field(description="要求 / needed")
    counted: Decimal = Field(description="已计 / counted")
    missing: Decimal = Field(description="缺额 / missing")
    verdict: Verdict = Field(description="结论 / verdict")
    windows: list[WindowView] = Field(description="各期间 / its windows")
    basis: BasisView = Field(description="依据 / ground")


class StandingView(BaseModel):
    """What a person's entries amount to under a pack on a day, with every cut and every reason."""

    teacher_id: UUID = Field(description="教师 / teacher")
    pack_id: str = Field(description="规则包 / pack")
    pack_version: int = Field(description="规则包版本 / version of the pack")
    cycle_start: date = Field(description="周期首日 / first day of the cycle")
    cycle_end: date = Field(description="周期末日 / last day of the cycle")
    as_of: date = Field(description="截至取得日期 / counted by the day of earning until")
    known_on: date | None = Field(description="截至入账日期 / by the day of recording until")
    unit: Unit = Field(description="计量单位 / unit of caps and requirements")
    earned_hours: Decimal = Field(description="取得学时 / hours earned")
    earned_credits: Decimal = Field(description="取得学分 / credits earned")
    counted_hours: Decimal = Field(description="计入学时 / hours that count")
    counted_credits: Decimal = Field(description="计入学分 / credits that count")
    verdict: Verdict = Field(description="达标情况 / verdict")
    verdict_until: date | None = Field(
        description="结论可能变化的首日 / first day on which the verdict may turn without an entry"
    )
    requirements: list[RequirementView] = Field(description="各项要求 / requirements")
    caps: list[CapView] = Field(description="各项上限 / caps")
    entries: list[CountedView] = Field(description="各条记录的计入情况 / what of each entry counts")
    assumptions: list[AssumptionView] = Field(description="假定 / what no source states")


class ExplanationView(BaseModel):
    """Why an entry counts as much as it does, step by step."""

    entry_id: UUID = Field(description="学分记录 / entry")
    source_kind: str = Field(description="来源类型 / what it comes from")
    source_id: UUID = Field(description="来源标识 / key of what it comes from")
    source_title: str | None = Field(
        description="来源名称，如活动名称 / what that is called, such as the activity's title; null for claims"
    )
    pack_id: str = Field(description="规则包 / pack")
    pack_version: int = Field(description="规则包版本 / version of the pack")
    cycle_start: date = Field(description="周期首日 / first day of the cycle")
    cycle_end: date = Field(description="周期末日 / last day of the cycle")
    as_of: date = Field(description="截至 / counted until")
    unit: Unit = Field(description="计量单位 / unit")
    earned: Decimal = Field(description="取得数额 / earned")
    counted: Decimal = Field(description="计入数额 / counted")
    steps: list[SaidView] = Field(description="步骤 / steps")
    assumptions: list[AssumptionView] = Field(description="假定 / what no source states")


def as_row(told: msgspec.Struct) -> dict[str, Any]:
    """What the rules tell of a cycle as a row, with the first and the last day of the cycle."""
    row = spread(told)
    cycle = row.pop("cycle")
    return row | {"cycle_start": cycle["start"], "cycle_end": cycle["end"]}


def spread(told: msgspec.Struct) -> dict[str, Any]:
    """A part of what the rules tell as a row: amounts and days as they are, a sentence's values by name."""
    row: dict[str, Any] = _spread(
        msgspec.to_builtins(told, builtin_types=(date, datetime, Decimal, UUID))
    )
    return row


def _spread(part: Any) -> Any:
    if isinstance(part, list | tuple):
        return [_spread(each) for each in part]
    if isinstance(part, dict):
        return {
            name: [{"name": n, "value": v} for n, v in value.items()]
            if name == "values"
            else _spread(value)
            for name, value in part.items()
        }
    return part
