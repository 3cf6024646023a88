"""What a ledger should hold after a history, told without the application: plain lists and sums.

It knows what the documents say and nothing of how the application does it: what is struck does not count,
school-based credit up to 120 in five years, a county's up to 60 in a school year, in ledger order.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg

CAPS = {"school": Decimal(120), "county": Decimal(60)}


@dataclass
class Line:
    """An entry as the model knows it; `struck_at` says when a reversal of it was recorded."""

    kind: str
    source: UUID
    attempt: int
    amount: Decimal
    level: str
    earned_on: date
    recorded_at: datetime
    strikes: "Line | None" = None
    struck_at: datetime | None = None
    is_gone: bool = False
    """Whether it went to another authority."""

    @property
    def stands(self) -> bool:
        """Whether it is an entry in force."""
        return self.strikes is None and self.struck_at is None


def cycle_of(day: date) -> date:
    """The first day of the five years: 2021, 2026, …"""
    return date(day.year - (day.year - 2021) % 5, 1, 1)


def _window(line: Line) -> tuple[str, int]:
    if line.level == "county":
        return "school year", line.earned_on.year - (
            line.earned_on < date(line.earned_on.year, 9, 1)
        )
    return "cycle", 0


@dataclass
class Sums:
    """What a standing adds up to."""

    entries: int = 0
    earned: Decimal = Decimal(0)
    counted: Decimal = Decimal(0)


@dataclass
class Model:
    """The ledgers of some people, where they work, and who became whom."""

    school: dict[UUID, UUID]
    ledgers: dict[UUID, list[Line]] = field(default_factory=dict)
    cycles: dict[UUID, set[date]] = field(default_factory=dict)
    merged: dict[UUID, UUID] = field(default_factory=dict)

    @property
    def people(self) -> list[UUID]:
        """Everybody whose record was not merged into another."""
        return sorted(self.school.keys() - self.merged.keys())

    def ledger(self, person: UUID) -> list[Line]:
        """The person's lines in order."""
        return self.ledgers.setdefault(person, [])

    def standing_lines(self, person: UUID) -> list[Line]:
        """The entries in force."""
        return [line for line in self.ledger(person) if line.stands]

    def attempts(self, person: UUID, source: UUID) -> list[Line]:
        """Every entry of one source, reversals apart."""
        return [line for line in self.ledger(person) if line.source == source and not line.strikes]

    def enter(self, person: UUID, line: Line) -> None:
        """Put a line at the end."""
        self.ledger(person).append(line)
        self.cycles.setdefault(person, set()).add(cycle_of(line.earned_on))

    def strike(self, person: UUID, line: Line, now: datetime) -> None:
        """Put a reversal at the end."""
        assert line.stands
        line.struck_at = now
        struck = Line(
            "reverse", line.source, 1, -line.amount, line.level, line.earned_on, now, strikes=line
        )
        self.ledger(person).append(struck)

    def is_gone(self, person: UUID, source: UUID) -> bool:
        """Whether credit of a source went to another authority, under any record of the person."""
        records = [person, *(each for each, into in self.merged.items() if into == person)]
        return any(line.is_gone for each in records for line in self.attempts(each, source))

    def merge(self, survivor: UUID, merged: UUID, now: datetime) -> None:
        """Carry over what is worth more, strike what is worth less (decision 0019), and what is gone."""
        self.merged = {
            each: survivor if into == merged else into for each, into in self.merged.items()
        } | {merged: survivor}
        for person in (survivor, merged):
            for line in self.standing_lines(person):
                if self.is_gone(survivor, line.source):
                    self.strike(person, line, now)
        for line in self.standing_lines(merged):
            own = self.attempts(survivor, line.source)
            held = next((each for each in own if each.stands), None)
            if held is None or held.amount < line.amount:
                if held is not None:
                    self.strike(survivor, held, now)
                kind = "transfer_in" if line.kind == "earn" else line.kind
                attempt = max((each.attempt for each in own), default=0) + 1
                arrival = Line(
                    kind, line.source, attempt, line.amount, line.level, line.earned_on, now
                )
                self.enter(survivor, arrival)
            self.strike(merged, line, now)
        self.cycles.pop(merged, None)

    def sums(self, person: UUID, cycle: date, known_by: datetime | None = None) -> Sums:
        """What one standing adds up to; as it was known before a moment, where one is named."""
        sums, used = Sums(), dict[tuple[str, tuple[str, int]], Decimal]()
        for line in self.ledger(person):
            if cycle_of(line.earned_on) != cycle or not in_force(line, known_by):
                continue
            name = line.level, _window(line)
            room = CAPS.get(line.level, Decimal(10**6)) - used.get(name, Decimal(0))
            counted = min(line.amount, room)
            used[name] = used.get(name, Decimal(0)) + counted
            sums.entries += 1
            sums.earned += line.amount
            sums.counted += counted
        return sums

    def standings(self) -> dict[tuple[UUID, date], Sums]:
        """Everybody's sums, cycle by cycle."""
        return {
            (person, cycle): self.sums(person, cycle)
            for person, cycles in self.cycles.items()
            for cycle in cycles
        }

    def schools(self) -> dict[tuple[UUID, date], tuple[int, int, Decimal, Decimal]]:
        """The sums of each school: people, entries, earned, counted."""
        found: dict[tuple[UUID, date], tuple[int, int, Decimal, Decimal]] = {}
        for (person, cycle), sums in self.standings().items():
            name = self.school[person], cycle
            people, entries, earned, counted = found.get(name, (0, 0, Decimal(0), Decimal(0)))
            found[name] = (
                people + 1, entries + sums.entries, earned + sums.earned, counted + sums.counted,
            )  # fmt: skip
        return found


def in_force(line: Line, known_by: datetime | None) -> bool:
    """Whether a line is an entry in force, as it is known now or was known before a moment."""
    if known_by is None:
        return line.stands
    if line.strikes is not None or line.recorded_at >= known_by:
        return False
    return line.struck_at is None or line.struck_at >= known_by


HASHED = (
    "id", "city_id", "teacher_id", "sequence", "kind", "source_kind", "source_id", "attempt",
    "reverses_id", "earned_on", "recorded_at", "hours", "credits", "level", "activity_kind", "mode",
    "role", "channel", "content", "awarded_rank", "awarded_posts", "awarded_school_id",
    "awarded_county_id", "pack_id", "pack_version", "rule_id", "reason", "recorded_by",
)  # fmt: skip


def chain_of(rows: list[Any]) -> list[bytes]:
    """The hashes of a person's rows, computed from what the documentation of the chain says."""
    hashes, previous = [], bytes(32)
    for row in rows:
        text = json.dumps(
            [_plain(row[name]) for name in HASHED], ensure_ascii=False, separators=(",", ":")
        )
        previous = sha256(previous + text.encode()).digest()
        hashes.append(previous)
    return hashes


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, UUID | date | Decimal):
        return str(value)
    return value


def told_of(row: Any, rows: list[Any]) -> tuple[Any, ...]:
    """What an entry of the ledger says, as far as the model knows it."""
    struck = next((each["sequence"] for each in rows if each["id"] == row["reverses_id"]), None)
    assert row["hours"] == row["credits"]
    return row["kind"], row["attempt"], row["credits"], row["level"], row["earned_on"], struck


def line_told(line: Line, lines: list[Line]) -> tuple[Any, ...]:
    """What a line of the model says, in the same way."""
    struck = next((n for n, each in enumerate(lines, 1) if each is line.strikes), None)
    return line.kind, line.attempt, line.amount, line.level, line.earned_on, struck


class Transaction:
    """A savepoint at whose end deferred constraints are checked, as at a commit."""

    def __init__(self, driver: asyncpg.Connection) -> None:
        self._driver, self._one = driver, driver.transaction()

    async def __aenter__(self) -> None:
        await self._one.start()

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            await self._one.rollback()
            return
        await self._driver.execute("SET CONSTRAINTS ALL IMMEDIATE")
        await self._one.commit()
