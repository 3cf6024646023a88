"""The authorisation request (RFC 6749, 4.1.1; RFC 7636; RFC 9207): what a browser brings, and its way back.

Until the application and the address are known to belong together nobody is sent anywhere: such a
request is refused on our own page. Every other refusal goes back to the application.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from fastapi import Request

from app.domain.access.clients import (
    Flow,
    ScopeNotRegistered,
    find_client,
    has_flow,
    may_ask,
    scopes_asked_for,
)
from app.domain.access.roles import Permission
from app.domain.errors import Invalid, NotAllowed
from app.request import now
from app.sql import Connection, Row

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_STATE = re.compile(r"[\x20-\x7e]{0,500}")
_LOOPBACK = re.compile(r"\A(http://(?:127\.0\.0\.1|\[::1\])):[0-9]{1,5}(?=[/?]|\Z)")

FIELDS = ("response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge",
          "code_challenge_method", "ui_locales")  # fmt: skip
"""What a request may hold and the page keeps; anything else is ignored (RFC 6749, 3.1)."""


class UnknownApplication(Invalid):
    """No such application, or not with this address: nobody can be sent back."""

    code = "unknown_application"
    zh = "应用未登记、已停用，或其回调地址与登记不符，因此无法继续。请联系应用的运营单位。"
    en = (
        "The application is not registered, is suspended, or its address is not the registered one,"
        " so this cannot go on. Please tell whoever runs the application."
    )


class AskedElsewhere(NotAllowed):
    """The form was not sent from our own page."""

    code = "asked_elsewhere"
    zh = "此表单只能从本页面提交。请重新打开应用的登录链接。"
    en = "This form can only be sent from this page. Please open the application's link again."


class SentBack(Exception):
    """A refusal that the application is told, in the words of RFC 6749 (4.1.2.1)."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__()


@dataclass(frozen=True)
class AuthorisationRequest:
    """A request whose application, address and scopes belong together."""

    client: Row
    redirect_uri: str
    scopes: list[Permission]
    challenge: str
    state: str | None
    issuer: str

    @property
    def back_to(self) -> str:
        """The origin to which the person is sent back, as a policy of content names it."""
        parts = urlsplit(self.redirect_uri)
        # A policy has no words for an address of IPv6; it is this machine's own then.
        return "http:" if "[" in parts.netloc else f"{parts.scheme}://{parts.netloc}"

    def answer(self, **fields: str) -> str:
        """The address that carries these fields back to the application."""
        return _back(self.redirect_uri, self.state, self.issuer, fields)


def _back(redirect_uri: str, state: str | None, issuer: str, fields: Mapping[str, str]) -> str:
    sent = {**fields, **({} if state is None else {"state": state}), "iss": issuer}
    return f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{urlencode(sent)}"


def _is_registered(redirect_uri: str, registered: Sequence[str]) -> bool:
    """Whether an address is one of these, letter for letter; on this machine any port is the same.

    A native application takes whatever port is free when it starts (RFC 8252, 7.3).
    """
    plain = _LOOPBACK.sub(r"\1", redirect_uri)
    return redirect_uri in registered or (
        plain != redirect_uri and plain in {_LOOPBACK.sub(r"\1", each) for each in registered}
    )


async def read_authorisation(
    db: Connection, sent: Sequence[tuple[str, str]], *, issuer: str
) -> AuthorisationRequest:
    """The request; raises `UnknownApplication`, or `SentBack` with the refusal for the application."""
    fields = {name: value for name, value in sent if name in FIELDS}
    repeated = {name for name in fields if sum(each == name for each, _ in sent) > 1}
    redirect_uri = fields.get("redirect_uri", "")
    client = await find_client(db, name=fields.get("client_id", "")[:60])
    if (
        repeated & {"client_id", "redirect_uri"}
        or client is None
        or not client["is_registered"]
        or not may_ask(client, now=now())
        or not _is_registered(redirect_uri, client["redirect_uris"])
    ):
        raise UnknownApplication
    state = fields.get("state")
    known = state if state is not None and _STATE.fullmatch(state) else None

    def refuse(error: str, description: str) -> SentBack:
        told = {"error": error, "error_description": description}
        return SentBack(_back(redirect_uri, known, issuer, told))

    if repeated or known != state:
        raise refuse("invalid_request", "A field is repeated, or the state is not printable.")
    if not has_flow(client, Flow.AUTHORISATION_CODE):
        raise refuse("unauthorized_client", "The application is not registered for codes.")
    if fields.get("response_type") != "code":
        raise refuse("unsupported_response_type", "The response_type is code.")
    challenge = fields.get("code_challenge", "")
    if fields.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(challenge):
        raise refuse("invalid_request", "A code_challenge of the method S256 is required.")
    try:
        scopes = scopes_asked_for(client, fields.get("scope"))
    except ScopeNotRegistered as error:
        raise refuse("invalid_scope", error.message("en")) from None
    return AuthorisationRequest(client, redirect_uri, scopes or [], challenge, state, issuer)


def require_own_page(request: Request, public: str) -> None:
    """Refuse a form that another page has sent: a browser says so itself, and no page can forge it.

    `public` is the address by which people know this deployment.
    """
    site = request.headers.get("sec-fetch-site")
    parts = urlsplit(public)
    own = {f"{parts.scheme}://{parts.netloc}", str(request.base_url).rstrip("/")}
    if site == "same-origin" if site else request.headers.get("origin") in own:
        return
    raise AskedElsewhere("form")
