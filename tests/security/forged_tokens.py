"""Tokens that must be refused, by what is wrong with them.

They are made from the very key and claims that the accepted token has, so that each differs from it
by its fault alone.
"""

import base64
import hashlib
import hmac
import json
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.security.tokens import LEEWAY, LONGEST_TOKEN, JoseKey


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def compact(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def sign_es256(private: ec.EllipticCurvePrivateKey, signed: str) -> str:
    r, s = decode_dss_signature(private.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{signed}.{encode(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def forged_tokens(private: ec.EllipticCurvePrivateKey, claims: dict[str, Any]) -> dict[str, str]:
    """All forgeries; `claims` are those of a token that is accepted now, `nbf` being this moment.

    The names of those whose only fault is their age begin with "expired".
    """
    forger = Forger(private, claims)
    return {
        **forger.algorithms(),
        **forger.headers(),
        **forger.signatures(),
        **forger.encodings(),
        **forger.documents(),
        **forger.claim_values(),
        **forger.number_values(),
    }


class Forger:
    def __init__(self, private: ec.EllipticCurvePrivateKey, claims: dict[str, Any]) -> None:
        self.private = private
        self.stranger = ec.generate_private_key(ec.SECP256R1())
        self.good = claims
        self.key = JoseKey(private)
        self.kid = self.key.public()["kid"]
        self.header = {"alg": "ES256", "kid": self.kid, "typ": "at+jwt"}
        self.token = self.key.sign(compact(claims))

    def with_header(self, header: object, private: ec.EllipticCurvePrivateKey | None = None) -> str:
        raw = header if isinstance(header, bytes) else compact(header)
        return sign_es256(private or self.private, f"{encode(raw)}.{encode(compact(self.good))}")

    def with_claims(self, **changes: Any) -> str:
        return self.key.sign(compact({**self.good, **changes}))

    def with_json(self, name: str, text: str) -> str:
        """The accepted claims with one value spelt as `text`."""
        members = [
            f"{json.dumps(key)}:{text if key == name else compact(value).decode()}"
            for key, value in self.good.items()
        ]
        return self.key.sign(f"{{{','.join(members)}}}".encode())

    def with_hmac(self, secret: bytes, algorithm: str) -> str:
        header = compact({**self.header, "alg": algorithm})
        signed = f"{encode(header)}.{encode(compact(self.good))}"
        return f"{signed}.{encode(hmac.digest(secret, signed.encode(), hashlib.sha256))}"

    def algorithms(self) -> dict[str, str]:
        public = self.private.public_key()
        pem, der = (
            public.public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)
            for encoding in (Encoding.PEM, Encoding.DER)
        )
        payload = encode(compact(self.good))
        return {
            "HS256 with the public key in PEM": self.with_hmac(pem, "HS256"),
            "HS256 with the public key in DER": self.with_hmac(der, "HS256"),
            "HS256 called ES256": self.with_hmac(pem, "ES256"),
            "HS512": self.with_hmac(pem, "HS512"),
            "alg none": f"{encode(compact({**self.header, 'alg': 'none'}))}.{payload}.",
            "alg nOnE": f"{encode(compact({**self.header, 'alg': 'nOnE'}))}.{payload}.",
            "alg none, signed": self.with_header({**self.header, "alg": "none"}),
            "alg ES384": self.with_header({**self.header, "alg": "ES384"}),
            "alg a list": self.with_header({**self.header, "alg": ["ES256"]}),
            "no alg": self.with_header({"kid": self.kid, "typ": "at+jwt"}),
        }

    def headers(self) -> dict[str, str]:
        header, stranger = self.header, self.stranger
        kid = json.dumps(self.kid)
        twice = f'{{"alg":"ES256","kid":"another","kid":{kid},"typ":"at+jwt"}}'.encode()
        own_key = {**header, "jwk": JoseKey(stranger).public()}
        key_address = {**header, "jku": "https://elsewhere.example/jwks.json"}
        return {
            "unknown kid": self.with_header({**header, "kid": "elsewhere"}),
            "kid of the stranger": JoseKey(stranger).sign(compact(self.good)),
            "no kid": self.with_header({"alg": "ES256", "typ": "at+jwt"}),
            "kid a number": self.with_header({**header, "kid": 1}),
            "kid a path": self.with_header({**header, "kid": "../../dev/null"}),
            "two kids": self.with_header(twice),
            "crit": self.with_header({**header, "crit": ["exp"]}),
            "b64 false": self.with_header({**header, "b64": False}),
            "wrong typ": self.with_header({**header, "typ": "JWT"}),
            "no typ": self.with_header({"alg": "ES256", "kid": self.kid}),
            "a key in the header": self.with_header(own_key, stranger),
            "a key address in the header": self.with_header(key_address, stranger),
            "a certificate in the header": self.with_header({**header, "x5c": ["MIIB"]}, stranger),
            "header not JSON": self.with_header(b"{not json"),
            "header empty": self.with_header(b""),
            "header a list": self.with_header([]),
            "header nested 100,000 deep": self.with_header(b"[" * 100_000),
            "header nested as deep as fits": self.with_header(b"[" * 2_000),
        }

    def signatures(self) -> dict[str, str]:
        signed, _, signature = self.token.rpartition(".")
        other = self.with_claims(sub="administrator").rpartition(".")[0]
        in_der = self.private.sign(signed.encode(), ec.ECDSA(hashes.SHA256()))
        return {
            "signed by a stranger": self.with_header(self.header, self.stranger),
            "no signature": f"{signed}.",
            "two segments": signed,
            "four segments": f"{self.token}.AA",
            "truncated": self.token[:-1],
            "signature of zeros": f"{signed}.{'A' * 86}",
            "signature longer than 64 bytes": f"{self.token}AA",
            "signature of other claims": f"{other}.{signature}",
            "signature in DER": f"{signed}.{encode(in_der)}",
        }

    def encodings(self) -> dict[str, str]:
        header = self.token.partition(".")[0]
        return {
            "empty": "",
            "dots": "..",
            "padded": f"{self.token}==",
            "line break": f"{self.token}\n",
            "blank in front": f" {self.token}",
            "junk that base64 skips": self.token.replace(".", ".!", 1),
            "the other alphabet of base64": f"{self.token[:-4]}+/+/",
            "segment of an impossible length": sign_es256(self.private, f"{header}.AAAAA"),
            "full-width letters": self.token.replace("e", "ｅ"),
            "NUL": f"{self.token}\0",
            "lone surrogate in the token": f"{self.token}\ud800",
            "1 MB": "A" * 1_000_000,
            "1 MB, well signed": self.with_claims(padding="A" * 1_000_000),
            "too long, well signed": self.with_claims(padding="A" * LONGEST_TOKEN),
        }

    def documents(self) -> dict[str, str]:
        text, sign = compact(self.good), self.key.sign
        front = text[:-1]
        return {
            "claims not JSON": sign(b"{"),
            "claims empty": sign(b""),
            "claims a list": sign(b"[]"),
            "claims null": sign(b"null"),
            "claims not UTF-8": sign(b"\xff\xfe"),
            "claims in UTF-16": sign(text.decode().encode("utf-16")),
            "claims after a byte order mark": sign(b"\xef\xbb\xbf" + text),
            "claims nested as deep as fits": sign(b"[" * 2_700),
            "a claim nested deep": sign(front + b',"x":' + b"[" * 1_200 + b"]" * 1_200 + b"}"),
            "two subjects": sign(front + b',"sub":"administrator"}'),
            "the subject twice": sign(front + b',"sub":' + compact(self.good["sub"]) + b"}"),
            "lone surrogate in a claim": self.with_json("sub", '"\\ud800"'),
            "NaN somewhere": sign(front + b',"x":NaN}'),
            "infinity somewhere": sign(front + b',"x":1e999}'),
            "more after the claims": sign(text + b"{}"),
        }

    def claim_values(self) -> dict[str, str]:
        audience, now = self.good["aud"], self.good["nbf"]
        missing = {
            f"no {name}": self.key.sign(
                compact({key: value for key, value in self.good.items() if key != name})
            )
            for name in ("iss", "aud", "sub", "jti", "iat", "nbf", "exp")
        }
        return missing | {
            "aud a list": self.with_claims(aud=[audience]),
            "aud a list of two": self.with_claims(aud=[audience, "other"]),
            "aud of another": self.with_claims(aud="other"),
            "aud null": self.with_claims(aud=None),
            "wrong iss": self.with_claims(iss="https://elsewhere.example"),
            "iss a list": self.with_claims(iss=[self.good["iss"]]),
            "sub empty": self.with_claims(sub=""),
            "sub a number": self.with_claims(sub=1),
            "sub an object": self.with_claims(sub={}),
            "jti null": self.with_claims(jti=None),
            "not yet valid": self.with_claims(nbf=now + 60),
            "issued in the future": self.with_claims(iat=now + 60),
            "expired": self.with_claims(exp=now - LEEWAY),
            "expired long ago": self.with_claims(exp=0),
            "expired before time began": self.with_claims(exp=-(10**2_500)),
        }

    def number_values(self) -> dict[str, str]:
        spellings = {
            "as text": '"{}"',
            "as a float": "{}.5",
            "as a whole float": "{}.0",
            "with an exponent": "{}e0",
            "NaN": "NaN",
            "1e999": "1e999",
            "minus infinity": "-Infinity",
            "true": "true",
            "null": "null",
            "a list": "[{}]",
            "with two signs": "--{}",
        }
        return {
            f"{name} {what}": self.with_json(name, spelling.format(self.good[name]))
            for name in ("exp", "iat", "nbf")
            for what, spelling in spellings.items()
        } | {
            f"{name} of 2,500 digits": self.with_json(name, "9" * 2_500) for name in ("iat", "nbf")
        }
