"""Pairs of teachers over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.people import pairs
from app.domain.people.pairs import NewPair, PairEnd, PairKind, PairView
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(prefix="/pairs", tags=["people"], route_class=Route)


@router.get("", operation_id="list_pairs", response_model=PageOf[PairView])
async def list_pairs(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    unit_id: Annotated[UUID | None, Query(description="单位 / unit that arranged it")] = None,
    teacher_id: Annotated[UUID | None, Query(description="教师 / one of the two")] = None,
    kind: Annotated[PairKind | None, Query(description="类型 / kind")] = None,
    open: Annotated[bool | None, Query(description="是否未结束 / not ended")] = None,
) -> Response:
    """The pairs of which one is, and those of one's place, the first made first (`created`)."""
    found = await pairs.list_pairs(
        db, actor, page=page, unit_id=unit_id, teacher_id=teacher_id, kind=kind, open=open
    )
    await include.into("Pair", found.items)
    return answer_page(request, found, fields)


@router.post("", operation_id="form_pair", response_model=PairView, status_code=201)
async def form_pair(db: Transaction, actor: CurrentActor, new: NewPair) -> Response:
    """Pair two teachers of a school or a bureau."""
    row = await pairs.form_pair(db, actor, new=new)
    return answer_created(row, f"/api/v1/pairs/{row['id']}")


@router.get("/{pair_id}", operation_id="get_pair", response_model=PairView)
async def get_pair(
    request: Request, db: Reading, actor: CurrentActor, pair_id: UUID, include: Include
) -> Response:
    """One pair."""
    row = await pairs.get_pair(db, actor, pair_id=pair_id)
    await include.into("Pair", [row])
    return answer_one(request, row)


@router.post("/{pair_id}/end", operation_id="end_pair", response_model=PairView)
async def end_pair(db: Transaction, actor: CurrentActor, pair_id: UUID, end: PairEnd) -> Response:
    """End a pair today, and say what came of it."""
    return answer(await pairs.end_pair(db, actor, pair_id=pair_id, end=end, now=now()))
