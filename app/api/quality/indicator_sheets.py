"""Indicator sheets over REST."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.quality import indicator_sheets
from app.domain.quality.indicator_sheets import (
    EvaluatedKind,
    IndicatorSheetView,
    NewIndicatorSheet,
    ShippedIndicatorSheetView,
    ShippedSheetChoice,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["quality"], route_class=Route)


@router.get(
    "/indicator-sheets",
    operation_id="list_indicator_sheets",
    response_model=PageOf[IndicatorSheetView],
)
async def list_indicator_sheets(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    unit_id: Annotated[UUID | None, Query(description="发布单位 / bureau")] = None,
    code: Annotated[str | None, Query(max_length=40, description="指标表代码 / code")] = None,
    evaluated: Annotated[EvaluatedKind | None, Query(description="评估对象 / of what")] = None,
) -> Response:
    """The sheets of the bureaux at and above the actor, in the order of publishing (`created`)."""
    found = await indicator_sheets.list_indicator_sheets(
        db, actor, page=page, unit_id=unit_id, code=code, evaluated=evaluated
    )
    return answer_page(request, found, fields)


@router.post(
    "/indicator-sheets",
    operation_id="publish_indicator_sheet",
    response_model=IndicatorSheetView,
    status_code=201,
)
async def publish_indicator_sheet(
    db: Transaction, actor: CurrentActor, new: NewIndicatorSheet
) -> Response:
    """Publish a sheet of a bureau, as the next version where there is one of its code."""
    row = await indicator_sheets.publish_indicator_sheet(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/indicator-sheets/{row['id']}")


@router.get(
    "/shipped-indicator-sheets",
    operation_id="list_shipped_indicator_sheets",
    response_model=list[ShippedIndicatorSheetView],
)
async def list_shipped_indicator_sheets(db: Reading, actor: CurrentActor) -> Response:
    """The sheets that are shipped, ready to be published as a bureau's own."""
    return answer(await indicator_sheets.list_shipped_indicator_sheets(db, actor))


@router.post(
    "/shipped-indicator-sheets/publish",
    operation_id="publish_shipped_indicator_sheet",
    response_model=IndicatorSheetView,
    status_code=201,
)
async def publish_shipped_indicator_sheet(
    db: Transaction, actor: CurrentActor, choice: ShippedSheetChoice
) -> Response:
    """Publish a shipped sheet for a bureau, as the next version where there is one of its code."""
    row = await indicator_sheets.publish_shipped_indicator_sheet(
        db, actor, choice=choice, now=now()
    )
    return answer_created(row, f"/api/v1/indicator-sheets/{row['id']}")


@router.get(
    "/indicator-sheet-schema",
    operation_id="get_indicator_sheet_schema",
    response_model=dict[str, Any],
)
async def get_indicator_sheet_schema(db: Reading, actor: CurrentActor) -> Response:
    """The JSON Schema of a sheet to be published."""
    return answer(await indicator_sheets.get_indicator_sheet_schema(db, actor))


@router.get(
    "/indicator-sheets/{sheet_id}",
    operation_id="get_indicator_sheet",
    response_model=IndicatorSheetView,
)
async def get_indicator_sheet(
    request: Request, db: Reading, actor: CurrentActor, sheet_id: UUID
) -> Response:
    """One sheet, of the actor's place or of a bureau at or above it."""
    return answer_one(
        request, await indicator_sheets.get_indicator_sheet(db, actor, sheet_id=sheet_id)
    )
