from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest

from app.openid.id_tokens import IdentityRefused
from app.openid.provider import IdentityProviders, IdentityProviderUnavailable, OurClient
from app.request.challenges import challenge_of
from tests.oauth import VERIFIER
from tests.openid.a_provider import Provider, ec_jwk, rsa_jwk

BACK = "https://yanxun.example/oauth/identities/1/back"


class Clock:
    def __init__(self) -> None:
        self.moment = 1000.0

    def __call__(self) -> float:
        return self.moment


def us(provider: Provider, **more: Any) -> OurClient:
    values = {"client_id": "yanxun", "secret": provider.secret, "redirect_uri": BACK} | more
    return OurClient(provider.issuer, **values)


async def depart(providers: IdentityProviders, provider: Provider, **more: Any) -> str:
    return await providers.authorisation_address(
        us(provider, **more), scopes=["openid"], state="state", nonce="nonce",
        challenge=challenge_of(VERIFIER), language="zh-CN",
    )  # fmt: skip


async def identify(providers: IdentityProviders, provider: Provider, **more: Any) -> str:
    back = provider.sign_in(await depart(providers, provider))
    values = {"verifier": VERIFIER, "nonce": "nonce"} | more
    return await providers.identify(us(provider), code=back["code"], **values)


@pytest.mark.parametrize("alg", ["RS256", "ES256"])
@pytest.mark.parametrize(
    ("secret", "methods"),
    [
        ("a secret", None), ("a secret", ["client_secret_post"]), ("a secret", ["none"]),
        (None, ["none"]), ("a secret", ["client_secret_basic", "client_secret_post"]),
    ],
)  # fmt: skip
async def test_a_code_is_exchanged_for_who_somebody_is(
    alg: str, secret: str | None, methods: list[str] | None
) -> None:
    provider = Provider()
    provider.alg, provider.secret = alg, secret
    if methods:
        provider.metadata["token_endpoint_auth_methods_supported"] = methods
    providers = IdentityProviders(transport=provider.transport())
    assert await identify(providers, provider) == "person-1"


async def test_the_address_asks_what_we_want_to_know() -> None:
    provider = Provider()
    provider.metadata["authorization_endpoint"] = "https://login.example/authorise?tenant=1"
    address = await depart(IdentityProviders(transport=provider.transport()), provider)
    assert dict(parse_qsl(urlsplit(address).query)) == {
        "tenant": "1", "response_type": "code", "client_id": "yanxun", "redirect_uri": BACK,
        "scope": "openid", "state": "state", "nonce": "nonce",
        "code_challenge": challenge_of(VERIFIER), "code_challenge_method": "S256",
        "ui_locales": "zh-CN",
    }  # fmt: skip


async def test_metadata_and_keys_are_kept_for_an_hour() -> None:
    provider, clock = Provider(), Clock()
    providers = IdentityProviders(transport=provider.transport(), clock=clock)
    for _ in range(3):
        await identify(providers, provider)
    assert provider.asked.count("openid-configuration") == provider.asked.count("keys") == 1
    clock.moment += 3601
    await identify(providers, provider)
    assert provider.asked.count("openid-configuration") == provider.asked.count("keys") == 2


async def test_metadata_that_say_nothing_are_not_kept() -> None:
    """A page of maintenance is JSON, too."""
    provider = Provider()
    providers = IdentityProviders(transport=provider.transport())
    provider.answers["openid-configuration"] = lambda: httpx2.Response(200, json={"error": "busy"})
    with pytest.raises(IdentityProviderUnavailable):
        await depart(providers, provider)
    del provider.answers["openid-configuration"]
    assert await identify(providers, provider) == "person-1"


async def test_a_key_that_is_new_is_looked_for_and_no_oftener_than_once_a_minute() -> None:
    provider, clock = Provider(), Clock()
    providers = IdentityProviders(transport=provider.transport(), clock=clock)
    provider.keys = [ec_jwk()]
    for _ in range(5):
        with pytest.raises(IdentityRefused):
            await identify(providers, provider)
    assert provider.asked.count("keys") == 1
    provider.keys = [rsa_jwk(), ec_jwk()]
    clock.moment += 61
    assert await identify(providers, provider) == "person-1"
    assert provider.asked.count("keys") == 2


@pytest.mark.parametrize(
    "more", [{"verifier": "x" * 43}, {"nonce": "another"}], ids=["verifier", "nonce"]
)
async def test_what_belongs_to_another_request_is_refused(more: dict[str, str]) -> None:
    provider = Provider()
    providers = IdentityProviders(transport=provider.transport())
    with pytest.raises(IdentityRefused):
        await identify(providers, provider, **more)


async def test_an_answer_says_who_answers_where_the_provider_promises_it() -> None:
    provider = Provider()
    providers = IdentityProviders(transport=provider.transport())
    await providers.check_issuer(us(provider), provider.issuer)
    for told in (None, "", "https://other.example"):
        with pytest.raises(IdentityRefused):
            await providers.check_issuer(us(provider), told)
    silent = Provider()
    silent.metadata["authorization_response_iss_parameter_supported"] = False
    providers = IdentityProviders(transport=silent.transport())
    await providers.check_issuer(us(silent), None)
    with pytest.raises(IdentityRefused):
        await providers.check_issuer(us(silent), "https://other.example")


def _broken() -> httpx2.Response:
    raise httpx2.ConnectError("nobody there")


def _slow() -> httpx2.Response:
    raise httpx2.ReadTimeout("too slow")


@pytest.mark.parametrize("where", ["openid-configuration", "keys", "token"])
@pytest.mark.parametrize(
    "answer",
    [
        _broken,
        _slow,
        lambda: httpx2.Response(500, json={}),
        lambda: httpx2.Response(302, headers={"Location": "https://evil.example/"}),
        lambda: httpx2.Response(200, text="<html>"),
        lambda: httpx2.Response(200, json=[]),
        lambda: httpx2.Response(200, json={"keys": ["x" * 300_000]}),
        lambda: httpx2.Response(200, text="[" * 100_000),
    ],
    ids=["gone", "slow", "broken", "elsewhere", "page", "list", "large", "deep"],
)
async def test_a_provider_that_does_not_answer_is_not_waited_for_and_not_followed(
    where: str, answer: Callable[[], httpx2.Response]
) -> None:
    provider = Provider()
    providers = IdentityProviders(transport=provider.transport())
    provider.answers[where] = answer
    with pytest.raises(IdentityProviderUnavailable):
        await identify(providers, provider)


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://other.example"},
        {"issuer": None},
        {"token_endpoint": "http://login.example/token"},
        {"token_endpoint": "https://user:pass@login.example/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "https://[broken"},
        {"authorization_endpoint": "http://127.0.0.1/authorise"},
        {"token_endpoint": 7},
    ],
)
async def test_metadata_that_leads_elsewhere_is_refused(metadata: dict[str, Any]) -> None:
    provider = Provider()
    provider.metadata = metadata
    with pytest.raises(IdentityProviderUnavailable):
        await depart(IdentityProviders(transport=provider.transport()), provider)


async def test_without_https_only_this_machine_is_asked_and_only_where_that_is_allowed() -> None:
    here = Provider("http://127.0.0.1:9000")
    with pytest.raises(IdentityProviderUnavailable):
        await depart(IdentityProviders(transport=here.transport()), here)
    allowing = IdentityProviders(transport=here.transport(), loopback=True)
    assert await identify(allowing, here) == "person-1"
    there = Provider("http://login.example")
    with pytest.raises(IdentityProviderUnavailable):
        await depart(IdentityProviders(transport=there.transport(), loopback=True), there)
