"""The words of a report: what each kind says at first, how figures stand in it, what an author may not write.

Figures are named in braces and put in when the words are read: `{teachers}` is the number with its measure
word, `{trained_teachers}` a share with both its numbers and its base date, `{schools.parts}` the parts,
`{schools.gap}` how what was stated differs. A percentage that somebody types has no base, and is refused.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from app.domain.base import Command
from app.domain.counts import CountKind
from app.domain.errors import Invalid
from app.domain.organisation.statistics import Precision
from app.domain.quality.reports.table import ReportKind

_PLACE = re.compile(r"\{([a-z_]+)(?:\.([a-z]+))?\}")
_SIGNS = "[%％﹪٪‰]"
_PERCENTAGE = re.compile(rf"[0-9０-９.．]+\s*{_SIGNS}|百分之|千分之|百分点|{_SIGNS}")
_FORMS = ("number", "parts", "gap")
_NO_PARTS = "无分项"
_EMPTY = re.compile(rf"（{_NO_PARTS}）|(?<=（){_NO_PARTS}[，；]")
"""Parts that a figure does not have are left out where they would stand in brackets."""


class NewReportSection(Command):
    """A section as its author writes it."""

    heading: str = Field(min_length=1, max_length=60, description="标题 / heading")
    text: str = Field(
        min_length=1, max_length=5000,
        description="文字，数据以 {数据项} 引用 / words; figures are named in braces",
    )  # fmt: skip


# What can be refused.


class PercentageWithoutBase(Invalid):
    """A percentage stands in a report by its figure, which carries its numerator and denominator."""

    code = "percentage_without_base"
    zh = "“{found}”没有分子、分母和基准日：占比须以 {{数据项}} 引用。"
    en = "'{found}' has no numerator, denominator and base date: name the figure in braces instead."


class FigureUnknown(Invalid):
    """The words name a figure that this report does not have."""

    code = "report_figure_unknown"
    zh = "本报告没有数据项“{name}”。"
    en = "This report has no figure '{name}'."


# The arithmetic of words.


def day_in_words(day: date | str) -> str:
    """A civil date as it stands in a document."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{day.year}年{day.month}月{day.day}日"


_STATED_ALONE = frozenset({"students"})
"""What is added up of what schools state, and counted by nobody."""


def is_unstated(figure: Mapping[str, Any]) -> bool:
    """Whether nobody has stated what is known by statements alone: that is no nought."""
    return figure["code"] in _STATED_ALONE and not figure["numerator"]


def number_in_words(figure: Mapping[str, Any]) -> str:
    """The number of a figure with its measure word; of a share with its base."""
    above, word = figure["numerator"], figure["measured"]
    if is_unstated(figure):
        return "未填报"
    if figure["code"] in _STATED_ALONE:
        return f"{above}{word}（学校填报）"
    if figure["counted_in"] == CountKind.FEN:
        return f"{figure['value']}{word}"
    if not figure["is_share"]:
        return f"{above}{word}"
    below, day = figure["denominator"], day_in_words(figure["as_of"])
    if figure["value"] is None:
        return f"{above}{word}（无可比总体，截至{day}）"
    return f"{above}{word}，占{figure['value']}%（{above}/{below}{word}，截至{day}）"


def parts_in_words(figure: Mapping[str, Any]) -> str:
    """The parts of a figure; nothing where it has none."""
    word = figure["measured"]
    parts = [f"{part['label']}{part['number']}{word}" for part in figure["parts"]]
    return f"其中{'、'.join(parts)}" if parts else _NO_PARTS


def gap_in_words(figure: Mapping[str, Any]) -> str:
    """What the unit stated of itself, and by how much it differs from what is counted."""
    stated, word = figure["stated"], figure["measured"]
    if stated is None:
        return "本单位未另行填报"
    difference = figure["stated_difference"]
    if not difference:
        return f"与填报数{stated}{word}一致"
    if figure["stated_precision"] == Precision.AT_LEAST and difference < 0:
        return f"与填报数{stated}{word}以上相符"
    about = "约" if figure["stated_precision"] == Precision.ABOUT else ""
    more = "多" if difference > 0 else "少"
    return f"填报数为{about}{stated}{word}，比登记数{more}{abs(difference)}{word}，须核实"


_WORDED = dict(zip(_FORMS, (number_in_words, parts_in_words, gap_in_words), strict=True))


def render(
    sections: Sequence[NewReportSection], figures: Sequence[Mapping[str, Any]]
) -> list[dict[str, str]]:
    """The sections with their figures put in; refuses what has no base, and what is no figure."""
    by_code = {figure["code"]: figure for figure in figures}

    def put_in(found: re.Match[str]) -> str:
        code, form = found[1], found[2] or "number"
        if code not in by_code or form not in _FORMS:
            raise FigureUnknown(name=found[0].strip("{}"))
        return _WORDED[form](by_code[code])

    rendered = []
    for section in sections:
        for words in (section.heading, section.text):
            if naked := _PERCENTAGE.search(words):
                raise PercentageWithoutBase(found=naked[0])
        text = _EMPTY.sub("", _PLACE.sub(put_in, section.text))
        rendered.append({**section.model_dump(), "rendered": text})
    return rendered


class _Draft(BaseModel):
    """What a kind of report is called, and what it says at first."""

    title: str
    sections: tuple[tuple[str, str], ...]


_WORK = (
    ("二、研修活动", ("共{activities_held}（{activities_held.parts}），合{sessions_held}；{sessions_held.gap}。"
     "按计划落实{planned_held}。"
            "到会{attendances}；{attendances.gap}。人次按每人每场计，与人数不相加。")),
    ("三、参训情况", ("参加培训、研修的教师{trained_teachers}；{trained_teachers.gap}。"
     "另有非教师学员{trained_others}（{trained_others.parts}），与教师分列。取得学分的教师{credited_teachers}。"
     "研修考核结果{assessments}（{assessments.parts}）。")),
    ("四、教师成长", ("承担公开课、示范课的教师{demonstrating_teachers}。教学竞赛获奖教师{contest_winners}"
     "（{contest_winners.parts}，每人按最高级别计一次）。期内新获荣誉称号的教师{titles_conferred}"
     "（{titles_conferred.parts}，每人按最高级别计一次），其中教学能手{teaching_experts}"
     "（{teaching_experts.parts}）。师徒结对{mentorships}，在研及结题课题{topics}，"
     "发布课程{courses}，共享资源{resources}。")),
)  # fmt: skip
_CONDITIONS = (
    "研训用房{training_rooms}（{training_rooms.parts}）；接入宽带的学校{connected_schools}。"
    "期内研训支出{spent}。"
)
_OF_BUREAU = (
    ("一、基本情况", ("现有学校{schools}（{schools.parts}）；{schools.gap}。其中乡村学校{rural_schools}。"
     "在册教师{teachers}，在编教师{established_teachers}；{established_teachers.gap}。"
     "在校学生{students}；{students.gap}。" + _CONDITIONS)),
    *_WORK,
    ("五、管理与示范", ("教育局组织的活动{bureau_activities}；到校指导、检查{guidance_visits}。"
     "获命名的示范校、实验校、基地校{designated_schools}（{designated_schools.parts}，每校按最高级别计一次）。")),
    ("六、存在问题", "各校活动开展是否均衡见“校际差距”一节。请在此写明存在的问题和整改措施。"),
)  # fmt: skip
_DRAFTS: dict[ReportKind, _Draft] = {
    ReportKind.COUNTY_WORK: _Draft(title="校本研修工作汇报", sections=_OF_BUREAU),
    ReportKind.CITY_YEAR: _Draft(title="校本研修年度工作报告", sections=_OF_BUREAU),
    ReportKind.SCHOOL_YEAR: _Draft(
        title="校本研修年度工作报告",
        sections=(
            ("一、基本情况", ("在册教师{teachers}，在编教师{established_teachers}；{established_teachers.gap}。"
             "在校学生{students}。研训用房{training_rooms}（{training_rooms.parts}）。期内研训支出{spent}。")),
            *_WORK,
            ("五、存在问题与改进", "期内接受指导、检查{guidance_visits}。请在此写明存在的问题和改进措施。"),
        ),
    ),
}  # fmt: skip


def drafted(kind: ReportKind, unit_name: str) -> tuple[str, list[NewReportSection]]:
    """What a report of a unit is called, and what it says, before its author writes."""
    draft = _DRAFTS[kind]
    sections = [NewReportSection(heading=heading, text=text) for heading, text in draft.sections]
    return f"{unit_name}{draft.title}", sections
