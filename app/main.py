"""Builds the application: two faces, one way of refusing, and what a process holds while it serves."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext, suppress
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.middleware.trustedhost import TrustedHostMiddleware

from app.api.documentation import describe, document
from app.api.handlers import add_handlers
from app.api.routers import API, ROOT
from app.channels import open_channel
from app.database.pool import Pool
from app.database.replicas import Replicas
from app.database.sandbox import open_pool
from app.domain.credits.certificates import Issuer, Sealer
from app.domain.people import pinyin
from app.graphql.face import graphql_router
from app.graphql.inclusions import SchemaEdges
from app.jobs import working
from app.openid.provider import IdentityProviders
from app.pages import pages_router
from app.province_client import open_platform
from app.request import Resources
from app.request.actors import ActorReader, ends_with
from app.request.directory import Directory
from app.request.limits import Limit
from app.request.live import Hub
from app.request.origins import Origins
from app.request.telemetry import OFF, ON, TracedApplication
from app.request.transport import Transport
from app.request.upkeep import keep_up, keys_file
from app.security import signing_keys
from app.security.credentials import CredentialSigner, SimulatedSealer
from app.security.personal_data import CipherName, SealingCipher, load_cipher
from app.security.tokens import JoseKey, Keyring, VerifiedTokens
from app.settings import Settings, get_settings
from app.storage import open_archive
from app.typesetting import Typesetter
from app.webhook_client import open_courier


def create_application(settings: Settings | None = None) -> FastAPI:
    """The application; it opens its resources when it starts and gives them back when it stops."""
    settings = settings or get_settings()

    @asynccontextmanager
    async def lifespan(application: FastAPI) -> AsyncIterator[None]:
        async with (
            open_resources(settings) as held,
            working(held) if settings.worker else nullcontext(),
        ):
            application.state.resources = held
            pinyin.load()
            tidy_memory()
            yield

    # Not traced, requests are spared the layer that would keep them from telling too much.
    application = (TracedApplication if settings.telemetry else FastAPI)(
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        telemetry=ON if settings.telemetry else OFF,
        **describe(),
    )
    application.state.edges = SchemaEdges()
    add_handlers(application)
    for router in ROOT:
        application.include_router(router)
    for router in API:
        application.include_router(router, prefix="/api/v1")
    application.include_router(pages_router())
    application.include_router(graphql_router())
    document(application)
    application.router.routes.insert(0, Directory(iter_route_contexts(application.routes)))
    if settings.allowed_hosts != ["*"]:
        application.add_middleware(TrustedHostMiddleware, allowed_hosts=settings.allowed_hosts)
    application.add_middleware(Transport)
    return application


def _cipher(settings: Settings) -> SealingCipher:
    return load_cipher(
        settings.data_folder / "personal_data_keys.json",
        _text(settings.personal_data_keys),
        cipher=CipherName(settings.personal_data_cipher),
    )


@asynccontextmanager
async def open_resources(settings: Settings) -> AsyncIterator[Resources]:
    """What a process holds while it serves: the pool, the keys, the tokens it has verified."""
    if settings.database_url is None:
        raise RuntimeError("no database: set DATABASE_URL, or start with `yanxun run`")
    keyring = open_keyring(settings)
    actors = ActorReader()
    pool = await open_pool(settings.database_url, **_pooling(settings))
    held = Resources(
        settings=settings,
        pool=pool,
        replicas=await _open_replicas(settings, pool),
        keyring=keyring,
        actors=actors,
        tokens=VerifiedTokens(keyring, actors, subjects=ends_with),
        cipher=open_cipher(settings),
        origins=Origins(),
        archive=open_archive(settings),
        typesetter=Typesetter(),
        signer=open_signer(settings),
        sealer=open_sealer(settings),
        identity_providers=IdentityProviders(loopback=settings.loopback_providers),
        limit=_limit(settings),
        channel=open_channel(settings),
        courier=open_courier(settings),
        province=open_platform(settings),
        live=_hub(settings),
    )
    listening = asyncio.create_task(keep_up(held))
    try:
        yield held
    finally:
        held.live.close()
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
        if held.province is not None:
            await held.province.close()
        if held.replicas is not None:
            await held.replicas.close()
        await held.pool.close()


def _pooling(settings: Settings) -> dict[str, Any]:
    """How connections are pooled, those to replicas as those to the primary."""
    return {
        "size": settings.pool_size,
        "patience": settings.pool_patience,
        "statement_timeout": settings.statement_timeout,
        "through_pooler": settings.database_pooler == "transaction",
    }


async def _open_replicas(settings: Settings, primary: Pool) -> Replicas | None:
    """The servers from which may be read, if there are any; they need not answer yet."""
    urls = settings.database_replica_urls
    if not urls:
        return None
    pools = [(url, type(primary).of(url, **_pooling(settings))) for url in urls]
    return await Replicas.open(primary, settings.session_url, pools, behind=settings.replica_behind)


def _limit(settings: Settings) -> Limit | None:
    """How fast one account or address may ask, if that is bounded."""
    if not settings.requests_per_second:
        return None
    return Limit(settings.requests_per_second, settings.requests_at_once)


def _hub(settings: Settings) -> Hub:
    """The streams, reading on a quarter of the connections at most."""
    return Hub(
        most=settings.live_streams,
        most_each=settings.live_streams_each,
        pause=settings.live_pause,
        reads_at_once=max(settings.pool_size // 4, 1),
    )


def open_keyring(settings: Settings) -> Keyring:
    """The keys of access tokens."""
    keys = signing_keys.load(keys_file(settings.data_folder), _text(settings.signing_keys))
    issuer = settings.issuer
    return Keyring([JoseKey(each) for each in keys], issuer=issuer, audience=issuer)


def open_cipher(settings: Settings) -> SealingCipher:
    """What seals personal data, as the settings say."""
    path, given = (
        settings.data_folder / "personal_data_keys.json",
        _text(settings.personal_data_keys),
    )
    return load_cipher(path, given, cipher=CipherName(settings.personal_data_cipher))


def open_signer(settings: Settings) -> CredentialSigner:
    """What signs credentials, with keys of its own."""
    path, given = settings.data_folder / "credential_keys.json", _text(settings.credential_keys)
    return CredentialSigner(signing_keys.load(path, given), Issuer(settings.address).did)


def open_sealer(settings: Settings) -> Sealer | None:
    """What seals certificates, as the settings say."""
    if settings.sealer == "none":
        return None
    return SimulatedSealer(signing_keys.load(settings.data_folder / "simulated_seal_keys.json")[0])


def tidy_memory() -> None:
    """Keep the garbage collector from walking what lives as long as the process (the p99's tail).

    It works from here on, whether or not it was stopped while everything was imported.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)
    gc.enable()


def _text(secret: Any) -> str | None:
    return None if secret is None else secret.get_secret_value()
