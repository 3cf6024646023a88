"""The private keys that sign access tokens: P-256, in a file of their own or in the environment.

Either holds a JSON object of keys in PEM: `current` signs; `next` will, and is accepted everywhere
before it does; `retiring`, after a rotation, has signed and is accepted until its tokens expire.
"""

import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from app.security import secret_file
from app.security.secret_file import UnusableSecret


def load(path: Path, text: str | None = None) -> list[ec.EllipticCurvePrivateKey]:
    """Return the keys of `text` or, without one, of the file at `path`, made when missing.

    The key that signs comes first. Raises `UnusableSecret`.
    """
    keys = _parse(secret_file.read_or_create(path, _new_keys) if text is None else text)
    return [_private_key(keys.pop("current")), *map(_private_key, keys.values())]


def rotate(path: Path) -> None:
    """Let the next key of the file at `path` sign, retire the current one, and add a new next one.

    A running process reads the file anew by itself, and accepts the new current key even before it
    has. Two rotations take a stolen key out of use.
    """
    secret_file.rewrite(path, _rotated)


def _rotated(text: str) -> str:
    keys = _parse(text)
    return json.dumps(
        {"current": keys["next"], "next": _new_key(), "retiring": keys["current"]}, indent=1
    )


def _new_keys() -> str:
    return json.dumps({"current": _new_key(), "next": _new_key()}, indent=1)


def _new_key() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _parse(text: str) -> dict[str, object]:
    try:
        keys = json.loads(text)
    except ValueError:
        keys = None
    if not isinstance(keys, dict) or not {"current", "next"} <= keys.keys():
        raise UnusableSecret('the signing keys must be a JSON object with "current" and "next"')
    return keys


def _private_key(pem: object) -> ec.EllipticCurvePrivateKey:
    try:
        key = load_pem_private_key(str(pem).encode(), password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise UnusableSecret("a signing key must be an unencrypted P-256 private key in PEM")
    return key
