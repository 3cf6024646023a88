"""Encryption of personal data: what a stolen database must not tell (PIPL, article 51).

`SealingCipher` implements `app.domain.people.identity.PersonalDataCipher`. The keys are kept apart from
the database, in a file of their own or in the environment: a JSON object

    {"current": 2, "sealing": {"1": "…", "2": {"cipher": "sm4-gcm", "key": "…"}}, "index": "…"}

of keys in base64, where one without a cipher is of AES-256-GCM. What is sealed begins with the version
of its key, so that every version that is still listed opens what it sealed. `rotate` adds a version and
makes it current; processes that serve follow the file at once. Whoever loses these keys loses the data:
they belong into a backup of their own.
"""

import base64
import hmac
import json
import logging
import os
import secrets
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.security import secret_file
from app.security.secret_file import UnusableSecret

log = logging.getLogger("yanxun")

_INDEX_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16
_VERSIONS: Final = range(1, 256)


_DRAWN: Final = 256
"""Nonces that are drawn at once: whoever seals a file of people asks the system for one of each only seldom."""
_ready: list[bytes] = []
os.register_at_fork(after_in_child=_ready.clear)


def _nonce() -> bytes:
    """Random bytes that are handed out once, by this process or any other."""
    try:
        return _ready.pop()
    except IndexError:
        drawn = secrets.token_bytes(_DRAWN * _NONCE_BYTES)
        first, *others = (
            drawn[at : at + _NONCE_BYTES] for at in range(0, len(drawn), _NONCE_BYTES)
        )
        _ready.extend(others)
        return first


class SealBroken(Exception):
    """What was sealed cannot be opened: another key, another place, or altered bytes."""


class CipherName(StrEnum):
    """With what a key seals."""

    AES_256_GCM = "aes-256-gcm"
    SM4_GCM = "sm4-gcm"
    """GB/T 32907-2016, for deployments whose cryptography is reviewed (商用密码应用安全性评估)."""


class _Sealer(Protocol):
    """One key with its cipher, as `cryptography` offers AES-GCM."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """The ciphertext and its tag."""

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """The text; raises `InvalidTag`."""


class _Sm4Gcm:
    """SM4-GCM in the form of `AESGCM`."""

    def __init__(self, key: bytes) -> None:
        self._algorithm = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """The ciphertext and its tag."""
        encryptor = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated_data)
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """The text; raises `InvalidTag`."""
        if len(data) < _TAG_BYTES:
            raise InvalidTag
        mode = modes.GCM(nonce, data[-_TAG_BYTES:])
        decryptor = Cipher(self._algorithm, mode).decryptor()
        decryptor.authenticate_additional_data(associated_data)
        return decryptor.update(data[:-_TAG_BYTES]) + decryptor.finalize()


_SEALERS: Final[dict[CipherName, tuple[int, Callable[[bytes], _Sealer]]]] = {
    CipherName.AES_256_GCM: (32, AESGCM),
    CipherName.SM4_GCM: (16, _Sm4Gcm),
}
"""For each cipher the bytes of a key, and what seals with one."""


class PersonalDataKeys(NamedTuple):
    """The keys as they are read: the versions that open, the one that seals, the one of the index."""

    sealing: Mapping[int, _Sealer]
    ciphers: Mapping[int, CipherName]
    current: int
    index_key: bytes


class SealingCipher:
    """Authenticated encryption for what must be read again, HMAC-SHA-256 for what must be found.

    A sealed value is one byte for the version of the key, twelve random ones, the ciphertext and
    the tag: 29 bytes more than the text in UTF-8.
    """

    def __init__(self, keys: Callable[[], PersonalDataKeys]) -> None:
        self._keys = keys

    def of_now(self) -> "SealingCipher":
        """The same with the keys of this moment, for much work at once: a file is not asked each time."""
        keys = self._keys()
        return SealingCipher(lambda: keys)

    @property
    def current(self) -> int:
        """The version of the key that seals now."""
        return self._keys().current

    def seal(self, plain: str, *, context: str) -> bytes:
        """Return `plain` encrypted for `context`, the place it is kept in."""
        keys = self._keys()
        version = bytes([keys.current])
        nonce = _nonce()
        sealed = keys.sealing[keys.current].encrypt(
            nonce, plain.encode(), version + context.encode()
        )
        return version + nonce + sealed

    def open(self, sealed: bytes, *, context: str) -> str:
        """Return what was sealed for this `context`; raise `SealBroken` for anything else."""
        version, nonce = sealed[:1], sealed[1 : 1 + _NONCE_BYTES]
        sealer = self._keys().sealing.get(int.from_bytes(version))
        if sealer is None or len(nonce) != _NONCE_BYTES:
            raise SealBroken(context)
        try:
            plain = sealer.decrypt(nonce, sealed[1 + _NONCE_BYTES :], version + context.encode())
        except InvalidTag:
            raise SealBroken(context) from None
        return plain.decode()

    def blind_index(self, plain: str) -> bytes:
        """Return 32 bytes that are equal for equal texts and say nothing else without the key."""
        return hmac.digest(self._keys().index_key, plain.encode(), "sha256")


class _FollowedFile:
    """The keys of a file, read anew whenever it was replaced; a bad file changes nothing."""

    def __init__(self, path: Path, keys: PersonalDataKeys, stamp: tuple[int, int] | None) -> None:
        self._path, self._keys, self._stamp = path, keys, stamp

    def __call__(self) -> PersonalDataKeys:
        stamp = _stamp(self._path)
        if stamp not in {self._stamp, None}:
            self._stamp = stamp
            try:
                self._keys = parse_keys(secret_file.read(self._path))
            except (UnusableSecret, OSError) as problem:
                log.error("the keys of personal data were replaced and are not usable: %s", problem)  # noqa: TRY400  its trace could quote a key
        return self._keys


def load_cipher(
    path: Path, text: str | None = None, *, cipher: CipherName = CipherName.AES_256_GCM
) -> SealingCipher:
    """Return the cipher of the keys in `text` or, without one, in the file at `path`.

    The file is made when missing, with a first key of this cipher. Raises `UnusableSecret`.
    """
    if text is not None:
        keys = parse_keys(text)
        return SealingCipher(lambda: keys)
    stamp = _stamp(path)
    first = parse_keys(secret_file.read_or_create(path, lambda: _new_keys(cipher)))
    return SealingCipher(_FollowedFile(path, first, stamp))


def rotate(path: Path, cipher: CipherName) -> None:
    """Add a sealing key of this cipher to the file and make it current; those before still open.

    Raises `FileNotFoundError` where there is no file, `UnusableSecret` after 255 versions.
    """

    def add(text: str) -> str:
        version = max(parse_keys(text).sealing) + 1
        if version not in _VERSIONS:
            raise UnusableSecret("there are 255 versions of the key already")
        keys = json.loads(text)
        keys["sealing"][str(version)] = _new_key(cipher)
        return json.dumps(keys | {"current": version}, indent=1)

    secret_file.rewrite(path, add)


def parse_keys(text: str) -> PersonalDataKeys:
    """The keys in a text; raises `UnusableSecret`, which never quotes one."""
    try:
        keys = json.loads(text)
        named = {int(version): _named(key) for version, key in keys["sealing"].items()}
        current, index = int(keys["current"]), _decoded(keys["index"], _INDEX_BYTES)
        sealing = {
            version: _SEALERS[name][1](_decoded(key, _SEALERS[name][0]))
            for version, (name, key) in named.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        # Without the cause: its text could quote a key.
        raise UnusableSecret("the keys of personal data are not readable") from None
    if current not in sealing or not all(version in _VERSIONS for version in sealing):
        raise UnusableSecret("the current key is missing, or a version is not 1 to 255")
    ciphers = {version: name for version, (name, _) in named.items()}
    return PersonalDataKeys(sealing, ciphers, current, index)


def _named(key: Any) -> tuple[CipherName, str]:
    if isinstance(key, str):
        return CipherName.AES_256_GCM, key
    return CipherName(key["cipher"]), key["key"]


def _decoded(text: str, length: int) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != length:
        raise ValueError("a key of another length")
    return key


def _new_keys(cipher: CipherName) -> str:
    index = _random(_INDEX_BYTES)
    return json.dumps({"current": 1, "sealing": {"1": _new_key(cipher)}, "index": index}, indent=1)


def _new_key(cipher: CipherName) -> dict[str, str]:
    return {"cipher": cipher.value, "key": _random(_SEALERS[cipher][0])}


def _random(length: int) -> str:
    return base64.b64encode(secrets.token_bytes(length)).decode()


def _stamp(path: Path) -> tuple[int, int] | None:
    """What changes whenever the file is replaced."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns
