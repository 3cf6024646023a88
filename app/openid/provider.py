"""The client of identity providers: their metadata, their keys, and a code exchanged for who somebody is.

Requests go out over https alone, to the addresses that the provider's own metadata names, follow no
redirection, and are bounded in time and size. Metadata and keys are kept for an hour; a key that is
not among them is looked for once a minute at most.
"""

import asyncio
import json
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

import httpx2

from app.domain.errors import Unavailable
from app.openid.id_tokens import IdentityRefused, UnknownKey, verified_subject

_KEPT: Final = 3600.0
_LOOKED_AGAIN: Final = 60.0
_PATIENCE: Final = 10.0
"""Seconds that a whole exchange with a provider may take."""
_MOST_BYTES: Final = 262_144
_MOST_KEPT: Final = 64
_LONGEST_ADDRESS: Final = 500
_PLAIN_JSON: Final = {"Accept": "application/json", "Accept-Encoding": "identity"}
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})


class IdentityProviderUnavailable(Unavailable):
    """The provider does not answer, or not as OpenID Connect has it."""

    code = "identity_provider_unavailable"
    zh = "该身份提供方暂时无法使用，请稍后再试，或用登录名和密码登录。"
    en = "The identity provider does not answer: try again later, or sign in with your password."


@dataclass(frozen=True)
class Metadata:
    """What a provider says of itself (OpenID Connect Discovery)."""

    issuer: str
    authorisation: str
    token: str
    keys: str
    names_itself: bool
    """Whether it says in each answer who answers (RFC 9207)."""
    takes_basic: bool
    """Whether a secret is sent by HTTP Basic; in the form otherwise."""


@dataclass(frozen=True)
class OurClient:
    """Who we are at a provider."""

    issuer: str
    client_id: str
    secret: str | None
    redirect_uri: str


class IdentityProviders:
    """All providers as one process knows them."""

    def __init__(
        self,
        *,
        loopback: bool = False,
        transport: httpx2.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._loopback = loopback
        self._transport = transport
        self._clock = clock
        self._now = now
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}

    async def metadata(self, issuer: str) -> Metadata:
        """What a provider says of itself; raises `IdentityProviderUnavailable`."""
        address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        told = await self._keep(address, _KEPT)
        try:
            return self._metadata(issuer, told)
        except IdentityProviderUnavailable:
            # What says nothing is not believed for an hour.
            self._kept.pop(address, None)
            raise

    def _metadata(self, issuer: str, told: Mapping[str, Any]) -> Metadata:
        if told.get("issuer") != issuer:
            raise IdentityProviderUnavailable
        methods = told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return Metadata(
            issuer=issuer,
            authorisation=self._checked(told.get("authorization_endpoint")),
            token=self._checked(told.get("token_endpoint")),
            keys=self._checked(told.get("jwks_uri")),
            names_itself=told.get("authorization_response_iss_parameter_supported") is True,
            takes_basic=isinstance(methods, list) and "client_secret_basic" in methods,
        )

    async def authorisation_address(
        self, us: OurClient, *, scopes: list[str], state: str, nonce: str, challenge: str,
        language: str,
    ) -> str:  # fmt: skip
        """Where the browser goes to sign in there."""
        at = (await self.metadata(us.issuer)).authorisation
        asked = {
            "response_type": "code",
            "client_id": us.client_id,
            "redirect_uri": us.redirect_uri,
            "scope": " ".join(scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "ui_locales": language,
        }
        return f"{at}{'&' if '?' in at else '?'}{urlencode(asked)}"

    async def check_issuer(self, us: OurClient, told: str | None) -> None:
        """Refuse an answer that another provider has sent (RFC 9207)."""
        metadata = await self.metadata(us.issuer)
        if told != us.issuer and (told is not None or metadata.names_itself):
            raise IdentityRefused

    async def identify(self, us: OurClient, *, code: str, verifier: str, nonce: str) -> str:
        """Who signed in: the `sub` of the ID token for which the provider exchanges this code."""
        metadata = await self.metadata(us.issuer)
        token = await self._exchange(metadata, us, code, verifier)
        for oldest in (_KEPT, _LOOKED_AGAIN):
            told = (await self._keep(metadata.keys, oldest)).get("keys")
            keys = (
                [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []
            )
            try:
                return verified_subject(
                    token, keys, issuer=us.issuer, client_id=us.client_id, nonce=nonce,
                    now=self._now(),
                )  # fmt: skip
            except UnknownKey:
                continue
        raise IdentityRefused

    async def _exchange(self, at: Metadata, us: OurClient, code: str, verifier: str) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": us.redirect_uri,
            "code_verifier": verifier,
        }
        headers = dict(_PLAIN_JSON)
        if us.secret is not None and at.takes_basic:
            pair = f"{quote(us.client_id, safe='')}:{quote(us.secret, safe='')}"
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        else:
            form["client_id"] = us.client_id
            if us.secret is not None:
                form["client_secret"] = us.secret
        status, told = await self._ask("POST", at.token, data=form, headers=headers)
        token = told.get("id_token")
        if status != 200 or not isinstance(token, str):
            raise IdentityRefused
        return token

    async def _keep(self, address: str, oldest: float) -> dict[str, Any]:
        """What lies at an address, asked for anew where what is known is older than so many seconds."""
        known = self._kept.get(address)
        if known is not None and known[0] + oldest > self._clock():
            return known[1]
        status, told = await self._ask("GET", address, headers=_PLAIN_JSON)
        if status != 200:
            raise IdentityProviderUnavailable
        self._kept.pop(address, None)
        while len(self._kept) >= _MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[address] = self._clock(), told
        return told

    async def _ask(self, method: str, address: str, **sent: Any) -> tuple[int, dict[str, Any]]:
        """The status and the object of an answer; raises `IdentityProviderUnavailable`."""
        self._checked(address)
        try:
            async with (
                asyncio.timeout(_PATIENCE),
                httpx2.AsyncClient(
                    transport=self._transport, timeout=_PATIENCE, follow_redirects=False,
                    trust_env=False,
                ) as http,
                http.stream(method, address, **sent) as answer,
            ):  # fmt: skip
                body = b""
                # As it came: what is small when compressed may be anything when it is not.
                async for piece in answer.aiter_raw():
                    body += piece
                    if len(body) > _MOST_BYTES:
                        raise IdentityProviderUnavailable
                status = answer.status_code
            told = json.loads(body)
        except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, ValueError, RecursionError):
            raise IdentityProviderUnavailable from None
        if status >= 500 or 300 <= status < 400 or not isinstance(told, dict):
            raise IdentityProviderUnavailable
        return status, told

    def _checked(self, address: Any) -> str:
        """An address to which we may go, or send somebody."""
        try:
            parts = urlsplit(address if isinstance(address, str) else "")
            host = parts.hostname
        except ValueError:
            raise IdentityProviderUnavailable from None
        here = self._loopback and host in _LOOPBACK and parts.scheme == "http"
        if (
            not host
            or (parts.scheme != "https" and not here)
            or parts.fragment
            or "@" in parts.netloc
            or len(address) > _LONGEST_ADDRESS
        ):
            raise IdentityProviderUnavailable
        return str(address)


def our_client(provider: Mapping[str, Any], secret: str | None, public: str) -> OurClient:
    """Who we are at a provider; each has an address of its own to which people come back."""
    back = f"{public}/oauth/identities/{provider['id']}/back"
    return OurClient(provider["issuer"], provider["client_id"], secret, back)
