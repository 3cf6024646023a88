"""Drafting a report, changing its words, issuing it, withdrawing it. Its figures nobody changes."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Date, Uuid, bindparam, update
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.credits.boards.counting import days_of_board
from app.domain.errors import Conflict, Invalid
from app.domain.organisation.units import Level, hold_unit, place_of
from app.domain.quality.measures import IndicatorMeasure
from app.domain.quality.reports.figures import Days, freeze_figures
from app.domain.quality.reports.report import REPORTS
from app.domain.quality.reports.source import FigureCode
from app.domain.quality.reports.table import Report, ReportKind, ReportState
from app.domain.quality.reports.words import NewReportSection, drafted, render
from app.domain.quality.school_comparisons import beside, measure_schools, schools_compared, spread
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class NewReport(Command):
    """Of which unit and which days a report is to be drafted."""

    unit_id: UUID = Field(description="报告单位 / unit")
    since: date | None = Field(default=None, description="起始日，默认本学年 / first day")
    until: date | None = Field(default=None, description="截止日，默认本学年 / last day")
    title: str | None = Field(
        default=None, min_length=2, max_length=100, description="标题 / title, if another"
    )


class ReportWords(Command):
    """The words of a report: all its sections, in their order."""

    title: str | None = Field(
        default=None, min_length=2, max_length=100, description="标题 / title"
    )
    sections: list[NewReportSection] | None = Field(
        default=None, min_length=1, max_length=20, description="正文 / sections"
    )


class ReportWithdrawal(Command):
    """Why a report is withdrawn."""

    reason: str = Field(min_length=2, max_length=500, description="理由 / why")


# What can be refused.


class ReportWithoutData(Invalid):
    """Nothing happened in the period that a report could be about."""

    code = "report_without_data"
    zh = "{since} 至 {until} 没有任何已举办的活动、到会、学分或考核记录，不能生成报告。"
    en = "Nothing was held, attended, credited or assessed from {since} to {until}: no report is made."


class ReportPeriodToCome(Invalid):
    """A report is of what has been."""

    code = "report_period_to_come"
    zh = "报告期尚未开始。"
    en = "The period of the report has not begun."


class ReportDrafted(Conflict):
    """There is a draft of this unit and these days already."""

    code = "report_drafted_already"
    zh = "该单位该报告期已有草稿，请先印发或撤回。"
    en = "There is a draft of this unit and period: issue or withdraw it first."


class ReportWrongState(Conflict):
    """What is to be done belongs to another moment of the report."""

    code = "report_wrong_state"
    zh = "报告当前状态为“{state}”，不能执行此操作。"
    en = "The report is '{state}': this cannot be done with it now."


# What may be done.

_KINDS = {
    Level.SCHOOL: ReportKind.SCHOOL_YEAR,
    Level.COUNTY: ReportKind.COUNTY_WORK,
    Level.CITY: ReportKind.CITY_YEAR,
}
_HAPPENED = (
    FigureCode.ACTIVITIES_HELD, FigureCode.ATTENDANCES, FigureCode.TRAINED_TEACHERS,
    FigureCode.CREDITED_TEACHERS, FigureCode.ASSESSMENTS,
)  # fmt: skip
_COMPARED = (
    IndicatorMeasure.ACTIVITIES_HELD, IndicatorMeasure.ATTENDANCE_SHARE,
    IndicatorMeasure.CREDITED_TEACHERS_SHARE, IndicatorMeasure.DEMONSTRATIONS_SHARE,
)  # fmt: skip
_plain: Callable[..., Any] = TypeAdapter(Any).dump_python


async def draft_report(db: Connection, actor: Actor, *, new: NewReport, now: datetime) -> Row:
    """Count the figures of a unit as they are now, freeze them, and write the first words around them."""
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=Permission.REPORT_WRITE)
    today = civil_date(now)
    since, until = days_of_board(new.since, new.until, today)
    if since > today:
        raise ReportPeriodToCome
    days, report_id = Days(since, until, min(until, today)), new_id()
    figures = await freeze_figures(db, actor, report_id=report_id, unit=unit, days=days, now=now)
    if not any(each["numerator"] for each in figures if each["code"] in _HAPPENED):
        raise ReportWithoutData(since=since.isoformat(), until=until.isoformat())
    kind = _KINDS[Level(unit["level"])]
    title, sections = drafted(kind, unit["name"])
    row = {
        "id": report_id,
        **place_of(unit),
        "kind": kind,
        "state": ReportState.DRAFT,
        "title": new.title or title,
        **days._asdict(),
        "known_at": now,
        "figures": figures,
        **await _compared(db, unit, days),
        "sections": render(sections, figures),
        "drafted_by": actor.account_id,
        "edited_at": now,
    }
    try:
        await db.insert(Report, row)
    except UniqueViolationError:
        raise ReportDrafted from None
    return await REPORTS.get(db, actor, report_id)


async def _compared(db: Connection, unit: Row, days: Days) -> dict[str, Any]:
    """How unequal the schools of a bureau are, and how the designated stand beside the others."""
    if unit["level"] == Level.SCHOOL:
        return {"inequality": None, "comparison": []}
    schools = await schools_compared(db, unit_id=unit["id"], as_of=days.as_of)
    period, dated = (days.since, days.until), days._asdict()
    comparison: list[Row] = []
    inequality: Row | None = None
    for measure in _COMPARED:
        found = await measure_schools(
            db, schools=schools, measure=measure, period=period, as_of=days.as_of
        )
        comparison += beside(measure, schools, found, **dated)
        if measure is IndicatorMeasure.ACTIVITIES_HELD:
            inequality = spread(unit["id"], measure, found, **dated)
    return {
        "inequality": _plain(inequality, mode="json"),
        "comparison": _plain(comparison, mode="json"),
    }


async def _hold(db: Connection, actor: Actor, report_id: UUID, permission: Permission) -> Row:
    return await REPORTS.get(db, actor, report_id, permission=permission, lock=True)


def _check_state(report: Row, *states: ReportState) -> None:
    if report["state"] not in states:
        raise ReportWrongState(state=report["state"])


async def write_report(
    db: Connection,
    actor: Actor,
    *,
    report_id: UUID,
    words: ReportWords,
    now: datetime,
) -> Row:
    """Change the words of a draft; the figures stay, and stand where the words name them."""
    report = await _hold(db, actor, report_id, Permission.REPORT_WRITE)
    _check_state(report, ReportState.DRAFT)
    changes: dict[str, Any] = {"edited_at": now}
    if words.title is not None:
        changes["title"] = words.title
    if words.sections is not None:
        changes["sections"] = render(words.sections, report["figures"])
    await db.change(Report, report_id, changes)
    return await REPORTS.get(db, actor, report_id)


_SUPERSEDE = Statement(
    update(Report)
    .where(
        col(Report.unit_id) == bindparam("of_unit", type_=Uuid),
        col(Report.since) == bindparam("first", type_=Date),
        col(Report.until) == bindparam("last", type_=Date),
        col(Report.state) == ReportState.ISSUED,
    )
    .values(state=ReportState.SUPERSEDED, superseded_by_id=bindparam("by", type_=Uuid))
)


async def issue_report(db: Connection, actor: Actor, *, report_id: UUID, now: datetime) -> Row:
    """Issue a draft: nothing of it changes any more, and it takes the place of the one before it.

    The draft is locked first, then the one issued before; there is one of each for a unit and a period.
    """
    report = await _hold(db, actor, report_id, Permission.REPORT_ISSUE)
    _check_state(report, ReportState.DRAFT)
    await db.run(
        _SUPERSEDE, of_unit=report["unit_id"], first=report["since"], last=report["until"],
        by=report_id,
    )  # fmt: skip
    issued = {"state": ReportState.ISSUED, "issued_at": now, "issued_by": actor.account_id}
    await db.change(Report, report_id, issued)
    return await REPORTS.get(db, actor, report_id)


async def withdraw_report(
    db: Connection, actor: Actor, *, report_id: UUID, withdrawal: ReportWithdrawal, now: datetime
) -> Row:
    """Withdraw a draft, or a report that was issued; it stays, with the reason."""
    report = await _hold(db, actor, report_id, Permission.REPORT_ISSUE)
    _check_state(report, ReportState.DRAFT, ReportState.ISSUED)
    withdrawn = {
        "state": ReportState.WITHDRAWN,
        "withdrawn_at": now,
        "withdrawn_by": actor.account_id,
        "withdrawn_because": withdrawal.reason,
    }
    await db.change(Report, report_id, withdrawn)
    return await REPORTS.get(db, actor, report_id)
