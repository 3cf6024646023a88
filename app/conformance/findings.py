"""What is found about a client, and what it is found from: the requests that it made, and how it ended."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import msgspec

API = "/api/v1/"


class Outcome(StrEnum):
    """What a check says."""

    PASSED = "passed"
    FAILED = "failed"
    UNSEEN = "unseen"
    """The client never came to where it could be seen."""


@dataclass(frozen=True)
class Finding:
    """What one check found, and why, in both languages."""

    check: str
    outcome: Outcome
    zh: str
    en: str


@dataclass(frozen=True)
class Asked:
    """A request as the client sent it; `at` in seconds on a clock that only goes on."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes
    at: float

    @property
    def is_api(self) -> bool:
        """Whether it is to the interface itself: not for a token, nor for a page."""
        return self.path.startswith(API)

    @property
    def intention(self) -> tuple[Any, ...]:
        """What is the same when a request is sent again."""
        return (self.method, self.path, tuple(sorted(self.query)), self.body)

    @property
    def key(self) -> str | None:
        """Its `Idempotency-Key`."""
        return self.headers.get("idempotency-key")

    def value(self, name: str) -> str | None:
        """The last value of a query parameter."""
        return dict(self.query).get(name)

    def with_value(self, name: str, value: str | None) -> "Asked":
        """The same with another value of a parameter; None leaves it out."""
        kept = tuple(each for each in self.query if each[0] != name)
        return replace(self, query=kept if value is None else (*kept, (name, value)))


@dataclass
class Answered:
    """An answer; one that is `lost` had its effect, and its connection breaks."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    lost: bool = False

    def json(self) -> Any:
        """What a body in JSON says; None for any other."""
        try:
            return msgspec.json.decode(self.body)
        except msgspec.DecodeError:
            return None

    def saying(self, content: Any) -> "Answered":
        """The same with another content."""
        return replace(self, body=msgspec.json.encode(content))


@dataclass(frozen=True)
class Exchange:
    """A request and what it was answered."""

    asked: Asked
    answered: Answered


@dataclass(frozen=True)
class Run:
    """A run of the client: what passed between it and the server, its exit code, what it printed."""

    seen: list[Exchange]
    code: int
    said: str


Forward = Callable[[Asked], Awaitable[Answered]]
"""Has a request answered by the server itself."""


def problem(status: int, code: str, **headers: str) -> Answered:
    """A refusal as the server words its own (RFC 9457)."""
    content = {
        "type": f"urn:yanxun:problem:{code}", "title": "Conformance", "status": status,
        "detail": f"The conformance kit answers so: {code}.", "code": code,
        "request_id": "conformance",
    }  # fmt: skip
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answered(
        status, msgspec.json.encode(content), {"content-type": "application/problem+json"} | named
    )


class Check:
    """One thing that every client owes: how the proxy provokes it, and how it is judged.

    An instance is of one run.
    """

    name: str
    zh: str
    en: str

    async def meet(self, asked: Asked, forward: Forward) -> Answered:
        """Answer one request; as the server does, unless this is where something goes wrong."""
        return await forward(asked)

    def judge(self, run: Run) -> Finding:
        """What the run shows."""
        raise NotImplementedError

    def passed(self) -> Finding:
        """The client does it."""
        return Finding(self.name, Outcome.PASSED, self.zh, self.en)

    def failed(self, zh: str, en: str) -> Finding:
        """The client does otherwise."""
        return Finding(self.name, Outcome.FAILED, zh, en)

    def unseen(self, zh: str, en: str) -> Finding:
        """Nothing can be said."""
        return Finding(self.name, Outcome.UNSEEN, zh, en)
