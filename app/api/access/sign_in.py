"""Tokens over HTTP: the token endpoint of OAuth 2.0, giving tokens back, and the public keys.

Five grants: `password` for our own tools, `refresh_token` (rotating: each is used once, and reuse
ends the sign-in), `client_credentials` for what an application does for itself, `authorization_code`
with PKCE and device codes for what it does for a person.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, Field

from app.api.answers import answer
from app.api.oauth import (
    OAuthRoute,
    TokenKindUnknown,
    UnknownGrantType,
    WrongClient,
    client_that_asks,
)
from app.api.token_forms import TokenAnswer, TokenRequest
from app.api.tokens import GRANTS, Proof
from app.domain.access.clients import SCOPES_OF_STANDARDS
from app.domain.access.refresh_tokens import find_sign_in
from app.domain.access.roles import NOT_FOR_CLIENTS, Permission
from app.domain.access.sign_ins import stop_sign_in
from app.domain.errors import Unauthenticated
from app.request import now, resources
from app.request.addresses import public_address
from app.security import passwords
from app.security.tokens import LONGEST_TOKEN

router = APIRouter(tags=["access"], route_class=OAuthRoute)


@router.post("/oauth/token", operation_id="issue_token", response_model=TokenAnswer)
async def issue_token(request: Request, form: Annotated[TokenRequest, Form()]) -> Response:
    """Exchange a proof for a token of ten minutes: RFC 6749, 7636, 8628.

    An application names itself in the form or by HTTP Basic. Refusals are those of RFC 6749 (5.2).
    """
    grant = GRANTS.get(form.grant_type)
    if grant is None:
        raise UnknownGrantType
    issued = await grant(Proof(request, resources(request), form))
    return answer(issued.model_dump(exclude_none=True))


class Revocation(BaseModel):
    """A token to be given back."""

    token: str = Field(
        max_length=LONGEST_TOKEN, description="刷新令牌或访问令牌 / refresh or access token"
    )
    token_type_hint: str | None = Field(
        default=None, max_length=60, description="令牌类型提示，可不填 / a hint, not needed"
    )
    client_id: str | None = Field(default=None, max_length=60, description="应用 / application")
    client_secret: str | None = Field(default=None, max_length=200, description="密钥 / its secret")


@router.post("/oauth/revoke", operation_id="revoke_token", response_class=Response)
async def revoke_token(request: Request, form: Annotated[Revocation, Form()]) -> Response:
    """End the sign-in that a token belongs to (RFC 7009); a token that is none is no error.

    Every access token of the sign-in is refused within seconds, its refresh token at once.
    """
    held = resources(request)
    async with held.pool.connection() as db:
        client = await client_that_asks(request, db, form.client_id, form.client_secret)
    async with held.pool.transaction() as db:
        found = await find_sign_in(db, token_hash=passwords.hash_secret(form.token))
        if found is None:
            try:
                claims = held.keyring.verify(form.token)
                held.actors(claims)
            except Unauthenticated:
                return Response(None, 200)
            if "sid" not in claims:
                raise TokenKindUnknown
            found = {"sign_in_id": claims["sid"], "client_id": claims.get("client")}
        theirs = None if client is None else str(client["id"])
        if theirs != (found["client_id"] and str(found["client_id"])):
            raise WrongClient
        await stop_sign_in(db, sign_in_id=found["sign_in_id"], now=now())
    return Response(None, 200)


class AuthorisationServer(BaseModel):
    """Where everything of OAuth is, and what it can do (RFC 8414)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    revocation_endpoint: str
    device_authorization_endpoint: str
    jwks_uri: str
    scopes_supported: list[str]
    response_types_supported: list[str] = ["code"]
    response_modes_supported: list[str] = ["query"]
    grant_types_supported: list[str] = list(GRANTS)
    token_endpoint_auth_methods_supported: list[str] = [
        "client_secret_basic",
        "client_secret_post",
        "none",
    ]
    code_challenge_methods_supported: list[str] = ["S256"]
    authorization_response_iss_parameter_supported: bool = True
    ui_locales_supported: list[str] = ["zh-CN", "en"]
    service_documentation: str


@router.get(
    "/.well-known/oauth-authorization-server",
    operation_id="get_authorisation_server",
    response_model=AuthorisationServer,
)
async def get_authorisation_server(request: Request) -> Response:
    """Where everything of OAuth is, for clients that configure themselves (RFC 8414)."""
    base = public_address(request)
    content = AuthorisationServer(
        issuer=base,
        authorization_endpoint=f"{base}/oauth/authorize",
        token_endpoint=f"{base}/oauth/token",
        revocation_endpoint=f"{base}/oauth/revoke",
        device_authorization_endpoint=f"{base}/oauth/device_authorization",
        jwks_uri=f"{base}/.well-known/jwks.json",
        scopes_supported=sorted({*Permission, *SCOPES_OF_STANDARDS} - NOT_FOR_CLIENTS),
        service_documentation=f"{base}/docs",
    )
    headers = {"Cache-Control": "public, max-age=300"}
    return answer(content.model_dump(), headers=headers)


@router.get(
    "/.well-known/jwks.json",
    operation_id="get_keys",
    response_model=dict[str, list[dict[str, str]]],
)
async def get_keys(request: Request) -> Response:
    """The public keys with which tokens can be verified (RFC 7517)."""
    headers = {"Cache-Control": "public, max-age=300"}
    return answer(resources(request).keyring.jwks(), headers=headers)
