"""Accounts and their grants over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.access import accounts, administration
from app.domain.access.accounts import AccountKind, AccountView, NewAccount
from app.request import (
    CurrentActor,
    PageParameters,
    Reading,
    Route,
    Transaction,
    begin_transaction,
    now,
)
from app.request.inclusions import Include
from app.request.secrets import new_secret_for

router = APIRouter(prefix="/accounts", tags=["access"], route_class=Route)


class AccountWithSecret(AccountView):
    """A new account with what its owner signs in with; the secret is shown this once."""

    secret: str = Field(description="初始密码或客户端密钥，仅显示一次 / shown this once")


@router.get("", operation_id="list_accounts", response_model=PageOf[AccountView])
async def list_accounts(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    kind: Annotated[AccountKind | None, Query(description="类型 / kind")] = None,
    school_id: Annotated[UUID | None, Query(description="学校 / school")] = None,
) -> Response:
    """The accounts below the actor, by name unless sorted otherwise (`name`, `created`)."""
    found = await accounts.list_accounts(db, actor, page=page, kind=kind, school_id=school_id)
    await include.into("Account", found.items)
    return answer_page(request, found, fields)


@router.post("", operation_id="create_account", response_model=AccountWithSecret, status_code=201)
async def create_account(request: Request, actor: CurrentActor, new: NewAccount) -> Response:
    """Open an account with its first role; the answer holds its first password or its secret.

    It is shown this once and kept nowhere: the answer is not repeated for an `Idempotency-Key`. Sent
    again, the request is refused, since the name is taken.
    """
    secret, stored = await new_secret_for(new.kind)
    async with begin_transaction(request, actor) as db:
        row = await administration.create_account(db, actor, new=new, secret=stored, now=now())
    return answer_created({**row, "secret": secret}, f"/api/v1/accounts/{row['id']}")


@router.get("/{account_id}", operation_id="get_account", response_model=AccountView)
async def get_account(
    request: Request, db: Reading, actor: CurrentActor, account_id: UUID, include: Include
) -> Response:
    """One account."""
    row = await accounts.get_account(db, actor, account_id=account_id)
    await include.into("Account", [row])
    return answer_one(request, row)


@router.post(
    "/{account_id}/reset-password",
    operation_id="reset_password",
    response_model=AccountWithSecret,
)
async def reset_password(request: Request, actor: CurrentActor, account_id: UUID) -> Response:
    """Give a person below the actor another first password, shown this once; every sign-in ends."""
    secret, stored = await new_secret_for(AccountKind.PERSON)
    async with begin_transaction(request, actor) as db:
        row = await administration.reset_password(
            db, actor, account_id=account_id, secret=stored, now=now()
        )
    return answer({**row, "secret": secret})


@router.post(
    "/{account_id}/reset-second-factor",
    operation_id="reset_second_factor",
    response_model=AccountView,
)
async def reset_second_factor(db: Transaction, actor: CurrentActor, account_id: UUID) -> Response:
    """Take a lost second factor away from a person below the actor; every sign-in ends."""
    row = await administration.reset_second_factor(db, actor, account_id=account_id, now=now())
    return answer(row)


@router.post("/{account_id}/suspend", operation_id="suspend_account", response_model=AccountView)
async def suspend_account(db: Transaction, actor: CurrentActor, account_id: UUID) -> Response:
    """Suspend an account; its tokens are refused from now on."""
    return answer(await administration.suspend_account(db, actor, account_id=account_id, now=now()))


@router.post("/{account_id}/restore", operation_id="restore_account", response_model=AccountView)
async def restore_account(db: Transaction, actor: CurrentActor, account_id: UUID) -> Response:
    """End the suspension of an account."""
    return answer(await administration.restore_account(db, actor, account_id=account_id, now=now()))
