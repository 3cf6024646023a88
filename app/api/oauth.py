"""What the addresses of OAuth share: how they refuse, and how an application says who it is.

A refusal is what RFC 6749 (5.2) says, `error` and `error_description` in `application/json`, together
with all that our problem documents have, so that one reader understands both.
"""

from base64 import b64decode
from collections.abc import Callable, Coroutine
from typing import Any

import msgspec
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError

from app.domain.access.authorisation_codes import CodeRefused
from app.domain.access.clients import (
    Flow,
    ScopeNotRegistered,
    find_client,
    has_flow,
    is_public,
    may_ask,
    secrets_of_client,
)
from app.domain.access.device_codes import DeviceCodeWaits
from app.domain.access.refresh_tokens import RefreshRefused
from app.domain.access.second_factors import SecondFactorNeeded, WrongSecondFactor
from app.domain.access.sign_in import WrongCredentials
from app.domain.errors import DomainError, Invalid, NotAllowed, Unauthenticated
from app.request import Resources, Route, language, now, request_id, resources
from app.request.refusals import InvalidRequest, problem
from app.request.signing_in import count_try
from app.security import passwords
from app.sql import Connection, Row

_encode = msgspec.json.Encoder().encode


class WrongClient(Unauthenticated):
    """The application is unknown, suspended or past its end, or its secret is wrong: not told which."""

    code = "wrong_client"
    zh = "应用不存在、密钥错误，或应用已停用、已过期。"
    en = "The application is unknown, its secret is wrong, or it is suspended or past its end."


class FlowNotRegistered(NotAllowed):
    """The application was not registered for this way of getting tokens."""

    code = "flow_not_registered"
    zh = "该应用未登记此授权方式：{permission}。"
    en = "The application is not registered for this way of getting tokens: {permission}."


class UnknownGrantType(Invalid):
    """There is no such grant type here."""

    code = "unknown_grant_type"
    zh = "不支持此 grant_type。"
    en = "This grant_type is not supported."


class TokenKindUnknown(Invalid):
    """A token of an application's own cannot be given back: it ends by itself in ten minutes."""

    code = "token_not_revocable"
    zh = "应用自身的访问令牌不能撤销，十分钟后自动失效。"
    en = "A token that an application has for itself cannot be revoked; it ends in ten minutes."


class RepeatedField(Invalid):
    """A field of the form stands there twice: which of the two is meant is not guessed."""

    code = "repeated_field"
    zh = "表单字段重复。"
    en = "A field of the form is repeated."


_ERRORS: tuple[tuple[type[Exception], str, int], ...] = (
    (WrongClient, "invalid_client", 401),
    (WrongCredentials, "invalid_grant", 400),
    (SecondFactorNeeded, "invalid_grant", 400),
    (WrongSecondFactor, "invalid_grant", 400),
    (RefreshRefused, "invalid_grant", 400),
    (CodeRefused, "invalid_grant", 400),
    (FlowNotRegistered, "unauthorized_client", 400),
    (ScopeNotRegistered, "invalid_scope", 400),
    (UnknownGrantType, "unsupported_grant_type", 400),
    (TokenKindUnknown, "unsupported_token_type", 400),
    (Invalid, "invalid_request", 400),
)
"""Each refusal in the words of OAuth; what is not here (too often, not available) is no matter of it."""


class OAuthRoute(Route):
    """A route that refuses in the words of OAuth."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with its refusals answered."""
        handle = super().get_route_handler()

        async def handle_or_refuse(request: Request) -> Response:
            try:
                if request.method == "POST":
                    await _check_once(request)
                return await handle(request)
            except DeviceCodeWaits as error:
                return _refusal(request, error, str(error.details["answer"]), 400)
            except RequestValidationError as error:
                refusal = InvalidRequest(count=len(error.errors()))
                return _refusal(request, refusal, "invalid_request", 400)
            except DomainError as error:
                for kind, word, status in _ERRORS:
                    if isinstance(error, kind):
                        return _refusal(request, error, word, status)
                raise

        return handle_or_refuse


async def _check_once(request: Request) -> None:
    """Refuse a form with a field that stands there twice (RFC 6749, 3.2)."""
    fields = (await request.form()).multi_items()
    if len({name for name, _ in fields}) < len(fields):
        raise RepeatedField


def _refusal(request: Request, error: DomainError, word: str, status: int) -> Response:
    spoken = language(request)
    content = problem(
        status,
        error.code,
        error.message(spoken),
        language=spoken,
        request_id=request_id(request),
        more={"details": error.details} if error.details else None,
    )
    content |= {"error": word, "error_description": error.message("en").replace('"', "'")}
    headers = {"WWW-Authenticate": 'Basic realm="yanxun"'} if status == 401 else {}
    return Response(_encode(content), status, headers, media_type="application/json")


def _named(request: Request, client_id: str | None, secret: str | None) -> tuple[str, str | None]:
    """The name and the secret of the application, from the header or from the form, never both."""
    scheme, _, basic = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return client_id or "", secret or None
    try:
        name, _, given = b64decode(basic, validate=True).decode().partition(":")
    except ValueError:
        raise WrongClient from None
    if not name:
        return client_id or "", secret or None
    if secret or client_id not in {None, "", name}:
        raise WrongClient
    return name, given or None


async def client_that_asks(
    request: Request, db: Connection, client_id: str | None, secret: str | None
) -> Row | None:
    """The application that asks, proved by its secret if it can keep one; None where none is named.

    Raises `WrongClient`, which does not tell why; a wrong secret counts for the address that it
    came from, and never locks the application out. `db` is in no transaction, which the refusal
    would undo together with the count.
    """
    held: Resources = resources(request)
    name, given = _named(request, client_id, secret)
    if not name:
        return None
    client = await find_client(db, name=name[:60])
    moment = now()
    if client is not None and is_public(client) and given is None:
        right = True
    else:
        kept = [] if client is None else secrets_of_client(client, now=moment)
        right = given is not None and any(passwords.check_secret(given, stored) for stored in kept)
    if client is None or not right:
        await count_try(held, db, request.scope, what="client")
        raise WrongClient
    if not may_ask(client, now=moment):
        raise WrongClient
    return client


def require_flow(client: Row | None, flow: Flow) -> Row:
    """The application, if it gets tokens in this way; refused otherwise."""
    if client is None:
        raise WrongClient
    if not has_flow(client, flow):
        raise FlowNotRegistered(flow.value)
    return client
