"""Delegations over REST."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.api.answers import answer
from app.domain.access import delegations
from app.domain.access.delegations import DelegationView, NewDelegation
from app.request import (
    CurrentActor,
    Reading,
    Route,
    Transaction,
    begin_transaction,
    now,
    resources,
)
from app.request.delegating import DelegatedToken, sign_delegated

router = APIRouter(tags=["access"], route_class=Route)


@router.get("/me/delegations", operation_id="list_delegations", response_model=list[DelegationView])
async def list_delegations(db: Reading, actor: CurrentActor) -> Response:
    """What one has delegated, and what has been delegated to one, the latest first."""
    return answer(await delegations.list_delegations(db, actor))


@router.post(
    "/delegations",
    operation_id="create_delegation",
    response_model=DelegationView,
    status_code=201,
)
async def create_delegation(db: Transaction, actor: CurrentActor, new: NewDelegation) -> Response:
    """Delegate some of one's own permissions over a unit, for ninety days at most."""
    return answer(await delegations.create_delegation(db, actor, new=new, now=now()), 201)


@router.post(
    "/delegations/{delegation_id}/revoke",
    operation_id="revoke_delegation",
    response_model=DelegationView,
)
async def revoke_delegation(db: Transaction, actor: CurrentActor, delegation_id: UUID) -> Response:
    """Take a delegation back, or give it back; tokens under it are refused from now on."""
    row = await delegations.revoke_delegation(db, actor, delegation_id=delegation_id, now=now())
    return answer(row)


@router.post(
    "/delegations/{delegation_id}/act",
    operation_id="act_on_behalf",
    response_model=DelegatedToken,
)
async def act_on_behalf(request: Request, actor: CurrentActor, delegation_id: UUID) -> Response:
    """A token of ten minutes that acts on the granter's behalf; every act names both."""
    async with begin_transaction(request, actor) as db:
        delegate, acting = await delegations.act_on_behalf(
            db, actor, delegation_id=delegation_id, now=now()
        )
    return answer(sign_delegated(resources(request), delegate, acting))
