"""What can be wrong with a rule pack, said by place, code and sentence in Chinese and English."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from app.domain.errors import Invalid

# Code -> (Chinese, English). The braces are filled from the place and the value that is wrong.
SENTENCES = {
    "number_uncited": (
        "此处须注明出处（文件与条款），或标明为假定。",
        "Name the source (document and article), or mark it as assumed.",
    ),
    "assumption_unexplained": (
        "假定须写明由谁决定及理由。",
        "An assumption says who decided it and for what reason.",
    ),
    "assumption_contradicted": (
        "已注明出处而非假定的内容不得写决定人或理由。",
        "Only an assumption has someone who decided it, or a reason.",
    ),
    "unknown_dimension": ("没有“{name}”这一维度。", "There is no dimension called {name}."),
    "unknown_field": ("没有“{name}”这一字段。", "There is no field called {name}."),
    "field_missing": ("缺少此字段。", "This field is missing."),
    "below_zero": ("此数不得为负。", "This number may not be below zero."),
    "amount_not_text": (
        '请以文本书写数额，如 "120.00"。',
        'Write an amount as text, such as "120.00".',
    ),
    "year_outside": (
        "年份须在{first}至{last}之间。",
        "The year lies between {first} and {last}.",
    ),
    "dates_reversed": ("终止日期早于起始日期。", "It ends before it begins."),
    "dates_overlap": (
        "与“{other}”在同一单位的有效期重叠。",
        "Its dates overlap with those of {other}, which applies to the same unit.",
    ),
    "ages_reversed": ("年龄上限小于下限。", "The upper age is below the lower one."),
    "one_of": ("下列字段须且只能写一个：{names}。", "Give exactly one of: {names}."),
    "id_repeated": ("编号“{name}”重复。", "The id {name} stands twice."),
    "requirement_unknown": (
        "本规则包没有编号为“{name}”的要求。",
        "The pack has no requirement with the id {name}.",
    ),
    "purpose_repeated": ("用途“{name}”重复。", "The purpose {name} stands twice."),
    "frame_without_years": (
        "按近若干年计的用途须写明年数。",
        "A purpose that looks at the last years says how many.",
    ),
    "frame_has_its_length": (
        "此期间的长度已定，不得另写年数。",
        "This frame has a length of its own: give no years.",
    ),
    "day_without_anniversary": (
        "周期不得始于2月29日。",
        "A cycle cannot begin on 29 February.",
    ),
    "cap_since_event": (
        "上限只能按周期、学年或年度计算。",
        "A cap is of the cycle, the school year or the calendar year.",
    ),
    "event_and_window": (
        "计算期间为“event”时须写 since，其他期间不得写。",
        "The window event goes with `since`, and no other window does.",
    ),
    "event_unknown": (
        "事件“{name}”须在 who 中写明岗位或职务。",
        "The event {name} needs the posts or ranks in `who` that it is about.",
    ),
    "event_stands_alone": (
        "自事件起的要求不得分组，也不得按时间折算。",
        "What is asked since an event has no group and is not pro rata.",
    ),
    "some_is_no_amount": (
        "“有即可”的要求无法折算或结转。",
        "Of any amount at all there is no share and no excess.",
    ),
    "carry_over_impossible": (
        "按时间折算的要求和自事件起的要求不能结转。",
        "What is pro rata, or asked since an event, is not carried over.",
    ),
    "unbroken_is_whole": (
        "须一次完成的要求须写明数额，不得结转，也不得按时间折算。",
        "What is to come in one piece asks for an amount, is not carried over and not pro rata.",
    ),
    "waives_outside_exemptions": (
        "只有免修规则可以写 waives。",
        "Only an exemption waives a requirement.",
    ),
    "waives_carried_over": (
        "可结转的要求“{name}”不能免除。",
        "The requirement {name} is carried over and cannot be waived.",
    ),
    "rule_unknown": (
        "本规则包没有编号为“{name}”的认定规则。",
        "The pack has no earning rule with the id {name}.",
    ),
    "group_mixed": (
        "“{name}”组按时间折算，组内各项的对象与期间须一致。",
        "The group {name} is pro rata: all in it ask for the same sum in the same window.",
    ),
    "not_refinable": (
        "“{name}”不是可由县级调整的数。",
        "{name} is no number that a county could refine.",
    ),
    "number_repeated": ("“{name}”写了两次。", "{name} stands twice."),
    "number_unknown": ("规则包中没有“{name}”这一数。", "The pack has no number {name}."),
    "number_locked": (
        "市级未允许调整“{name}”。",
        "The city has not left {name} to its counties.",
    ),
    "number_lowered": (
        "“{name}”只能调高，市级规定为{value}。",
        "{name} may only be raised: the city has {value}.",
    ),
    "number_raised": (
        "“{name}”只能调低，市级规定为{value}。",
        "{name} may only be lowered: the city has {value}.",
    ),
    "refines_outside": (
        "生效日不在“{name}”的有效期内。",
        "It begins on a day on which {name} is not in force.",
    ),
    "not_json": ("不是有效的 JSON 文档。", "This is not a JSON document."),
    "wrong_value": ("值无效：{reason}", "The value is not valid: {reason}"),
}

_CODES = {
    "missing": "field_missing",
    "extra_forbidden": "unknown_field",
    "json_invalid": "not_json",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where (`caps.0.maximum`), its code, and both sentences."""

    path: str
    code: str
    zh: str
    en: str


class PackRefused(Invalid):
    """The document is not a rule pack; `problems` names every place where it fails, each by its own code."""

    code = "pack_refused"
    zh = "规则包无效：{summary_zh}"
    en = "The rule pack is not valid: {summary_en}"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            summary_zh="；".join(f"{each.path}：{each.zh}" for each in self.problems),
            summary_en="; ".join(f"{each.path}: {each.en}" for each in self.problems),
            problems=[asdict(each) for each in self.problems],
        )


def problem(path: str, code: str, **values: str) -> Problem:
    """The problem `code` at `path`, in words."""
    zh, en = SENTENCES[code]
    return Problem(path, code, zh.format(**values), en.format(**values))


def fault(code: str, **values: str) -> PydanticCustomError:
    """What a validator of the document raises; `problems_of` finds its words again."""
    # The template is never shown, so that the code does for it.
    return PydanticCustomError(code, code, {"values": values})


def problems_of(error: ValidationError) -> tuple[Problem, ...]:
    """Pydantic's findings as problems, in the order of the document."""
    return tuple(_translated(found) for found in error.errors(include_url=False))


def _translated(found: Mapping[str, Any]) -> Problem:
    place = [str(part) for part in found["loc"]]
    code = found["type"]
    if code in SENTENCES:
        return problem(".".join(place) or "pack", code, **found["ctx"]["values"])
    negative = code == "greater_than_equal" and found["ctx"]["ge"] == 0
    known = "below_zero" if negative else _CODES.get(code, "wrong_value")
    name = place[-1] if place else "pack"
    return problem(".".join(place) or "pack", known, name=name, reason=found["msg"])
