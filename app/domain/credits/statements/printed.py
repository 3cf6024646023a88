"""A statement as a document in PDF/A: what the template `statement` is told of it, all of it as text."""

from datetime import datetime
from typing import Any

from app.domain.credits.packs.parts import EntryKind
from app.domain.credits.rules import Verdict
from app.domain.credits.rules.wording import UNITS
from app.domain.credits.statements.sheet import text_of
from app.domain.credits.statements.views import LineState
from app.sql import Row

_KINDS = {
    EntryKind.EARN: "获得",
    EntryKind.CONVERT: "折算",
    EntryKind.OFFSET: "冲抵",
    EntryKind.EXEMPT: "免修",
    EntryKind.TRANSFER_IN: "转入",
    EntryKind.REVERSE: "冲销",
    EntryKind.LEND: "预借",
    EntryKind.REPAY: "归还",
}
_STATES = {
    LineState.COUNTED: "全额计入",
    LineState.CUT: "上限核减",
    LineState.STRUCK: "已被冲销",
    LineState.REVERSAL: "冲销",
    LineState.NOTHING: "不计",
}
_VERDICTS = {
    Verdict.MET: "已达标",
    Verdict.OPEN: "进行中",
    Verdict.MISSED: "未达标",
    Verdict.UNDECIDED: "待定",
    Verdict.WAIVED: "不要求",
}
_LINES = (
    "序号", "取得日期", "入账时间", "类别", "学时", "学分", "计入情况", "计入", "说明", "余额",
)  # fmt: skip
_REQUIREMENTS = ("要求", "应达", "已计", "缺额", "结论", "依据")
_ASSUMPTIONS = ("位置", "取值", "由谁决定及理由")


def contents_of(statement: Row, *, made_at: datetime) -> dict[str, Any]:
    """What the document says; the same statement made at the same time gives the same document."""
    unit = UNITS[statement["unit"]].zh
    made = text_of(made_at)
    return {
        "title": "学分银行账户对账单",
        "name": statement["name"],
        "authority": statement["city"],
        "account": _account(statement, unit),
        "line_heads": [
            f"{head}（{unit}）" if head in {"计入", "余额"} else head for head in _LINES
        ],
        "lines": [_line(line, statement["unit"]) for line in statement["lines"]],
        "requirement_heads": _REQUIREMENTS,
        "requirements": [_requirement(each) for each in statement["requirements"]],
        "assumption_heads": _ASSUMPTIONS,
        "assumptions": [
            [each["path"], each["value"], text_of(each["basis"])]
            for each in statement["assumptions"]
        ],
        "footer": f"{statement['name']} · {made} 生成，以台账为准",
    }


def _account(statement: Row, unit: str) -> list[tuple[str, str]]:
    known_on = statement["known_on"]
    until = f"取得 {statement['as_of']}" + (f"，入账 {known_on}" if known_on else "")
    earned, counted = (
        f"{statement[f'{which}_hours']} 学时，{statement[f'{which}_credits']} 学分"
        for which in ("earned", "counted")
    )
    return [
        ("姓名", statement["name"]),
        ("学校", statement["school"]),
        ("所属市", statement["city"]),
        ("周期", f"{statement['cycle_start']} 至 {statement['cycle_end']}"),
        ("截至", until),
        ("规则", f"{statement['pack_title_zh']}（第 {statement['pack_version']} 版，按{unit}计）"),
        ("期初", text_of(statement["opening"])),
        ("期末", text_of(statement["closing"])),
        ("达标情况", _VERDICTS[Verdict(statement["verdict"])]),
        ("本周期取得", earned),
        ("本周期计入", counted),
    ]


def _line(line: Row, unit: str) -> list[str]:
    said = (
        line["sequence"], line["earned_on"], line["recorded_at"], _KINDS[EntryKind(line["kind"])],
        line["hours"], line["credits"], _STATES[LineState(line["state"])], line["counted"],
        line["why"], line[f"balance_{unit}"],
    )  # fmt: skip
    return [text_of(each) for each in said]


def _requirement(each: Row) -> list[str]:
    verdict = _VERDICTS[Verdict(each["verdict"])]
    said = (
        each["title_zh"],
        each["needed"],
        each["counted"],
        each["missing"],
        verdict,
        each["basis"],
    )
    return [text_of(value) for value in said]
