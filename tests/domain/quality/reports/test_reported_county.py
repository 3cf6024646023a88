"""The report of a county built to the figures of a county's own, beside what that says of itself.

`YANXUN_WRITE_REPORT=1` writes `docs/county-report.md` anew; otherwise this holds the page to what is
generated.
"""

import os
from pathlib import Path
from typing import Any

import pytest

from app.charts import Plotter
from app.domain.quality.reports import (
    FigureCode,
    NewReport,
    draft_report,
    get_report_docx,
    get_report_pdf,
    get_report_xlsx,
    list_report_recounts,
)
from app.request import Resources
from app.sql import Connection, Row
from app.typesetting import Typesetter
from tests.make_reported_county import SINCE, UNTIL, WRITTEN, make_reported_county

PAGE = Path(__file__).parents[4] / "docs" / "county-report.md"
SAID: tuple[tuple[str, FigureCode, str], ...] = (
    ("现有中小学校21所，其中高中1所，初中3所，小学16所", FigureCode.SCHOOLS,
     "三个分项相加为20所，比总数少1所（D1）：两数并列，不作更正。"),
    ("在编教师1030人", FigureCode.ESTABLISHED_TEACHERS, "与登记数一致。"),
    ("在校学生9747名", FigureCode.STUDENTS, "由各校填报相加，与县填报一致。"),
    ("16个计算机网络教室、6个媒体教室、9个电子备课室", FigureCode.TRAINING_ROOMS, "一致。"),
    ("全县21所中小学均接入电信宽带网", FigureCode.CONNECTED_SCHOOLS, "登记的20所均已接入。"),
    ("专题报告34场次", FigureCode.SESSIONS_HELD,
     "讲座34场次为其中一项，另含县级活动和各校自办活动，填报与登记的差如表所示。"),
    ("培训教师2000多人次", FigureCode.ATTENDANCES,
     "34场讲座每场59人，2006人次；其余为各校活动。人次不与人数相加（D7）。"),
    ("培训中小学教师1103人", FigureCode.TRAINED_TEACHERS,
     "1103人超过在编1030人（D2）：按人计每人一次，不会超过在册教师。"),
    ("专业技术人员690人", FigureCode.TRAINED_OTHERS, "非教师学员分列，不计入教师。"),
    ("2名教师获得省级教学能手……10名教师获得市级教学能手，其中3名获得省级", FigureCode.TEACHING_EXPERTS,
     "前文2名、后文3名（D3）：10人各计一次，省级3人、市级7人。"),
    ("四所市级实验校、八所县级实验校", FigureCode.DESIGNATED_SCHOOLS, "一致；每校按最高级别计一次。"),
    ("各学校开展不平衡，个别学校开展次数较少", FigureCode.ACTIVITIES_HELD,
     "原文没有数字；差距以基尼系数和首尾五分之一学校的占比给出。"),
)  # fmt: skip


@pytest.fixture
async def report(db: Connection, resources: Resources) -> tuple[Row, Any]:
    county, by = await make_reported_county(db, resources.cipher)
    new = NewReport(unit_id=county["id"], since=SINCE, until=UNTIL)
    return await draft_report(db, by.actor, new=new, now=WRITTEN), by


_ABOUT = (
    "左列是某县《校本研修工作汇报》（来源 S1）的原话，右列是按其数字搭建的合成县中由登记数据生成的结果。"
    "人员均为虚构。本页由 `tests/domain/quality/reports/test_reported_county.py` 生成并核对。"
)


def spread_in_words(spread: Row) -> str:
    """How unequally activities are spread, with every numerator and denominator."""
    return (
        f"{spread['schools']}所学校共{spread['total']}项，{spread['without']}所没有举办；"
        f"基尼系数{spread['gini']}（{spread['gini_numerator']}/{spread['gini_denominator']}）；"
        f"最多的{spread['fifth']}所占{spread['top_percent']}%（{spread['top_fifth']}/{spread['total']}），"
        f"最少的{spread['fifth']}所占{spread['bottom_percent']}%（{spread['bottom_fifth']}/{spread['total']}）。"
    )


def described(report: Row) -> str:
    """The page: the source's words beside ours, then the whole report."""
    figures = {each["code"]: each for each in report["figures"]}
    lines = [
        "# 一份县级工作汇报：原文与系统生成的数据", "",
        _ABOUT, "",
        "| 原文 | 数量或占比（分子/分母） | 分项 | 填报数 | 填报减登记 | 说明 |", "|---|---|---|---|---|---|",
    ]  # fmt: skip
    for words, code, remark in SAID:
        figure = figures[code]
        number = f"{figure['numerator']}{figure['measured']}"
        if figure["is_share"]:
            number = f"{figure['value']}%（{figure['numerator']}/{figure['denominator']}{figure['measured']}）"
        parts = "、".join(f"{part['label']}{part['number']}" for part in figure["parts"])
        stated = "" if figure["stated"] is None else str(figure["stated"])
        gap = "" if figure["stated"] is None else f"{figure['stated_difference']:+d}"
        lines.append(f"| {words} | {number} | {parts} | {stated} | {gap} | {remark} |")
    spread = report["inequality"]
    lines += [
        "", "## 校际差距", "",
        spread_in_words(spread),
        "", "## 命名学校与其他学校", "",
        "| 计量项 | 组别 | 学校数 | 分子 | 分母 | 占比或校均 |", "|---|---|---|---|---|---|",
        *(
            f"| {row['measure']} | {row['group']} | {row['schools']} | {row['numerator']} "
            f"| {row['denominator']} | {row['value'] or ''}{'%' if row['is_share'] and row['value'] else ''} |"
            for row in report["comparison"]
        ),
        "", f"## 生成的正文：{report['title']}", "",
    ]  # fmt: skip
    for section in report["sections"]:
        lines += [f"**{section['heading']}**", "", section["rendered"], ""]
    return "\n".join(lines)


async def test_the_report_stands_beside_its_source(db: Connection, report: tuple[Row, Any]) -> None:
    made, by = report
    figures = {each["code"]: each for each in made["figures"]}

    def parts(code: FigureCode) -> dict[str, int]:
        return {each["part"]: each["number"] for each in figures[code]["parts"]}

    schools = figures[FigureCode.SCHOOLS]
    assert (schools["numerator"], schools["stated"], schools["stated_difference"]) == (20, 21, 1)
    assert sorted(parts(FigureCode.SCHOOLS).values()) == [1, 3, 16]
    assert parts(FigureCode.TEACHING_EXPERTS) == {"provincial": 3, "city": 7}
    assert parts(FigureCode.DESIGNATED_SCHOOLS) == {"city": 4, "county": 8}
    trained = figures[FigureCode.TRAINED_TEACHERS]
    assert trained["numerator"] <= trained["denominator"] == 1030
    assert (trained["stated"], trained["counted_in"]) == (1103, "persons")
    assert figures[FigureCode.ATTENDANCES]["counted_in"] == "person_times"
    assert parts(FigureCode.ATTENDANCES)["lecture"] == 34 * 59
    assert figures[FigureCode.TRAINED_OTHERS]["numerator"] == 690
    assert all(
        each["agrees"] for each in await list_report_recounts(db, by.actor, report_id=made["id"])
    )
    page = described(made)
    if os.environ.get("YANXUN_WRITE_REPORT"):
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page


async def test_the_files_say_the_same_every_time(
    db: Connection, resources: Resources, report: tuple[Row, Any]
) -> None:
    made, by = report
    given: dict[str, Any] = {"report_id": made["id"]}
    plotter, typesetter = Plotter(), Typesetter()

    async def files() -> list[bytes]:
        pdf = await get_report_pdf(db, by.actor, **given, plotter=plotter, typesetter=typesetter)
        docx = await get_report_docx(db, by.actor, **given, plotter=plotter)
        xlsx = await get_report_xlsx(db, by.actor, **given)
        for name, content in (pdf, docx, xlsx):
            if folder := os.environ.get("YANXUN_WRITE_REPORT_TO"):
                (Path(folder) / f"report.{name.rpartition('.')[2]}").write_bytes(content)
        return [content for _, content in (pdf, docx, xlsx)]

    assert await files() == await files()
