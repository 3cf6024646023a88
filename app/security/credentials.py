"""What signs credentials and, in the simulation, documents: keys of their own, kept for long.

A credential is verified years after it was signed. So its keys are not those of access tokens, which are
replaced and forgotten: `credential_keys.json` has the same form as theirs, and every key in it, under
whatever name, is published for as long as it stands there.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256

from app.domain.credits.certificates import Seal
from app.security.tokens import JoseKey


class CredentialSigner:
    """Implements `Signer` of the certificates: the first key signs, all of them are published."""

    def __init__(self, keys: Sequence[ec.EllipticCurvePrivateKey], did: str) -> None:
        self._keys = [JoseKey(key, kind="JWT", of=f"{did}#") for key in keys]
        # An ECDSA signature is another each time: what is asked again is answered with the same.
        self._sign = lru_cache(maxsize=256)(self._keys[0].sign)

    def sign(self, claims: dict[str, Any]) -> str:
        """These claims as a compact JSON Web Token; the same token for the same claims."""
        return self._sign(_written(claims))

    def sign_once(self, claims: dict[str, Any]) -> str:
        """These claims as a compact JSON Web Token that the caller keeps: it may be large."""
        return self._keys[0].sign(_written(claims))

    def jwks(self) -> list[dict[str, str]]:
        """The public keys as JSON Web Keys."""
        return [key.public() for key in self._keys]


def _written(claims: dict[str, Any]) -> bytes:
    return json.dumps(claims, ensure_ascii=False, separators=(",", ":")).encode()


class SimulatedSealer:
    """Implements `Sealer` for trying things out: a local signature over the digest, which proves nothing.

    It says of itself that it is a simulation, and so does each certificate that it seals.
    """

    NAME = "模拟电子印章"

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self._key = key

    async def seal(self, *, reference: UUID, digest: str, document: bytes) -> Seal:  # noqa: ARG002
        """A signature (ECDSA, P-256) over the digest."""
        signature = self._key.sign(bytes.fromhex(digest), ec.ECDSA(Prehashed(SHA256())))
        return Seal(self.NAME, simulated=True, signature=signature)
