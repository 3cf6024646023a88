"""What the exchange with the province needs in tests: codes of every word, things to hand over, a simulator."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx2

from app.domain.access.actors import Actor
from app.domain.access.grants import RoleGrant
from app.domain.access.roles import Role
from app.domain.access.sign_in import actor_of_account
from app.domain.credits.certificates import CertificateKind
from app.domain.credits.packs.parts import CreditLevel, EntryKind
from app.domain.exchange.arrivals import Arrival
from app.domain.exchange.batches import ProvinceBatch
from app.domain.exchange.challenges import Challenge
from app.domain.exchange.province_codes import CodeSet, ProvinceCode
from app.domain.exchange.submissions.roster import TeacherEnd
from app.domain.organisation.units import Stage
from app.domain.people.careers import record_fact
from app.domain.people.facts.engagement import STATE, NewServiceState, ServiceState
from app.domain.people.facts.ranks import Rank
from app.domain.people.teachers import Subject
from app.domain.training.vocabulary import ActivityChannel, ActivityKind, ActivityMode
from app.sql import Connection, Row, new_id
from tests.domain.exchange.entered import enter, entry, reversal
from tests.make import NOW, City, Person, make_account
from tests.make_certificates import enter_batch

WORDS: dict[CodeSet, type[Any]] = {
    CodeSet.ENTRY_KIND: EntryKind,
    CodeSet.LEVEL: CreditLevel,
    CodeSet.ACTIVITY_KIND: ActivityKind,
    CodeSet.MODE: ActivityMode,
    CodeSet.CHANNEL: ActivityChannel,
    CodeSet.RANK: Rank,
    CodeSet.SUBJECT: Subject,
    CodeSet.STAGE: Stage,
    CodeSet.CERTIFICATE_KIND: CertificateKind,
    CodeSet.TEACHER_END: TeacherEnd,
}
SECRET = "the simulator knows us by this"


async def make_codes(db: Connection, city: City, *, without: Sequence[str] = ()) -> None:
    """A code for every word, but for those that are named; `XX-` and the word."""
    words = [(code_set, word.value) for code_set, kind in WORDS.items() for word in kind]
    rows = [
        {
            "id": new_id(), "city_id": city.city["id"], "county_id": city.city["id"],
            "school_id": None, "code_set": code_set, "ours": word, "theirs": f"XX-{word}",
            "valid_from": date(2000, 1, 1), "valid_to": None, "recorded_at": NOW,
            "recorded_by": city.city_admin.actor.account_id,
        }
        for code_set, word in words
        if word not in without
    ]  # fmt: skip
    await db.insert_all(ProvinceCode, rows)


async def make_ledger_batch(db: Connection, city: City, number: int = 1) -> Row:
    """A batch over all that the ledger holds, whichever transaction wrote it."""
    row = {
        "id": new_id(), "city_id": city.city["id"], "county_id": city.city["id"],
        "school_id": None, "number": number, "layout": 1, "entries": 1, "reversals": 0,
        "teachers": 1, "hours": Decimal(1), "credits": Decimal(1), "recorded_from": None,
        "recorded_to": None, "from_transaction": 0, "before_transaction": 2**62,
        "sha256_jsonl": bytes(32), "sha256_csv": bytes(32),
    }  # fmt: skip
    await db.insert(ProvinceBatch, row)
    return row


async def make_things(db: Connection, city: City) -> Row:
    """Something of every kind to hand over: credits, one struck, certificates, one ended; the batch."""
    [first] = await enter(db, entry(city.teacher))
    await enter(db, entry(city.colleague), entry(city.far_teacher))
    await enter(db, reversal(first))
    await enter_batch(db, city.school, city.school_admin, city.teacher)
    ended = await enter_batch(db, city.school, city.school_admin, city.colleague)
    await db._driver.execute(
        "UPDATE certificate SET state = 'revoked', ended_because = '有误', ended_by = $2,"
        " ended_at = $3 WHERE id = $1",
        ended["certificate_id"], city.city_admin.actor.account_id, NOW,
    )  # fmt: skip
    return await make_ledger_batch(db, city)


async def make_leaver(db: Connection, city: City) -> None:
    """Let the teacher far away retire, who was told of."""
    new = NewServiceState(state=ServiceState.RETIRED, valid_from=date(2026, 9, 1))
    about = {"kind": STATE, "teacher_id": city.far_teacher["id"], "new": new}
    await record_fact(db, city.city_admin.actor, **about, now=NOW)


async def make_challenge(db: Connection, city: City, **more: Any) -> Row:
    """A challenge of the province about the teacher of the school."""
    teacher = city.teacher
    row = {
        "id": new_id(), "teacher_id": teacher["id"],
        **{name: teacher[name] for name in ("city_id", "county_id", "school_id")},
        "subject": "teacher", "subject_id": teacher["id"], "reference": f"Z-{new_id()}",
        "question": "任教学校是否有误", "due_on": date(2026, 12, 20), "state": "raised",
        "raised_at": NOW, "raised_by": city.integration.actor.account_id,
    } | more  # fmt: skip
    await db.insert(Challenge, row)
    return row


async def make_arrival(db: Connection, city: City, teacher: Row | None = None, **more: Any) -> Row:
    """An arrival that waits: of a teacher, or of nobody known; credit unless said otherwise."""
    of = city.city if teacher is None else teacher
    row = {
        "id": new_id(), "teacher_id": None if teacher is None else teacher["id"],
        **{name: of[name] for name in ("city_id", "county_id", "school_id")},
        "kind": "credit", "number": f"S-{new_id()}", "name": "测试甲", "title": "省级培训",
        "earned_on": date(2026, 9, 10), "hours": Decimal(16), "credits": Decimal(4),
        "state": "waiting", "received_at": NOW,
    } | more  # fmt: skip
    await db.insert(Arrival, row)
    return row


async def make_province(db: Connection, city: City, *others: Row) -> Person:
    """The province as a client, over this city and others."""
    person = await make_account(db, "province", Role.PROVINCE, city.city, kind="client")
    for unit in others:
        grant = {
            "id": new_id(), "account_id": person.actor.account_id, "role": Role.PROVINCE,
            "subject": "unit", "subject_id": unit["id"], "valid_from": date(2020, 1, 1),
        }  # fmt: skip
        await db.insert(RoleGrant, grant)
        person.actor = await actor_of(db, person)
    return person


async def actor_of(db: Connection, person: Person) -> Actor:
    """Who a person is by the grants of today."""
    account = {"id": person.actor.account_id, "teacher_id": person.actor.teacher_id}
    return await actor_of_account(db, account=account, now=NOW)


class Simulator:
    """A simulator in its own process, with what it is told and asked beside the interface."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder, self._port = folder, port
        self.url = f"http://127.0.0.1:{port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        code = "import sys; from app.cli import main; sys.argv[0] = 'yanxun'; main()"
        command = [sys.executable, "-c", code, "province-simulator"]
        command += ["--port", str(self._port), "--folder", str(self._folder)]
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ)
        )
        for _ in range(300):
            assert self._process.poll() is None, "the simulator has ended"
            try:
                httpx2.get(f"{self.url}/records", trust_env=False)
            except httpx2.TransportError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError("the simulator did not start")

    @property
    def secret(self) -> str:
        return (self._folder / "secret").read_text().strip()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it, gently or not."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=20)
            self._process = None

    def control(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """Tell it something, or ask what happened."""
        answer = httpx2.request(
            method, f"{self.url}/control{path}", json=body, trust_env=False, timeout=20,
            headers={"Authorization": f"Bearer {self.secret}"},
        )  # fmt: skip
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def fail(self, fault: str, **how: Any) -> None:
        """Choose a fault."""
        self.control("PUT", f"/faults/{fault}", how)

    def effects(self) -> dict[str, int]:
        """How often each record took effect."""
        found: dict[str, int] = self.control("GET", "/effects")["effects"]
        return found


@contextmanager
def running_simulator(folder: Path, port: int) -> Iterator[Simulator]:
    """A simulator that runs while it is needed."""
    simulator = Simulator(folder, port)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret = folder / "secret"
    secret.touch(mode=0o600)
    secret.write_text(SECRET)
    try:
        simulator.start()
        yield simulator
    finally:
        simulator.stop()
