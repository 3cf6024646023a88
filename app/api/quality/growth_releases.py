"""Releases of growth files over REST: given and revoked by the person, handed over by who keeps the file."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.quality import growth_releases
from app.domain.quality.growth_releases import (
    GrowthRecordView,
    GrowthReleaseView,
    NewGrowthRelease,
    ReleaseState,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now, resources

router = APIRouter(tags=["quality"], route_class=Route)


@router.get(
    "/growth-releases",
    operation_id="list_growth_releases",
    response_model=PageOf[GrowthReleaseView],
)
async def list_growth_releases(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    teacher_id: Annotated[UUID | None, Query(description="教师 / teacher")] = None,
    state: Annotated[ReleaseState | None, Query(description="状态 / state")] = None,
) -> Response:
    """The releases of people in the actor's place, and one's own (`created`)."""
    found = await growth_releases.list_growth_releases(
        db, actor, page=page, teacher_id=teacher_id, state=state
    )
    return answer_page(request, found, fields)


@router.get(
    "/growth-releases/{release_id}",
    operation_id="get_growth_release",
    response_model=GrowthReleaseView,
)
async def get_growth_release(db: Reading, actor: CurrentActor, release_id: UUID) -> Response:
    """One release."""
    return answer(await growth_releases.get_growth_release(db, actor, release_id=release_id))


@router.post(
    "/me/growth-releases",
    operation_id="give_growth_release",
    response_model=GrowthReleaseView,
    status_code=201,
)
async def give_growth_release(
    db: Transaction, actor: CurrentActor, new: NewGrowthRelease
) -> Response:
    """Let some kinds of one's own growth file go to somebody."""
    return answer(await growth_releases.give_growth_release(db, actor, new=new, now=now()), 201)


@router.post(
    "/growth-releases/{release_id}/revoke",
    operation_id="revoke_growth_release",
    response_model=GrowthReleaseView,
)
async def revoke_growth_release(db: Transaction, actor: CurrentActor, release_id: UUID) -> Response:
    """Take one's own release back, as long as nothing has left."""
    row = await growth_releases.revoke_growth_release(db, actor, release_id=release_id, now=now())
    return answer(row)


@router.post(
    "/growth-releases/{release_id}/hand-over",
    operation_id="hand_over_growth_file",
    response_model=GrowthRecordView,
)
async def hand_over_growth_file(
    request: Request, db: Transaction, actor: CurrentActor, release_id: UUID
) -> Response:
    """Make the signed record that a release allows, once; the person is shown that it left."""
    held = resources(request)
    row = await growth_releases.hand_over_growth_file(
        db, actor, release_id=release_id, signer=held.signer, issuer=held.credential_issuer,
        now=now(),
    )  # fmt: skip
    return answer(row, headers={"Cache-Control": "no-store"})
