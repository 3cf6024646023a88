"""Schemes of pay inputs over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.quality import pay_schemes
from app.domain.quality.pay_schemes import (
    NewPayScheme,
    PaySchemeView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["quality"], route_class=Route)


@router.get("/pay-schemes", operation_id="list_pay_schemes", response_model=PageOf[PaySchemeView])
async def list_pay_schemes(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    school_id: Annotated[UUID | None, Query(description="学校 / school")] = None,
    in_force: Annotated[bool | None, Query(description="现行与否 / whether it holds today")] = None,
) -> Response:
    """The schemes of the schools in the actor's place (`created`)."""
    found = await pay_schemes.list_pay_schemes(
        db, actor, page=page, school_id=school_id, in_force=in_force
    )
    return answer_page(request, found, fields)


@router.get(
    "/own-pay-schemes", operation_id="list_own_pay_schemes", response_model=PageOf[PaySchemeView]
)
async def list_own_pay_schemes(
    request: Request, db: Reading, actor: CurrentActor, page: PageParameters, fields: Fields
) -> Response:
    """What the actor's own school lets count today (`created`)."""
    found = await pay_schemes.list_own_pay_schemes(db, actor, page=page)
    return answer_page(request, found, fields)


@router.get("/pay-schemes/{scheme_id}", operation_id="get_pay_scheme", response_model=PaySchemeView)
async def get_pay_scheme(db: Reading, actor: CurrentActor, scheme_id: UUID) -> Response:
    """One version of a scheme."""
    found = await pay_schemes.get_pay_scheme(db, actor, scheme_id=scheme_id)
    return answer(found)


@router.post(
    "/units/{unit_id}/pay-schemes",
    operation_id="publish_pay_scheme",
    response_model=PaySchemeView,
    status_code=201,
)
async def publish_pay_scheme(
    db: Transaction, actor: CurrentActor, unit_id: UUID, new: NewPayScheme
) -> Response:
    """Publish a school's scheme, as its next version, from today on."""
    found = await pay_schemes.publish_pay_scheme(db, actor, unit_id=unit_id, new=new, now=now())
    return answer(found, 201)
