"""Signing in elsewhere, at the edge: what is drawn for a request, and what its answer proves."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from app.domain.access.actors import Actor
from app.domain.access.identities import begin_identity_link
from app.domain.access.identity_providers import read_offered_provider, secret_context
from app.domain.access.identity_requests import (
    begin_identity_request,
    identify_request,
    return_identity_request,
)
from app.openid.id_tokens import IdentityRefused
from app.openid.provider import OurClient, our_client
from app.request import Resources, now
from app.request.challenges import challenge_of
from app.security import passwords
from app.sql import Connection, Row


class Departure(NamedTuple):
    """Where the browser goes, and what it keeps in a cookie meanwhile."""

    address: str
    binder: str
    expires_at: datetime


def _us(held: Resources, provider: Row, public: str) -> OurClient:
    sealed = provider["secret_sealed"]
    secret = None
    if sealed is not None:
        secret = held.cipher.open(sealed, context=secret_context(provider["id"]))
    return our_client(provider, secret, public)


async def _depart(
    held: Resources, provider_id: UUID, public: str, said: str
) -> tuple[str, dict[str, str]]:
    """The address at the provider, and what is to be kept of it; no connection waits for the provider."""
    async with held.pool.connection() as db:
        provider = await read_offered_provider(db, provider_id=provider_id)
    state, nonce, verifier = (passwords.new_secret() for _ in range(3))
    address = await held.identity_providers.authorisation_address(
        _us(held, provider, public), scopes=provider["scopes"], state=state, nonce=nonce,
        challenge=challenge_of(verifier), language=said,
    )  # fmt: skip
    return address, {"state": state, "nonce": nonce, "verifier": verifier}


async def depart_to_sign_in(
    held: Resources, *, provider_id: UUID, asked: str, public: str, said: str
) -> Departure:
    """Begin to sign in at a provider for an application's request; it belongs to this browser."""
    address, drawn = await _depart(held, provider_id, public, said)
    binder = passwords.new_secret()
    async with held.pool.connection() as db:
        until = await begin_identity_request(
            db, state_hash=passwords.hash_secret(drawn["state"]), provider_id=provider_id,
            nonce=drawn["nonce"], verifier=drawn["verifier"],
            binder_hash=passwords.hash_secret(binder), asked=asked, now=now(),
        )  # fmt: skip
    return Departure(address, binder, until)


class Link(NamedTuple):
    """An address at a provider, and what the domain keeps of the way there."""

    address: str
    kept: dict[str, str]
    state_hash: bytes


async def prepare_link(
    held: Resources, actor: Actor, *, provider_id: UUID, public: str, said: str
) -> Link:
    """The way to a provider for somebody who is signed in and wants to link who they are there."""
    actor.require_in_person()
    address, drawn = await _depart(held, provider_id, public, said)
    state_hash = passwords.hash_secret(drawn.pop("state"))
    return Link(address, drawn, state_hash)


async def begin_link(
    db: Connection, actor: Actor, *, provider_id: UUID, link: Link, now: datetime
) -> Row:
    """Keep that somebody goes that way."""
    until = await begin_identity_link(
        db, actor, state_hash=link.state_hash, provider_id=provider_id, now=now, **link.kept
    )
    return {"address": link.address, "expires_at": until}


async def arrive(
    held: Resources, *, provider_id: UUID, fields: Mapping[str, str], binder: str, public: str
) -> Row:
    """The request that came back, with the `subject` that the provider has proved.

    `subject` is None where the provider says that the person did not sign in; `binder` is what the
    browser keeps until they decide: of a link a new one, since whoever began it need not be the one
    who came back. Raises `IdentityRequestGone`, `IdentityRefused`, `IdentityProviderUnavailable`. The
    request is used up before anything is believed: what fails here begins anew.
    """
    async with held.pool.connection() as db:
        request = await return_identity_request(
            db, state_hash=passwords.hash_secret(fields.get("state", "")),
            binder_hash=passwords.hash_secret(binder), provider_id=provider_id, now=now(),
        )  # fmt: skip
        provider = await read_offered_provider(db, provider_id=provider_id)
    us = _us(held, provider, public)
    await held.identity_providers.check_issuer(us, fields.get("iss"))
    if "error" in fields:
        return request | {"subject": None}
    if not fields.get("code"):
        raise IdentityRefused
    subject = await held.identity_providers.identify(
        us, code=fields["code"], verifier=request["verifier"], nonce=request["nonce"]
    )
    binder = binder if request["account_id"] is None else passwords.new_secret()
    async with held.pool.connection() as db:
        await identify_request(
            db, request_id=request["id"], subject=subject,
            binder_hash=passwords.hash_secret(binder),
        )  # fmt: skip
    return request | {"subject": subject, "binder": binder}
