"""Providers of training over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import (
    IF_MATCH,
    Fields,
    PageOf,
    answer,
    answer_created,
    answer_one,
    answer_page,
    check_if_match,
    etag_of,
)
from app.domain.organisation import providers
from app.domain.organisation.providers import (
    ApprovalEnd,
    ContactView,
    NewApproval,
    NewProvider,
    ProviderApprovalView,
    ProviderChanges,
    ProviderKind,
    ProviderView,
)
from app.request import (
    CurrentActor,
    PageParameters,
    Reading,
    Route,
    Transaction,
    begin_transaction,
    now,
    resources,
)
from app.request.inclusions import Include

router = APIRouter(tags=["organisation"], route_class=Route)

Kind = Annotated[ProviderKind | None, Query(description="类型 / kind")]


@router.get("/providers", operation_id="list_providers", response_model=PageOf[ProviderView])
async def list_providers(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    kind: Kind = None,
    county_id: Annotated[UUID | None, Query(description="登记的教育局 / bureau")] = None,
) -> Response:
    """The register of the bureaux in the actor's place, by name (`name`, `created`)."""
    found = await providers.list_providers(db, actor, page=page, kind=kind, county_id=county_id)
    await include.into("Provider", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/available-providers",
    operation_id="list_available_providers",
    response_model=PageOf[ProviderView],
)
async def list_available_providers(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    kind: Kind = None,
) -> Response:
    """Whom the actor's units may rely on today: approved by a bureau at or above them."""
    found = await providers.list_available_providers(db, actor, page=page, now=now(), kind=kind)
    return answer_page(request, found, fields)


@router.post(
    "/providers", operation_id="register_provider", response_model=ProviderView, status_code=201
)
async def register_provider(
    request: Request, db: Transaction, actor: CurrentActor, new: NewProvider
) -> Response:
    """Enter a provider into a bureau's register; it is not approved yet."""
    cipher = resources(request).cipher
    row = await providers.register_provider(db, actor, new=new, cipher=cipher, now=now())
    return answer_created(row, f"/api/v1/providers/{row['id']}")


@router.get("/providers/{provider_id}", operation_id="get_provider", response_model=ProviderView)
async def get_provider(
    request: Request, db: Reading, actor: CurrentActor, provider_id: UUID, include: Include
) -> Response:
    """One provider, of the actor's place or of a bureau above it."""
    row = await providers.get_provider(db, actor, provider_id=provider_id)
    await include.into("Provider", [row])
    return answer_one(request, row)


@router.patch(
    "/providers/{provider_id}",
    operation_id="update_provider",
    response_model=ProviderView,
    openapi_extra=IF_MATCH,
)
async def update_provider(
    request: Request,
    db: Transaction,
    actor: CurrentActor,
    provider_id: UUID,
    changes: ProviderChanges,
) -> Response:
    """Change a provider; with `If-Match` only if it is still as read."""
    found = await providers.get_provider(db, actor, provider_id=provider_id, lock=True)
    check_if_match(request, found)
    row = await providers.update_provider(
        db, actor, provider_id=provider_id, changes=changes, cipher=resources(request).cipher
    )
    return answer(row, headers={"ETag": etag_of(row)})


@router.post(
    "/providers/{provider_id}/reveal-contact",
    operation_id="reveal_provider_contact",
    response_model=ContactView,
)
async def reveal_provider_contact(
    request: Request, actor: CurrentActor, provider_id: UUID
) -> Response:
    """Whom to call at a provider, in full, for the bureau that registered it; each time an act.

    It is not repeated for an `Idempotency-Key`: the answer is kept nowhere.
    """
    async with begin_transaction(request, actor) as db:
        row = await providers.reveal_provider_contact(
            db, actor, provider_id=provider_id, cipher=resources(request).cipher
        )
    return answer(row, headers={"Cache-Control": "no-store"})


@router.get(
    "/providers/{provider_id}/approvals",
    operation_id="list_provider_approvals",
    response_model=list[ProviderApprovalView],
)
async def list_provider_approvals(
    db: Reading,
    actor: CurrentActor,
    provider_id: UUID,
    known_on: Annotated[
        date | None, Query(description="该日终了时系统所知 / as believed at its end")
    ] = None,
) -> Response:
    """From when to when a provider was approved, by which document, and why no longer."""
    rows = await providers.list_provider_approvals(
        db, actor, provider_id=provider_id, known_on=known_on
    )
    return answer(rows)


@router.post(
    "/providers/{provider_id}/approve",
    operation_id="approve_provider",
    response_model=ProviderApprovalView,
    status_code=201,
)
async def approve_provider(
    db: Transaction, actor: CurrentActor, provider_id: UUID, new: NewApproval
) -> Response:
    """Approve a provider from a day on, for a time or until it is withdrawn."""
    row = await providers.approve_provider(db, actor, provider_id=provider_id, new=new, now=now())
    return answer(row, 201)


@router.post(
    "/providers/{provider_id}/withdraw",
    operation_id="withdraw_provider",
    response_model=ProviderView,
)
async def withdraw_provider(
    db: Transaction, actor: CurrentActor, provider_id: UUID, end: ApprovalEnd
) -> Response:
    """Withdraw the approval of a provider from a day on, and say why."""
    row = await providers.withdraw_provider(db, actor, provider_id=provider_id, end=end, now=now())
    return answer(row)
