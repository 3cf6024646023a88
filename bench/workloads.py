"""The workloads of HTTP: what is asked of the application, and of the floor."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from app.domain.training.attendance.codes import code_at
from bench.city import Chosen, Sitting
from bench.load import Request

SUMMARY = """query ($id: UUID!) { unit(id: $id) { name schools { id name creditSummary {
teachers countedCredits } } } }"""
ENTRIES = """query ($id: UUID!) { unit(id: $id) { teachers(first: 40) { id name
creditEntries(first: 20) { id earnedOn kind credits } } } }"""


@dataclass(frozen=True)
class Workload:
    """One question, put to both; `target` is the share of the floor that is promised."""

    name: str
    ours: Sequence[Request]
    floor: Sequence[Request]
    target: float
    clients: int = 16


def reading(chosen: Chosen, token: str) -> list[Workload]:
    """One thing, a list, and the two nested questions."""
    signed = (("Authorization", f"Bearer {token}"),)

    def asked(query: str, key: object) -> Request:
        return Request("POST", "/graphql", signed, _document(query, key))

    teachers, counties = chosen.teacher_ids[:2000], chosen.county_ids
    return [
        Workload(
            "a 一名教师 one teacher",
            [Request("GET", f"/api/v1/teachers/{key}", signed) for key in teachers],
            [Request("GET", f"/one/{key}") for key in teachers],
            0.45,
        ),
        Workload(
            "b 百名教师 list of 100",
            [
                Request(
                    "GET", f"/api/v1/teachers?county_id={key}&subject=chinese&limit=100", signed
                )
                for key in counties
            ],
            [Request("GET", f"/list/{key}/chinese") for key in counties],
            0.60,
        ),
        Workload(
            "c 县→校→汇总 county → schools → summary",
            [asked(SUMMARY, key) for key in counties],
            [Request("GET", f"/summary/{key}") for key in counties],
            0.50,
            clients=8,
        ),
        Workload(
            "d 校→教师→记录 school → 40 → 20 entries",
            [asked(ENTRIES, key) for key in chosen.school_ids],
            [Request("GET", f"/entries/{key}") for key in chosen.school_ids],
            0.60,
            clients=8,
        ),
    ]


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
