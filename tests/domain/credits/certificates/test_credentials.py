"""Credentials of certificates: they verify offline, and their revocation is in the list."""

import base64
import gzip
import json
from hashlib import sha256
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from app.domain.credits.certificates import (
    CertificateEnd,
    CertificateSeries,
    get_certificate_credential,
    issuer_document,
    revoke_certificate,
    sign_status_list,
)
from app.domain.errors import NotFound
from app.request import Resources
from app.security.credentials import SimulatedSealer
from app.sql import Connection, new_id
from tests.make import NOW, City
from tests.make_certificates import (
    make_certificates,
)

END = CertificateEnd(reason="登记有误")


async def test_the_simulation_signs_the_digest_and_says_what_it_is() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    digest = "ab" * 32
    seal = await SimulatedSealer(key).seal(
        reference=new_id(),
        digest=digest,
        document=b"%PDF",
    )
    assert (seal.name, seal.simulated) == ("模拟电子印章", True)
    proof = (seal.signature, bytes.fromhex(digest), ec.ECDSA(Prehashed(SHA256())))
    key.public_key().verify(*proof)
    with pytest.raises(InvalidSignature):
        key.public_key().verify(seal.signature, bytes(32), ec.ECDSA(Prehashed(SHA256())))


# Credentials, verified with nothing but the public key.


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def opened(token: str, keys: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The header and the claims of a token that one of the issuer's keys has signed."""
    header, claims, signature = token.split(".")
    said = json.loads(decoded(header))
    [jwk] = [
        each["publicKeyJwk"] for each in keys["verificationMethod"] if each["id"] == said["kid"]
    ]
    x, y = (int.from_bytes(decoded(jwk[name])) for name in ("x", "y"))
    key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    raw = decoded(signature)
    proof = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key.verify(proof, f"{header}.{claims}".encode(), ec.ECDSA(SHA256()))
    return said, json.loads(decoded(claims))


def bit(listed: dict[str, Any], index: int) -> bool:
    subject = listed["credentialSubject"]
    assert (subject["type"], subject["statusPurpose"]) == ("BitstringStatusList", "revocation")
    assert subject["encodedList"].startswith("u")
    bits = gzip.decompress(decoded(subject["encodedList"][1:]))
    assert len(bits) == 131_072 // 8
    return bool(bits[index // 8] & 0x80 >> index % 8)


async def test_a_credential_verifies_offline_and_its_revocation_is_in_the_list(
    db: Connection, city: City, resources: Resources
) -> None:
    rows = await make_certificates(db, city)
    [row] = [each for each in rows if each["name"] == "测试甲"]
    signer, issuer = resources.signer, resources.credential_issuer
    keys = issuer_document(signer, issuer)
    assert keys["id"] == "did:web:127.0.0.1%3A8000"
    told = await get_certificate_credential(
        db, city.teacher_account.actor, certificate_id=row["id"], signer=signer, issuer=issuer
    )
    header, claims = opened(told["credential"], keys)
    assert (header["alg"], header["typ"]) == ("ES256", "JWT")
    assert claims["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert claims["iss"] == claims["issuer"]["id"] == keys["id"]
    assert claims["credentialSubject"]["achievement"]["humanCode"] == row["number"]
    [hashed] = claims["credentialSubject"]["identifier"]
    expected = sha256(("测试甲" + hashed["salt"]).encode()).hexdigest()
    assert hashed["identityHash"] == f"sha256${expected}"
    assert "测试甲" not in json.dumps(claims, ensure_ascii=False), "no name, no number of a card"
    assert row["code"] not in json.dumps(claims), "by which anybody would be told the name"
    forged = told["credential"][:-2] + ("AA" if told["credential"][-2:] != "AA" else "BB")
    with pytest.raises(InvalidSignature):
        opened(forged, keys)

    async def listed() -> dict[str, Any]:
        token = await sign_status_list(
            db, city_id=city.city["id"], year=2026, signer=signer, issuer=issuer, at=NOW
        )
        return opened(token, keys)[1]

    status = claims["credentialStatus"]
    assert status["statusListCredential"] == (await listed())["id"]
    index = int(status["statusListIndex"])
    assert not bit(await listed(), index)
    await revoke_certificate(db, city.city_admin.actor, certificate_id=row["id"], end=END, now=NOW)
    assert bit(await listed(), index)
    assert await listed() == await listed()
    assert not bit(await listed(), 3 - index), "the other certificate still holds"


@pytest.mark.parametrize(("last", "bits"), [(1, 131_072), (131_071, 131_072), (131_072, 262_144)])
async def test_the_list_has_a_place_for_every_certificate_that_holds(
    db: Connection, city: City, resources: Resources, last: int, bits: int
) -> None:
    """Also for the last one, where none of the later ones has ended."""
    signer, issuer = resources.signer, resources.credential_issuer
    asked = {
        "city_id": city.city["id"],
        "year": 2026,
        "signer": signer,
        "issuer": issuer,
        "at": NOW,
    }
    with pytest.raises(NotFound) as refused:
        await sign_status_list(db, **asked)
    assert refused.value.code == "status_list_not_found"
    series = {"city_id": city.city["id"], "year": 2026, "last": last}
    await db.insert(CertificateSeries, series)
    token = await sign_status_list(db, **asked)
    _, listed = opened(token, issuer_document(signer, issuer))
    held = gzip.decompress(decoded(listed["credentialSubject"]["encodedList"][1:]))
    assert (len(held) * 8, any(held)) == (bits, False)
