"""Documents of GraphQL over HTTP: whole and broken ones, by whose answers nothing inner may be told."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import httpx2
from graphql import build_schema

from app.demo.listed import Account
from fuzz.keys import Keys
from fuzz.tokens import bearer
from tests.graphql.execution.absurd import broken
from tests.graphql.execution.arguments import Values
from tests.graphql.execution.documents import Author

SCHEMA = Path("app/graphql/schema.graphql")
SCALARS: Values = {
    "first": [1, 2, 5, 100, 0, -1, 101],
    "sort": [None],
    "after": [None],
    "name": [None, "测试"],
    "startsOn": ["2026-12-01"],
    "endsOn": ["2026-12-02"],
    "Date": ["2026-12-01"],
    "DateTime": ["2026-12-01T01:00:00Z"],
    "Time": ["08:00:00"],
    "Decimal": ["1.00", "0", "-1"],
    "Boolean": [True, False],
    "Int": [0, 1, 5, 2026, -1],
    "String": ["", "x", "测试", "2026-12-01"],
    "JSON": [None, {}, [], {"x": [1]}],
}
"""What fits where it is asked for; the rest is drawn from what the schema says."""

SLOWEST = 30.0
"""Seconds after which an answer is a failure; the database gives up on a statement sooner."""
LARGEST = 20_000_000
"""Bytes of an answer: more than any document within the limits of cost can ask for."""
ANEW = 500
"""After so many documents a new token is asked for."""
REFUSED = {400, 401, 413, 415, 422, 429}


def ask(
    address: str, account: Account, said: dict[str, Any], numbers: Iterable[int]
) -> Iterator[tuple[int, str, str | None]]:
    """Send the document of each number; its number, the status, and what is wrong with the answer."""
    graph = build_schema(SCHEMA.read_text("utf-8"))
    with httpx2.Client(base_url=address, timeout=SLOWEST) as client:
        headers: dict[str, str] = {}
        values: dict[str, Any] = {}
        for at, number in enumerate(numbers):
            if at % ANEW == 0:
                headers = bearer(address, account.name, account.secret)
            if not values:
                keys = _keys(client, headers, said)
                values = SCALARS | {"UUID": keys, "ID": [*keys, "x"]}
            chance = Random(number)  # noqa: S311  # Nothing secret is drawn.
            kind = chance.choice(["query", "query", "query", "mutation"])
            author = Author(graph, chance, values, spoilt=0.1)
            request = author.write(kind)
            body = broken(request, chance) if chance.random() < 0.3 else _whole(request)
            yield number, *_answer(client, body, headers)


def _keys(client: httpx2.Client, headers: dict[str, str], said: dict[str, Any]) -> list[str]:
    known = Keys()
    for path, methods in said["paths"].items():
        if "get" in methods and path.startswith("/api/v1/") and "{" not in path:
            answer = client.get(path, headers=headers)
            if answer.headers.get("content-type", "").startswith("application/json"):
                known.learn(path, answer.json())
    return [*known]


def _whole(request: Any) -> bytes:
    content = {"query": request.text, "variables": request.variables}
    if request.operation_name is not None:
        content["operationName"] = request.operation_name
    return json.dumps(content).encode()


def _answer(client: httpx2.Client, body: bytes, headers: dict[str, str]) -> tuple[str, str | None]:
    try:
        answer = client.post(
            "/graphql", content=body, headers=headers | {"Content-Type": "application/json"}
        )
    except httpx2.HTTPError as error:
        return "no answer", f"{error!r} after {body[:2000]!r}"
    wrong = _wrong(answer)
    return str(answer.status_code), wrong and f"{wrong} after {body[:2000]!r}"


def _wrong(answer: httpx2.Response) -> str | None:
    if len(answer.content) > LARGEST:
        return f"{len(answer.content)} bytes"
    if answer.status_code not in {200, *REFUSED}:
        return f"{answer.status_code}: {answer.text[:300]}"
    content = answer.json()
    if answer.status_code != 200:
        return None if content.get("code", "internal_error") != "internal_error" else "no code"
    for error in content.get("errors", ()):
        extensions = error.get("extensions", {})
        if extensions.get("status", 500) >= 500 or extensions.get("code") == "internal_error":
            return f"internal: {error}"[:500]
    return None
