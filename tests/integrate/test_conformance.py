"""The conformance kit: the programs of the guide pass it, and one that does everything wrong fails it."""

import asyncio
import base64
import http.server
import json
import os
import sys
import threading
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.cli.serving import listen
from app.conformance import CHECKS, Client, Outcome, examine, examine_receiver, running
from app.database.pool import Pool
from app.domain.access.roles import PERMISSIONS, Role
from app.domain.exchange.submissions import NewSubmission, SubmissionKind, create_submission
from app.request import now
from tests.integrate.conftest import PROGRAMS, make_application
from tests.integrate.test_mobile import make_phone
from tests.integrate.test_nightly import SCOPES, roster
from tests.make import City, id_number
from tests.make_province import make_codes, make_things
from tests.ports import free_port
from tests.streams import Serving

CARELESS = Path(__file__).with_name("careless.py")
RECEIVER = PROGRAMS.parent / "examples" / "receiver.py"
SECRET = f"whsec_{base64.b64encode(b'a secret of a receiver 1').decode()}"


async def found(
    at: Serving, client: Client, names: Collection[str] = tuple(CHECKS)
) -> dict[str, str]:
    """What each check finds about a client of the server."""
    with listen("127.0.0.1", 0) as door:
        upstream = f"http://{at.address}"
        findings = [each async for each in examine(client, upstream, door, names)]
    assert all(each.zh and each.en for each in findings)
    return {each.check: each.outcome.value for each in findings}


def told(monkeypatch: pytest.MonkeyPatch, known: dict[str, str]) -> None:
    """What the environment says to programs that are run from here on."""
    for name, value in ({"PYTHONUTF8": "1"} | known).items():
        monkeypatch.setenv(name, value)


@pytest.fixture
async def nightly(at: Serving, city: City, real_pool: Pool) -> dict[str, str]:
    async with real_pool.transaction() as db:
        known = await make_application(db, city.county, Role.COUNTY_ADMIN, SCOPES)
    return known | {"YANXUN_UNIT": str(city.county["id"])}


async def test_the_nightly_sync_passes(
    at: Serving,
    city: City,
    nightly: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told(monkeypatch, nightly)
    file = tmp_path / "people.csv"
    file.write_bytes(roster(city, id_number(), id_number()))
    program = [sys.executable, str(PROGRAMS / "nightly.py"), str(tmp_path / "kept.db")]
    outcomes = await found(at, Client([*program, str(file)], held=[*program, "--keys"]))
    unseen = [name for name, outcome in outcomes.items() if outcome == "unseen"]
    assert unseen == ["pages"], "it lists refused rows, and there are none"
    assert list(outcomes) == list(CHECKS)
    assert "failed" not in outcomes.values()


async def test_the_province_passes(
    at: Serving, city: City, real_pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with real_pool.transaction() as db:
        known = await make_application(db, city.city, Role.PROVINCE, PERMISSIONS[Role.PROVINCE])
        await make_codes(db, city)
        batch = await make_things(db, city)
        for kind in SubmissionKind:
            batch_id = batch["id"] if kind is SubmissionKind.CREDITS else None
            new = NewSubmission(city_id=city.city["id"], kind=kind, batch_id=batch_id)
            await create_submission(db, city.integration.actor, new=new, now=now())
    told(monkeypatch, known)
    doubts = tmp_path / "told.jsonl"
    doubt = {
        "subject": "teacher", "subject_id": str(city.teacher["id"]), "reference": "Z-1",
        "question": "任教学校是否有误", "due_on": "2098-12-01",
    }  # fmt: skip
    doubts.write_text(json.dumps(doubt) + "\n")
    program = [sys.executable, str(PROGRAMS / "province.py"), str(tmp_path / "kept.db")]
    names = ("pages", "lost-answer", "refusal", "feed-gone")
    outcomes = await found(at, Client([*program, str(doubts)]), names)
    assert outcomes == dict.fromkeys(("plain", *names), "passed") | {"feed-gone": "unseen"}


async def test_the_mobile_client_passes(
    at: Serving, city: City, real_pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with real_pool.transaction() as db:
        _, settings = await make_phone(db, at, city, others=1)
    told(monkeypatch, settings)
    outcomes = await found(at, Client([sys.executable, str(PROGRAMS / "mobile.py")]))
    unseen = {name for name, outcome in outcomes.items() if outcome == "unseen"}
    assert unseen == {"feed-cursor", "feed-gone", "feed-anew"}, "a phone reads no feed"
    assert set(outcomes.values()) == {"passed", "unseen"}


async def test_a_careless_client_fails_each_check(
    at: Serving, nightly: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(monkeypatch, nightly)
    kept = tmp_path / "kept.json"
    show = f"import json; print(*json.load(open({str(kept)!r})))"
    careless = Client([sys.executable, str(CARELESS), str(kept)], held=[sys.executable, "-c", show])
    outcomes = await found(at, careless)
    assert outcomes.pop("plain") == "passed"
    assert outcomes == dict.fromkeys(outcomes, "failed")
    assert len(outcomes) == len(CHECKS) - 1


async def test_a_client_that_does_not_work_is_examined_no_further(at: Serving) -> None:
    assert await found(at, Client([sys.executable, "-c", "pass"])) == {"plain": "failed"}


async def test_a_client_that_hangs_is_ended_with_what_it_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(running, "_PATIENCE", 0.5)
    hanging = ["sh", "-c", "echo here; sleep 60 & sleep 60; true"]
    async with asyncio.timeout(20):
        code, said = await running._run(Client(hanging), hanging, "http://127.0.0.1:1")
    assert (code, said) == (-9, "here\n")


async def receiver_of(*command: str) -> tuple[Any, str]:
    port = free_port()
    environment = os.environ | {"YANXUN_WEBHOOK_SECRET": SECRET}
    process = await asyncio.create_subprocess_exec(
        *command, str(port), env=environment, stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            await writer.wait_closed()
            break
    return process, f"http://127.0.0.1:{port}/"


async def test_the_receiver_of_the_documentation_passes() -> None:
    process, url = await receiver_of(sys.executable, str(RECEIVER))
    try:
        findings = await examine_receiver(url, SECRET)
    finally:
        process.terminate()
        await process.wait()
    assert {each.outcome for each in findings} == {Outcome.PASSED}, findings
    assert len(findings) == 7


@pytest.fixture(params=[204, 401])
def answering(request: pytest.FixtureRequest) -> Iterator[tuple[int, str]]:
    """A receiver that answers everything alike."""

    class Alike(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(request.param)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Alike) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield request.param, f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


async def test_who_believes_everything_or_nothing_fails(answering: tuple[int, str]) -> None:
    status, url = answering
    failed = {
        each.check.removeprefix("webhook-")
        for each in await examine_receiver(url, SECRET)
        if each.outcome is Outcome.FAILED
    }
    believed = {"forged", "changed", "old"}
    assert failed == (believed if status == 204 else {"genuine", "again", "afresh", "rotation"})
