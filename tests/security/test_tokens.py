import base64
import hashlib
from datetime import timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from app.security.tokens import (
    LEEWAY,
    ExpiredToken,
    InvalidToken,
    JoseKey,
    Keyring,
    SigningKey,
    TokenTooLong,
)
from tests.security.forged_tokens import compact, encode, forged_tokens, sign_es256

NOW = 1_800_000_000
ISSUER = "https://yanxun.example"
AUDIENCE = "yanxun"
PRIVATE = ec.generate_private_key(ec.SECP256R1())
STRANGER = ec.generate_private_key(ec.SECP256R1())

GOOD: dict[str, Any] = {
    "jti": "one",
    "sub": "somebody",
    "iss": ISSUER,
    "aud": AUDIENCE,
    "iat": NOW,
    "nbf": NOW,
    "exp": NOW + 600,
}

FORGED = forged_tokens(PRIVATE, GOOD)


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class PlainKey:
    """The port on bare cryptography: what we refuse must not depend on the library."""

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        self.private = private
        self.jwk = JoseKey(private).public()
        self.header = encode(compact({"alg": "ES256", "kid": self.jwk["kid"], "typ": "at+jwt"}))

    def sign(self, payload: bytes) -> str:
        return sign_es256(self.private, f"{self.header}.{encode(payload)}")

    def open(self, token: str) -> bytes:
        signed, _, signature = token.rpartition(".")
        raw = decode(signature)
        der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
        try:
            self.private.public_key().verify(der, signed.encode(), ec.ECDSA(hashes.SHA256()))
        except InvalidSignature as error:
            raise ValueError from error
        return decode(signed.partition(".")[2])

    def public(self) -> dict[str, str]:
        return self.jwk


@pytest.fixture(params=[JoseKey, PlainKey])
def key(request: pytest.FixtureRequest) -> SigningKey:
    made: SigningKey = request.param(PRIVATE)
    return made


@pytest.fixture
def keyring(key: SigningKey) -> Keyring:
    return Keyring([key], issuer=ISSUER, audience=AUDIENCE, now=lambda: NOW)


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_token_is_refused_and_nothing_else_happens(name: str, keyring: Keyring) -> None:
    with pytest.raises(InvalidToken) as refused:
        keyring.verify(FORGED[name])
    expired = name.startswith("expired")
    assert refused.value.code == ("expired_token" if expired else "invalid_token")


def test_what_the_forgeries_are_made_from_is_accepted(keyring: Keyring, key: SigningKey) -> None:
    token = key.sign(compact(GOOD))
    assert keyring.verify(token) == GOOD
    assert token not in FORGED.values()


def test_an_expired_token_of_another_issuer_is_not_called_expired(keyring: Keyring) -> None:
    with pytest.raises(InvalidToken) as refused:
        keyring.verify(JoseKey(PRIVATE).sign(compact({**GOOD, "exp": 0, "iss": "elsewhere"})))
    assert not isinstance(refused.value, ExpiredToken)


@given(st.text(max_size=200))
def test_any_text_is_refused(text: str) -> None:
    keyring = Keyring([JoseKey(PRIVATE)], issuer=ISSUER, audience=AUDIENCE)
    with pytest.raises(InvalidToken):
        keyring.verify(text)


@given(st.binary(max_size=300), st.binary(min_size=64, max_size=64))
def test_any_payload_and_signature_under_our_header_is_refused(
    payload: bytes, signature: bytes
) -> None:
    keyring = Keyring([JoseKey(PRIVATE)], issuer=ISSUER, audience=AUDIENCE)
    key = JoseKey(PRIVATE)
    header = key.sign(b"").partition(".")[0]
    with pytest.raises(InvalidToken):
        keyring.verify(f"{header}.{encode(payload)}.{encode(signature)}")
    with pytest.raises(InvalidToken):
        keyring.verify(key.sign(payload))


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(json_values)
def test_whatever_claims_we_sign_we_read(value: Any) -> None:
    keyring = Keyring([JoseKey(PRIVATE)], issuer=ISSUER, audience=AUDIENCE)
    claims = keyring.verify(keyring.sign({"sub": "教师", "x": value}))
    assert (claims["sub"], claims["x"]) == ("教师", value)


def test_signing_says_issuer_audience_and_times(keyring: Keyring) -> None:
    claims = keyring.verify(keyring.sign({"sub": "a", "iss": "b"}, lifetime=timedelta(hours=1)))
    assert len(claims.pop("jti")) == 22
    assert claims == {
        "sub": "a",
        "iss": ISSUER,
        "aud": AUDIENCE,
        "iat": NOW,
        "nbf": NOW,
        "exp": NOW + 3600,
    }
    assert keyring.verify(keyring.sign({"sub": "a", "jti": "mine"}))["jti"] == "mine"


@pytest.mark.parametrize("claims", [{}, {"sub": ""}, {"sub": 7}])
def test_a_token_without_a_subject_is_never_signed(
    keyring: Keyring, claims: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="subject"):
        keyring.sign(claims)


def test_a_token_that_would_be_too_long_is_never_signed(keyring: Keyring) -> None:
    with pytest.raises(TokenTooLong):
        keyring.sign({"sub": "a", "grants": ["x" * 40] * 200})


def test_a_token_is_valid_until_its_time_and_the_leeway_are_over(key: SigningKey) -> None:
    clock = [float(NOW)]
    keyring = Keyring([key], issuer=ISSUER, audience=AUDIENCE, now=lambda: clock[0])
    token = keyring.sign({"sub": "a"})
    for moment in (NOW - LEEWAY, NOW, NOW + 600, NOW + 600 + LEEWAY - 0.001):
        clock[0] = moment
        assert keyring.verify(token)["sub"] == "a"
    clock[0] = NOW + 600 + LEEWAY
    with pytest.raises(ExpiredToken):
        keyring.verify(token)
    clock[0] = NOW - LEEWAY - 1
    with pytest.raises(InvalidToken):
        keyring.verify(token)


def test_the_first_key_signs_and_all_are_accepted_and_published() -> None:
    keys = [JoseKey(PRIVATE), JoseKey(STRANGER)]
    before = Keyring([keys[1]], issuer=ISSUER, audience=AUDIENCE)
    after = Keyring(keys, issuer=ISSUER, audience=AUDIENCE)
    assert after.verify(before.sign({"sub": "a"}))["sub"] == "a"
    with pytest.raises(InvalidToken):
        before.verify(after.sign({"sub": "a"}))
    published = after.jwks()["keys"]
    assert [jwk["kid"] for jwk in published] == [key.public()["kid"] for key in keys]
    for jwk in published:
        assert set(jwk) == {"alg", "crv", "kid", "kty", "use", "x", "y"}
        assert (jwk["alg"], jwk["crv"], jwk["kty"], jwk["use"]) == ("ES256", "P-256", "EC", "sig")


def test_the_published_key_verifies_a_token() -> None:
    keyring = Keyring([JoseKey(PRIVATE)], issuer=ISSUER, audience=AUDIENCE)
    jwk = keyring.jwks()["keys"][0]
    x, y = (int.from_bytes(decode(jwk[name])) for name in ("x", "y"))
    public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    signed, _, signature = keyring.sign({"sub": "a"}).rpartition(".")
    r, s = (int.from_bytes(part) for part in (decode(signature)[:32], decode(signature)[32:]))
    public.verify(encode_dss_signature(r, s), signed.encode(), ec.ECDSA(hashes.SHA256()))


def test_a_key_is_named_by_its_thumbprint() -> None:
    jwk = JoseKey(PRIVATE).public()
    canonical = f'{{"crv":"P-256","kty":"EC","x":"{jwk["x"]}","y":"{jwk["y"]}"}}'
    assert jwk["kid"] == encode(hashlib.sha256(canonical.encode()).digest())


def test_the_longest_token_is_signed_and_read_and_one_character_more_is_not(
    keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = {"sub": "somebody", "jti": "one"}
    length = len(keyring.sign(claims))
    monkeypatch.setattr("app.security.tokens.LONGEST_TOKEN", length)
    token = keyring.sign(claims)
    assert keyring.verify(token)["sub"] == "somebody"
    monkeypatch.setattr("app.security.tokens.LONGEST_TOKEN", length - 1)
    with pytest.raises(TokenTooLong):
        keyring.sign(claims)
    with pytest.raises(InvalidToken):
        keyring.verify(token)
