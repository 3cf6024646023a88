"""The grants of the token endpoint: how each kind of proof becomes tokens, and what these may do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from fastapi import Request

from app.api.oauth import FlowNotRegistered, client_that_asks, require_flow
from app.api.token_forms import DEVICE_GRANT, MissingCredentials, TokenAnswer, TokenRequest
from app.domain.access import (
    authorisation_codes,
    consents,
    device_codes,
    refresh_tokens,
    sign_in,
    sign_ins,
)
from app.domain.access.actors import Actor
from app.domain.access.audit import record_act
from app.domain.access.authorisation_codes import CodeRefused
from app.domain.access.clients import (
    FOR_PEOPLE,
    Flow,
    ScopeNotRegistered,
    has_flow,
    scopes_asked_for,
)
from app.domain.access.device_codes import DeviceAnswer, DeviceCodeWaits
from app.domain.access.refresh_tokens import RefreshRefused
from app.domain.access.roles import Permission
from app.domain.access.sign_in import WrongCredentials
from app.request import Resources, now
from app.request.actors import claims_of
from app.request.addresses import agent_of, masked_address
from app.request.challenges import challenge_of
from app.request.recording import SIGN_IN, provenance
from app.request.signing_in import check_person
from app.security import passwords
from app.security.tokens import LIFETIME
from app.sql import Connection, Row


@dataclass(frozen=True)
class Proof:
    """A request for tokens: what was sent, and where it came from."""

    request: Request
    held: Resources
    form: TokenRequest

    def needs(self, *names: str) -> list[Any]:
        """The values of these fields; refused unless all are there."""
        values = [getattr(self.form, name) for name in names]
        if not all(values):
            raise MissingCredentials(fields=", ".join(names))
        return values

    async def client(self) -> Row | None:
        """The application that asks, or None where none is named."""
        form = self.form
        if not form.client_id and "authorization" not in self.request.headers:
            return None
        async with self.held.pool.connection() as db:
            return await client_that_asks(self.request, db, form.client_id, form.client_secret)

    async def begin(
        self, db: Connection, account: Row, client: Row | None, scopes: list[Permission] | None
    ) -> UUID:
        """Keep that this account signs in now, and record it."""
        client_id = None if client is None else client["id"]
        sign_in_id = await sign_ins.begin_sign_in(
            db,
            account_id=account["id"],
            client_id=client_id,
            scopes=scopes,
            address=masked_address(self.request.scope),
            agent=agent_of(self.request.scope),
            now=now(),
        )
        await record_act(
            db,
            Actor(account_id=account["id"], grants=(), client_id=client_id),
            operation=SIGN_IN,
            target_id=sign_in_id,
            provenance=provenance(self.request.scope),
        )
        return sign_in_id


async def by_password(proof: Proof) -> TokenAnswer:
    """For our own tools: no application is given anybody's password."""
    name, secret = proof.needs("username", "password")
    if await proof.client() is not None:
        raise FlowNotRegistered("password")
    account = await check_person(
        proof.held, proof.request.scope, name=name, secret=secret, code=proof.form.otp
    )
    async with proof.held.pool.transaction() as db:
        admitted = await sign_in.admit_account(db, account=account, now=now())
        if admitted is None:
            raise WrongCredentials
        sign_in_id = await proof.begin(db, admitted, None, None)
        return await _issue(proof, db, admitted, sign_in_id)


async def by_refresh_token(proof: Proof) -> TokenAnswer:
    """The next tokens of a sign-in; whatever was allowed, no more than the register allows today."""
    (token,) = proof.needs("refresh_token")
    client = await proof.client()
    if client is not None and not any(has_flow(client, each) for each in FOR_PEOPLE):
        raise FlowNotRegistered("refresh_token")
    async with proof.held.pool.transaction() as db:
        used = await refresh_tokens.use_refresh_token(
            db,
            token_hash=passwords.hash_secret(token),
            client_id=None if client is None else client["id"],
            address=masked_address(proof.request.scope),
            now=now(),
        )
        if used is not None:
            scopes = _narrowed(client, used["scopes"], proof.form.scope)
            return await _issue(
                proof, db, used["account"], used["sign_in_id"], client=client, scopes=scopes
            )
    # Outside the transaction: what was ended stays ended.
    raise RefreshRefused


def _narrowed(
    client: Row | None, allowed: list[str] | None, asked: str | None
) -> list[Permission] | None:
    if client is None or allowed is None:
        return None
    scopes = [Permission(scope) for scope in allowed if scope in client["scopes"]]
    wanted = (asked or "").split()
    if not set(wanted) <= set(scopes):
        raise ScopeNotRegistered
    return [scope for scope in scopes if not wanted or scope in wanted]


async def by_client_credentials(proof: Proof) -> TokenAnswer:
    """An application for itself: its own grants, under the ceiling of its scopes."""
    async with proof.held.pool.connection() as db:
        form = proof.form
        named = await client_that_asks(proof.request, db, form.client_id, form.client_secret)
        if named is None:
            raise MissingCredentials(fields="client_id, client_secret")
        client = require_flow(named, Flow.CLIENT_CREDENTIALS)
        scopes = scopes_asked_for(client, form.scope)
        actor = await sign_in.actor_of_account(db, account=client, now=now())
    ceiling = None if scopes is None else frozenset(scopes)
    claims = claims_of(replace(actor, scopes=ceiling), security_version=client["security_version"])
    # In the words that were asked for: those of a standard stand for several of ours.
    return _answer(proof, claims, list(dict.fromkeys((form.scope or "").split())) or scopes)


async def by_authorisation_code(proof: Proof) -> TokenAnswer:
    """A person's tokens for the application to which they were sent back with the code."""
    code, redirect_uri, verifier = proof.needs("code", "redirect_uri", "code_verifier")
    client = require_flow(await proof.client(), Flow.AUTHORISATION_CODE)
    async with proof.held.pool.transaction() as db:
        used = await authorisation_codes.use_authorisation_code(
            db,
            code_hash=passwords.hash_secret(code),
            client_id=client["id"],
            redirect_uri=redirect_uri,
            challenge=challenge_of(verifier),
            now=now(),
        )
        if used is not None:
            answer, sign_in_id = await _sign_in_for(proof, db, used, client)
            await authorisation_codes.bind_authorisation_code(
                db, code_id=used["id"], sign_in_id=sign_in_id
            )
            return answer
    # Outside the transaction: what a second use has ended stays ended.
    raise CodeRefused


async def by_device_code(proof: Proof) -> TokenAnswer:
    """A person's tokens for the device that they allowed elsewhere."""
    (code,) = proof.needs("device_code")
    client = require_flow(await proof.client(), Flow.DEVICE_CODE)
    async with proof.held.pool.transaction() as db:
        polled = await device_codes.poll_device_code(
            db, code_hash=passwords.hash_secret(code), client_id=client["id"], now=now()
        )
        if polled.request is not None:
            answer, _ = await _sign_in_for(proof, db, polled.request, client)
            return answer
    # Outside the transaction: when it asked is remembered.
    raise DeviceCodeWaits(answer=DeviceAnswer(polled.answer).value)


async def _sign_in_for(
    proof: Proof, db: Connection, allowed: Row, client: Row
) -> tuple[TokenAnswer, UUID]:
    """The tokens of a new sign-in through an application, and the sign-in.

    `allowed` is the code of a person who may have changed their password since, or was suspended.
    """
    scopes = [Permission(scope) for scope in allowed["scopes"] if scope in client["scopes"]]
    account = await sign_in.lock_account(db, account_id=allowed["account_id"])
    if account is None or account["security_version"] != allowed["security_version"]:
        raise CodeRefused
    stands = await consents.hold_consent(
        db, account_id=account["id"], client_id=client["id"], scopes=scopes
    )
    if not stands or not sign_in.may_stay(account, now=now()):
        raise CodeRefused
    sign_in_id = await proof.begin(db, account, client, scopes)
    answer = await _issue(proof, db, account, sign_in_id, client=client, scopes=scopes)
    return answer, sign_in_id


async def _issue(
    proof: Proof,
    db: Connection,
    account: Row,
    sign_in_id: UUID,
    *,
    client: Row | None = None,
    scopes: list[Permission] | None = None,
) -> TokenAnswer:
    """A person's tokens: their own rights, under the ceiling of the application if one asks."""
    demanded = proof.held.settings.demands_second_factor
    actor = await sign_in.actor_signing_in(db, account=account, is_demanded=demanded, now=now())
    version = 0
    if client is not None:
        actor = replace(actor, client_id=client["id"], scopes=frozenset(scopes or ()))
        version = client["security_version"]
    claims = claims_of(
        actor,
        security_version=account["security_version"],
        client_version=version,
        sign_in_id=sign_in_id,
    )
    refresh = passwords.new_secret()
    await refresh_tokens.issue_refresh_token(
        db, sign_in_id=sign_in_id, token_hash=passwords.hash_secret(refresh), now=now()
    )
    return _answer(proof, claims, scopes, refresh)


def _answer(
    proof: Proof,
    claims: dict[str, Any],
    scopes: Sequence[str] | None,
    refresh: str | None = None,
) -> TokenAnswer:
    return TokenAnswer(
        access_token=proof.held.keyring.sign(claims),
        expires_in=int(LIFETIME.total_seconds()),
        refresh_token=refresh,
        scope=None if scopes is None else " ".join(scopes),
    )


GRANTS = {
    "password": by_password,
    "refresh_token": by_refresh_token,
    "client_credentials": by_client_credentials,
    "authorization_code": by_authorisation_code,
    DEVICE_GRANT: by_device_code,
}
"""Every grant type and what it takes."""
