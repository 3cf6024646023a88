"""What was measured, and the table of it."""

import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

from bench.direct import Timed
from bench.load import Measured
from bench.serving import FLOOR, GRAPHQL_CORE, OURS
from bench.workloads import Workload


@dataclass(frozen=True)
class Round:
    """What one round saw of one server; processor time in microseconds for one request."""

    measured: Measured
    own: float
    database: float

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.measured.rate


@dataclass(frozen=True)
class Compared:
    """One workload: what each round saw of each server, and of ours at half of its capacity."""

    workload: Workload
    rounds: dict[str, list[Round]]
    half: Measured | None = None

    @property
    def ours(self) -> list[Measured]:
        """The application's rounds."""
        return [each.measured for each in self.rounds[OURS]]

    def rate(self, kind: str) -> float:
        """Requests per second of the median round."""
        return median(each.rate for each in self.rounds[kind])

    def times(self, other: str) -> float:
        """How many times another server's rate ours is, in the median round."""
        pairs = zip(self.rounds[OURS], self.rounds[other], strict=True)
        return median(ours.rate / theirs.rate for ours, theirs in pairs)

    def spent(self, kind: str) -> tuple[float, float]:
        """The server's and PostgreSQL's time for one request, in the median round."""
        rounds = self.rounds[kind]
        return median(each.own for each in rounds), median(each.database for each in rounds)

    def dearer(self, other: str) -> float:
        """How many times our processor time another server takes, both processes together."""
        pairs = zip(self.rounds[OURS], self.rounds[other], strict=True)
        return median(
            (theirs.own + theirs.database) / (ours.own + ours.database) for ours, theirs in pairs
        )


def table(scale: str, compared: list[Compared], timed: list[Timed]) -> str:
    """What was measured, as the tables that are kept."""
    words = [
        f"# Measured {datetime.now(UTC):%Y-%m-%d}, scale {scale}",
        "",
        f"Python {platform.python_version()}, three servers, PostgreSQL and the load generator on the",
        "same cores. A ratio is the median of its rounds; `python -m bench` prints this table.",
    ]
    beside_core = [
        f"{each.workload.name} | {each.rate(GRAPHQL_CORE):.0f}"
        f" | {each.times(GRAPHQL_CORE):.1f} × | ≥ 10 ×"
        for each in compared
        if each.workload.is_graphql
    ]
    at_half = [
        f"{each.workload.name} | {each.half.rate:.0f} | {each.half.percentile(0.5):.1f}"
        f" | {each.half.percentile(0.99):.1f} | ≤ {each.workload.patience} ms"
        for each in compared
        if each.half is not None
    ]
    directly = [
        f"{each.name} | {each.milliseconds:.3g} | {each.compared} | {each.promised}"
        for each in timed
    ]
    floor = (
        "workload | floor, requests/s | ours, requests/s | share | promised | p99, ms | failures"
    )
    parts = {
        floor: list(map(_beside_floor, compared)),
        "beside graphql-core | its requests/s | ours | promised": beside_core,
        "processor time of a request, µs: server + PostgreSQL | floor | ours | share"
        " | graphql-core, and how many times ours": list(map(_spent, compared)),
        "at half load | requests/s | p50, ms | p99, ms | promised": at_half,
        "direct | ms | beside | promised": directly,
    }
    return "\n".join(
        [*words, *(line for part in parts.items() if part[1] for line in _part(*part)), ""]
    )


def _beside_floor(each: Compared) -> str:
    failures = sum(one.failures for one in each.ours)
    return (
        f"{each.workload.name} | {each.rate(FLOOR):.0f} | {each.rate(OURS):.0f}"
        f" | {each.times(FLOOR):.0%} | ≥ {each.workload.target:.0%}"
        f" | {median(one.percentile(0.99) for one in each.ours):.1f} | {failures}"
    )


def _spent(each: Compared) -> str:
    return (
        f"{each.workload.name} | {_microseconds(each, FLOOR)} | {_microseconds(each, OURS)}"
        f" | {each.dearer(FLOOR):.0%} | {_microseconds(each, GRAPHQL_CORE)}"
    )


def _microseconds(compared: Compared, kind: str) -> str:
    """What a request took of a server, where it was asked; beside graphql-core, how much dearer it is."""
    if kind not in compared.rounds:
        return ""
    words = "{:.0f} + {:.0f}".format(*compared.spent(kind))
    return f"{words}, {compared.dearer(kind):.1f} ×" if kind == GRAPHQL_CORE else words


def _part(head: str, rows: list[str]) -> list[str]:
    """One table of the report, below an empty line."""
    return [
        "",
        f"| {head} |",
        "|---" * (head.count("|") + 1) + "|",
        *(f"| {row} |" for row in rows),
    ]
