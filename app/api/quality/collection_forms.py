"""Collection forms over REST."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_file, answer_page
from app.domain.quality import collection_forms
from app.domain.quality.collection_forms import (
    CollectionFormView,
    FormCellValueView,
    FormConfirmation,
    FormReturnCellView,
    FormReturnState,
    FormReturnView,
    FormSendingBack,
    FormTotalView,
    NewCollectionForm,
)
from app.request import (
    CurrentActor,
    PageParameters,
    Reading,
    Route,
    Transaction,
    now,
    resources,
)
from app.tabular import TabularFormat, media_type_of

router = APIRouter(tags=["quality"], route_class=Route)

_XLSX = media_type_of(TabularFormat.XLSX)
_WORKBOOK: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {_XLSX: {}},
        "description": "报表原样式的工作簿 / the bureau's own sheet, filled",
    }
}
_COUNTY = Query(description="只汇总该教育局主管的学校 / only schools in charge of this bureau")


@router.get(
    "/collection-forms",
    operation_id="list_collection_forms",
    response_model=PageOf[CollectionFormView],
)
async def list_collection_forms(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    unit_id: Annotated[UUID | None, Query(description="发表教育局 / bureau")] = None,
    closed: Annotated[bool | None, Query(description="是否已截止 / whether it is closed")] = None,
) -> Response:
    """The forms of the bureaux at and above the actor (`due_on`, `created`)."""
    found = await collection_forms.list_collection_forms(
        db, actor, page=page, unit_id=unit_id, closed=closed
    )
    return answer_page(request, found, fields)


@router.get(
    "/collection-forms/{form_id}",
    operation_id="get_collection_form",
    response_model=CollectionFormView,
)
async def get_collection_form(db: Reading, actor: CurrentActor, form_id: UUID) -> Response:
    """One form, and which cell of it holds what."""
    return answer(await collection_forms.get_collection_form(db, actor, form_id=form_id))


@router.post(
    "/collection-forms",
    operation_id="issue_collection_form",
    response_model=CollectionFormView,
    status_code=201,
)
async def issue_collection_form(
    request: Request, db: Transaction, actor: CurrentActor, new: NewCollectionForm
) -> Response:
    """Issue a bureau's own form to all schools below it, filled from the register."""
    store = resources(request).archive.store
    row = await collection_forms.issue_collection_form(db, actor, new=new, store=store, now=now())
    return answer(row, 201)


@router.post(
    "/collection-forms/{form_id}/close",
    operation_id="close_collection_form",
    response_model=CollectionFormView,
)
async def close_collection_form(db: Transaction, actor: CurrentActor, form_id: UUID) -> Response:
    """Close a form: what is not confirmed by then stays unconfirmed."""
    row = await collection_forms.close_collection_form(db, actor, form_id=form_id, now=now())
    return answer(row)


@router.get(
    "/collection-forms/{form_id}/totals",
    operation_id="list_form_totals",
    response_model=list[FormTotalView],
)
async def list_form_totals(
    db: Reading,
    actor: CurrentActor,
    form_id: UUID,
    county_id: Annotated[UUID | None, _COUNTY] = None,
) -> Response:
    """Each cell over all schools of a form, or those of a county."""
    found = await collection_forms.list_form_totals(db, actor, form_id=form_id, county_id=county_id)
    return answer(found)


@router.get(
    "/collection-forms/{form_id}/cell-values",
    operation_id="list_form_cell_values",
    response_model=PageOf[FormCellValueView],
)
async def list_form_cell_values(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    form_id: UUID,
    cell: Annotated[str, Query(description="单元格，如 B4 / which cell of the form")],
    county_id: Annotated[UUID | None, _COUNTY] = None,
) -> Response:
    """What each school has in one cell, with the address of the rows behind it (`school_name`)."""
    found = await collection_forms.list_form_cell_values(
        db, actor, form_id=form_id, cell=cell, page=page, county_id=county_id
    )
    return answer_page(request, found, fields)


@router.get(
    "/collection-forms/{form_id}/workbook",
    operation_id="get_collection_form_workbook",
    response_class=Response,
    responses=_WORKBOOK,
)
async def get_collection_form_workbook(db: Reading, actor: CurrentActor, form_id: UUID) -> Response:
    """The bureau's own sheet with what the schools confirmed, added up."""
    row, content = await collection_forms.get_collection_form_workbook(db, actor, form_id=form_id)
    return answer_file(content, f"{row['title']}.xlsx", _XLSX)


@router.get(
    "/form-returns", operation_id="list_form_returns", response_model=PageOf[FormReturnView]
)
async def list_form_returns(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    form_id: Annotated[UUID | None, Query(description="报表 / form")] = None,
    school_id: Annotated[UUID | None, Query(description="学校 / school")] = None,
    state: Annotated[FormReturnState | None, Query(description="状态 / state")] = None,
) -> Response:
    """The returns of the schools in the actor's place (`created`, `due_on`)."""
    found = await collection_forms.list_form_returns(
        db, actor, page=page, form_id=form_id, school_id=school_id, state=state
    )
    return answer_page(request, found, fields)


@router.get(
    "/form-returns/{return_id}", operation_id="get_form_return", response_model=FormReturnView
)
async def get_form_return(db: Reading, actor: CurrentActor, return_id: UUID) -> Response:
    """One return."""
    return answer(await collection_forms.get_form_return(db, actor, return_id=return_id))


@router.get(
    "/form-returns/{return_id}/cells",
    operation_id="list_form_return_cells",
    response_model=list[FormReturnCellView],
)
async def list_form_return_cells(db: Reading, actor: CurrentActor, return_id: UUID) -> Response:
    """The cells of a return, computed and stated side by side."""
    return answer(await collection_forms.list_form_return_cells(db, actor, return_id=return_id))


@router.post(
    "/form-returns/{return_id}/confirm",
    operation_id="confirm_form_return",
    response_model=FormReturnView,
)
async def confirm_form_return(
    db: Transaction, actor: CurrentActor, return_id: UUID, said: FormConfirmation
) -> Response:
    """Confirm for the school; cells that are not named are as computed."""
    row = await collection_forms.confirm_form_return(
        db, actor, return_id=return_id, said=said, now=now()
    )
    return answer(row)


@router.post(
    "/form-returns/{return_id}/send-back",
    operation_id="send_back_form_return",
    response_model=FormReturnView,
)
async def send_back_form_return(
    db: Transaction, actor: CurrentActor, return_id: UUID, said: FormSendingBack
) -> Response:
    """Send a confirmed return back, to be looked at again."""
    row = await collection_forms.send_back_form_return(
        db, actor, return_id=return_id, said=said, now=now()
    )
    return answer(row)


@router.get(
    "/form-returns/{return_id}/workbook",
    operation_id="get_form_return_workbook",
    response_class=Response,
    responses=_WORKBOOK,
)
async def get_form_return_workbook(db: Reading, actor: CurrentActor, return_id: UUID) -> Response:
    """The bureau's own sheet with the values of one school."""
    row, content = await collection_forms.get_form_return_workbook(db, actor, return_id=return_id)
    return answer_file(content, f"{row['title']}.xlsx", _XLSX)
