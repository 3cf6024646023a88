"""Reports over REST."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import (
    IF_MATCH,
    Fields,
    PageOf,
    answer,
    answer_created,
    answer_file,
    answer_one,
    answer_page,
    check_if_match,
    etag_of,
)
from app.domain.quality import reports
from app.domain.quality.reports import (
    ChartCode,
    ChartForm,
    FigureCode,
    FigureRowView,
    NewReport,
    RecountView,
    ReportKind,
    ReportState,
    ReportView,
    ReportWithdrawal,
    ReportWords,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now, resources

router = APIRouter(tags=["quality"], route_class=Route)

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PDF, _SVG, _PNG = "application/pdf", "image/svg+xml", "image/png"
_BINARY = {"schema": {"type": "string", "format": "binary"}}


def _content(description: str, *kinds: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": description, "content": dict.fromkeys(kinds, _BINARY)}}


@router.get("/reports", operation_id="list_reports", response_model=PageOf[ReportView])
async def list_reports(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    unit_id: Annotated[UUID | None, Query(description="报告单位 / unit")] = None,
    county_id: Annotated[UUID | None, Query(description="主管教育局 / bureau in charge")] = None,
    kind: Annotated[ReportKind | None, Query(description="报告类型 / kind")] = None,
    state: Annotated[ReportState | None, Query(description="状态 / state")] = None,
) -> Response:
    """The reports of the units whose summaries the actor reads (`until`, `created`)."""
    found = await reports.list_reports(
        db, actor, page=page, unit_id=unit_id, county_id=county_id, kind=kind, state=state
    )
    return answer_page(request, found, fields)


@router.post("/reports", operation_id="draft_report", response_model=ReportView, status_code=201)
async def draft_report(db: Transaction, actor: CurrentActor, new: NewReport) -> Response:
    """Count and freeze the figures of a unit, and draft a report around them."""
    row = await reports.draft_report(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/reports/{row['id']}")


@router.get("/reports/{report_id}", operation_id="get_report", response_model=ReportView)
async def get_report(
    request: Request, db: Reading, actor: CurrentActor, report_id: UUID
) -> Response:
    """One report, with every figure's numerator, denominator and base date."""
    return answer_one(request, await reports.get_report(db, actor, report_id=report_id))


@router.patch(
    "/reports/{report_id}",
    operation_id="write_report",
    response_model=ReportView,
    openapi_extra=IF_MATCH,
)
async def write_report(
    request: Request, db: Transaction, actor: CurrentActor, report_id: UUID, words: ReportWords
) -> Response:
    """Change the words of a draft; its figures stay."""
    if "if-match" in request.headers:
        check_if_match(request, await reports.get_report(db, actor, report_id=report_id, lock=True))
    row = await reports.write_report(db, actor, report_id=report_id, words=words, now=now())
    return answer(row, headers={"ETag": etag_of(row)})


@router.post("/reports/{report_id}/issue", operation_id="issue_report", response_model=ReportView)
async def issue_report(db: Transaction, actor: CurrentActor, report_id: UUID) -> Response:
    """Issue a draft; the report of the same days that was issued before is superseded by it."""
    return answer(await reports.issue_report(db, actor, report_id=report_id, now=now()))


@router.post(
    "/reports/{report_id}/withdraw", operation_id="withdraw_report", response_model=ReportView
)
async def withdraw_report(
    db: Transaction, actor: CurrentActor, report_id: UUID, withdrawal: ReportWithdrawal
) -> Response:
    """Withdraw a draft or an issued report, with the reason."""
    return answer(
        await reports.withdraw_report(
            db, actor, report_id=report_id, withdrawal=withdrawal, now=now()
        )
    )


@router.get(
    "/reports/{report_id}/figure-rows",
    operation_id="list_report_figure_rows",
    response_model=PageOf[FigureRowView],
)
async def list_report_figure_rows(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    report_id: UUID,
    code: Annotated[FigureCode, Query(description="数据项 / figure")],
    whole: Annotated[
        bool | None,
        Query(description="含未计入分子的 / with those that do not count above the line"),
    ] = None,
) -> Response:
    """The rows behind a figure, as they are now (`id`)."""
    found = await reports.list_report_figure_rows(
        db, actor, report_id=report_id, code=code, page=page, whole=bool(whole)
    )
    return answer_page(request, found, fields)


@router.get(
    "/reports/{report_id}/recounts",
    operation_id="list_report_recounts",
    response_model=list[RecountView],
)
async def list_report_recounts(db: Reading, actor: CurrentActor, report_id: UUID) -> Response:
    """Every figure as it was frozen, beside what the register gives now."""
    return answer(await reports.list_report_recounts(db, actor, report_id=report_id))


@router.get(
    "/reports/{report_id}/pdf",
    operation_id="get_report_pdf",
    response_class=Response,
    responses=_content("PDF/A 文档 / a document", _PDF),
)
async def get_report_pdf(
    request: Request, db: Reading, actor: CurrentActor, report_id: UUID
) -> Response:
    """The report in PDF/A, with its charts."""
    held = resources(request)
    name, content = await reports.get_report_pdf(
        db, actor, report_id=report_id, typesetter=held.typesetter, plotter=held.plotter
    )
    return answer_file(content, name, _PDF)


@router.get(
    "/reports/{report_id}/docx",
    operation_id="get_report_docx",
    response_class=Response,
    responses=_content("DOCX 文档 / a document", _DOCX),
)
async def get_report_docx(
    request: Request, db: Reading, actor: CurrentActor, report_id: UUID
) -> Response:
    """The report as a document that can be worked on, with its charts as pictures."""
    name, content = await reports.get_report_docx(
        db, actor, report_id=report_id, plotter=resources(request).plotter
    )
    return answer_file(content, name, _DOCX)


@router.get(
    "/reports/{report_id}/xlsx",
    operation_id="get_report_xlsx",
    response_class=Response,
    responses=_content("XLSX 工作簿 / a workbook", _XLSX),
)
async def get_report_xlsx(db: Reading, actor: CurrentActor, report_id: UUID) -> Response:
    """The figures of a report as a workbook, with charts of its own."""
    name, content = await reports.get_report_xlsx(db, actor, report_id=report_id)
    return answer_file(content, name, _XLSX)


@router.get(
    "/reports/{report_id}/chart",
    operation_id="get_report_chart",
    response_class=Response,
    responses=_content("图表 / a chart", _SVG, _PNG),
)
async def get_report_chart(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    report_id: UUID,
    code: Annotated[ChartCode, Query(description="图表 / chart")],
    form: Annotated[ChartForm, Query(description="格式 / form")] = ChartForm.SVG,
) -> Response:
    """One chart of a report."""
    name, content = await reports.get_report_chart(
        db, actor, report_id=report_id, code=code, form=form, plotter=resources(request).plotter
    )
    return answer_file(content, name, _SVG if form is ChartForm.SVG else _PNG)
