"""A report as it is read: through its door, with the rows behind each figure, and counted again."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import BaseModel, Field
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.counts import CountKind
from app.domain.errors import NotFound
from app.domain.organisation.units import UNITS, Unit
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import place_column
from app.domain.quality.reports.figures import (
    SOURCES,
    Days,
    above_and_below,
    count_figures,
    given,
    listing,
)
from app.domain.quality.reports.source import FigureCode
from app.domain.quality.reports.table import Report, ReportKind, ReportState, ReportView
from app.sql import Connection, Row


class RecountView(BaseModel):
    """A figure as it was frozen, and as the register gives it now for the same days."""

    code: FigureCode = Field(description="数据项 / what is counted")
    counted_in: CountKind = Field(description="计量单位 / in what it is counted")
    numerator: int = Field(description="冻结时分子或数量 / numerator or number, as frozen")
    denominator: int | None = Field(description="冻结时分母 / denominator, as frozen")
    numerator_now: int = Field(description="现在的分子或数量 / numerator or number now")
    denominator_now: int | None = Field(description="现在的分母 / denominator now")
    agrees: bool = Field(description="是否一致 / whether both are the same")


# What can be refused.


class ReportNotFound(NotFound):
    """There is no such report for the one who asks."""

    code = "report_not_found"
    zh = "未找到该报告。"
    en = "There is no such report."


class ReportFigureNotFound(NotFound):
    """Reports of units of this level do not have the figure."""

    code = "report_figure_not_found"
    zh = "该报告没有此数据项。"
    en = "The report does not have this figure."


# What may be asked.

REPORTS = Door(
    table=Report,
    view=ReportView,
    read=Permission.SUMMARY_READ,
    missing=ReportNotFound,
    computed={"unit_name": col(Unit.name)},
    joined=Report.__table__.join(Unit.__table__, col(Unit.id) == col(Report.unit_id)),  # type: ignore[attr-defined]
    filters={
        "unit_id": col(Report.unit_id),
        "county_id": col(Report.county_id),
        "kind": col(Report.kind),
        "state": col(Report.state),
    },
    sorts={"until": (col(Report.until),), "created": ()},
)
"""Reports, read by whoever reads the summaries of the unit that they are of."""


async def get_report(db: Connection, actor: Actor, *, report_id: UUID, lock: bool = False) -> Row:
    """One report within the actor's reach."""
    return await REPORTS.get(db, actor, report_id, lock=lock)


async def list_reports(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    county_id: UUID | None = None,
    kind: ReportKind | None = None,
    state: ReportState | None = None,
) -> Page:
    """The reports of the units whose summaries the actor reads, the earliest period first."""
    filters = {"unit_id": unit_id, "county_id": county_id, "kind": kind, "state": state}
    return await REPORTS.page(db, actor, page, filters=filters)


async def reports_of(
    db: Connection,
    actor: Actor,
    *,
    unit_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """A page of the reports of each of many units, the latest first."""
    owner = col(Report.unit_id)
    return await REPORTS.pages_of(db, actor, owner, unit_ids, page, sort="-until", columns=columns)


def days_of(report: Row) -> Days:
    """Of which days a report is."""
    return Days(report["since"], report["until"], report["as_of"])


async def list_report_figure_rows(
    db: Connection,
    actor: Actor,
    *,
    report_id: UUID,
    code: FigureCode,
    page: PageRequest,
    whole: bool = False,
) -> Page:
    """The rows behind a figure as they are now: those that count, or with `whole` all of the base.

    Whoever asks reads the report, and over its unit what is counted: people only who may read people.
    """
    report = await REPORTS.get(db, actor, report_id)
    if code not in {figure["code"] for figure in report["figures"]}:
        raise ReportFigureNotFound
    unit = await UNITS.get(db, actor, report["unit_id"], permission=SOURCES[code].permission)
    rows = listing(code, place_column(unit), whole=whole)
    return await rows.page(db, page, given(unit["id"], days_of(report)))


async def list_report_recounts(db: Connection, actor: Actor, *, report_id: UUID) -> list[Row]:
    """Every figure of a report beside what the register gives now: what was recorded later differs."""
    report = await REPORTS.get(db, actor, report_id)
    unit = await UNITS.get(db, actor, report["unit_id"], permission=Permission.SUMMARY_READ)
    counted = await count_figures(db, unit=unit, days=days_of(report))
    return [
        _recount(figure, *above_and_below(code, counted[code]))
        for figure in report["figures"]
        if (code := FigureCode(figure["code"])) in counted
    ]


def _recount(figure: Row, numerator: int, denominator: int | None) -> Row:
    was = {name: figure[name] for name in ("numerator", "denominator")}
    return {
        "code": figure["code"],
        "counted_in": figure["counted_in"],
        **was,
        "numerator_now": numerator,
        "denominator_now": denominator,
        "agrees": was == {"numerator": numerator, "denominator": denominator},
    }
