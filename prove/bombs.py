"""Small requests that would do a great deal: each is refused, and the process stays as it was."""

import asyncio
import time

import msgspec

from bench.load import Request
from bench.meter import memory
from prove.asking import Answer, Caller
from prove.ground import Found, Ground
from tests.graphql.execution.test_bombs import INVALID, TOO_EXPENSIVE

GROWTH = 64.0
"""Megabytes by which the process may have grown."""
_DEEP = 100_000
BODIES: dict[str, bytes] = {
    "lists in lists": b"[" * _DEEP + b"]" * _DEEP,
    "objects in objects": b'{"a":' * _DEEP + b"1" + b"}" * _DEEP,
    "lists without an end": b"[" * _DEEP,
    "a number beyond all numbers": b'{"name": "a", "level": "county", "parent_id": 1e999}',
    "not a number": b'{"name": NaN, "level": "county"}',
    "five thousand digits": b'{"name": "a", "level": "county", "parent_id": ' + b"9" * 5000 + b"}",
    "half of a pair": rb'{"name": "\ud800", "level": "county"}',
    "a NUL": rb'{"name": "a\u0000b", "level": "county"}',
    "no UTF-8": b'{"name": "\xff\xfe", "level": "county"}',
    "a text without an end": b'{"name": "' + b"x" * 900_000 + b'", "level": "county"}',
    "a thousand names": msgspec.json.encode({f"name{n}": "a" for n in range(10_000)}),
}


def prove_bombs(ground: Ground) -> Found:
    """Documents and bodies, each as one would send it who knows how such servers work."""
    rounds = ground.times(1, 100)
    process = ground.house.process("application")
    found, before = Found(), memory(process)
    slowest = asyncio.run(_throw(ground, found, rounds))
    grown = memory(process) - before
    found.expect(grown < GROWTH, f"the process has grown by {grown:.0f} MB")
    found.figures = {
        "slowest, ms": round(slowest[0] * 1000, 1), "slowest is": slowest[1],
        "grown by, MB": round(grown, 1),
    }  # fmt: skip
    return found


async def _throw(ground: Ground, found: Found, rounds: int) -> tuple[float, str]:
    token = ground.town.token(ground.town.city.city_admin)
    documents = {name: text for name, (text, _) in TOO_EXPENSIVE.items()} | INVALID
    bombs = {
        f"GraphQL: {name}": Request("POST", "/graphql", token, msgspec.json.encode({"query": text}))
        for name, text in documents.items()
    } | {
        f"JSON: {name}": Request("POST", "/api/v1/units", token, body)
        for name, body in BODIES.items()
    }
    caller, slowest = Caller(ground.house.port), (0.0, "")
    for name in [*bombs] * rounds:
        began = time.monotonic()
        answer = await caller.ask(bombs[name])
        slowest = max(slowest, (time.monotonic() - began, name))
        found.repetitions += 1
        found.expect(_is_refusal(answer), f"{name}: {answer.status} {answer.body[:200]!r}")
    big = await _declare_much(ground.house.port, token)
    found.expect_equal("two gigabytes declared", big, 413)
    alive = await caller.ask(Request("GET", "/readyz"))
    found.expect_equal("afterwards", alive.status, 200)
    caller.close()
    return slowest


def _is_refusal(answer: Answer) -> bool:
    if answer.status == 200:
        return bool(answer.content.get("errors")) and answer.content.get("data") is None
    return 400 <= answer.status < 500 and "problem+json" in answer.headers["content-type"]


async def _declare_much(port: int, token: tuple[tuple[str, str], ...]) -> int:
    """What is answered to a body of two gigabytes of which only the beginning comes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = [f"{name}: {value}" for name, value in token]
    lines += ["Host: 127.0.0.1", "Content-Type: application/json", f"Content-Length: {2 << 30}"]
    writer.write("\r\n".join(["POST /api/v1/units HTTP/1.1", *lines, "", "[["]).encode())
    try:
        async with asyncio.timeout(60):
            return int((await reader.readline()).split()[1])
    finally:
        writer.transport.abort()
