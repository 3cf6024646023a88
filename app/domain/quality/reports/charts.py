"""Charts of a report (图表): what each shows, made of nothing but the frozen figures."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from app.domain.errors import NotFound
from app.domain.quality.reports.source import FigureCode
from app.domain.quality.reports.words import day_in_words
from app.domain.quality.school_comparisons import SchoolGroup
from app.sql import Row


class ChartCode(StrEnum):
    """Which chart (图表)."""

    ACTIVITIES = "activities"
    """各形式研修活动"""
    SHARES = "shares"
    """教师参与各项占比"""
    TITLES = "titles"
    """荣誉称号按最高级别"""
    GROUPS = "groups"
    """命名学校与其他学校"""
    SPREAD = "spread"
    """活动在学校间的分布（洛伦兹曲线）"""


class ChartForm(StrEnum):
    """In which form a chart is wanted (格式)."""

    SVG = "svg"
    PNG = "png"


class ChartShape(StrEnum):
    """How a chart shows its numbers."""

    BARS = "bars"
    LINES = "lines"


class Series(NamedTuple):
    """One row of numbers of a chart, with what stands beside each; null where there is none."""

    name: str
    values: tuple[Decimal | None, ...]
    notes: tuple[str, ...] = ()


class Chart(NamedTuple):
    """A chart: what its numbers are, of what, and on which base."""

    code: ChartCode
    title: str
    shape: ChartShape
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    axis: str
    note: str


class Picture(NamedTuple):
    """A chart as it was drawn."""

    chart: Chart
    content: bytes


class Plotter(Protocol):
    """What draws charts; it knows nothing of reports."""

    async def draw(self, chart: Chart, *, form: str) -> bytes:
        """The chart as SVG or PNG: the same bytes for the same."""


# What can be refused.


class ReportChartNotFound(NotFound):
    """The report has nothing that this chart could show."""

    code = "report_chart_not_found"
    zh = "该报告没有此图表或没有相应数据。"
    en = "The report does not have this chart, or nothing that it could show."


# What may be asked.

_SHARES = (
    FigureCode.ESTABLISHED_TEACHERS, FigureCode.TRAINED_TEACHERS, FigureCode.CREDITED_TEACHERS,
    FigureCode.DEMONSTRATING_TEACHERS, FigureCode.CONTEST_WINNERS, FigureCode.TITLE_HOLDERS,
)  # fmt: skip
_MEASURES = {
    "attendance_share": "到会人次占比",
    "credited_teachers_share": "取得学分教师占比",
    "demonstrations_share": "公开课、示范课占比",
}
_GROUPS = {SchoolGroup.DESIGNATED: "命名学校", SchoolGroup.OTHER: "其他学校"}

Figures = Mapping[str, Mapping[str, Any]]


def _parts(figures: Figures, code: FigureCode) -> list[Mapping[str, Any]]:
    return figures[code]["parts"] if code in figures else []


def _activities(report: Row, figures: Figures) -> Chart | None:
    parts = sorted(
        _parts(figures, FigureCode.ACTIVITIES_HELD),
        key=lambda each: (-each["number"], each["part"]),
    )
    numbers = tuple(Decimal(each["number"]) for each in parts)
    notes = tuple(f"{each['number']}项" for each in parts)
    if not parts:
        return None
    return Chart(
        ChartCode.ACTIVITIES, "各形式研修活动", ChartShape.BARS,
        tuple(each["label"] for each in parts), (Series("活动", numbers, notes),), "项",
        f"已举办{figures[FigureCode.ACTIVITIES_HELD]['numerator']}项，{_period(report)}",
    )  # fmt: skip


def _shares(report: Row, figures: Figures) -> Chart | None:
    shown = [
        figures[code] for code in _SHARES if code in figures and figures[code]["value"] is not None
    ]
    if not shown:
        return None
    values = tuple(Decimal(each["value"]) for each in shown)
    notes = tuple(
        f"{each['value']}%（{each['numerator']}/{each['denominator']}）" for each in shown
    )
    return Chart(
        ChartCode.SHARES, "教师参与各项占比", ChartShape.BARS,
        tuple(each["label"] for each in shown), (Series("占比", values, notes),), "%",
        f"分母为在册教师{shown[0]['denominator']}人，每人计一次，截至{day_in_words(report['as_of'])}",
    )  # fmt: skip


def _titles(report: Row, figures: Figures) -> Chart | None:
    held = {each["label"]: each["number"] for each in _parts(figures, FigureCode.TITLE_HOLDERS)}
    new = {each["label"]: each["number"] for each in _parts(figures, FigureCode.TITLES_CONFERRED)}
    labels = tuple(
        each for each in ("国家级", "省级", "市级", "县级", "校级") if each in held | new
    )
    if not labels:
        return None
    series = tuple(
        Series(
            name, tuple(Decimal(found.get(label, 0)) for label in labels),
            tuple(f"{found.get(label, 0)}人" for label in labels),
        )
        for name, found in (("现持有", held), ("期内新获", new))
    )  # fmt: skip
    return Chart(
        ChartCode.TITLES, "荣誉称号（每人按最高级别计一次）", ChartShape.BARS, labels, series, "人",
        f"截至{day_in_words(report['as_of'])}；两列各自计数，不相加",
    )  # fmt: skip


def _groups(report: Row, figures: Figures) -> Chart | None:
    del figures
    by = {(each["group"], each["measure"]): each for each in report["comparison"]}
    bases = {group: by.get((group, "activities_held")) for group in SchoolGroup}
    if not all(base and base["schools"] for base in bases.values()):
        return None
    series = []
    for group in SchoolGroup:
        rows = [by[group, measure] for measure in _MEASURES]
        values = tuple(None if row["value"] is None else Decimal(row["value"]) for row in rows)
        notes = tuple(
            "无" if row["value"] is None
            else f"{row['value']}%（{row['numerator']}/{row['denominator']}）"
            for row in rows
        )  # fmt: skip
        base = bases[group]
        series.append(
            Series(f"{_GROUPS[group]}（{base['schools'] if base else 0}所）", values, notes)
        )
    return Chart(
        ChartCode.GROUPS, "命名学校与其他学校比较", ChartShape.BARS, tuple(_MEASURES.values()),
        tuple(series), "%", f"{_period(report)}，截至{day_in_words(report['as_of'])}",
    )  # fmt: skip


def _spread(report: Row, figures: Figures) -> Chart | None:
    del figures
    found = report["inequality"]
    if not found or not found["total"]:
        return None
    tenths = tuple(f"{10 * n}%" for n in range(len(found["lorenz"])))
    even = tuple(Decimal(10 * n) for n in range(len(found["lorenz"])))
    return Chart(
        ChartCode.SPREAD, "研修活动在学校间的分布（洛伦兹曲线）", ChartShape.LINES, tenths,
        (Series("实际累计占比", tuple(map(Decimal, found["lorenz"]))), Series("完全均等", even)), "%",
        f"{found['schools']}所学校共{found['total']}项；基尼系数{found['gini']}"
        f"（{found['gini_numerator']}/{found['gini_denominator']}）；横轴为活动自少至多的学校",
    )  # fmt: skip


def _period(report: Row) -> str:
    return f"{day_in_words(report['since'])}至{day_in_words(report['until'])}"


_MADE: dict[ChartCode, Callable[[Row, Figures], Chart | None]] = {
    ChartCode.ACTIVITIES: _activities,
    ChartCode.SHARES: _shares,
    ChartCode.TITLES: _titles,
    ChartCode.GROUPS: _groups,
    ChartCode.SPREAD: _spread,
}


def charts_of(report: Row) -> list[Chart]:
    """The charts of a report, those without anything to show left out."""
    figures = {figure["code"]: figure for figure in report["figures"]}
    return [chart for made in _MADE.values() if (chart := made(report, figures)) is not None]
