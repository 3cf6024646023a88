"""What a proof stands on, and what it has found."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from prove.house import House
from prove.town import Town

Times = TypeVar("Times")


@dataclass
class Ground:
    """The house and its town, what is drawn, and whether there is time."""

    house: House
    town: Town
    draw: random.Random
    """Drawn from the seed and the name of the proof: each alone draws what it draws among the others."""
    seed: int
    by_hand: bool

    def times(self, bounded: Times, by_hand: Times) -> Times:
        """How often something is done: in the bounded run, or by hand."""
        return by_hand if self.by_hand else bounded


@dataclass
class Found:
    """What a proof has found."""

    repetitions: int = 0
    figures: dict[str, float | int | str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    """Each thing that was not as promised; none of them: proved."""
    not_possible: str = ""
    """Why it could not be tried on this machine."""

    def expect(self, holds: bool, otherwise: str) -> None:
        """Note what is wrong, where it does not hold."""
        if not holds:
            self.wrong.append(otherwise)

    def expect_equal(self, what: str, told: object, expected: object) -> None:
        """Note what is told otherwise than expected."""
        self.expect(told == expected, f"{what}: {told}, not {expected}")


@dataclass(frozen=True)
class Proof:
    """A proof: its name, what is promised, and what tries it."""

    name: str
    target: str
    """What must hold, with the repetitions by hand."""
    prove: Callable[[Ground], Found]


async def each(calls: Sequence[Callable[[], Awaitable[Times]]], at_once: int) -> list[Times]:
    """What all of these give, so many of them at a time."""
    room = asyncio.Semaphore(at_once)

    async def within(call: Callable[[], Awaitable[Times]]) -> Times:
        async with room:
            return await call()

    return list(await asyncio.gather(*(within(call) for call in calls)))
