"""Tokens over HTTP: the token endpoint of OAuth 2.0 and the public keys.

Three grants: `password` for our own tools, `refresh_token` (rotating: each is used once, and reuse
revokes the family), `client_credentials` for machine clients. Errors are OAuth's, inside a problem
document: `error` beside `code`.
"""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from pydantic import BaseModel, Field

from app.api.answers import answer
from app.domain.access import refresh_tokens, sign_in
from app.domain.access.accounts import AccountKind
from app.domain.access.refresh_tokens import RefreshRefused
from app.domain.access.sign_in import WrongCredentials
from app.domain.errors import Invalid
from app.request import Resources, Route, now, resources
from app.request.actors import claims_of
from app.security import passwords
from app.security.tokens import LIFETIME
from app.sql import Connection, Row

router = APIRouter(tags=["access"], route_class=Route)


class TokenAnswer(BaseModel):
    """An access token, and for people a refresh token."""

    access_token: str = Field(description="访问令牌 / JWT signed with ES256")
    token_type: Literal["bearer"] = "bearer"  # noqa: S105  the protocol's word, no secret
    expires_in: int = Field(description="有效秒数 / seconds until it expires")
    refresh_token: str | None = Field(
        default=None, description="刷新令牌，仅可使用一次 / refresh token, good for one use"
    )


class MissingCredentials(Invalid):
    """The fields that this grant type needs are not all there."""

    code = "missing_credentials"
    zh = "缺少登录所需的字段：{fields}。"
    en = "These fields are needed for this grant type: {fields}."


_client = HTTPBasic(
    auto_error=False, description="client_credentials 的客户端 / client of the grant"
)


@router.post("/oauth/token", operation_id="issue_token", response_model=TokenAnswer)
async def issue_token(
    request: Request,
    grant_type: Annotated[Literal["password", "refresh_token", "client_credentials"], Form()],
    basic: Annotated[HTTPBasicCredentials | None, Depends(_client)] = None,
    username: Annotated[str | None, Form(max_length=60)] = None,
    password: Annotated[str | None, Form(max_length=256)] = None,
    refresh_token: Annotated[str | None, Form(max_length=200)] = None,
    client_id: Annotated[str | None, Form(max_length=60)] = None,
    client_secret: Annotated[str | None, Form(max_length=200)] = None,
    scope: Annotated[str | None, Form(max_length=500)] = None,  # noqa: ARG001  see below
) -> Response:
    """Exchange credentials for a token of ten minutes; `scope` is accepted and has no effect."""
    held = resources(request)
    if grant_type == "refresh_token":
        if not refresh_token:
            raise MissingCredentials(fields="refresh_token")
        return await _refresh(held, refresh_token)
    if grant_type == "password":
        name, secret, kind = username, password, AccountKind.PERSON
        needed = "username, password"
    else:
        name = basic.username if basic else client_id
        secret = basic.password if basic else client_secret
        kind, needed = AccountKind.CLIENT, "client_id, client_secret"
    if not name or not secret:
        raise MissingCredentials(fields=needed)
    return await _sign_in(held, name, secret, kind)


async def _sign_in(held: Resources, name: str, secret: str, kind: AccountKind) -> Response:
    moment = now()
    async with held.pool.connection() as db:
        account = await sign_in.find_account(db, name=name)
    stored = account["secret"] if account is not None and account["kind"] == kind else None
    if kind is AccountKind.CLIENT:
        right = stored is not None and passwords.check_secret(secret, stored)
    else:
        # No connection is held while the password is hashed: that takes long on purpose.
        hashed = None if stored is None else stored.decode()
        right, _ = await passwords.verify_password(secret, hashed)
    if account is None or not sign_in.may_sign_in(account, now=moment):
        raise WrongCredentials
    if not right:
        # Counted in a transaction of its own, so that the refusal does not undo the count.
        async with held.pool.transaction() as db:
            await sign_in.record_wrong_secret(db, account_id=account["id"], now=moment)
        raise WrongCredentials
    async with held.pool.transaction() as db:
        admitted = await sign_in.admit_account(db, account=account, now=moment)
        if admitted is None:
            raise WrongCredentials
        return await _answer_token(held, db, admitted, with_refresh=kind is AccountKind.PERSON)


async def _refresh(held: Resources, token: str) -> Response:
    moment = now()
    async with held.pool.transaction() as db:
        used = await refresh_tokens.use_refresh_token(
            db, token_hash=passwords.hash_secret(token), now=moment
        )
        if used is not None:
            return await _answer_token(
                held, db, used["account"], with_refresh=True, family=used["family_id"]
            )
    # Outside the transaction: what was revoked stays revoked.
    raise RefreshRefused


async def _answer_token(
    held: Resources, db: Connection, account: Row, *, with_refresh: bool, family: UUID | None = None
) -> Response:
    actor = await sign_in.actor_of_account(db, account=account, now=now())
    claims = claims_of(actor, security_version=account["security_version"])
    refresh = passwords.new_secret() if with_refresh else None
    if refresh is not None:
        await refresh_tokens.issue_refresh_token(
            db,
            account_id=account["id"],
            token_hash=passwords.hash_secret(refresh),
            now=now(),
            family_id=family,
        )
    content = TokenAnswer(
        access_token=held.keyring.sign(claims),
        expires_in=int(LIFETIME.total_seconds()),
        refresh_token=refresh,
    )
    return answer(content.model_dump(exclude_none=True))


@router.get(
    "/.well-known/jwks.json",
    operation_id="get_keys",
    response_model=dict[str, list[dict[str, str]]],
)
async def get_keys(request: Request) -> Response:
    """The public keys with which tokens can be verified (RFC 7517)."""
    headers = {"Cache-Control": "public, max-age=300"}
    return answer(resources(request).keyring.jwks(), headers=headers)
