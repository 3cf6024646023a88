"""Passwords of people, and the random secrets of clients and refresh tokens.

A password is hashed with Argon2id at the cost that OWASP recommends (19 MiB, two passes, one lane),
about 25 ms of one core. Hashing therefore has two threads of its own and a short queue: a rush of
sign-ins delays neither other requests nor, for long, itself. A random secret of 256 bits cannot be
guessed and needs no such cost: SHA-256 is enough.
"""

import asyncio
import hashlib
import hmac
import secrets
import threading
import unicodedata
from base64 import b32encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from app.domain.errors import Invalid, TooMany

LONGEST_PASSWORD: Final = 256
"""Characters of the longest password, before normalisation."""

AT_ONCE: Final = 2
WAITING: Final = 50

T = TypeVar("T")

_KIBIBYTES, _PASSES, _LANES = 19456, 2, 1

_hashing = PasswordHash(
    (Argon2Hasher(memory_cost=_KIBIBYTES, time_cost=_PASSES, parallelism=_LANES),)
)

# The hash for accounts that do not exist: as dear to check as a real one, and nobody's.
_NOBODY: Final = f"$argon2id$v=19$m={_KIBIBYTES},t={_PASSES},p={_LANES}${'A' * 22}${'A' * 43}"

_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="password")
_places = threading.BoundedSemaphore(AT_ONCE + WAITING)

# Without letters and digits that are mistaken for each other when read aloud or copied by hand.
_READABLE: Final = "abcdefghjkmnpqrstuvwxyz23456789"

# Without vowels, so that chance writes no words (RFC 8628, 6.1).
_TYPED: Final = "BCDFGHJKLMNPQRSTVWXZ"


class PasswordTooLong(Invalid):
    """A password beyond `LONGEST_PASSWORD`."""

    code = "password_too_long"
    zh = "密码不得超过 {limit} 个字符。"
    en = "A password may have at most {limit} characters."


class TooManySignIns(TooMany):
    """More people sign in at this moment than can be served within a second or two."""

    code = "too_many_sign_ins"
    zh = "当前登录人数过多，请在 {retry_after} 秒后重试。"
    en = "Too many people are signing in: try again in {retry_after} seconds."


async def hash_password(password: str) -> str:
    """Return the hash to store; raise `PasswordTooLong` or `TooManySignIns`."""
    if len(password) > LONGEST_PASSWORD:
        raise PasswordTooLong(limit=LONGEST_PASSWORD)
    return await _in_thread(lambda: _hashing.hash(_normalise(password)))


async def verify_password(password: str, stored: str | None) -> tuple[bool, str | None]:
    """Return whether `password` is right and, where the stored hash is outdated, its successor.

    `stored` is None for an account that does not exist or has no password: the answer is no, and
    takes as long as for one that has. Raises `TooManySignIns`.
    """
    if len(password) > LONGEST_PASSWORD:
        return False, None
    right, successor = await _in_thread(lambda: _verify(password, stored or _NOBODY))
    return right and stored is not None, successor


def new_password() -> str:
    """Return a random password of 99 bits that can be read aloud: `k7mqa-x2npd-9fwrt-hc4ye`."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(5)) for _ in range(4))


def new_verification_code() -> str:
    """Return a random code of 99 bits by which anybody verifies a certificate, to be typed from paper."""
    return new_password()


def new_secret() -> str:
    """Return a random secret of 256 bits for a client or a refresh token, in 43 characters."""
    return secrets.token_urlsafe(32)


def new_secrets(count: int) -> dict[str, bytes]:
    """Return so many random secrets, and beside each what is stored of it."""
    return {secret: hash_secret(secret) for secret in (new_secret() for _ in range(count))}


def new_user_code() -> str:
    """Return a code of 34 bits to be typed from another screen: `WDJB-MJHT`; consonants only."""
    letters = "".join(secrets.choice(_TYPED) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def new_authenticator_secret() -> str:
    """Return a random secret of 160 bits for an authenticator, in base32 (RFC 4226, 4)."""
    return b32encode(secrets.token_bytes(20)).decode()


def new_recovery_code() -> str:
    """Return a random code of 79 bits to be kept on paper: `k7mq-2npd-9fwr-hc4y`."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))


def hash_secret(secret: str) -> bytes:
    """Return the 32 bytes to store of what `new_secret` returned; never use it for a password."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def check_secret(secret: str, stored: bytes) -> bool:
    """Return whether `stored` is the hash of `secret`, in a time that does not depend on it."""
    return hmac.compare_digest(hash_secret(secret), stored)


async def _in_thread(work: Callable[[], T]) -> T:
    if not _places.acquire(blocking=False):
        raise TooManySignIns(retry_after=2)
    future = _threads.submit(work)
    # Called when the work has ended or was cancelled while it waited, and not when the request
    # that asked for it is gone: a thread that still computes still holds its place.
    future.add_done_callback(lambda _: _places.release())
    return await asyncio.wrap_future(future)


def _verify(password: str, stored: str) -> tuple[bool, str | None]:
    try:
        return _hashing.verify_and_update(_normalise(password), stored)
    except UnknownHashError:
        return False, None


def _normalise(password: str) -> bytes:
    # A Chinese input method may type full-width letters and digits; they are the same password.
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
