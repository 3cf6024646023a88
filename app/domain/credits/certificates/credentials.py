"""The credential of a certificate: an Open Badges 3.0 credential, and the list that says which are revoked.

Both are verifiable credentials (W3C Verifiable Credentials 2.0) secured as JSON Web Tokens with ES256:
whoever has the public key of the issuer (`did:web`) verifies them without asking us. What is said of the
person is a salted hash of the name, no more: who presents the credential says the name, and it is compared
(Open Badges 3.0, B.1.14 IdentityObject). `credentialStatus` points into a Bitstring Status List (W3C) of the
city and the year, in which the serial number is the index. Pure, but for `Signer`, which holds the key.
"""

import gzip
from base64 import urlsafe_b64encode
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Uuid, bindparam, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.base import utc_text
from app.domain.credits.certificates.batch import CertificateKind
from app.domain.credits.certificates.certificate import (
    CERTIFICATES,
    Certificate,
    CertificateState,
)
from app.domain.credits.certificates.documents import TITLES
from app.domain.credits.certificates.ending import CertificateEnded
from app.domain.credits.certificates.verifying import EndedOnes, read_ended
from app.sql import Connection, Row, Statement

CONTEXTS = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)
SHORTEST_LIST = 131_072
"""Bits of the shortest list (Bitstring Status List, 2.2): one place says nothing about the others."""


class Signer(Protocol):
    """What signs credentials, and tells the keys by which they are verified."""

    def sign(self, claims: dict[str, Any]) -> str:
        """These claims as a compact JSON Web Token; the same token for the same claims."""

    def sign_once(self, claims: dict[str, Any]) -> str:
        """These claims as a compact JSON Web Token that the caller keeps: it may be large."""

    def jwks(self) -> list[dict[str, str]]:
        """The public keys as JSON Web Keys; `kid` is the part of a key's identification behind the #."""


class Issuer(NamedTuple):
    """Who signs: the deployment, by its address; cities are told apart by name."""

    address: str

    @property
    def did(self) -> str:
        """The identification as `did:web`, whose document lies at the address."""
        parts = urlsplit(self.address)
        path = parts.path.strip("/").replace("/", ":")
        return f"did:web:{parts.netloc.replace(':', '%3A')}" + (f":{path}" if path else "")

    def status_list(self, city_id: UUID, year: int) -> str:
        """Where the list of a city and a year is."""
        return f"{self.address}/credentials/status/{city_id}/{year}"


class CredentialView(BaseModel):
    """A signed credential, to be kept by whom it is about and shown to whoever asks."""

    certificate_id: UUID = Field(description="证书 / certificate")
    media_type: str = Field(description="媒体类型 / media type")
    credential: str = Field(
        description="Open Badges 3.0 可验证凭证（VC-JWT，ES256） / verifiable credential as a JWT"
    )


# What may be asked.

_PLACE = Statement(
    select(col(Certificate.city_id), col(Certificate.year), col(Certificate.serial)).where(
        col(Certificate.id) == bindparam("certificate_id", type_=Uuid)
    )
)


async def get_certificate_credential(
    db: Connection, actor: Actor, *, certificate_id: UUID, signer: Signer, issuer: Issuer
) -> Row:
    """The credential of a certificate that holds."""
    row = await CERTIFICATES.get(db, actor, certificate_id)
    if row["state"] != CertificateState.ISSUED:
        raise CertificateEnded(state=row["state"])
    place = await db.one(_PLACE, certificate_id=certificate_id)
    assert place is not None  # noqa: S101  it was just read
    return {
        "certificate_id": certificate_id,
        "media_type": "application/vc+jwt",
        "credential": signer.sign(credential_of(row | place, issuer)),
    }


async def sign_status_list(
    db: Connection, *, city_id: UUID, year: int, signer: Signer, issuer: Issuer, at: datetime
) -> str:
    """The signed list of a city and a year: a set bit is a certificate that holds no more."""
    ended = await read_ended(db, city_id=city_id, year=year)
    return signer.sign(status_list_of(ended, issuer.status_list(city_id, year), issuer, at))


def credential_of(row: Row, issuer: Issuer) -> dict[str, Any]:
    """The claims of a credential: the credential itself, and what a JWT says of it besides."""
    key, kind = f"urn:uuid:{row['id']}", CertificateKind(row["kind"])
    listed = issuer.status_list(row["city_id"], row["year"])
    criteria = f"{row['subject']}：{row['hours']} 学时，{row['credits']} 学分"
    credential = {
        "@context": list(CONTEXTS),
        "id": key,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": TITLES[kind],
        "issuer": {"id": issuer.did, "type": ["Profile"], "name": row["authority_name"]},
        "validFrom": utc_text(row["issued_at"]),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [_hashed(row["name"], row["code"])],
            "achievement": {
                "id": f"urn:uuid:{row['batch_id']}",
                "type": ["Achievement"],
                "achievementType": "Certificate",
                "name": TITLES[kind],
                "description": row["subject"],
                "criteria": {"narrative": criteria},
                "humanCode": row["number"],
            },
        },
        "credentialStatus": {
            "id": f"{listed}#{row['serial']}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(row["serial"]),
            "statusListCredential": listed,
        },
    }
    return credential | {"iss": issuer.did, "jti": key, "nbf": int(row["issued_at"].timestamp())}


def _hashed(name: str, code: str) -> dict[str, Any]:
    # Not the code itself: whoever had that would be told the name (`verify_certificate`).
    salt = sha256(f"salt of {code}".encode()).hexdigest()[:32]
    digest = sha256((name + salt).encode()).hexdigest()
    return {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": f"sha256${digest}",
        "identityType": "name",
        "salt": salt,
    }


def status_list_of(ended: EndedOnes, address: str, issuer: Issuer, at: datetime) -> dict[str, Any]:
    """The claims of a list at this address: a place for every certificate, and those set that ended."""
    size = SHORTEST_LIST * (1 + ended.last // SHORTEST_LIST)
    bits = bytearray(size // 8)
    for place in ended.serials:
        # The first bit is the leftmost one of the first byte.
        bits[place // 8] |= 0x80 >> place % 8
    packed = urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).rstrip(b"=").decode()
    credential = {
        "@context": [CONTEXTS[0]],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.did,
        "validFrom": utc_text(at),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": f"u{packed}",
        },
    }
    return credential | {"iss": issuer.did, "jti": address, "nbf": int(at.timestamp())}


def issuer_document(signer: Signer, issuer: Issuer) -> dict[str, Any]:
    """The document of the issuer (DID Core): the keys that verify what it signed."""
    keys = [
        {
            "id": f"{issuer.did}#{key['kid']}",
            "type": "JsonWebKey",
            "controller": issuer.did,
            "publicKeyJwk": key,
        }
        for key in signer.jwks()
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
        "id": issuer.did,
        "verificationMethod": keys,
        "assertionMethod": [key["id"] for key in keys],
    }
