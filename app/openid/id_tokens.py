"""ID tokens (OpenID Connect Core, 3.1.3.7): who signed in at a provider, proved by its signature.

A token is believed only if it was signed by a key of that provider with an algorithm of our list, for
us, just now, and as the answer to the question that we asked. What its header brings of its own (a
key, an address of one, `crit`) is never looked at.
"""

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping, Sequence
from typing import Any, Final

from jose import jwk, jws
from jose.exceptions import JOSEError

from app.domain.errors import Unauthenticated

LEEWAY: Final = 60
"""Seconds by which the provider's clock may differ from ours."""
OLDEST: Final = 600
"""Seconds after which a token is no answer to what was asked just now."""
LONGEST: Final = 16_384

_PUBLIC: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "RS256": ("RSA", ("n", "e")),
    "ES256": ("EC", ("crv", "x", "y")),
}
"""The algorithms that are accepted: of what kind their keys are, and what a public one consists of.

No `none`, and nothing with a shared secret: a public key is no secret that could be one.
"""
_LEAST_RSA: Final = 2048
_SHAPE: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_SUBJECT: Final = re.compile(r"[\x20-\x7e]{1,255}")


class IdentityRefused(Unauthenticated):
    """What the provider sent does not prove who signed in; the answer never says what was wrong."""

    code = "identity_refused"
    zh = "该平台返回的登录结果无效，请重新登录。"
    en = "What the platform has sent does not prove who you are: please sign in again."


class UnknownKey(IdentityRefused):
    """It was signed by a key that the provider has not shown us (yet)."""


def verified_subject(
    token: str, keys: Sequence[Mapping[str, Any]], *, issuer: str, client_id: str, nonce: str,
    now: float,
) -> str:  # fmt: skip
    """Who signed in, as the provider says it; raises `IdentityRefused`, `UnknownKey` among it."""
    if len(token) > LONGEST or not _SHAPE.fullmatch(token):
        raise IdentityRefused
    header = _object(_decoded(token.partition(".")[0]))
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in _PUBLIC or "crit" in header:
        raise IdentityRefused
    key = _key_of(keys, algorithm, header.get("kid"))
    try:
        # One key of the kind that the algorithm takes, and that algorithm alone.
        payload = jws.verify(token, jwk.construct(key, algorithm), [algorithm])
    except (JOSEError, ValueError):
        raise IdentityRefused from None
    claims = _object(payload)
    _check(claims, issuer=issuer, client_id=client_id, now=now)
    if claims.get("nonce") != nonce:
        raise IdentityRefused
    subject = claims.get("sub")
    if not isinstance(subject, str) or not _SUBJECT.fullmatch(subject):
        raise IdentityRefused
    return subject


def _key_of(keys: Sequence[Mapping[str, Any]], algorithm: str, kid: Any) -> dict[str, Any]:
    """The public members of the one key that fits; raises `UnknownKey`."""
    kind, members = _PUBLIC[algorithm]
    fitting = [
        key
        for key in keys
        if key.get("kty") == kind
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and (kid is None or key.get("kid") == kid)
        and all(isinstance(key.get(name), str) for name in members)
        and _is_strong(key)
    ]
    if len(fitting) != 1:
        raise UnknownKey
    return {"kty": kind, **{name: fitting[0][name] for name in members}}


def _is_strong(key: Mapping[str, Any]) -> bool:
    if key["kty"] == "EC":
        return bool(key["crv"] == "P-256")
    try:
        return int.from_bytes(_decoded(key["n"])).bit_length() >= _LEAST_RSA
    except IdentityRefused:
        return False


def _check(claims: Mapping[str, Any], *, issuer: str, client_id: str, now: float) -> None:
    audience, party = claims.get("aud"), claims.get("azp")
    audiences = [audience] if isinstance(audience, str) else audience
    times: list[Any] = [claims.get(name) for name in ("exp", "iat")]
    if (
        claims.get("iss") != issuer
        or not isinstance(audiences, list)
        or client_id not in audiences
        or (party is not None and party != client_id)
        or (len(audiences) > 1 and party is None)
        # `type(...)` and not isinstance: True is an int too.
        or not all(type(each) in {int, float} for each in times)
    ):
        raise IdentityRefused
    expires, issued = times
    if not (expires > now - LEEWAY and now - OLDEST - LEEWAY < issued <= now + LEEWAY):
        raise IdentityRefused


def _decoded(part: str) -> bytes:
    try:
        return urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        raise IdentityRefused from None


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise IdentityRefused from None
    if not isinstance(found, dict):
        raise IdentityRefused
    return found
