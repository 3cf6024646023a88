"""An identity provider in this process: as OpenID Connect has it, and as badly as a test wants it."""

import hmac
import json
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.request.challenges import challenge_of

RSA = rsa.generate_private_key(65537, 2048)
"""Made once: it takes a while."""
EC = ec.generate_private_key(ec.SECP256R1())


def encoded(content: bytes | dict[str, Any]) -> str:
    raw = json.dumps(content).encode() if isinstance(content, dict) else content
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def number(value: int) -> str:
    return encoded(value.to_bytes((value.bit_length() + 7) // 8))


def rsa_jwk(key: rsa.RSAPrivateKey = RSA, kid: str = "rsa", **more: str) -> dict[str, str]:
    numbers = key.public_key().public_numbers()
    return {"kty": "RSA", "kid": kid, "n": number(numbers.n), "e": number(numbers.e), **more}


def ec_jwk(key: ec.EllipticCurvePrivateKey = EC, kid: str = "ec") -> dict[str, str]:
    numbers = key.public_key().public_numbers()
    x, y = (encoded(each.to_bytes(32)) for each in (numbers.x, numbers.y))
    return {"kty": "EC", "kid": kid, "crv": "P-256", "x": x, "y": y}


def public_pem() -> bytes:
    return RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _with_rsa(signed: bytes) -> bytes:
    return RSA.sign(signed, padding.PKCS1v15(), hashes.SHA256())


def _with_ec(signed: bytes) -> bytes:
    r, s = decode_dss_signature(EC.sign(signed, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32) + s.to_bytes(32)


SIGNERS: dict[str, Callable[[bytes], bytes]] = {
    "RS256": _with_rsa,
    "ES256": _with_ec,
    "HS256": lambda signed: hmac.digest(public_pem(), signed, "sha256"),
    "none": lambda _: b"",
}


def token(claims: dict[str, Any], alg: str = "RS256", **header: Any) -> str:
    """A signed token; what the header says besides is `header`, None leaves its kid out."""
    kid = {"ES256": "ec"}.get(alg, "rsa")
    head = {name: each for name, each in {"alg": alg, "kid": kid, **header}.items() if each}
    signed = f"{encoded(head)}.{encoded(claims)}"
    return f"{signed}.{encoded(SIGNERS[alg](signed.encode()))}"


class Provider:
    """One provider; what it does wrong is set on it."""

    def __init__(self, issuer: str = "https://login.example") -> None:
        self.issuer = issuer
        self.client_id = "yanxun"
        self.secret: str | None = "what we prove ourselves with"
        self.keys = [rsa_jwk(), ec_jwk()]
        self.metadata: dict[str, Any] = {}
        self.claims: dict[str, Any] = {}
        self.alg = "RS256"
        self.answers: dict[str, Callable[[], httpx2.Response]] = {}
        """What is answered instead, by the last part of the address."""
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}

    def transport(self) -> "Wire":
        return Wire(self)

    def sign_in(self, address: str, subject: str = "person-1") -> dict[str, str]:
        """What the browser comes back with when somebody has signed in at this address."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert address.startswith(f"{self.issuer}/authorise?")
        assert (asked["client_id"], asked["response_type"]) == (self.client_id, "code")
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(8)
        self._codes[code] = {**asked, "sub": subject}
        return {"code": code, "state": asked["state"], "iss": self.issuer}

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.path.rpartition("/")[2]
        self.asked.append(path)
        assert request.url.host == urlsplit(self.issuer).hostname
        if path in self.answers:
            return self.answers[path]()
        if path == "openid-configuration":
            return httpx2.Response(200, json=self._described())
        if path == "keys":
            return httpx2.Response(200, json={"keys": self.keys})
        assert path == "token"
        return self._exchange(request)

    def _described(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorise",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "authorization_response_iss_parameter_supported": True,
            **self.metadata,
        }

    def _exchange(self, request: httpx2.Request) -> httpx2.Response:
        form = {name: each[0] for name, each in parse_qs(request.content.decode()).items()}
        asked = self._codes.pop(form["code"], None)
        if (
            asked is None
            or form["redirect_uri"] != asked["redirect_uri"]
            or challenge_of(form["code_verifier"]) != asked["code_challenge"]
            or not self._proves(request, form)
        ):
            return httpx2.Response(400, json={"error": "invalid_grant"})
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": self.client_id, "sub": asked["sub"], "iat": now,
            "exp": now + 300, "nonce": asked["nonce"], **self.claims,
        }  # fmt: skip
        return httpx2.Response(200, json={"id_token": token(claims, self.alg), "access_token": "x"})

    def _proves(self, request: httpx2.Request, form: dict[str, str]) -> bool:
        if self.secret is None:
            return form.get("client_id") == self.client_id
        if request.headers.get("authorization", "").startswith("Basic "):
            return True
        return form.get("client_secret") == self.secret


class Wire(httpx2.AsyncBaseTransport):
    """What lies between a client and the provider: answers come in pieces, as from a network."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        await request.aread()
        made = self._provider.answer(request)
        stream = httpx2.ByteStream(made.content)
        return httpx2.Response(made.status_code, headers=made.headers, stream=stream)
