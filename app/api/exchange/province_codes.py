"""Codes of the province over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.exchange import province_codes
from app.domain.exchange.province_codes import CodeSet, NewProvinceCode, ProvinceCodeView
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(prefix="/province/codes", tags=["exchange"], route_class=Route)


@router.get("", operation_id="list_province_codes", response_model=PageOf[ProvinceCodeView])
async def list_province_codes(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    code_set: Annotated[CodeSet | None, Query(description="代码集 / whose words")] = None,
    void: Annotated[bool | None, Query(description="是否已作废 / whether it is void")] = None,
) -> Response:
    """The mapping of our words to the province's codes, by our words (`ours`, or `created`)."""
    found = await province_codes.list_province_codes(
        db, actor, page=page, code_set=code_set, void=void
    )
    return answer_page(request, found, fields)


@router.post(
    "", operation_id="enter_province_code", response_model=ProvinceCodeView, status_code=201
)
async def enter_province_code(
    db: Transaction, actor: CurrentActor, new: NewProvinceCode
) -> Response:
    """Enter what one of our words is called in the province, from a day on."""
    row = await province_codes.enter_province_code(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/province/codes/{row['id']}")


@router.get(
    "/{province_code_id}", operation_id="get_province_code", response_model=ProvinceCodeView
)
async def get_province_code(
    request: Request, db: Reading, actor: CurrentActor, province_code_id: UUID
) -> Response:
    """One line of the mapping."""
    row = await province_codes.get_province_code(db, actor, province_code_id=province_code_id)
    return answer_one(request, row)


@router.post(
    "/{province_code_id}/void", operation_id="void_province_code", response_model=ProvinceCodeView
)
async def void_province_code(
    db: Transaction, actor: CurrentActor, province_code_id: UUID
) -> Response:
    """Void a line of the mapping, so that another may take its place."""
    row = await province_codes.void_province_code(
        db, actor, province_code_id=province_code_id, now=now()
    )
    return answer(row)
