"""The register of applications over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

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
from app.domain.access import clients
from app.domain.access.clients import ClientChanges, ClientKind, ClientView, NewClient
from app.request import (
    CurrentActor,
    PageParameters,
    Reading,
    Route,
    Transaction,
    begin_transaction,
    now,
)
from app.request.secrets import new_client_secret

router = APIRouter(prefix="/clients", tags=["access"], route_class=Route)


class ClientWithSecret(ClientView):
    """An application with the secret that it proves itself with; it is shown this once."""

    secret: str | None = Field(
        description="密钥，仅显示一次；公开应用为空 / shown this once; null for a public application"
    )


@router.get("", operation_id="list_clients", response_model=PageOf[ClientView])
async def list_clients(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    kind: Annotated[ClientKind | None, Query(description="类型 / kind")] = None,
) -> Response:
    """The applications in the register, by name unless sorted otherwise (`name`, `created`)."""
    return answer_page(request, await clients.list_clients(db, actor, page=page, kind=kind), fields)


@router.post("", operation_id="register_client", response_model=ClientWithSecret, status_code=201)
async def register_client(request: Request, actor: CurrentActor, new: NewClient) -> Response:
    """Register an application; the answer holds its secret, which is kept nowhere.

    It is not repeated for an `Idempotency-Key`. Sent again, the request is refused, since the name
    is taken.
    """
    secret, stored = new_client_secret() if new.kind is ClientKind.CONFIDENTIAL else (None, None)
    async with begin_transaction(request, actor) as db:
        row = await clients.register_client(db, actor, new=new, secret=stored, now=now())
    return answer_created({**row, "secret": secret}, f"/api/v1/clients/{row['id']}")


@router.get("/{client_id}", operation_id="get_client", response_model=ClientView)
async def get_client(
    request: Request, db: Reading, actor: CurrentActor, client_id: UUID
) -> Response:
    """One application."""
    return answer_one(request, await clients.get_client(db, actor, client_id=client_id))


@router.patch(
    "/{client_id}", operation_id="update_client", response_model=ClientView, openapi_extra=IF_MATCH
)
async def update_client(
    request: Request, db: Transaction, actor: CurrentActor, client_id: UUID, changes: ClientChanges
) -> Response:
    """Change what the register says; with `If-Match` only if it is still as it was read.

    Tokens issued to the application before are refused; it renews them.
    """
    check_if_match(request, await clients.get_client(db, actor, client_id=client_id, lock=True))
    row = await clients.update_client(db, actor, client_id=client_id, changes=changes, now=now())
    return answer(row, headers={"ETag": etag_of(row)})


@router.post(
    "/{client_id}/rotate-secret",
    operation_id="rotate_client_secret",
    response_model=ClientWithSecret,
)
async def rotate_client_secret(request: Request, actor: CurrentActor, client_id: UUID) -> Response:
    """Give an application another secret; the one until now is accepted for a week more."""
    secret, stored = new_client_secret()
    async with begin_transaction(request, actor) as db:
        row = await clients.rotate_client_secret(
            db, actor, client_id=client_id, secret=stored, now=now()
        )
    return answer({**row, "secret": secret})


@router.post("/{client_id}/suspend", operation_id="suspend_client", response_model=ClientView)
async def suspend_client(db: Transaction, actor: CurrentActor, client_id: UUID) -> Response:
    """The kill switch: the application and all its tokens are refused within seconds."""
    return answer(await clients.suspend_client(db, actor, client_id=client_id, now=now()))


@router.post("/{client_id}/restore", operation_id="restore_client", response_model=ClientView)
async def restore_client(db: Transaction, actor: CurrentActor, client_id: UUID) -> Response:
    """End the suspension of an application."""
    return answer(await clients.restore_client(db, actor, client_id=client_id, now=now()))
