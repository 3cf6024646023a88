"""Rule packs over REST."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.credits.packs import published, publishing, schema
from app.domain.credits.packs.published import RulePackDocumentView, RulePackView
from app.domain.credits.packs.publishing import NewRefinement, NewRulePack
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["credits"], route_class=Route)


@router.get("/rule-packs", operation_id="list_packs", response_model=PageOf[RulePackView])
async def list_packs(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    pack_id: Annotated[
        str | None, Query(max_length=80, description="规则包编号 / the pack's own id")
    ] = None,
    in_force_on: Annotated[
        date | None, Query(description="该日有效 / in force on this day")
    ] = None,
) -> Response:
    """The packs that apply where the actor is, by `effective_from`."""
    found = await published.list_packs(
        db, actor, page=page, pack_id=pack_id, in_force_on=in_force_on
    )
    await include.into("RulePack", found.items)
    return answer_page(request, found, fields)


@router.post(
    "/rule-packs", operation_id="publish_pack", response_model=RulePackDocumentView, status_code=201
)
async def publish_pack(db: Transaction, actor: CurrentActor, new: NewRulePack) -> Response:
    """Put a version of a pack in force for a city; refused with every place where it is wrong."""
    row = await publishing.publish_pack(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/rule-packs/{row['id']}")


@router.post(
    "/rule-pack-refinements",
    operation_id="refine_pack",
    response_model=RulePackDocumentView,
    status_code=201,
)
async def refine_pack(db: Transaction, actor: CurrentActor, new: NewRefinement) -> Response:
    """Put a county's numbers in force; refused with every number that the city has not left to it."""
    row = await publishing.refine_pack(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/rule-packs/{row['id']}")


@router.get("/rule-packs/schema", operation_id="get_pack_schema", response_model=dict[str, Any])
async def get_pack_schema(db: Reading, actor: CurrentActor) -> Response:
    """The JSON Schema of a rule pack."""
    return answer(await schema.get_pack_schema(db, actor))


@router.get(
    "/rule-pack-refinements/schema",
    operation_id="get_refinement_schema",
    response_model=dict[str, Any],
)
async def get_refinement_schema(db: Reading, actor: CurrentActor) -> Response:
    """The JSON Schema of a county's refinement."""
    return answer(await schema.get_refinement_schema(db, actor))


@router.get("/rule-packs/{pack_key}", operation_id="get_pack", response_model=RulePackDocumentView)
async def get_pack(request: Request, db: Reading, actor: CurrentActor, pack_key: UUID) -> Response:
    """One pack with its document."""
    return answer_one(request, await published.get_pack(db, actor, pack_key=pack_key))
