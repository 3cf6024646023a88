"""Forms of activities over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.training import forms
from app.domain.training.activities import ActivityKind
from app.domain.training.forms import FormView, NewForm
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(prefix="/activity-forms", tags=["training"], route_class=Route)


@router.get("", operation_id="list_forms", response_model=PageOf[FormView])
async def list_forms(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    kind: Annotated[ActivityKind | None, Query(description="活动形式 / kind")] = None,
    code: Annotated[str | None, Query(max_length=60, description="样式代码 / code")] = None,
    in_force: Annotated[
        bool | None, Query(description="是否现行 / whether it is in force; both by default")
    ] = None,
) -> Response:
    """The forms of the actor's city in all their versions (`code`, `created`)."""
    found = await forms.list_forms(db, actor, page=page, kind=kind, code=code, in_force=in_force)
    await include.into("ActivityForm", found.items)
    return answer_page(request, found, fields)


@router.post("", operation_id="publish_form", response_model=FormView, status_code=201)
async def publish_form(db: Transaction, actor: CurrentActor, new: NewForm) -> Response:
    """Publish the first or the next version of a form of a city."""
    row = await forms.publish_form(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/activity-forms/{row['id']}")


@router.get("/{form_id}", operation_id="get_form", response_model=FormView)
async def get_form(
    request: Request, db: Reading, actor: CurrentActor, form_id: UUID, include: Include
) -> Response:
    """One version of a form."""
    row = await forms.get_form(db, actor, form_id=form_id)
    await include.into("ActivityForm", [row])
    return answer_one(request, row)


@router.post("/{form_id}/retire", operation_id="retire_form", response_model=FormView)
async def retire_form(db: Transaction, actor: CurrentActor, form_id: UUID) -> Response:
    """Retire a form: nothing new is held by it, and what was keeps it."""
    return answer(await forms.retire_form(db, actor, form_id=form_id, now=now()))
