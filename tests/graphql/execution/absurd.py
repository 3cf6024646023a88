"""Bodies that no client should send: valid requests, broken in every way that comes to mind."""

import json
import re
from random import Random
from typing import Any

from tests.graphql.execution.arguments import ABSURD
from tests.graphql.execution.documents import Request

PIECES = [
    "{", "}", "(", ")", "[", "]", "...", "@skip(if: $b0)", "@include", "@defer", "@", "$v0", "$", ":",
    "= null", '"', '"""', '"\\u0000"', '"\\ud800"', '"\\u{110000}"', "#", ",", "!", "&", "|", "\x00",
    "\ufeff", "\u2028", "姓名", "\U0001f600", "-", "0x1", "1e999", "9" * 50, "-0", "00", "1.", ".5",
    "query", "mutation", "subscription { changes { next } }", "fragment F on Node { id }",
    "fragment on on on { on }", "...on", "on", "true", "null", "extend type Query { x: Int }",
    "type Query { x: Int }", "schema { query: Query }", "__schema { types { name } }", "__typename",
    "_service { sdl }", "{ __typename }", "a: a: a", "first: 1, first: 2", "{id: 1, id: 2}",
]  # fmt: skip


VALUES = [
    "null", "1", "-1", "2147483648", "9" * 400, "1.5e3", "true", '""', '"x"', '"\\u0000"', '"\\ud83d"',
    "CITY", "[]", "[[1]]", "{}", "{a: {b: null}}", "$v0", "$none", '"""block\n"""', '"姓名"',
]  # fmt: skip


def broken(request: Request, chance: Random) -> bytes:
    """The body of a request that is broken somewhere, perhaps so that nothing is noticed."""
    how = [
        _exchanged_words,
        _exchanged_words,
        _exchanged_words,
        _broken_text,
        _broken_json,
        _broken_bytes,
    ]
    return chance.choice(how)(request, chance)


def _body(request: Request) -> dict[str, Any]:
    named = {} if request.operation_name is None else {"operationName": request.operation_name}
    return {"query": request.text, "variables": request.variables, **named}


def _exchanged_words(request: Request, chance: Random) -> bytes:
    """The document with words in each other's places, or with values that fit nowhere."""
    parts = re.findall(r'\.\.\.|"[^"]*"|[\w$@]+|\S', request.text)
    words = [n for n, part in enumerate(parts) if part[0].isalnum() or part[0] in "$@"]
    for place in chance.sample(words, min(len(words), chance.choice([1, 1, 2, 4]))):
        is_value = parts[place - 1] == ":" and chance.random() < 0.7
        parts[place] = chance.choice(VALUES) if is_value else parts[chance.choice(words)]
    return _encoded(_body(request) | {"query": " ".join(parts)})


def _broken_text(request: Request, chance: Random) -> bytes:
    """The document with pieces left out, doubled, exchanged or put in."""
    text = request.text
    for _ in range(chance.choice([1, 1, 2, 5, 20])):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice([0, 1, 3, 10, 100]))
        piece = chance.choice([*PIECES, "", text[start:end], text[start:end] * 3])
        text = text[:start] + piece + text[end:]
    return json.dumps(_body(request) | {"query": text}).encode()


def _broken_json(request: Request, chance: Random) -> bytes:
    """JSON whose members are of the wrong kind, too deep, too many, there twice or missing."""
    body = _body(request)
    name = chance.choice(["query", "variables", "operationName", "extensions", "stranger"])
    value = chance.choice([*ABSURD, {"persistedQuery": 1}, {"persistedQuery": {"sha256Hash": "x"}}])
    if chance.random() < 0.2:
        return _encoded(body)[:-1] + b', "variables": ' + b"[" * 9_000 + b"]" * 9_000 + b"}"
    if chance.random() < 0.3 and isinstance(body["variables"], dict):
        body["variables"] = {each: chance.choice(ABSURD) for each in body["variables"]}
    elif chance.random() < 0.2:
        return (
            _encoded(body)[:-1] + b', "query": "{ __typename }", "variables": {"v0": 1, "v0": 2}}'
        )
    elif chance.random() < 0.2:
        body.pop(name, None)
    else:
        body[name] = value
    return _encoded(body)


def _broken_bytes(request: Request, chance: Random) -> bytes:
    """Bytes that may be no JSON and no text."""
    body = bytearray(_encoded(_body(request)))
    for _ in range(chance.choice([1, 3, 30])):
        body[chance.randrange(len(body))] = chance.randrange(256)
    cut = chance.choice([len(body), len(body), chance.randrange(len(body)), 0])
    return bytes(body[:cut])


def _encoded(body: Any) -> bytes:
    return json.dumps(body).encode("utf-8", "surrogatepass")
