"""Histories drawn at random keep ledger, chains, standings and sums equal to an independent model.

The suite draws a few dozen. With `YANXUN_HISTORIES=3000` it draws that many.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID, uuid4

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.database.embedded import Urls
from app.domain.access.idempotency import Answer, find_answer, keep_answer
from app.domain.base import SHANGHAI, civil_date
from app.domain.credits.credit_transfers import (
    DocumentRegistered,
    NewTransferIn,
    NewTransferOut,
    NothingToTransfer,
    transfer_credit_in,
    transfer_credit_out,
)
from app.domain.credits.entries import list_entries
from app.domain.credits.ledger_heads import sign_due_head
from app.domain.credits.recognition import recognise_activity
from app.domain.credits.reversals import (
    AlreadyReversed,
    NewEntryCorrection,
    NewReversal,
    NothingCorrected,
    correct_entry,
    reverse_entry,
)
from app.domain.credits.standings import get_standing
from app.domain.credits.verification import verify_ledger
from app.domain.errors import DomainError
from app.domain.paging import PageRequest
from app.domain.training.attendance import AttendanceRole
from app.request import Resources
from app.security.tokens import LEDGER_HEAD, JoseKey, open_signed
from app.sql import Connection, Row, prepare_connection
from tests.domain.credits.ledger_model import (
    Line,
    Model,
    Transaction,
    chain_of,
    cycle_of,
    in_force,
    line_told,
    told_of,
)
from tests.domain.credits.making import attend, make_closed_activity, make_pack
from tests.make import NOW, City, make_city
from tests.make_people import accept, by_key, complete, propose
from tests.make_programmes import agree, make_merger

HISTORIES = int(os.environ.get("YANXUN_HISTORIES", "30"))
DAYS = [date(2024, 5, 10), date(2025, 12, 31), date(2026, 3, 10), date(2026, 9, 1)]
FIRST_MOVE = date(2026, 9, 2)
AMOUNTS = st.sampled_from([Decimal(each) for each in ("0.50", "10.00", "50.00", "100.00")])
ROLES = st.sampled_from([AttendanceRole.PARTICIPANT, AttendanceRole.SPEAKER])
PICK = st.integers(0, 10**6)
FATES = st.sampled_from(["kept", "kept", "kept", "lost", "answer lost", "asked with a key twice"])
"""What becomes of a request: its transaction is lost before the commit; its answer is lost, so that it is
sent again, with an Idempotency-Key or without one."""


class Lost(Exception):
    """The process died before the commit."""


@dataclass
class World:
    """What all histories begin with."""

    runner: asyncio.Runner
    driver: asyncpg.Connection
    city: City
    held: Resources
    signer: JoseKey


@dataclass
class Held:
    """An activity that was recognised, with those who took part."""

    row: Row
    people: set[UUID]
    role: AttendanceRole
    amount: Decimal
    level: str


class Histories(RuleBasedStateMachine):
    """One history: acts, retries and crashes, and after each everything is as the model says."""

    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        city = self.world.city
        self.db = Connection(self.world.driver)
        self.by = city.city_admin
        self.now = NOW
        self.moved = 0
        people = [
            city.teacher, city.colleague, city.sibling_teacher, city.far_teacher,
        ]  # fmt: skip
        self.rows = {row["id"]: row for row in people}
        self.model = Model({row["id"]: row["school_id"] for row in people})
        self.activities: list[Held] = []
        self.outer = self.world.driver.transaction()
        self.run(self.outer.start())

    def run(self, awaited: Any) -> Any:
        return self.world.runner.run(_awaiting(awaited))

    def teardown(self) -> None:
        self.run(self.outer.rollback())

    # How a request goes.

    def ask(
        self, act: Callable[[], Awaitable[Any]], fate: str, *refused: type[DomainError]
    ) -> bool:
        """Whether the act came about. Asked again it changes nothing: it is refused so, or answered."""
        self.now += timedelta(hours=7)
        return bool(self.run(self._ask(act, fate, refused)))

    async def _ask(
        self, act: Callable[[], Awaitable[Any]], fate: str, refused: tuple[type[DomainError], ...]
    ) -> bool:
        if fate == "lost":
            with suppress(Lost):
                async with self.transaction():
                    await act()
                    raise Lost
            return False
        if fate == "asked with a key twice":
            key = str(uuid4())
            assert [await self._keyed(act, key) for _ in range(2)] == [True, False]
            return True
        async with self.transaction():
            await act()
        if fate == "answer lost":
            before = await self.world.driver.fetchval("SELECT count(*) FROM credit_entry")
            with suppress(*refused):
                async with self.transaction():
                    await act()
                assert not refused, "asked again, it was done again"
            assert before == await self.world.driver.fetchval("SELECT count(*) FROM credit_entry")
        return True

    async def _keyed(self, act: Callable[[], Awaitable[Any]], key: str) -> bool:
        async with self.transaction():
            given: dict[str, Any] = {"key": key, "fingerprint": bytes(32)}
            if await find_answer(self.db, self.by.actor, **given) is not None:
                return False
            await act()
            await keep_answer(self.db, self.by.actor, answer=Answer(200, b"{}"), **given)
            return True

    def transaction(self) -> "Transaction":
        return Transaction(self.world.driver)

    # What may happen.

    @rule(
        level=st.sampled_from(["school", "county", "city"]), day=st.sampled_from(DAYS),
        hours=AMOUNTS, role=ROLES, picks=st.sets(PICK, min_size=1, max_size=3), fate=FATES,
    )  # fmt: skip
    def recognise(
        self,
        level: str,
        day: date,
        hours: Decimal,
        role: AttendanceRole,
        picks: set[int],
        fate: str,
    ) -> None:
        people = {self.pick(self.model.people, pick) for pick in picks}
        organiser = getattr(self.world.city, level)
        activity = self.run(
            make_closed_activity(self.db, organiser, self.by, hours=str(hours), on=day)
        )
        self.run(attend(self.db, activity, [self.rows[each] for each in people], role=role))
        factor = 2 if role == AttendanceRole.SPEAKER else 1
        held = Held(activity, people, role, hours * factor, level)
        self.activities.append(held)
        self.recognise_held(held, fate)

    @precondition(lambda self: self.activities)
    @rule(pick=PICK, fate=FATES)
    def recognise_again(self, pick: int, fate: str) -> None:
        self.recognise_held(self.pick(self.activities, pick), fate)

    def recognise_held(self, held: Held, fate: str) -> None:
        def act() -> Awaitable[Any]:
            return recognise_activity(
                self.db, self.by.actor, activity_id=held.row["id"], now=self.now
            )

        if not self.ask(act, fate):
            return
        for person in held.people:
            attempts = self.model.attempts(person, held.row["id"])
            stands = bool(attempts) and attempts[-1].stands
            if not stands and not self.model.is_gone(person, held.row["id"]):
                number = max((line.attempt for line in attempts), default=0) + 1
                day = held.row["sessions"][0]["starts_at"].date()
                line = Line(
                    "earn", held.row["id"], number, held.amount, held.level, day, self.now
                )  # fmt: skip
                self.model.enter(person, line)

    @rule(pick=PICK, which=PICK, fate=FATES)
    def reverse(self, pick: int, which: int, fate: str) -> None:
        found = self.an_entry(pick, which)
        if found is None:
            return
        person, line, entry_id = found
        new = NewReversal(reason="登记有误")

        def act() -> Awaitable[Any]:
            return reverse_entry(self.db, self.by.actor, entry_id=entry_id, new=new, now=self.now)

        if self.ask(act, fate, AlreadyReversed):
            self.model.strike(person, line, self.now)

    @rule(pick=PICK, which=PICK, hours=AMOUNTS, fate=FATES)
    def correct(self, pick: int, which: int, hours: Decimal, fate: str) -> None:
        found = self.an_entry(pick, which)
        if found is None:
            return
        person, line, entry_id = found
        held = next((each for each in self.activities if each.row["id"] == line.source), None)
        new = NewEntryCorrection(hours=hours, reason="学时登记有误")

        def act() -> Awaitable[Any]:
            return correct_entry(self.db, self.by.actor, entry_id=entry_id, new=new, now=self.now)

        amount = hours * (2 if held and held.role == AttendanceRole.SPEAKER else 1)
        if held is None or amount == line.amount:
            with pytest.raises(DomainError) as refused:
                self.ask(act, "kept")
            assert held is None or refused.type is NothingCorrected
        elif self.ask(act, fate, AlreadyReversed):
            self.model.strike(person, line, self.now)
            right = Line(
                "earn", line.source, line.attempt + 1, amount, line.level, line.earned_on, self.now
            )
            self.model.enter(person, right)

    @rule(pick=PICK, amounts=st.lists(AMOUNTS, min_size=1, max_size=2), day=st.sampled_from(DAYS),
          level=st.sampled_from(["school", "county", "province"]), fate=FATES)  # fmt: skip
    def transfer_in(
        self, pick: int, amounts: list[Decimal], day: date, level: str, fate: str
    ) -> None:
        person = self.pick(self.model.people, pick)
        items = [
            {"earned_on": day, "hours": str(each), "credits": str(each), "level": level}
            for each in amounts
        ]
        new = NewTransferIn.model_validate(self.document() | {"items": items})

        def act() -> Awaitable[Any]:
            return transfer_credit_in(
                self.db, self.by.actor, teacher_id=person, new=new, now=self.now
            )

        if self.ask(act, fate, DocumentRegistered):
            for amount in amounts:
                line = Line("transfer_in", uuid4(), 1, amount, level, day, self.now)
                self.model.enter(person, line)

    @rule(pick=PICK, fate=FATES)
    def transfer_out(self, pick: int, fate: str) -> None:
        person = self.pick(self.model.people, pick)
        new = NewTransferOut.model_validate(self.document())

        def act() -> Awaitable[Any]:
            return transfer_credit_out(
                self.db, self.by.actor, teacher_id=person, new=new, now=self.now
            )

        leaving = self.model.standing_lines(person)
        if not leaving:
            with pytest.raises(NothingToTransfer):
                self.ask(act, "kept")
        elif self.ask(act, fate, DocumentRegistered, NothingToTransfer):
            for line in leaving:
                line.is_gone = True
                self.model.strike(person, line, self.now)

    @rule(pick=PICK, school=st.sampled_from(["school", "sibling", "far_school", "direct_school"]))
    def move(self, pick: int, school: str) -> None:
        person = self.pick(self.model.people, pick)
        to = getattr(self.world.city, school)
        if to["id"] == self.model.school[person]:
            return
        self.run(self._move(person, to))
        self.model.school[person] = to["id"]
        place = {"school_id": to["id"], "county_id": to["county_id"]}
        self.rows[person] = self.rows[person] | place

    async def _move(self, person: UUID, to: Row) -> None:
        async with self.transaction():
            proposed = await propose(self.db, self.world.held, self.by, by_key({"id": person}, to))
            if proposed["state"] == "proposed":
                proposed = await accept(self.db, self.by, proposed)
            self.moved += 1
            await complete(self.db, self.by, proposed, FIRST_MOVE + timedelta(days=self.moved))

    @precondition(lambda self: len(self.model.people) > 2)
    @rule(one=PICK, other=PICK, fate=FATES)
    def merge(self, one: int, other: int, fate: str) -> None:
        survivor = self.pick(self.model.people, one)
        merged = self.pick([each for each in self.model.people if each != survivor], other)

        async def act() -> None:
            merger = await make_merger(self.db, {"id": survivor}, {"id": merged}, self.by)
            await agree(self.db, self.by, merger)

        if not self.ask(act, "lost" if fate == "lost" else "kept"):
            return
        self.model.merge(survivor, merged, NOW)
        for held in self.activities:
            if merged in held.people:
                held.people = held.people - {merged} | {survivor}

    @rule()
    def sign(self) -> None:
        async def act() -> None:
            await sign_due_head(self.db, signer=self.world.signer, now=self.now)

        self.ask(act, "answer lost")

    @rule(pick=PICK, days=st.integers(0, 6))
    def look_back(self, pick: int, days: int) -> None:
        """What was known at the end of an earlier day is told as it was known then."""
        person = self.pick(self.model.people, pick)
        known_on = civil_date(self.now) - timedelta(days=days)
        known_by = datetime.combine(known_on + timedelta(days=1), datetime.min.time(), SHANGHAI)
        page = self.run(
            list_entries(
                self.db, self.by.actor, teacher_id=person, page=PageRequest(limit=100),
                known_on=known_on,
            )
        )  # fmt: skip
        known = [each for each in self.model.ledger(person) if each.recorded_at < known_by]
        assert [
            each["kind"] != "reverse" and each["reversed_by_id"] is None for each in page.items
        ] == [in_force(line, known_by) for line in known]
        for day in (DAYS[1], civil_date(self.now)):
            told = self.run(
                get_standing(
                    self.db, self.by.actor, teacher_id=person, now=self.now, as_of=day,
                    known_on=known_on,
                )
            )  # fmt: skip
            sums = self.model.sums(person, cycle_of(day), known_by)
            assert (told["earned_credits"], told["counted_credits"]) == (sums.earned, sums.counted)

    # What holds after each.

    @invariant()
    def agrees_with_the_model(self) -> None:
        self.run(self._agrees())

    async def _agrees(self) -> None:
        driver = self.world.driver
        entries: dict[UUID, list[Any]] = {}
        for row in await driver.fetch("SELECT * FROM credit_entry ORDER BY teacher_id, sequence"):
            entries.setdefault(row["teacher_id"], []).append(row)
        lines = {person: held for person, held in self.model.ledgers.items() if held}
        assert entries.keys() == lines.keys()
        for person, rows in entries.items():
            assert [told_of(row, rows) for row in rows] == [
                line_told(line, lines[person]) for line in lines[person]
            ]
            assert [row["hash"] for row in rows] == chain_of(rows)
        heads = await driver.fetch("SELECT * FROM credit_chain WHERE sequence > 0")
        assert {row["teacher_id"]: row["hash"] for row in heads} == {
            person: rows[-1]["hash"] for person, rows in entries.items()
        }
        await self._agrees_in_sums()
        found = await verify_ledger(self.db, opens=open_signed)
        assert found.finding is None, found.finding

    async def _agrees_in_sums(self) -> None:
        driver = self.world.driver
        stored = {
            (row["teacher_id"], row["cycle_start"]): (
                row["school_id"], row["entries"], row["earned_credits"], row["counted_credits"],
            )
            for row in await driver.fetch("SELECT * FROM standing")
        }  # fmt: skip
        assert stored == {
            name: (self.model.school[name[0]], sums.entries, sums.earned, sums.counted)
            for name, sums in self.model.standings().items()
        }
        schools = {
            (row["school_id"], row["cycle_start"]): (
                row["teachers"], row["entries"], row["earned_credits"], row["counted_credits"],
            )
            for row in await driver.fetch("SELECT * FROM school_credit WHERE teachers > 0")
        }  # fmt: skip
        assert schools == self.model.schools()

    def an_entry(self, pick: int, which: int) -> tuple[UUID, Line, UUID] | None:
        """Somebody's entry in force, with its key."""
        having = [each for each in self.model.people if self.model.standing_lines(each)]
        if not having:
            return None
        person = self.pick(having, pick)
        line = self.pick(self.model.standing_lines(person), which)
        place = 1 + next(n for n, each in enumerate(self.model.ledger(person)) if each is line)
        entry_id = self.run(
            self.world.driver.fetchval(
                "SELECT id FROM credit_entry WHERE teacher_id = $1 AND sequence = $2", person, place
            )
        )
        return person, line, entry_id

    def document(self) -> dict[str, Any]:
        return {
            "authority": "外市教育局", "document_number": str(uuid4()), "decided_on": "2026-11-01",
        }  # fmt: skip

    @staticmethod
    def pick(among: list[Any], number: int) -> Any:
        return among[number % len(among)]


async def _awaiting(awaited: Any) -> Any:
    return await awaited


@pytest.fixture
def world(urls: Urls, resources: Resources) -> Iterator[World]:
    """A city with a pack, on a connection whose outer transaction is rolled back."""

    async def begin() -> World:
        driver = await asyncpg.connect(urls.application, statement_cache_size=1000)
        await prepare_connection(driver)
        await driver.transaction().start()
        db = Connection(driver)
        city = await make_city(db, resources.cipher)
        await make_pack(db, city.city)
        return World(
            runner,
            driver,
            city,
            resources,
            JoseKey(ec.generate_private_key(ec.SECP256R1()), kind=LEDGER_HEAD),
        )

    with asyncio.Runner() as runner:
        made = runner.run(begin())
        yield made
        runner.run(made.driver.execute("ROLLBACK"))
        runner.run(made.driver.close())


def test_histories_keep_the_ledger_equal_to_the_model(world: World) -> None:
    machine = type("Drawn", (Histories,), {"world": world})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=HISTORIES,
            stateful_step_count=20, deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
