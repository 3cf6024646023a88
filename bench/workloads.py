"""The workloads of HTTP: what is asked of the application, and of the floor."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from app.domain.training.attendance.codes import code_at
from bench.city import Chosen, Sitting
from bench.load import Request

SUMMARY = """query ($id: UUID!) { unit(id: $id) { name schools { id name creditSummary {
teachers countedCredits } } } }"""
ENTRIES = """query ($id: UUID!) { unit(id: $id) { teachers(first: 40) { nodes { id name
creditEntries(first: 20) { nodes { id earnedOn kind credits } } } } } }"""


@dataclass(frozen=True)
class Workload:
    """One question, put to all servers; `target` is the share of the floor that is promised.

    `patience` is the longest that all but one in a hundred wait at half load, in milliseconds.
    """

    name: str
    ours: Sequence[Request]
    floor: Sequence[Request]
    target: float
    patience: int | None = None
    clients: int = 16
    is_graphql: bool = False


def reading(chosen: Chosen, token: str) -> list[Workload]:
    """One thing, a list, and the two nested questions."""
    signed = (("Authorization", f"Bearer {token}"),)
    teachers, counties = chosen.teacher_ids[:2000], chosen.county_ids
    listed = "/api/v1/teachers?county_id={}&subject=chinese&limit=100"
    return [
        Workload(
            "a 一名教师 one teacher",
            [Request("GET", f"/api/v1/teachers/{key}", signed) for key in teachers],
            [Request("GET", f"/one/{key}") for key in teachers],
            0.45,
            patience=12,
        ),
        Workload(
            "b 百名教师 list of 100",
            [Request("GET", listed.format(key), signed) for key in counties],
            [Request("GET", f"/list/{key}/chinese") for key in counties],
            0.60,
            patience=15,
        ),
        _nested("c 县→校→汇总 county → schools → summary", SUMMARY, "summary", counties, signed, 0.5),
        _nested(
            "d 校→教师→记录 school → 40 → 20 entries",
            ENTRIES, "entries", chosen.school_ids, signed, 0.6,
        ),
    ]  # fmt: skip


def _nested(
    name: str,
    query: str,
    floor: str,
    keys: Sequence[UUID],
    signed: tuple[tuple[str, str], ...],
    target: float,
) -> Workload:
    """A question over GraphQL, and the floor's path that answers the same."""
    return Workload(
        name,
        [Request("POST", "/graphql", signed, _document(query, key)) for key in keys],
        [Request("GET", f"/{floor}/{key}") for key in keys],
        target,
        patience=30,
        clients=8,
        is_graphql=True,
    )


def _document(query: str, key: object) -> bytes:
    return json.dumps({"query": query, "variables": {"id": str(key)}}).encode()


def checking_in(tokens: Sequence[str], ours: Sitting, floor: Sitting, chosen: Chosen) -> Workload:
    """One row a request: each teacher checks in once, from then on the answer is a repeat."""
    code = code_at(ours.secret, ours.session_id, datetime.now(UTC))
    body = json.dumps({"code": code}).encode()
    path = f"/api/v1/sessions/{ours.session_id}/check-in"
    known = f"/check-in/{floor.session_id}/{chosen.account_id}"
    return Workload(
        "e 签到 check-in",
        [Request("POST", path, (("Authorization", f"Bearer {each}"),), body) for each in tokens],
        [
            Request("POST", f"{known}/{'/'.join(map(str, addresses))}")
            for addresses in chosen.addresses[: len(tokens)]
        ],
        0.60,
        clients=32,
    )
