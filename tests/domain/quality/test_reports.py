import asyncio
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from docx import Document

from app.database.pool import Pool
from app.domain.access.roles import Permission
from app.domain.credits.boards.counting import BoardPeriodUnfit
from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.statistics import Measure
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.domain.people.facts.fact import FactName
from app.domain.people.facts.kinds import KINDS
from app.domain.quality.measures import IndicatorMeasure, list_unit_measures
from app.domain.quality.reports import (
    FigureCode,
    FigureUnknown,
    PercentageWithoutBase,
    Report,
    ReportDrafted,
    ReportNotFound,
    ReportPeriodToCome,
    ReportState,
    ReportWithdrawal,
    ReportWithoutData,
    ReportWords,
    ReportWrongState,
    get_report,
    issue_report,
    list_report_figure_rows,
    list_report_recounts,
    list_reports,
    withdraw_report,
    write_report,
)
from app.domain.quality.reports.docx_file import docx_of
from app.domain.quality.reports.labels import label_of
from app.domain.quality.reports.words import NewReportSection, render
from app.domain.training.attendance import AttendanceStatus
from app.request import Resources
from app.sql import CheckViolationError, Connection, Row
from tests.make import NOW, City, make_activity, make_attendance, make_city, make_fact
from tests.make_organisation import make_statistic
from tests.make_reports import HELD, SINCE, UNTIL, make_autumn, make_report, make_titled

PAGE = PageRequest(limit=50)
HONOUR = KINDS[FactName.HONOUR]


def figure_of(report: Row, code: FigureCode) -> dict[str, Any]:
    [found] = [each for each in report["figures"] if each["code"] == code]
    return dict(found)


def counted(report: Row, code: FigureCode) -> tuple[int, int | None]:
    figure = figure_of(report, code)
    return figure["numerator"], figure["denominator"]


async def test_a_county_is_counted_with_every_base(db: Connection, city: City) -> None:
    by = city.county_admin
    await make_autumn(db, city.school, by, city.teacher, city.colleague)
    away = await make_activity(db, city.county, by, state=HELD)
    [session] = away["sessions"]
    await make_attendance(db, session, by, city.teacher, city.sibling_teacher)
    await make_attendance(db, session, by, city.colleague, status=AttendanceStatus.ABSENT)
    await make_activity(db, city.school, by)  # Published, and not held yet.
    await make_activity(db, city.far_school, by, state=HELD)
    report = await make_report(db, by, city.county)
    assert (report["kind"], report["state"]) == ("county_work", ReportState.DRAFT)
    assert (report["since"], report["until"]) == (SINCE, UNTIL)
    expected: dict[FigureCode, tuple[int, int | None]] = {
        FigureCode.SCHOOLS: (2, None),
        FigureCode.TEACHERS: (3, None),
        FigureCode.ACTIVITIES_HELD: (2, None),
        FigureCode.BUREAU_ACTIVITIES: (1, 2),
        FigureCode.SESSIONS_HELD: (3, None),
        FigureCode.ATTENDANCES: (5, 6),
        FigureCode.TRAINED_TEACHERS: (3, 3),
        FigureCode.DEMONSTRATING_TEACHERS: (1, 3),
        FigureCode.CREDITED_TEACHERS: (0, 3),
    }
    assert {code: counted(report, code) for code in expected} == expected
    shown = figure_of(report, FigureCode.DEMONSTRATING_TEACHERS)
    assert (shown["value"], str(shown["as_of"])) == ("33.33", str(report["as_of"]))
    assert shown["counted_in"] == "persons"
    assert figure_of(report, FigureCode.ATTENDANCES)["counted_in"] == "person_times"
    words = "".join(section["rendered"] for section in report["sections"])
    assert "承担公开课、示范课的教师1人，占33.33%（1/3人，截至2026年" in words
    assert "{" not in words


async def test_what_evaluations_compute_is_the_same(db: Connection, city: City) -> None:
    by = city.county_admin
    await make_autumn(db, city.school, by, city.teacher, city.colleague)
    report = await make_report(db, by, city.county)
    days = {"since": SINCE, "until": UNTIL, "now": NOW}
    found = await list_unit_measures(db, by.actor, unit_id=city.county["id"], **days)  # type: ignore[arg-type]
    measured = {row["measure"]: (row["numerator"], row["denominator"]) for row in found}
    for code, measure in (
        (FigureCode.ACTIVITIES_HELD, IndicatorMeasure.ACTIVITIES_HELD),
        (FigureCode.ATTENDANCES, IndicatorMeasure.ATTENDANCE_SHARE),
        (FigureCode.PLANNED_HELD, IndicatorMeasure.PLANNED_ACTIVITIES_HELD),
        (FigureCode.CREDITED_TEACHERS, IndicatorMeasure.CREDITED_TEACHERS_SHARE),
        (FigureCode.MENTORSHIPS, IndicatorMeasure.MENTORSHIPS),
        (FigureCode.TOPICS, IndicatorMeasure.TOPICS),
        (FigureCode.COURSES, IndicatorMeasure.COURSES),
        (FigureCode.RESOURCES, IndicatorMeasure.RESOURCES),
    ):
        assert counted(report, code) == measured[measure], code


async def test_the_rows_behind_every_figure_add_up_to_it(db: Connection, city: City) -> None:
    by = city.county_admin
    await make_autumn(db, city.school, by, city.teacher, city.colleague)
    await make_titled(db, by, city.school)
    report = await make_report(db, by, city.county)
    for figure in report["figures"]:
        code = FigureCode(figure["code"])
        rows: list[Row] = []
        page = PageRequest(limit=1)
        while True:
            found = await list_report_figure_rows(
                db, by.actor, report_id=report["id"], code=code, page=page, whole=True
            )
            rows += found.items
            if found.next is None:
                break
            page = PageRequest(limit=1, cursor=found.next)
        assert sum(row["amount"] for row in rows if row["counts"]) == figure["numerator"], code
        if figure["denominator"] is not None:
            assert sum(row["amount"] for row in rows) == figure["denominator"], code
        assert len({row["id"] for row in rows}) == len(rows), code


async def test_each_is_counted_once_at_the_highest_level(db: Connection, city: City) -> None:
    by = city.county_admin
    await make_autumn(db, city.school, by, city.teacher)
    autumn = (date(2026, 9, 10), None)
    expert = {"honour": "teaching_expert", "issuer": "教育厅", "title": ""}
    for level in ("city", "provincial"):
        await make_fact(db, city.teacher, HONOUR, *autumn, level=level, **expert)
    await make_fact(db, city.colleague, HONOUR, *autumn, level="city", **expert)
    await make_fact(db, city.sibling_teacher, HONOUR, date(2020, 9, 1), level="city", **expert)
    for level in ("county", "city"):
        await make_titled(db, by, city.school, level=level)
    report = await make_report(db, by, city.county)

    def parts(code: FigureCode) -> dict[str, int]:
        return {each["part"]: each["number"] for each in figure_of(report, code)["parts"]}

    assert counted(report, FigureCode.TEACHING_EXPERTS) == (2, 3)
    assert parts(FigureCode.TEACHING_EXPERTS) == {"provincial": 1, "city": 1}
    assert counted(report, FigureCode.TITLE_HOLDERS) == (3, 3)
    assert parts(FigureCode.DESIGNATED_SCHOOLS) == {"city": 1}
    assert counted(report, FigureCode.DESIGNATED_SCHOOLS) == (1, 2)
    designated, other = report["comparison"][:2]
    assert (designated["schools"], designated["numerator"]) == (1, 1)
    assert (other["schools"], other["numerator"]) == (1, 0)


async def test_what_a_unit_states_stands_beside(db: Connection, city: City) -> None:
    by = city.county_admin
    await make_autumn(db, city.school, by, city.teacher)
    await make_statistic(db, city.county, by, Measure.SCHOOLS, 3, school_year=2026)
    report = await make_report(db, by, city.county)
    schools = figure_of(report, FigureCode.SCHOOLS)
    assert (schools["numerator"], schools["stated"], schools["stated_difference"]) == (2, 3, 1)
    assert "填报数为3所，比登记数多1所，须核实" in report["sections"][0]["rendered"]


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"since": date(2025, 9, 1), "until": date(2026, 7, 31)}, ReportWithoutData),
        ({"since": date(2027, 9, 1)}, ReportPeriodToCome),
        ({"since": date(2026, 9, 2), "until": date(2026, 9, 1)}, BoardPeriodUnfit),
    ],
)
async def test_of_what_no_report_is_made(
    db: Connection, city: City, more: dict[str, Any], refusal: type[DomainError]
) -> None:
    await make_autumn(db, city.school, city.school_admin, city.teacher)
    with pytest.raises(refusal):
        await make_report(db, city.school_admin, city.school, **more)
    assert not (await list_reports(db, city.school_admin.actor, page=PAGE)).items


async def test_whose_reports_are_drafted_and_read(db: Connection, city: City) -> None:
    await make_autumn(db, city.school, city.school_admin, city.teacher)
    with pytest.raises(NotAllowed):
        await make_report(db, city.auditor, city.school)
    with pytest.raises(UnitNotFound):
        await make_report(db, city.other_county_admin, city.school)
    report = await make_report(db, city.school_admin, city.school)
    read = {"report_id": report["id"]}
    for person in (city.county_admin, city.city_admin):
        assert (await get_report(db, person.actor, **read))["id"] == report["id"]
    for person in (city.sibling_admin, city.other_county_admin, city.teacher_account):
        with pytest.raises((ReportNotFound, NotAllowed)):
            await get_report(db, person.actor, **read)
    with pytest.raises(ReportNotFound):
        await list_report_figure_rows(
            db, city.sibling_admin.actor, code=FigureCode.TEACHERS, page=PAGE, **read
        )


async def test_names_are_for_those_who_read_people(db: Connection, city: City) -> None:
    """Money is counted for whoever reads summaries; its rows are for those who hold the funds."""
    await make_autumn(db, city.school, city.school_admin, city.teacher)
    report = await make_report(db, city.school_admin, city.school)
    with pytest.raises(NotAllowed) as refused:
        await list_report_figure_rows(
            db, city.integration.actor, report_id=report["id"], code=FigureCode.SPENT, page=PAGE
        )
    assert refused.value.details["permission"] == Permission.FUNDS_READ


async def test_words_change_and_figures_do_not(db: Connection, city: City) -> None:
    by = city.school_admin
    await make_autumn(db, city.school, by, city.teacher, city.colleague)
    report = await make_report(db, by, city.school)
    text = "全校{teachers}，参训{trained_teachers}。"
    words = ReportWords.model_validate({"sections": [{"heading": "一、概况", "text": text}]})
    await make_autumn(db, city.school, by, city.teacher)
    written = await write_report(
        db, by.actor, report_id=report["id"], words=words, now=NOW + timedelta(hours=1)
    )
    assert written["figures"] == report["figures"]
    [section] = written["sections"]
    day = report["as_of"]
    assert section["rendered"] == (
        f"全校2名，参训2人，占100.00%（2/2人，截至{day.year}年{day.month}月{day.day}日）。"
    )
    again = await list_report_recounts(db, by.actor, report_id=report["id"])
    differing = {each["code"]: each["numerator_now"] for each in again if not each["agrees"]}
    assert differing == {"activities_held": 2, "sessions_held": 4, "attendances": 5}


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("参训率达93%。", PercentageWithoutBase),
        ("参训率达九成，即百分之九十。", PercentageWithoutBase),
        ("参训率达９３％。", PercentageWithoutBase),
        ("参训率达93﹪。", PercentageWithoutBase),
        ("参训率提高5个百分点。", PercentageWithoutBase),
        ("参训{nobody}。", FigureUnknown),
        ("参训{teachers.percent}。", FigureUnknown),
        ("现有学校{schools}。", FigureUnknown),  # A school's report counts no schools.
    ],
)
async def test_what_may_not_be_written(
    db: Connection, city: City, text: str, refusal: type[DomainError]
) -> None:
    by = city.school_admin
    await make_autumn(db, city.school, by, city.teacher)
    report = await make_report(db, by, city.school)
    words = ReportWords.model_validate({"sections": [{"heading": "一、概况", "text": text}]})
    with pytest.raises(refusal):
        await write_report(db, by.actor, report_id=report["id"], words=words, now=NOW)
    assert await get_report(db, by.actor, report_id=report["id"]) == report


def worded(text: str, **figures: dict[str, Any]) -> str:
    """A text with these figures put in."""
    base = {
        "measured": "所", "counted_in": "things", "is_share": False, "parts": [], "stated": None,
    }  # fmt: skip
    known = [base | {"code": code} | more for code, more in figures.items()]
    [section] = render([NewReportSection(heading="一、概况", text=text)], known)
    return section["rendered"]


def test_parts_that_are_not_there_are_left_out_of_brackets() -> None:
    text = "训室{rooms}（{rooms.parts}）；获奖{winners}（{winners.parts}，每人计一次）。分项：{rooms.parts}。"
    none = worded(text, rooms={"numerator": 0}, winners={"numerator": 0})
    assert none == "训室0所；获奖0所（每人计一次）。分项：无分项。"
    parts = [{"label": "录播教室", "number": 2}]
    some = worded(text, rooms={"numerator": 2, "parts": parts}, winners={"numerator": 0})
    assert some == "训室2所（其中录播教室2所）；获奖0所（每人计一次）。分项：其中录播教室2所。"


def test_what_nobody_stated_is_no_nought() -> None:
    text = "在校学生{students}；教师{teachers}。"
    assert worded(text, students={"numerator": 0}, teachers={"numerator": 0}) == (
        "在校学生未填报；教师0所。"
    )
    assert worded(text, students={"numerator": 9747}, teachers={"numerator": 3}) == (
        "在校学生9747所（学校填报）；教师3所。"
    )


def test_a_school_of_several_stages_is_one_part_by_its_own_name() -> None:
    labels = {
        "primary": "小学", "primary+junior_secondary": "九年一贯制学校",
        "junior_secondary+senior_secondary": "完全中学",
        "primary+junior_secondary+senior_secondary": "十二年一贯制学校",
        "kindergarten+primary": "幼儿园与小学",
    }  # fmt: skip
    assert {part: label_of(part) for part in labels} == labels


async def test_a_later_report_takes_the_place_of_an_earlier_one(db: Connection, city: City) -> None:
    by = city.school_admin
    await make_autumn(db, city.school, by, city.teacher)
    first = await make_report(db, by, city.school)
    with pytest.raises(ReportDrafted):
        async with db.transaction():
            await make_report(db, by, city.school)
    issued = await issue_report(db, by.actor, report_id=first["id"], now=NOW)
    assert (issued["state"], issued["issued_at"]) == (ReportState.ISSUED, NOW)
    words = ReportWords(title="另一个标题")
    with pytest.raises(ReportWrongState):
        await write_report(db, by.actor, report_id=first["id"], words=words, now=NOW)
    with pytest.raises(ReportWrongState):
        await issue_report(db, by.actor, report_id=first["id"], now=NOW)
    second = await make_report(db, by, city.school)
    await issue_report(db, by.actor, report_id=second["id"], now=NOW)
    former = await get_report(db, by.actor, report_id=first["id"])
    assert (former["state"], former["superseded_by_id"]) == ("superseded", second["id"])
    assert former["sections"] == first["sections"]
    gone = ReportWithdrawal(reason="数据有误")
    withdrawn = await withdraw_report(
        db, by.actor, report_id=second["id"], withdrawal=gone, now=NOW
    )
    assert (withdrawn["state"], withdrawn["withdrawn_because"]) == ("withdrawn", "数据有误")
    with pytest.raises(ReportWrongState):
        await withdraw_report(db, by.actor, report_id=first["id"], withdrawal=gone, now=NOW)


async def test_the_database_keeps_what_was_issued(db: Connection, city: City) -> None:
    by = city.school_admin
    await make_autumn(db, city.school, by, city.teacher)
    report = await make_report(db, by, city.school)
    await issue_report(db, by.actor, report_id=report["id"], now=NOW)
    with pytest.raises(CheckViolationError):
        async with db.transaction():
            await db.change(Report, report["id"], {"title": "改动"})
    assert (await get_report(db, by.actor, report_id=report["id"]))["title"] == report["title"]


async def test_percentages_of_nothing_have_no_value(db: Connection, city: City) -> None:
    by = city.school_admin
    await make_activity(db, city.school, by, state=HELD)
    report = await make_report(db, by, city.school)
    nobody = figure_of(report, FigureCode.ATTENDANCES)
    assert (nobody["numerator"], nobody["denominator"], nobody["value"]) == (0, 0, None)
    assert figure_of(report, FigureCode.SPENT)["value"] == str(Decimal(0))


async def test_of_many_at_once_one_drafts_and_one_issues(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        await make_autumn(db, city.school, city.school_admin, city.teacher)
    by = city.school_admin

    async def drafted() -> str:
        try:
            async with real_pool.transaction() as db:
                return str((await make_report(db, by, city.school))["id"])
        except ReportDrafted as refused:
            return refused.code

    drafts = await asyncio.gather(*(drafted() for _ in range(4)))
    assert sorted(drafts)[1:] == ["report_drafted_already"] * 3
    report_id = UUID(min(drafts))

    async def issued() -> str:
        try:
            async with real_pool.transaction() as db:
                row = await issue_report(db, by.actor, report_id=report_id, now=NOW)
                return str(row["state"])
        except ReportWrongState as refused:
            return refused.code

    outcomes = await asyncio.gather(*(issued() for _ in range(4)))
    assert sorted(outcomes) == ["issued", *["report_wrong_state"] * 3]


async def test_a_document_leaves_out_what_xml_has_not(db: Connection, city: City) -> None:
    """Titles and words are pasted from anywhere; what cannot be written stops no report."""
    by = city.school_admin
    await make_autumn(db, city.school, by, city.teacher)
    report = await make_report(db, by, city.school)
    strange = "年度\x0b报\x01告\ufffe"
    for section in report["sections"]:
        section["heading"] = section["rendered"] = strange
    written = Document(BytesIO(docx_of(report | {"title": strange, "unit_name": strange}, [])))
    texts = {each.text for each in written.paragraphs}
    assert "年度报告" in texts
    assert not any("\x0b" in each or "\x01" in each for each in texts)
    assert written.core_properties.title == "年度报告"
