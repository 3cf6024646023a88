"""Reports over GraphQL; their files are fetched over REST."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import units
from app.domain.quality import reports
from app.domain.quality.reports import (
    FigureCode,
    FigureRowView,
    NewReport,
    NewReportSection,
    RecountView,
    ReportFigure,
    ReportKind,
    ReportPart,
    ReportSection,
    ReportState,
    ReportView,
    ReportWithdrawal,
    ReportWords,
)
from app.domain.quality.school_comparisons import DesignationComparisonView, SchoolInequalityView
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now

# What a report consists of has no edges: they are the types themselves.
strawberry.pydantic.type(name="ReportPart", description=ReportPart.__doc__)(ReportPart)
strawberry.pydantic.type(name="ReportFigure", description=ReportFigure.__doc__)(ReportFigure)
strawberry.pydantic.type(name="ReportSection", description=ReportSection.__doc__)(ReportSection)
strawberry.pydantic.type(name="SchoolInequality", description=SchoolInequalityView.__doc__)(
    SchoolInequalityView
)
strawberry.pydantic.type(
    name="DesignationComparison", description=DesignationComparisonView.__doc__
)(DesignationComparisonView)
strawberry.pydantic.input(name="NewReportSection", description=NewReportSection.__doc__)(
    NewReportSection
)


@node(reports.REPORTS, name="Report", description="工作报告 / a report")
class ReportNode(Node, ReportView):
    """A report and its unit."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="报告单位 / unit whose report it is",
    )


@strawberry.pydantic.type(name="FigureRow", description="数据明细 / a row behind a figure")
class FigureRowNode(FigureRowView):
    """A row behind a figure."""


@strawberry.pydantic.type(name="Recount", description="重新取数 / a figure counted again")
class RecountNode(RecountView):
    """A figure as frozen, and as it is now."""


@strawberry.pydantic.input(name="NewReport")
class NewReportInput(NewReport):
    """A report to be drafted."""


@strawberry.pydantic.input(name="ReportWords")
class ReportWordsInput(ReportWords):
    """The words of a report."""


@strawberry.pydantic.input(name="ReportWithdrawal")
class ReportWithdrawalInput(ReportWithdrawal):
    """Why a report is withdrawn."""


@strawberry.type
class ReportQueries:
    """What may be asked about reports."""

    @strawberry.field(description="工作报告 / reports", graphql_type=Connection[ReportNode])
    async def reports(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        county_id: UUID | None = None,
        kind: ReportKind | None = None,
        state: ReportState | None = None,
    ) -> Any:
        """The reports of the units whose summaries the actor reads (`until`, `created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: reports.list_reports(
                db, actor, page=page, unit_id=unit_id, county_id=county_id, kind=kind, state=state
            ),
        )

    @strawberry.field(description="一份工作报告 / one report", graphql_type=ReportNode)
    async def report(self, info: Info[Context], id: UUID) -> Any:
        """One report within the actor's reach."""
        actor = info.context.actor
        return await info.context.read(lambda db: reports.get_report(db, actor, report_id=id))

    @strawberry.field(
        description="数据明细 / rows behind a figure", graphql_type=Connection[FigureRowNode]
    )
    async def report_figure_rows(
        self,
        info: Info[Context],
        report_id: UUID,
        code: FigureCode,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        whole: bool | None = None,
    ) -> Any:
        """The rows behind a figure, as they are now (`id`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: reports.list_report_figure_rows(
                db, actor, report_id=report_id, code=code, page=page, whole=bool(whole)
            ),
        )

    @strawberry.field(
        description="重新取数 / figures counted again", graphql_type=list[RecountNode]
    )
    async def report_recounts(self, info: Info[Context], report_id: UUID) -> Any:
        """Every figure as it was frozen, beside what the register gives now."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: reports.list_report_recounts(db, actor, report_id=report_id)
        )


@strawberry.type
class ReportMutations:
    """What may be done with reports."""

    @strawberry.mutation(description="起草报告 / draft a report", graphql_type=ReportNode)
    async def draft_report(self, info: Info[Context], new: NewReportInput) -> Any:
        """Count and freeze the figures of a unit, and draft a report around them."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await reports.draft_report(db, actor, new=new, now=now())

    @strawberry.mutation(description="修改文字 / change the words", graphql_type=ReportNode)
    async def write_report(
        self, info: Info[Context], report_id: UUID, words: ReportWordsInput
    ) -> Any:
        """Change the words of a draft; its figures stay."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await reports.write_report(
                db, actor, report_id=report_id, words=words, now=now()
            )

    @strawberry.mutation(description="印发报告 / issue a report", graphql_type=ReportNode)
    async def issue_report(self, info: Info[Context], report_id: UUID) -> Any:
        """Issue a draft; the report of the same days that was issued before is superseded by it."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await reports.issue_report(db, actor, report_id=report_id, now=now())

    @strawberry.mutation(description="撤回报告 / withdraw a report", graphql_type=ReportNode)
    async def withdraw_report(
        self, info: Info[Context], report_id: UUID, withdrawal: ReportWithdrawalInput
    ) -> Any:
        """Withdraw a draft or an issued report, with the reason."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await reports.withdraw_report(
                db, actor, report_id=report_id, withdrawal=withdrawal, now=now()
            )
