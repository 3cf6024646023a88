"""`make fuzz`: a server with the demo city, and cases of both interfaces for each of three roles.

python -m fuzz [--cases 5000] [--seed 1] [--only '^/api/v1/units'] [--phases fuzzing]

The same seed draws the same cases for the same interface; what they meet is a city that the cases before
them have changed. Each failure is told with the request that met it, and `st replay` sends it again.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from app.demo.listed import FILE, Account, kept_accounts
from fuzz import graphql
from tests.ports import free_port, is_ready

FOLDER = Path(".yanxun-fuzz")
ROLES = ("teacher.one", "school.admin", "city.admin")
OVERSEER = "city.admin"
PATIENCE = 900
"""Seconds within which the server must have loaded its city."""
OF_GRAPHQL = 5
"""One case of so many is a document of GraphQL."""
PHASES = "fuzzing"


@dataclass
class Outcome:
    """What came of the cases of one role."""

    role: str
    cases: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


def main() -> None:
    """Fuzz, and say what was found; ends with 1 where something was."""
    parser = argparse.ArgumentParser(prog="python -m fuzz")
    parser.add_argument("--cases", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="addresses of REST that match this alone")
    parser.add_argument("--phases", default=PHASES, help="phases of Schemathesis")
    parser.add_argument("--role", action="append", choices=ROLES, help="this role alone")
    asked = parser.parse_args()
    # Whoever asks it to end leaves no server behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    roles = asked.role or ROLES
    shutil.rmtree(FOLDER / "found", ignore_errors=True)
    began = time.monotonic()
    with served() as (address, log):
        accounts = {each.name: each for each in kept_accounts(FOLDER / "city" / FILE)}
        said = httpx2.get(f"{address}/openapi.json", timeout=120).json()
        most = len([path for path in said["paths"] if re.search(asked.only, path)])
        outcomes = []
        for role in roles:
            share = asked.cases // len(roles)
            each = max(1, share * (OF_GRAPHQL - 1) // OF_GRAPHQL // max(most, 1))
            rest = run_rest(address, accounts, role, asked, each)
            left = max(share - rest.cases, share // OF_GRAPHQL)
            outcomes += [rest, run_graphql(address, accounts[role], said, asked.seed, left)]
        traces = [line for line in log.read_text("utf-8").splitlines() if " error " in line]
    text = report(outcomes, traces, asked, time.monotonic() - began)
    (FOLDER / "report.md").write_text(text, "utf-8")
    sys.stdout.write(text)
    sys.exit(any(each.failures for each in outcomes) or bool(traces))


@contextmanager
def served() -> Iterator[tuple[str, Path]]:
    """A server of its own, on a port that is free, with a city that is kept for the next time."""
    FOLDER.mkdir(exist_ok=True)
    port = free_port()
    log = FOLDER / "server.log"
    settings = {
        "PORT": str(port),
        "YANXUN_DATA_FOLDER": str(FOLDER / "city"),
        # What is looked for is what it answers, not how fast anybody may ask.
        "YANXUN_REQUESTS_PER_SECOND": "0",
        "YANXUN_ATTEMPTS_PER_MINUTE": "100000",
        "YANXUN_ATTEMPTS_AT_ONCE": "100000",
    }
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-c", "from app.cli import main; main()", "run"],
            env=os.environ | settings,
            stdout=written,
            stderr=written,
        )
    try:
        _wait(port, process, log)
        yield f"http://127.0.0.1:{port}", log
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _wait(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(PATIENCE):
        if is_ready(port):
            return
        if process.poll() is not None:
            sys.exit(log.read_text("utf-8"))
        time.sleep(1)
    sys.exit(f"The server was not ready within {PATIENCE} seconds: {log}")


def run_rest(
    address: str, accounts: dict[str, Account], role: str, asked: argparse.Namespace, each: int
) -> Outcome:
    """Schemathesis over REST, with every check it has."""
    found = FOLDER / "found" / role
    found.mkdir(parents=True)
    command = [
        shutil.which("st", path=str(Path(sys.executable).parent)) or "st", "run", f"{address}/openapi.json",
        "--checks", "all", "--phases", asked.phases, "--max-examples", str(each),
        "--seed", str(asked.seed), "--continue-on-failure", "--no-shrink", "--no-color",
        "--suppress-health-check", "all", "--generation-database", "none",
        "--request-timeout", "60", "--warnings", "off",
        "--report", "json,ndjson", "--report-dir", "report",
    ]  # fmt: skip
    if asked.only:
        command += ["--include-path-regex", asked.only]
    names = {
        "SCHEMATHESIS_HOOKS": "fuzz.hooks",
        "YANXUN_FUZZ_ADDRESS": address,
        "YANXUN_FUZZ_ACCOUNT": f"{role} {accounts[role].secret}",
        "YANXUN_FUZZ_OVERSEER": f"{OVERSEER} {accounts[OVERSEER].secret}",
        "PYTHONPATH": str(Path.cwd()),
    }
    with (found / "told.txt").open("wb") as told:
        subprocess.run(  # noqa: S603
            command, cwd=found, env=os.environ | names, stdout=told, stderr=told, check=False
        )
    return _read_outcome(role, found)


def _read_outcome(role: str, found: Path) -> Outcome:
    outcome = Outcome(f"{role}, REST")
    for file in (found / "report").glob("json-*.json"):
        content = json.loads(file.read_text("utf-8") or "{}")
        outcome.cases += content.get("test_cases", {}).get("generated", 0)
        for each in (*content.get("failures", ()), *content.get("errors", ())):
            where = ", ".join(each.get("operations") or [str(each.get("label", ""))])
            what = each.get("code") or each.get("type")
            outcome.failures.append(f"{what} {each.get('title', '')}: {where}")
    for file in (found / "report").glob("ndjson-*.ndjson"):
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                outcome.statuses.update(_statuses(json.loads(line)))
    if not outcome.cases:
        outcome.failures.append(f"nothing was asked: {found / 'told.txt'}")
    return outcome


def _statuses(event: dict[str, Any]) -> Iterator[str]:
    recorder = event.get("ScenarioFinished", {}).get("recorder", {})
    for interaction in recorder.get("interactions", {}).values():
        response = interaction.get("response") or {}
        yield str(response.get("status_code", "no answer"))


def run_graphql(
    address: str, account: Account, said: dict[str, Any], seed: int, count: int
) -> Outcome:
    """Documents of GraphQL, whole and broken."""
    outcome = Outcome(f"{account.name}, GraphQL", cases=count)
    for number, status, failure in graphql.ask(address, account, said, range(seed, seed + count)):
        outcome.statuses[status] += 1
        if failure is not None:
            outcome.failures.append(f"seed {number}: {failure}")
    return outcome


def report(
    outcomes: list[Outcome], traces: list[str], asked: argparse.Namespace, seconds: float
) -> str:
    """What was asked and what was found, as a table."""
    cases = sum(each.cases for each in outcomes)
    lines = [
        f"{cases} cases in {seconds:.0f} s, seed {asked.seed}, phases {asked.phases}",
        "",
        "| | cases | answers | failures |",
        "|---|---|---|---|",
    ]
    for each in outcomes:
        answers = ", ".join(f"{status}: {count}" for status, count in sorted(each.statuses.items()))
        lines.append(f"| {each.role} | {each.cases} | {answers} | {len(each.failures)} |")
    lines += ["", *(f"- {each.role}: {what}" for each in outcomes for what in each.failures)]
    lines += ["", f"Traces in the log of the server: {len(traces)}", *traces[:20]]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
