"""Identity providers in tests: registered ones, and the steps by which somebody signs in there."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import httpx2

from app.domain.access.identities import keep_identity
from app.domain.access.identity_providers import IdentityProvider
from app.domain.access.second_factors import (
    code_at,
    confirm_second_factor,
    enrol_second_factor,
    step_of,
)
from app.domain.access.sign_in import read_credentials
from app.request import now
from app.security import passwords
from app.security.personal_data import SealingCipher
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, Person
from tests.oauth import request_of
from tests.openid.a_provider import Provider

HERE = "http://test"


async def make_provider(
    db: Connection, city: City, cipher: SealingCipher, provider: Provider, **more: Any
) -> UUID:
    """A provider that a city trusts; its key."""
    provider_id, sealed = more.pop("id", None) or new_id(), None
    if provider.secret is not None:
        sealed = cipher.seal(provider.secret, context=f"identity_provider|secret|{provider_id}")
    row = {
        "id": provider_id,
        **{name: city.city[name] for name in ("city_id", "county_id", "school_id")},
        "name": "省平台",
        "issuer": provider.issuer,
        "client_id": provider.client_id,
        "secret_sealed": sealed,
        "scopes": ["openid"],
        "is_enabled": True,
        "registered_at": NOW,
        "registered_by": city.city_admin.actor.account_id,
    } | more
    await db.insert(IdentityProvider, row)
    return provider_id


async def link(db: Connection, person: Person, provider_id: UUID, subject: str) -> UUID:
    """Link who somebody is at a provider to their account."""
    account_id = person.actor.account_id
    return await keep_identity(
        db, account_id=account_id, provider_id=provider_id, subject=subject, linked_by=account_id,
        now=NOW,
    )  # fmt: skip


async def guard(db: Connection, person: Person, cipher: SealingCipher) -> str:
    """Give somebody an authenticator; its secret, of which the code of just now is used up."""
    secret = passwords.new_authenticator_secret()
    account = await read_credentials(db, account_id=person.actor.account_id)
    assert account is not None
    await enrol_second_factor(
        db, person.actor, account=account, secret=secret, cipher=cipher, now=now()
    )
    await confirm_second_factor(
        db, person.actor, given=code_at(secret, step_of(now())), cipher=cipher, now=now(),
        recovery_hashes=[passwords.hash_secret("recovery1")],
    )  # fmt: skip
    return secret


async def depart(
    http: httpx2.AsyncClient, client: Row, provider_id: UUID, **more: Any
) -> httpx2.Response:
    """Choose a provider on the page of signing in."""
    query = urlencode(request_of(client, **more))
    return await http.get(f"/oauth/identities/{provider_id}/go?{query}")


async def come_back(
    http: httpx2.AsyncClient, provider_id: UUID, fields: dict[str, str], **headers: str
) -> httpx2.Response:
    """Be sent back by a provider."""
    sent = {"Accept-Language": "en", **headers}
    address = f"/oauth/identities/{provider_id}/back?{urlencode(fields)}"
    return await http.get(address, headers=sent)
