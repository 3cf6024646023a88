"""What a report says, in the order in which every file of it says it: sections, tables, charts."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from app.domain.base import SHANGHAI
from app.domain.counts import CountKind
from app.domain.quality.measures import MEANINGS, IndicatorMeasure
from app.domain.quality.reports.table import ReportState
from app.domain.quality.reports.words import day_in_words, is_unstated
from app.domain.quality.school_comparisons import SchoolGroup
from app.sql import Row


class Listing(NamedTuple):
    """A table with what is said above it; `widths` are parts of the page, 0 for as wide as it needs."""

    heading: str
    lines: tuple[str, ...]
    heads: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


_GROUPS = {SchoolGroup.DESIGNATED: "命名学校", SchoolGroup.OTHER: "其他学校"}
_STAMPS = {
    ReportState.DRAFT: "草稿，未印发",
    ReportState.ISSUED: "",
    ReportState.SUPERSEDED: "已被新报告取代",
    ReportState.WITHDRAWN: "已撤回",
}
_FIGURE_HEADS = ("数据项", "数量", "分子", "分母", "占比", "基准日", "填报数", "填报减登记", "明细")
_COMPARED_HEADS = ("计量项", "组别", "学校数", "分子", "分母", "占比或校均", "基准日")
_KINDS = {
    CountKind.PERSONS: "人", CountKind.PERSON_TIMES: "人次", CountKind.THINGS: "项", CountKind.FEN: "元",
}  # fmt: skip


def stamp_of(report: Row) -> str:
    """What stands above every page of what is not, or no longer, the report in force."""
    return _STAMPS[ReportState(report["state"])]


def days_line(report: Row) -> str:
    """Of which days it is, and when its figures were taken."""
    known = report["known_at"].astimezone(SHANGHAI)
    return (
        f"报告期：{day_in_words(report['since'])}至{day_in_words(report['until'])}　"
        f"基准日：{day_in_words(report['as_of'])}　取数时间：{known:%Y-%m-%d %H:%M}"
    )


def figure_listing(report: Row) -> Listing:
    """All figures with their bases."""
    rows = tuple(_figure_row(figure) for figure in report["figures"])
    notes = (
        "“人”与“人次”为不同计量单位，不相加；占比均列分子、分母和基准日；填报数与登记数不一致的，两数并列，未作更正。",
    )
    return Listing("数据表", notes, _FIGURE_HEADS, (4, 0, 0, 0, 0, 0, 0, 0, 4), rows)


def _figure_row(figure: Mapping[str, Any]) -> tuple[str, ...]:
    money = figure["counted_in"] == CountKind.FEN
    number = figure["value"] if money else figure["numerator"]
    share = figure["is_share"]
    return (
        f"{figure['label']}（{figure['measured']}）",
        "" if share else "未填报" if is_unstated(figure) else str(number),
        str(figure["numerator"]) if share else "",
        str(figure["denominator"]) if share else "",
        ("—" if figure["value"] is None else f"{figure['value']}%") if share else "",
        str(figure["as_of"]),
        "" if figure["stated"] is None else str(figure["stated"]),
        "" if figure["stated_difference"] is None else f"{figure['stated_difference']:+d}",
        figure["code"],
    )


def comparison_listing(report: Row) -> Listing | None:
    """Designated schools beside the others; None of a school."""
    if not report["comparison"]:
        return None
    rows = tuple(
        (
            MEANINGS[IndicatorMeasure(each["measure"])].zh,
            _GROUPS[SchoolGroup(each["group"])],
            str(each["schools"]),
            str(each["numerator"]),
            str(each["denominator"]),
            "—" if each["value"] is None else f"{each['value']}{'%' if each['is_share'] else ''}",
            str(each["as_of"]),
        )
        for each in report["comparison"]
    )
    notes = ("占比以该组的总体为分母，校均以该组学校数为分母。",)
    return Listing("命名学校与其他学校比较", notes, _COMPARED_HEADS, (4, 0, 0, 0, 0, 0, 0), rows)


def inequality_listing(report: Row) -> Listing | None:
    """How unequally activities are spread over the schools; None of a school."""
    found = report["inequality"]
    if not found:
        return None
    held = f"{found['schools']}所学校期内共举办研修活动{found['total']}项（不含教育局组织的活动）"
    lines = [f"{held}，其中{found['without']}所没有举办。"]
    if found["gini"] is not None:
        lines.append(
            f"基尼系数为{found['gini']}（分子{found['gini_numerator']}，分母{found['gini_denominator']}；"
            f"0为完全均等）。举办最多的{found['fifth']}所学校占{found['top_percent']}%"
            f"（{found['top_fifth']}/{found['total']}项），最少的{found['fifth']}所占{found['bottom_percent']}%"
            f"（{found['bottom_fifth']}/{found['total']}项），基准日{day_in_words(found['as_of'])}。"
        )
    return Listing("校际差距", tuple(lines), (), (), ())


def listings_of(report: Row) -> list[Listing]:
    """All that stands behind the sections."""
    found = (inequality_listing(report), comparison_listing(report), figure_listing(report))
    return [each for each in found if each is not None]


def counted_in_words(figure: Mapping[str, Any]) -> str:
    """In what a figure is counted, in Chinese."""
    return _KINDS[CountKind(figure["counted_in"])]
