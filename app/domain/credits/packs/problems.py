"""What can be wrong with a rule pack, said by place, code and sentence in Chinese and English."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    """The document is not a rule pack; `problems` names every place where it fails."""

    code = "pack_refused"
    zh = "规则包无效：{summary_zh}"
    en = "The rule pack is not valid: {summary_en}"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            summary_zh="；".join(f"{each.path}：{each.zh}" for each in self.problems),
            summary_en="; ".join(f"{each.path}: {each.en}" for each in self.problems),
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
