"""What reads texts of strangers, each as one function of bytes: read, or refused in words, nothing else.

A target returns what it has read, whatever that is, or raises one of its refusals, which `feed` takes for
an answer. Any other exception is a fault of ours. `tests/fuzz` feeds them what Hypothesis draws, and
`make fuzz-parsers` what atheris finds by looking at which branches it has reached.
"""

import io
import json
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from starlette.requests import Request

from app.api.answers import _range_of
from app.api.oauth import _named
from app.api.training.files import _digest_of
from app.domain.credits.packs.checking import check_text
from app.domain.credits.packs.document import read_pack
from app.domain.credits.packs.problems import PackRefused
from app.domain.errors import DomainError
from app.domain.exchange.changes.coverage import Position, digest_in
from app.domain.exchange.rostering.asked import BadRosterValue, read_filter, read_value
from app.domain.learning.learning_records.grammar import read_statements
from app.domain.paging import decode_cursor
from app.domain.people.identity import IdKind, check_id_number
from app.domain.quality.growth_releases.record import issuer_of, verify_record
from app.domain.training.attendance.codes import is_current, shown_at
from app.openid.id_tokens import verified_subject
from app.request.refusals import language_of
from app.security.tokens import JoseKey, Keyring
from app.tabular import Limits, UnreadableFile, date_of, read_rows
from app.tabular.faults import UnreadableCell

NOW = 1_800_000_000
MOMENT = datetime.fromtimestamp(NOW, UTC)
ISSUER = "https://yanxun.example"
SESSION = UUID(int=1)
_LIMITS = Limits(rows=1000, columns=50, cell=1000, row=10_000)
_KINDS: list[list[type[Any]]] = [[UUID], [date, UUID], [datetime, int], [Decimal, str]]


class Target(NamedTuple):
    """What reads, what it may refuse with, and texts to begin with."""

    read: Callable[[bytes], Any]
    refusals: tuple[type[Exception], ...]
    seeds: tuple[bytes, ...]
    words: tuple[bytes, ...] = ()
    """What is likely to lead on, put in here and there."""


@cache
def key() -> JoseKey:
    """One key for everything that is signed here: made of a number, the same at every run."""
    return JoseKey(ec.derive_private_key(0x5EED, ec.SECP256R1()))


def keyring() -> Keyring:
    """A keyring at a moment that stands still."""
    return Keyring([key()], issuer=ISSUER, audience=ISSUER, now=lambda: NOW)


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")


def _header(content: bytes) -> str:
    """As servers hand on what a client sent."""
    return content.decode("latin-1")


def _table(content: bytes) -> int:
    return sum(1 for _ in read_rows(io.BytesIO(content), limits=_LIMITS))


def _cursor(content: bytes) -> list[Any]:
    kinds = _KINDS[content[0] % len(_KINDS)] if content else _KINDS[0]
    return decode_cursor(_text(content[1:]), "-id", kinds)


def _position(content: bytes) -> Position:
    cursor = _text(content)
    return Position.read(cursor, None if digest_in(cursor) is None else frozenset([SESSION]))


def _signed(content: bytes) -> dict[str, Any]:
    """A token with a signature that holds: what is in it is what is looked at."""
    return keyring().verify(key().sign(content))


def _growth_record(content: bytes) -> Any:
    issuer_of(content)
    return verify_record(content, [key().public()], lambda _, token: _payload(token))


def _signed_growth_record(content: bytes) -> Any:
    """A record whose issuer has signed whatever it is, as one that means ill could."""
    return verify_record(content, [key().public()], lambda _, __: content)


def _payload(token: str) -> bytes:
    return key().open(token)


def _roster_filter(content: bytes) -> Any:
    found = read_filter(_text(content))
    return found and [
        read_value("field", kind, text)
        for text in found.values
        for kind in (str, UUID, date, datetime)
        if _reads(kind, text)
    ]


def _reads(kind: type[Any], text: str) -> bool:
    try:
        read_value("field", kind, text)
    except BadRosterValue:
        return False
    return True


def _code(content: bytes) -> Any:
    code = content.decode("utf-8", "replace")
    is_current(code, b"secret", SESSION, MOMENT)
    return shown_at(code, b"secret", SESSION, MOMENT, timedelta(minutes=5))


def _id_number(content: bytes) -> list[str]:
    kind = list(IdKind)[content[0] % len(IdKind)] if content else IdKind(next(iter(IdKind)))
    return [check_id_number(kind, _text(content[1:]), today=MOMENT.date())]


def _id_token(content: bytes) -> str:
    keys = [key().public()]
    how = {"issuer": ISSUER, "client_id": "yanxun", "nonce": "n", "now": NOW}
    return verified_subject(_text(content), keys, **how)  # type: ignore[arg-type]


def _basic(content: bytes) -> Any:
    request = Request({"type": "http", "headers": [(b"authorization", content)]})
    return _named(request, None, None)


def _headers(content: bytes) -> Any:
    text = _header(content)
    return language_of(text), _range_of(text, 1000)


_CLAIMS = {"jti": "1", "sub": "s", "iss": ISSUER, "aud": ISSUER, "iat": NOW, "nbf": NOW, "exp": NOW}
_STATEMENT = {
    "id": str(SESSION),
    "actor": {"account": {"homePage": ISSUER, "name": "a"}, "objectType": "Agent"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/completed", "display": {"zh-CN": "完成"}},
    "object": {"id": "https://yanxun.example/a", "definition": {"name": {"en": "a"}}},
    "result": {"score": {"scaled": 0.5, "raw": 5, "min": 0, "max": 10}, "duration": "PT1M2.5S"},
    "context": {"contextActivities": {"parent": [{"id": "https://yanxun.example/b"}]}},
    "timestamp": "2026-11-20T08:00:00.000+08:00",
}
_RECORD = {
    "format": "yanxun-growth-file",
    "version": 1,
    "record": {"id": "r", "made_at": "2026-01-01T00:00:00Z", "person": {"name": "测试"}, "authority": "a",
               "volumes": []},
    "signature": "e30.eyJpc3MiOiJkaWQ6d2ViOmEifQ.c2ln",
}  # fmt: skip
_PACK = {
    "id": "a", "version": 1, "refines": {"id": "b", "version": 1},
    "effective_from": {"value": "2026-01-01", "source": {"document": "d", "place": "p"}},
    "numbers": [{"number": "rules.a.cap", "value": {"value": "1.5"}}],
}  # fmt: skip


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


_DEEP = (b"[" * 1000, b'{"a":' * 1000, b"9" * 4400)
_OF_JSON = (b'"\\ud800"', b"1e999", b"NaN", b"null", b'"\\u0000"', b"[", b"{", *_DEEP)

TARGETS: Mapping[str, Target] = {
    "table": Target(
        _table,
        (UnreadableFile,),
        (
            "姓名,身份证号\r\n张三,1\r\n".encode("gb18030"),
            '\ufeff"姓名";"b"\n"a\nb";"c"\n'.encode(),
            "姓名\tb\n一\t二\n".encode("utf-16"),
            '{"姓名":"张三","n":1,"l":["a"],"b":true}\n{"a":1.50}\n'.encode(),
        ),
        (b'"', b"\r", b"\0", b"\xff\xfe", b"PK\x03\x04", *_OF_JSON),
    ),
    "day": Target(
        lambda content: date_of(_text(content)),
        (UnreadableCell,),
        ("2026年9月1日".encode(), b"20260901", b"2026/9/1 0:00", b"46266"),
        ("²".encode(), "٣".encode(), b"0000", b"9999-12-31"),
    ),
    "cursor": Target(
        _cursor,
        (DomainError,),
        (b"\x00WyItaWQiLCIwMDAwMDAwMC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDAiXQ",),
        (b"=", b"WyItaWQiLA", "é".encode()),
    ),
    "position": Target(
        _position,
        (DomainError,),
        (Position(1, 2, 3).cursor().encode(),),
        (b"I34i", b"IiMi", b"fg"),
    ),
    "token": Target(
        lambda content: keyring().verify(_text(content)),
        (DomainError,),
        (b"e30.e30." + b"A" * 86,),
        (b".", b"eyJ", b"=" * 3),
    ),
    "claims": Target(_signed, (DomainError,), (_json(_CLAIMS),), _OF_JSON),
    "id_token": Target(
        _id_token,
        (DomainError,),
        (key().sign(_json(_CLAIMS | {"aud": "yanxun", "nonce": "n"})).encode(),),
        (b".", b"eyJhbGciOiJFUzI1NiJ9", b"W1tb"),
    ),
    "statements": Target(
        read_statements, (DomainError,), (_json(_STATEMENT), _json([_STATEMENT])), _OF_JSON
    ),
    "pack": Target(read_pack, (PackRefused,), (_json(_PACK),), _OF_JSON),
    "pack_text": Target(
        lambda content: check_text(content.decode("utf-8", "replace")),
        (PackRefused,),
        (_json(_PACK), b'{"refines":{"a.b":[1,{"c":2}]},"d":[]}'),
        _OF_JSON,
    ),
    "growth_record": Target(
        _growth_record,
        (DomainError,),
        (_json(_RECORD),),
        (*_OF_JSON, b"W1tb" * 500),
    ),
    "signed_growth_record": Target(
        _signed_growth_record, (DomainError,), (_json({**_RECORD, "iss": "a"}),), _OF_JSON
    ),
    "roster_filter": Target(
        _roster_filter,
        (DomainError,),
        (b"status='active' AND dateLastModified>'2026-01-01T00:00:00Z'",),
        (b"0001-01-01T00:00:00+23:59", b"'", b" OR ", b"!="),
    ),
    "check_in_code": Target(_code, (), (b"ABCD EFGH",), ("ﬀ".encode(), "ß".encode())),
    "id_number": Target(
        _id_number, (DomainError,), (b"\x0011010119900101123X",), ("²".encode(), "１".encode())
    ),
    "basic": Target(
        _basic, (DomainError,), (b"Basic YTpi",), (b"\xb2", b"=")
    ),
    "content_digest": Target(
        lambda content: _digest_of(_header(content)), (DomainError,), (b"sha-256=:YWJj:",), (b"=", b":")
    ),
    "headers": Target(
        _headers, (DomainError,), (b"zh-CN;q=0.9,en", b"bytes=0-5", b"bytes=-5"), (b"nan", b"\xb2", b"_")
    ),
}  # fmt: skip


def feed(name: str, content: bytes) -> None:
    """Give a target something to read; raises what is a fault of ours."""
    target = TARGETS[name]
    try:
        target.read(content)
    except target.refusals as refusal:
        for language in ("zh", "en"):
            if isinstance(refusal, DomainError):
                refusal.message(language)


if __name__ == "__main__":
    sys.stdout.write("\n".join(TARGETS) + "\n")
