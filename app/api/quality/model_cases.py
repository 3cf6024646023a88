"""Model cases over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.quality import model_cases
from app.domain.quality.model_cases import (
    ModelCasePublication,
    ModelCaseReturn,
    ModelCaseVersionView,
    ModelCaseView,
    ModelCaseWithdrawal,
    NewModelCase,
    NewModelCaseVersion,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["quality"], route_class=Route)


@router.get(
    "/model-cases",
    operation_id="list_model_cases",
    response_model=PageOf[ModelCaseView],
)
async def list_model_cases(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    unit_id: Annotated[UUID | None, Query(description="案例单位 / unit")] = None,
    published: Annotated[
        bool | None, Query(description="是否已发布 / whether it is published")
    ] = None,
    withdrawn: Annotated[
        bool | None, Query(description="是否已撤回 / whether it was withdrawn")
    ] = None,
) -> Response:
    """The cases that were drawn from the work of the units in the actor's place (`created`, `title`)."""
    found = await model_cases.list_model_cases(
        db, actor, page=page, unit_id=unit_id, published=published, withdrawn=withdrawn
    )
    await include.into("ModelCase", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/published-model-cases",
    operation_id="list_published_model_cases",
    response_model=PageOf[ModelCaseView],
)
async def list_published_model_cases(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    unit_id: Annotated[UUID | None, Query(description="案例单位 / unit")] = None,
) -> Response:
    """The cases that are published to the actor (`created`, `title`)."""
    found = await model_cases.list_published_model_cases(db, actor, page=page, unit_id=unit_id)
    await include.into("ModelCase", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/model-cases/{case_id}",
    operation_id="get_model_case",
    response_model=ModelCaseView,
)
async def get_model_case(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    case_id: UUID,
    include: Include,
) -> Response:
    """One case of the actor's place, or published to the actor."""
    row = await model_cases.get_model_case(db, actor, case_id=case_id)
    await include.into("ModelCase", [row])
    return answer_one(request, row)


@router.get(
    "/model-cases/{case_id}/versions",
    operation_id="list_model_case_versions",
    response_model=PageOf[ModelCaseVersionView],
)
async def list_model_case_versions(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    case_id: UUID,
) -> Response:
    """The versions of a case that the actor may read (`number`)."""
    found = await model_cases.list_model_case_versions(db, actor, case_id=case_id, page=page)
    return answer_page(request, found, fields)


@router.post(
    "/model-cases",
    operation_id="create_model_case",
    response_model=ModelCaseView,
    status_code=201,
)
async def create_model_case(
    db: Transaction,
    actor: CurrentActor,
    new: NewModelCase,
) -> Response:
    """Draw a case from the work of a unit."""
    row = await model_cases.create_model_case(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/model-cases/{row['id']}")


@router.put(
    "/model-cases/{case_id}",
    operation_id="write_model_case",
    response_model=ModelCaseView,
)
async def write_model_case(
    db: Transaction,
    actor: CurrentActor,
    case_id: UUID,
    new: NewModelCaseVersion,
) -> Response:
    """Write the latest version anew, or begin the next one."""
    row = await model_cases.write_model_case(db, actor, case_id=case_id, new=new)
    return answer(row)


@router.post(
    "/model-cases/{case_id}/submit",
    operation_id="submit_model_case",
    response_model=ModelCaseView,
)
async def submit_model_case(
    db: Transaction,
    actor: CurrentActor,
    case_id: UUID,
) -> Response:
    """Submit the latest version to the bureau above."""
    row = await model_cases.submit_model_case(db, actor, case_id=case_id, now=now())
    return answer(row)


@router.post(
    "/model-cases/{case_id}/return",
    operation_id="return_model_case",
    response_model=ModelCaseView,
)
async def return_model_case(
    db: Transaction,
    actor: CurrentActor,
    case_id: UUID,
    said: ModelCaseReturn,
) -> Response:
    """Return what was submitted, with what is to be written otherwise."""
    row = await model_cases.return_model_case(db, actor, case_id=case_id, said=said, now=now())
    return answer(row)


@router.post(
    "/model-cases/{case_id}/publish",
    operation_id="publish_model_case",
    response_model=ModelCaseView,
)
async def publish_model_case(
    db: Transaction,
    actor: CurrentActor,
    case_id: UUID,
    new: ModelCasePublication,
) -> Response:
    """Publish a case to all or some below a bureau."""
    row = await model_cases.publish_model_case(db, actor, case_id=case_id, new=new, now=now())
    return answer(row)


@router.post(
    "/model-cases/{case_id}/withdraw",
    operation_id="withdraw_model_case",
    response_model=ModelCaseView,
)
async def withdraw_model_case(
    db: Transaction,
    actor: CurrentActor,
    case_id: UUID,
    said: ModelCaseWithdrawal,
) -> Response:
    """Withdraw a published case with a reason."""
    row = await model_cases.withdraw_model_case(db, actor, case_id=case_id, said=said, now=now())
    return answer(row)
