"""The challenge behind which a secret stands (PKCE, RFC 7636), for our tokens and for other issuers'."""

from base64 import urlsafe_b64encode
from hashlib import sha256


def challenge_of(verifier: str) -> str:
    """The challenge of a verifier, by the one method there is: S256 (RFC 7636, 4.2)."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
