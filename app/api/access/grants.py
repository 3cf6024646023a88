"""Grants over REST."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.api.answers import answer
from app.domain.access import grants
from app.domain.access.grants import GrantView, NewGrant
from app.request import CurrentActor, Reading, Route, Transaction, now

router = APIRouter(tags=["access"], route_class=Route)


@router.get(
    "/accounts/{account_id}/grants", operation_id="list_grants", response_model=list[GrantView]
)
async def list_grants(db: Reading, actor: CurrentActor, account_id: UUID) -> Response:
    """The grants of one account."""
    return answer(await grants.list_grants(db, actor, account_id=account_id))


@router.post(
    "/accounts/{account_id}/grants",
    operation_id="grant_role",
    response_model=GrantView,
    status_code=201,
)
async def grant_role(
    db: Transaction, actor: CurrentActor, account_id: UUID, new: NewGrant
) -> Response:
    """Grant a role to an account; nobody grants what they do not hold themselves."""
    row = await grants.grant_role(db, actor, account_id=account_id, new=new, now=now())
    return answer(row, 201)


@router.post("/grants/{grant_id}/revoke", operation_id="revoke_grant", response_model=GrantView)
async def revoke_grant(db: Transaction, actor: CurrentActor, grant_id: UUID) -> Response:
    """End a grant today; tokens that carry it are refused from now on."""
    return answer(await grants.revoke_grant(db, actor, grant_id=grant_id, now=now()))
