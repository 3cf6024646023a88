"""External identities over REST: one's own, and those of the accounts below."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.api.answers import answer, answer_created
from app.domain.access import identities
from app.domain.access.identities import (
    AssertedIdentity,
    IdentityLink,
    IdentityLinkView,
    IdentityView,
)
from app.request import (
    CurrentActor,
    Reading,
    Route,
    Transaction,
    begin_transaction,
    language,
    now,
    resources,
)
from app.request.addresses import public_address
from app.request.identities import begin_link, prepare_link

router = APIRouter(tags=["access"], route_class=Route)


@router.post(
    "/me/identities/link", operation_id="begin_identity_link", response_model=IdentityLinkView
)
async def begin_identity_link(
    request: Request, actor: CurrentActor, wanted: IdentityLink
) -> Response:
    """Begin to link who one is at a provider: the address is opened in a browser, once.

    There one signs in, comes back, and confirms with one's password here.
    """
    link = await prepare_link(
        resources(request), actor, provider_id=wanted.provider_id,
        public=public_address(request), said=language(request),
    )  # fmt: skip
    async with begin_transaction(request, actor) as db:
        row = await begin_link(db, actor, provider_id=wanted.provider_id, link=link, now=now())
    return answer(row)


@router.post(
    "/me/identities/{identity_id}/unlink",
    operation_id="unlink_own_identity",
    response_model=IdentityView,
)
async def unlink_own_identity(db: Transaction, actor: CurrentActor, identity_id: UUID) -> Response:
    """End a link of one's own."""
    return answer(await identities.unlink_own_identity(db, actor, identity_id=identity_id))


@router.get(
    "/accounts/{account_id}/identities",
    operation_id="list_identities",
    response_model=list[IdentityView],
)
async def list_identities(db: Reading, actor: CurrentActor, account_id: UUID) -> Response:
    """The identities that are linked to an account."""
    return answer(await identities.list_identities(db, actor, account_id=account_id))


@router.post(
    "/accounts/{account_id}/identities",
    operation_id="link_identity",
    response_model=IdentityView,
    status_code=201,
)
async def link_identity(
    db: Transaction, actor: CurrentActor, account_id: UUID, asserted: AssertedIdentity
) -> Response:
    """Link an identity to the account of somebody below the actor, who answers for it."""
    row = await identities.link_identity(
        db, actor, account_id=account_id, asserted=asserted, now=now()
    )
    return answer_created(row, f"/api/v1/accounts/{account_id}/identities")


@router.post(
    "/identities/{identity_id}/unlink", operation_id="unlink_identity", response_model=IdentityView
)
async def unlink_identity(db: Transaction, actor: CurrentActor, identity_id: UUID) -> Response:
    """End the link of an identity to the account of somebody below the actor."""
    row = await identities.unlink_identity(db, actor, identity_id=identity_id, now=now())
    return answer(row)
