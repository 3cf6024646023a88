"""Histories of careers, drawn by chance, against a model that knows nothing of the database."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from app.domain.errors import DomainError
from app.domain.people.careers import (
    FactEnd,
    FactWithdrawal,
    end_fact,
    list_facts,
    record_fact,
    withdraw_fact,
)
from app.domain.people.facts.engagement import STATE, ServiceState
from app.domain.people.facts.fact import FactKind
from app.domain.people.facts.merits import HONOUR, Honour
from app.sql import Connection
from tests.make import NOW, City

DAYS = 40
"""Facts hold within so many days, so that they meet each other often."""
FIRST = date(2025, 1, 1)


class Held(NamedTuple):
    value: str
    begins: int
    ends: int | None

    @property
    def days(self) -> set[int]:
        return set(range(self.begins, 10 * DAYS if self.ends is None else self.ends))


class Refused(Exception):
    """The model refuses it."""


@dataclass
class Model:
    """What is believed: facts on numbered days. `succeeds` is whether one ends the one before."""

    succeeds: bool
    held: dict[int, Held] = field(default_factory=dict)
    made: int = 0

    def slot(self, value: str) -> str:
        """Of what there may be one on a day: of everything, or of this value."""
        return "" if self.succeeds else value

    def add(self, new: Held) -> None:
        if new.ends is not None and new.ends <= new.begins:
            raise Refused
        for other in self.held.values():
            if self.slot(other.value) == self.slot(new.value) and other.days & new.days:
                raise Refused
        self.made += 1
        self.held[self.made] = new

    def record(self, new: Held) -> None:
        if self.succeeds and new.ends is None:
            for number, other in list(self.held.items()):
                if other.ends is None:
                    if new.begins <= other.begins:
                        raise Refused
                    del self.held[number]
                    self.add(other._replace(ends=new.begins))
        self.add(new)

    def correct(self, number: int, new: Held) -> None:
        wrong = self.held.pop(number)
        if self.succeeds and new.begins != wrong.begins:
            for before, other in list(self.held.items()):
                if other.ends == wrong.begins and other.begins < new.begins:
                    del self.held[before]
                    self.add(other._replace(ends=new.begins))
        self.add(new)

    def withdraw(self, number: int) -> None:
        wrong = self.held.pop(number)
        if self.succeeds:
            for before, other in list(self.held.items()):
                if other.ends == wrong.begins:
                    del self.held[before]
                    self.add(other._replace(ends=wrong.ends))

    def end(self, number: int, day: int) -> None:
        fact = self.held[number]
        if fact.ends is not None or day <= fact.begins:
            raise Refused
        del self.held[number]
        self.add(fact._replace(ends=day))

    def refuses(self, act: "Act") -> bool:
        """Do it; true where the model refuses."""
        try:
            if act.what == "record":
                self.record(act.new)
            elif act.what == "correct":
                self.correct(act.number, act.new)
            elif act.what == "end":
                self.end(act.number, act.day)
            else:
                self.withdraw(act.number)
        except Refused:
            return True
        return False


class Act(NamedTuple):
    """Something done to a career; `number` says to which of the model's facts."""

    what: str
    number: int
    new: Held
    day: int


def on(day: int) -> date:
    return FIRST + timedelta(days=day)


@dataclass
class History:
    """The same acts done to the model and to the database, one each day of knowing."""

    db: Connection
    city: City
    kind: FactKind
    column: str
    values: list[str]
    random: Random

    def __post_init__(self) -> None:
        self.model = Model(succeeds=self.kind.succeeds)
        self.known: list[set[Held]] = []
        self.teacher = {"teacher_id": self.city.teacher["id"]}
        self.actor = self.city.school_admin.actor

    def draw(self, near: Held | None) -> Held:
        """A fact: anything, or what begins some days from the beginning of another."""
        begins = self.random.randrange(DAYS)
        ends = self.random.choice([None, self.random.randrange(DAYS)])
        if near is not None and self.random.random() < 0.7:
            begins = max(0, near.begins + self.random.randint(-5, 8))
            ends = near.ends
        return Held(self.random.choice(self.values), begins, ends)

    async def told(self, as_of: int | None, known: int | None) -> set[Held]:
        when: dict[str, Any] = {
            "as_of": None if as_of is None else on(as_of),
            "known_on": None if known is None else (NOW + timedelta(days=known)).date(),
        }
        rows = await list_facts(self.db, self.actor, kind=self.kind, **self.teacher, **when)
        found = [
            Held(
                row[self.column],
                (row["valid_from"] - FIRST).days,
                row["valid_to"] and (row["valid_to"] - FIRST).days,
            )
            for row in rows
        ]
        assert len(found) == len(set(found))
        return set(found)

    async def write(self, new: Held, corrects: Held | None) -> None:
        fields: dict[str, Any] = {self.column: new.value, "valid_from": on(new.begins)}
        if self.kind is HONOUR:
            fields |= {"level": "school", "issuer": "本校"}
        if new.ends is not None:
            fields["valid_to"] = on(new.ends)
        if corrects is not None:
            fields |= {"corrects": await self.key_of(corrects), "reason": "登记有误"}
        command = self.kind.new.model_validate(fields)
        await record_fact(
            self.db, self.actor, kind=self.kind, **self.teacher, new=command, now=self.now
        )

    async def key_of(self, fact: Held) -> UUID:
        rows = await list_facts(self.db, self.actor, kind=self.kind, **self.teacher)
        [found] = [
            row["id"]
            for row in rows
            if (row[self.column], row["valid_from"]) == (fact.value, on(fact.begins))
        ]
        key: UUID = found
        return key

    async def act(self, today: int) -> None:
        """Do something, or let both refuse it."""
        self.now = NOW + timedelta(days=today)
        numbers = list(self.model.held)
        number = self.random.choice(numbers or [0])
        held = self.model.held.get(number)
        acts = ["record", "record", "record", "correct", "correct", "end", "withdraw"]
        act = Act(
            self.random.choice(acts) if numbers else "record",
            number,
            self.draw(held),
            self.random.randrange(DAYS),
        )
        before = Model(self.model.succeeds, dict(self.model.held), self.model.made)
        refused = self.model.refuses(act)
        done = await self.passes(act, held)
        assert done is not refused, act
        if refused:
            self.model = before
        self.known.append(set(self.model.held.values()))

    async def passes(self, act: "Act", held: Held | None) -> bool:
        """Do it to the database; false where it is refused."""
        try:
            async with self.db.transaction():
                await self.do(act, held)
        except DomainError:
            return False
        return True

    async def do(self, act: "Act", held: Held | None) -> None:
        if act.what == "record" or held is None:
            await self.write(act.new, None)
        elif act.what == "correct":
            await self.write(act.new, held)
        elif act.what == "end":
            end, key = FactEnd(valid_to=on(act.day)), await self.key_of(held)
            await end_fact(self.db, self.actor, **self.teacher, fact_id=key, end=end, now=self.now)
        else:
            withdrawal, key = FactWithdrawal(reason="从未发生"), await self.key_of(held)
            await withdraw_fact(
                self.db, self.actor, **self.teacher, fact_id=key, withdrawal=withdrawal,
                now=self.now,
            )  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(
    ("kind", "column", "values"),
    [
        (STATE, "state", [each.value for each in ServiceState][:3]),
        (HONOUR, "honour", [each.value for each in Honour][:2]),
    ],
    ids=["one at a time", "one of each at a time"],
)
async def test_every_day_is_told_as_it_was_and_as_it_was_believed(
    db: Connection, city: City, kind: FactKind, column: str, values: list[str], seed: int
) -> None:
    random = Random(seed)
    history = History(db, city, kind, column, values, random)
    for today in range(25):
        await history.act(today)
    assert await history.told(None, None) == history.known[-1]
    for known, believed in enumerate(history.known):
        assert await history.told(None, known) == believed
        day = random.randrange(DAYS)
        assert await history.told(day, known) == {fact for fact in believed if day in fact.days}
