"""The record of a growth file that leaves: one JSON object, signed, to be verified without asking anybody.

    {"format": "yanxun-growth-file", "version": 1, "record": {…}, "signature": "<JWT>"}

The signature is a JSON Web Token (ES256) whose claims name the issuer (`iss`, a did:web), the record (`jti`)
and the SHA-256 of the record in its one spelling: keys in order, no spaces, UTF-8 (`spelt`). Each piece has the
hash that stands in the seal of its volume, which goes along: so a piece cannot be altered even by whoever
signs the record. The hashes of pieces that the person kept back are salted and say nothing. Pure, but for the
function that opens signatures.
"""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from app.domain.errors import Invalid
from app.domain.quality.archive_volumes import hash_of, spelt

FORMAT = "yanxun-growth-file"
VERSION = 1

Opens = Callable[[Mapping[str, str], str], bytes]
"""The payload of a token that this public key signed; raises `ValueError` otherwise."""


class GrowthRecordWrong(Invalid):
    """It is no record of a growth file, or not as it was signed."""

    code = "growth_record_wrong"
    zh = "成长档案文件无效：{reason_zh}"
    en = "This record of a growth file is not valid: {reason}"


class VerifiedRecord(NamedTuple):
    """A record whose signature, seals and pieces are as they were signed."""

    issuer: str
    record: dict[str, Any]
    sha256: str

    @property
    def pieces(self) -> int:
        """How many pieces it has."""
        return sum(len(volume["pieces"]) for volume in self.record["volumes"])


def digest_of(record: Mapping[str, Any]) -> str:
    """The SHA-256 of a record in its one spelling."""
    return sha256(spelt(record)).hexdigest()


def compose(record: Mapping[str, Any], signature: str) -> str:
    """The file of a record, as text."""
    document = {"format": FORMAT, "version": VERSION, "record": record, "signature": signature}
    return json.dumps(document, ensure_ascii=False, indent=1)


def verify_record(text: bytes, keys: Sequence[Mapping[str, str]], opens: Opens) -> VerifiedRecord:
    """The record in this file, if one of these keys signed it and every part is as it was sealed."""
    document = _read(text)
    claims = open_token(document["signature"], keys, opens)
    record = document["record"]
    try:
        digest = digest_of(record)
        if claims.get("sha256") != digest or claims.get("jti") != record.get("id"):
            raise GrowthRecordWrong(
                reason_zh="内容与签名不符。", reason="it does not say what was signed."
            )
        for volume in record["volumes"]:
            _verify_volume(volume, keys, opens, claims["iss"])
        _check_shape(record)
    # A text that is none (a lone surrogate) is among what is no record, and what nests without end.
    except (LookupError, TypeError, AttributeError, ValueError, RecursionError):
        raise GrowthRecordWrong(reason_zh="内容不完整。", reason="parts are missing.") from None
    return VerifiedRecord(claims["iss"], record, digest)


def issuer_of(text: bytes) -> str:
    """Who says to have signed this file: to find the keys, and for nothing else."""
    parts = _read(text)["signature"].split(".")
    try:
        payload = parts[1] + "=" * (-len(parts[1]) % 4)
        return str(json.loads(urlsafe_b64decode(payload))["iss"])
    except (IndexError, ValueError, KeyError, TypeError, RecursionError):
        raise GrowthRecordWrong(
            reason_zh="签名格式有误。", reason="the signature is none."
        ) from None


def open_token(token: Any, keys: Sequence[Mapping[str, str]], opens: Opens) -> dict[str, Any]:
    """The claims of a token that one of these keys signed."""
    for each in keys:
        try:
            claims = json.loads(opens(each, str(token)))
        except (ValueError, RecursionError):
            continue
        if isinstance(claims, dict) and isinstance(claims.get("iss"), str):
            return claims
    raise GrowthRecordWrong(
        reason_zh="签名无法用签发方的公钥验证。",
        reason="no key of the issuer verifies the signature.",
    )


def _read(text: bytes) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    shape = isinstance(document, dict) and (document.get("format"), document.get("version"))
    if (
        shape != (FORMAT, VERSION)
        or not isinstance(document.get("record"), dict)
        or not isinstance(document.get("signature"), str)
    ):
        raise GrowthRecordWrong(
            reason_zh="不是本格式的成长档案文件。", reason="it is not a file of this format."
        )
    return dict(document)


def _verify_volume(
    volume: Mapping[str, Any], keys: Sequence[Mapping[str, str]], opens: Opens, issuer: str
) -> None:
    """Each piece has the hash of what it says, and stands under the seal of its volume."""
    seal = open_token(volume["seal"], keys, opens)
    if seal["iss"] != issuer or seal["jti"] != f"urn:uuid:{volume['id']}":
        raise GrowthRecordWrong(
            reason_zh="封签属于其他案卷。", reason="a seal is that of another volume."
        )
    sealed = dict(seal["manifest"])
    for piece in volume["pieces"]:
        said = piece["kind"], piece["title"], piece["made_on"], piece["content"]
        found = hash_of(*said, salt=piece["salt"])
        if found != piece["sha256"] or sealed.get(piece["number"]) != found:
            raise GrowthRecordWrong(
                reason_zh=f"第{piece['number']}件与封签不符。",
                reason=f"piece {piece['number']} is not as it was sealed.",
            )


def _check_shape(record: Mapping[str, Any]) -> None:
    """What is kept of a record is there, and of its kind."""
    texts = (record["id"], record["made_at"], record["person"]["name"], record["authority"])
    if not all(isinstance(each, str) and each for each in texts):
        raise TypeError
    for volume in record["volumes"]:
        if not isinstance(volume["school_year"], int):
            raise TypeError
