"""Encryption of personal data: what a stolen database must not tell (PIPL, article 51).

`AesCipher` implements `app.domain.people.identity.PersonalDataCipher`. The keys are kept apart from
the database, in a file of their own or in the environment: a JSON object

    {"current": 1, "sealing": {"1": "…"}, "index": "…"}

of 256-bit keys in base64. To replace the sealing key, add version 2 in every process, then make it
current; version 1 stays until nothing is sealed with it. The index key cannot be replaced without
computing every blind index anew. Whoever loses these keys loses the data: they belong into a backup
of their own.
"""

import base64
import hmac
import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.security import secret_file
from app.security.secret_file import UnusableSecret

_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_VERSIONS: Final = range(1, 256)


class SealBroken(Exception):
    """What was sealed cannot be opened: another key, another place, or altered bytes."""


class AesCipher:
    """AES-256-GCM for what must be read again, HMAC-SHA-256 for what must only be found again.

    A sealed value is one byte for the version of the key, twelve random ones, the ciphertext and
    the tag: 29 bytes more than the text in UTF-8.
    """

    def __init__(self, sealing: Mapping[int, bytes], *, current: int, index: bytes) -> None:
        self._ciphers = {version: AESGCM(key) for version, key in sealing.items()}
        self._current = current
        self._index = index

    def seal(self, plain: str, *, context: str) -> bytes:
        """Return `plain` encrypted for `context`, the place it is kept in."""
        version = bytes([self._current])
        nonce = secrets.token_bytes(_NONCE_BYTES)
        cipher = self._ciphers[self._current]
        return version + nonce + cipher.encrypt(nonce, plain.encode(), version + context.encode())

    def open(self, sealed: bytes, *, context: str) -> str:
        """Return what was sealed for this `context`; raise `SealBroken` for anything else."""
        version, nonce = sealed[:1], sealed[1 : 1 + _NONCE_BYTES]
        cipher = self._ciphers.get(int.from_bytes(version))
        if cipher is None or len(nonce) != _NONCE_BYTES:
            raise SealBroken(context)
        try:
            plain = cipher.decrypt(nonce, sealed[1 + _NONCE_BYTES :], version + context.encode())
        except InvalidTag:
            raise SealBroken(context) from None
        return plain.decode()

    def blind_index(self, plain: str) -> bytes:
        """Return 32 bytes that are equal for equal texts and say nothing else without the key."""
        return hmac.digest(self._index, plain.encode(), "sha256")


def load_cipher(path: Path, text: str | None = None) -> AesCipher:
    """Return the cipher of the keys in `text` or, without one, in the file at `path`.

    The file is made when missing. Raises `UnusableSecret`.
    """
    if text is None:
        text = secret_file.read_or_create(path, _new_keys)
    try:
        keys = json.loads(text)
        sealing = {int(version): _key(key) for version, key in keys["sealing"].items()}
        current, index = int(keys["current"]), _key(keys["index"])
    except (ValueError, KeyError, TypeError, AttributeError):
        # Without the cause: its text could quote a key.
        raise UnusableSecret("the keys of personal data are not readable") from None
    if current not in sealing or not all(version in _VERSIONS for version in sealing):
        raise UnusableSecret("the current key is missing, or a version is not 1 to 255")
    return AesCipher(sealing, current=current, index=index)


def _new_keys() -> str:
    return json.dumps({"current": 1, "sealing": {"1": _new_key()}, "index": _new_key()}, indent=1)


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


def _key(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != _KEY_BYTES:
        raise ValueError("a key has 32 bytes")
    return key
