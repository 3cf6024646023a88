"""Access tokens: JSON Web Tokens (RFC 7519, RFC 9068) signed with ES256.

A token is ours only if it is byte for byte what we would have written. Its header must be one that
our own keys produce, so that nothing a stranger puts there (another algorithm, a key, `crit`) is
ever interpreted; its claims must be exactly the JSON that we serialise, so that duplicate names,
NaN or lone surrogates have no second reading. What is left to check is the signature, the issuer,
the audience, the subject and the times.

Of our own tokens this is the only module that imports jose, and `JoseKey` the only class that calls it.
"""

import hashlib
import json
import re
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, Generic, Protocol, TypeVar

from cryptography.hazmat.primitives.asymmetric import ec
from jose import jwk, jws
from jose.exceptions import JOSEError, JWSError

from app.domain.errors import Conflict, Unauthenticated

LONGEST_TOKEN: Final = 7168
"""Characters of the longest token that is looked at; proxies begin to refuse headers at 8 KB.

It holds as many grants as an account may have, and as many schools as these may reach together.
"""

LEEWAY: Final = 10
"""Seconds by which the clocks of two hosts may differ."""

LIFETIME: Final = timedelta(minutes=10)

CACHED_TOKENS: Final = 8192

_ALGORITHM: Final = "ES256"

# Two segments of base64url and the 64 bytes of an ES256 signature, without padding.
_SHAPE: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}")

T = TypeVar("T")


class InvalidToken(Unauthenticated):
    """The token was not issued here, or not for here; the answer never says what was wrong."""

    code = "invalid_token"
    zh = "访问令牌无效，请重新登录。"
    en = "The access token is not valid. Please sign in again."


class ExpiredToken(InvalidToken):
    """The token was ours and its time is over; a refresh token gets a new one."""

    code = "expired_token"
    zh = "访问令牌已过期，请刷新令牌或重新登录。"
    en = "The access token has expired. Please refresh it or sign in again."


class TokenTooLong(Conflict):
    """The claims would make a token that `Keyring.verify` refuses to look at."""

    code = "token_too_long"
    zh = "该账户的授权过多，无法签发访问令牌，请联系管理员。"
    en = "The account has more grants than an access token can hold. Please ask an administrator."


class SigningKey(Protocol):
    """All that is asked of a signature library; to use another is to write this class again."""

    def sign(self, payload: bytes) -> str:
        """Return `payload` as a compact JWS whose header names this key and the type of token."""

    def open(self, token: str) -> bytes:
        """Return the payload of `token`; raise `ValueError` unless this key signed it."""

    def public(self) -> dict[str, str]:
        """Return the public half as a JSON Web Key, named by its thumbprint (RFC 7638)."""


class JoseKey:
    """A `SigningKey` on python-jose; `kind` is the type that its headers name."""

    def __init__(
        self, private: ec.EllipticCurvePrivateKey, *, kind: str = "at+jwt", of: str = ""
    ) -> None:
        """The header of what it signs has the type `kind`, and names the key by `of` and its thumbprint."""
        # Constructed once (a key parsed at each call costs a third more), and never anything but a
        # key object: from text, jose guesses what it was given.
        self._private = jwk.construct(private, _ALGORITHM)
        self._public = jwk.construct(private.public_key(), _ALGORITHM)
        numbers: dict[str, str] = self._public.to_dict()
        self._jwk = {**numbers, "use": "sig", "kid": _thumbprint(numbers)}
        self._headers = {"typ": kind, "kid": of + self._jwk["kid"]}

    def sign(self, payload: bytes) -> str:
        """Return `payload` as a compact JWS."""
        token: str = jws.sign(payload, self._private, self._headers, _ALGORITHM)
        return token

    def open(self, token: str) -> bytes:
        """Return the payload of `token`; raise `ValueError` unless this key signed it."""
        try:
            # One asymmetric algorithm and one key: given more, jose can be led to take the public
            # key for the secret of an HMAC (CVE-2024-33663, still open for keys in DER).
            payload: bytes = jws.verify(token, self._public, [_ALGORITHM])
        except JWSError as error:
            raise ValueError("the signature does not verify") from error
        return payload

    def public(self) -> dict[str, str]:
        """Return the public half as a JSON Web Key."""
        return dict(self._jwk)


LEDGER_HEAD: Final = "ledger-head+jwt"
"""The type of a signed head of the ledger: whoever takes one for an access token refuses it."""


PROVINCE_MANIFEST: Final = "province-manifest+jwt"
"""The type of a signed manifest of what is handed over to the province."""


def open_signed(public: Mapping[str, str], signature: str) -> bytes:
    """The payload of a compact JWS that this public key signed; raises `ValueError` otherwise."""
    try:
        # The key is made an elliptic curve's before jose sees it, whatever the mapping claims to be.
        payload: bytes = jws.verify(
            signature, jwk.construct(dict(public), _ALGORITHM), [_ALGORITHM]
        )
    except JOSEError as error:
        raise ValueError("the signature does not verify") from error
    return payload


class Keyring:
    """Our keys and what we demand of a token: the first key signs, all of them are accepted."""

    def __init__(
        self,
        keys: Sequence[SigningKey],
        *,
        issuer: str,
        audience: str,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.renew(keys)
        self._issuer = issuer
        self._audience = audience
        self.now = now

    def renew(self, keys: Sequence[SigningKey]) -> None:
        """Go on with these keys, as after a rotation; what was cached of old ones is the caller's."""
        self._current = keys[0]
        # The first segment of a token is constant for a key: looking it up is the whole check of
        # the header, and happens before anything of the token is decoded.
        self._keys = {key.sign(b"").partition(".")[0]: key for key in keys}
        self._jwks = [key.public() for key in keys]

    def sign(self, claims: Mapping[str, Any], *, lifetime: timedelta = LIFETIME) -> str:
        """Return a token that carries `claims`, which must name its subject in `sub`.

        The issuer, the audience and the times are the keyring's to say; `jti` is made unless given.
        """
        if not _is_text(claims.get("sub")):
            raise ValueError("a token needs a subject: the claim sub, a string")
        issued = int(self.now())
        token = self._current.sign(
            _serialise(
                {
                    "jti": secrets.token_urlsafe(16),
                    **claims,
                    "iss": self._issuer,
                    "aud": self._audience,
                    "iat": issued,
                    "nbf": issued,
                    "exp": issued + int(lifetime.total_seconds()),
                }
            )
        )
        if len(token) > LONGEST_TOKEN:
            raise TokenTooLong
        return token

    def verify(self, token: str) -> dict[str, Any]:
        """Return the claims of `token`; raise `InvalidToken` or `ExpiredToken`, nothing else."""
        if len(token) > LONGEST_TOKEN or not _SHAPE.fullmatch(token):
            raise InvalidToken
        key = self._keys.get(token.partition(".")[0])
        if key is None:
            raise InvalidToken
        try:
            claims = _parse(key.open(token))
        except (ValueError, RecursionError):
            raise InvalidToken from None
        self._check(claims)
        return claims

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """Return the public keys that clients may verify with, as a JSON Web Key Set (RFC 7517)."""
        return {"keys": [dict(key) for key in self._jwks]}

    def _check(self, claims: dict[str, Any]) -> None:
        now = self.now()
        ours = claims.get("iss") == self._issuer and claims.get("aud") == self._audience
        named = _is_text(claims.get("sub")) and _is_text(claims.get("jti"))
        # `type(...) is int` and not isinstance: True is an int too.
        timed = all(type(claims.get(name)) is int for name in ("iat", "nbf", "exp"))
        if not (ours and named and timed) or max(claims["iat"], claims["nbf"]) > now + LEEWAY:
            raise InvalidToken
        if claims["exp"] + LEEWAY <= now:
            raise ExpiredToken


class VerifiedTokens(Generic[T]):
    """What the application has read from tokens that it has verified, until they expire.

    `read` turns the claims into what requests use (an immutable value: it is shared) and may refuse
    them; a refusal is not remembered. `subjects` names those with whom a token ends, its subject by
    default. The cache is bounded: the token seen first leaves first.
    """

    def __init__(
        self,
        keyring: Keyring,
        read: Callable[[dict[str, Any]], T],
        *,
        limit: int = CACHED_TOKENS,
        subjects: Callable[[dict[str, Any]], tuple[str, ...]] = lambda claims: (claims["sub"],),
    ) -> None:
        self._keyring = keyring
        self._read = read
        self._limit = limit
        self._now = keyring.now
        self._subjects = subjects
        self._known: dict[str, tuple[float, tuple[str, ...], T]] = {}

    def read(self, token: str) -> T:
        """Return what `token` says; raise `InvalidToken`, `ExpiredToken` or what `read` raises."""
        known = self._known.get(token)
        if known is not None and known[0] > self._now():
            return known[2]
        self._known.pop(token, None)
        claims = self._keyring.verify(token)
        value = self._read(claims)
        if len(self._known) >= self._limit:
            del self._known[next(iter(self._known))]
        self._known[token] = (claims["exp"] + LEEWAY, self._subjects(claims), value)
        return value

    def known(self, token: str) -> T | None:
        """What a token that is remembered says, None for any other: nothing is verified for it."""
        known = self._known.get(token)
        return known[2] if known is not None and known[0] > self._now() else None

    def forget(self, subject: str) -> None:
        """Read the tokens that end with `subject` anew when they come next.

        By subject, not by token: one signature has several spellings, so that whoever holds a token
        could keep another spelling of it alive.
        """
        for token in [token for token, known in self._known.items() if subject in known[1]]:
            del self._known[token]

    def forget_all(self) -> None:
        """Read every token anew when it comes next, as after the keys have changed."""
        self._known.clear()


def _thumbprint(public: Mapping[str, str]) -> str:
    members = {name: public[name] for name in ("crv", "kty", "x", "y")}
    canonical = json.dumps(members, separators=(",", ":"), sort_keys=True).encode()
    return urlsafe_b64encode(hashlib.sha256(canonical).digest()).rstrip(b"=").decode()


def _serialise(claims: Mapping[str, Any]) -> bytes:
    return json.dumps(claims, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _parse(payload: bytes) -> dict[str, Any]:
    claims = json.loads(payload.decode())
    if not isinstance(claims, dict) or _serialise(claims) != payload:
        raise ValueError("the claims are not as we write them")
    return claims


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""
