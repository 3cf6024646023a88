"""Identity providers over REST."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

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
from app.domain.access import identity_providers
from app.domain.access.identity_providers import (
    IdentityProviderChanges,
    IdentityProviderView,
    NewIdentityProvider,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now, resources

router = APIRouter(prefix="/identity-providers", tags=["access"], route_class=Route)


@router.get("", operation_id="list_identity_providers", response_model=PageOf[IdentityProviderView])
async def list_identity_providers(
    request: Request, db: Reading, actor: CurrentActor, page: PageParameters, fields: Fields
) -> Response:
    """The providers whose sign-in is believed, in the order in which they were registered."""
    found = await identity_providers.list_identity_providers(db, actor, page=page)
    return answer_page(request, found, fields)


@router.post(
    "",
    operation_id="register_identity_provider",
    response_model=IdentityProviderView,
    status_code=201,
)
async def register_identity_provider(
    request: Request, db: Transaction, actor: CurrentActor, new: NewIdentityProvider
) -> Response:
    """Trust a provider in a city; its secret is sealed and shown to nobody."""
    row = await identity_providers.register_identity_provider(
        db, actor, new=new, cipher=resources(request).cipher, now=now()
    )
    return answer_created(row, f"/api/v1/identity-providers/{row['id']}")


@router.get(
    "/{provider_id}", operation_id="get_identity_provider", response_model=IdentityProviderView
)
async def get_identity_provider(
    request: Request, db: Reading, actor: CurrentActor, provider_id: UUID
) -> Response:
    """One provider."""
    row = await identity_providers.get_identity_provider(db, actor, provider_id=provider_id)
    return answer_one(request, row)


@router.patch(
    "/{provider_id}",
    operation_id="update_identity_provider",
    response_model=IdentityProviderView,
    openapi_extra=IF_MATCH,
)
async def update_identity_provider(
    request: Request,
    db: Transaction,
    actor: CurrentActor,
    provider_id: UUID,
    changes: IdentityProviderChanges,
) -> Response:
    """Change a provider, or offer it no longer; its issuer stays what it is."""
    found = await identity_providers.get_identity_provider(
        db, actor, provider_id=provider_id, lock=True
    )
    check_if_match(request, found)
    row = await identity_providers.update_identity_provider(
        db, actor, provider_id=provider_id, changes=changes, cipher=resources(request).cipher
    )
    return answer(row, headers={"ETag": etag_of(row)})
