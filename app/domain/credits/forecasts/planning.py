"""Which of the things on offer close what is missing with the fewest hours. Pure; the rules count.

The caps make this a problem of choice: what one thing takes of a cap's room another cannot have. Of few
things every choice is tried, and the answer is the best there is (`exact`). Of more, the one that closes
most for each of its hours is taken, again and again, and what proves needless is put back (`greedy`): that
is good, and not always the best.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from itertools import combinations
from uuid import UUID

from msgspec import Struct, structs

from app.domain.credits.rules import (
    Entry,
    Facts,
    Pack,
    Standing,
    Verdict,
    advance,
    evaluate,
    fold,
)
from app.domain.credits.rules.calendar import Cycle
from app.domain.credits.rules.facts import ZERO
from app.domain.credits.rules.judgement import judge

_LACKING = {Verdict.OPEN, Verdict.MISSED}

TRIED_EXACTLY = 8
"""Of so many useful things every choice is tried: 256 at most."""


class Method(StrEnum):
    """How a plan was found."""

    NOTHING_MISSING = "nothing_missing"  # 无缺额
    NOTHING_HELPS = "nothing_helps"  # 无可用活动
    EXACT = "exact"  # 穷举所得最优
    GREEDY = "greedy"  # 贪心所得，未必最优


class Ahead(Struct, frozen=True):
    """Something that lies ahead: its hours, and the entry that it would bring.

    The entry's id is that of the thing; its place in the ledger is given when it is counted.
    """

    hours: Decimal
    entry: Entry

    @property
    def id(self) -> UUID:
        """The key of the thing."""
        return self.entry.id


class Plan(Struct, frozen=True):
    """What to take part in, and the standing at the cycle's end with it."""

    method: Method
    chosen: tuple[Ahead, ...]
    standing: Standing


class Outlook:
    """A person's cycle, seen from its end."""

    def __init__(self, facts: Facts, entries: Sequence[Entry], pack: Pack, cycle: Cycle) -> None:
        self._facts, self._entries, self._end = facts, entries, cycle.end
        self._pack = pack.for_person(facts)
        self._last = max((each.sequence for each in entries), default=0)
        self._earned, _ = fold(entries, self._pack, cycle)

    def standing(self, more: Sequence[Ahead] = ()) -> Standing:
        """The standing at the cycle's end if these were entered too, each on its own day."""
        return evaluate(self._facts, [*self._entries, *self._added(more)], self._pack, self._end)

    def gap(self, more: Sequence[Ahead]) -> Decimal:
        """What is missing in that standing: going on from what is earned, and without the words."""
        sums = {name: dict(held) for name, held in self._earned.sums.items()}
        state = structs.replace(self._earned, sums=sums)
        for each in self._added(more):
            if state.start <= each.earned_on <= state.end:
                advance(state, each, self._pack)
        judged = judge(state, self._facts, self._pack, self._end)
        return sum(
            (
                window.missing
                for each in judged
                if each.verdict in _LACKING
                for window in each.windows
            ),
            ZERO,
        )

    def _added(self, more: Sequence[Ahead]) -> list[Entry]:
        """The entries of these as the ledger would go on with them."""
        ordered = sorted(more, key=lambda each: (each.entry.earned_on, each.id))
        return [
            structs.replace(each.entry, sequence=self._last + number)
            for number, each in enumerate(ordered, 1)
        ]

    def plan(self, course: Sequence[Ahead], offers: Sequence[Ahead]) -> Plan:
        """What of the offers to add to the course, so that as little as can be is missing at the end."""
        present = self.standing(course)
        missing = gap(present)
        if not missing:
            return Plan(Method.NOTHING_MISSING, (), present)
        # What brings nothing alone brings nothing beside others, which only take room under the caps.
        useful = [each for each in offers if self.gap([*course, each]) < missing]
        if not useful:
            return Plan(Method.NOTHING_HELPS, (), present)
        if len(useful) <= TRIED_EXACTLY:
            chosen, method = self._best(course, useful), Method.EXACT
        else:
            chosen, method = self._grown(course, useful, missing), Method.GREEDY
        return Plan(method, tuple(chosen), self.standing([*course, *chosen]))

    def _best(self, course: Sequence[Ahead], useful: Sequence[Ahead]) -> Sequence[Ahead]:
        """The choice that leaves least missing, with the fewest hours, of the fewest things."""

        def cost(chosen: Sequence[Ahead]) -> tuple[Decimal, Decimal, int]:
            return self.gap([*course, *chosen]), _hours(chosen), len(chosen)

        return min(_choices(useful), key=cost)

    def _grown(
        self, course: Sequence[Ahead], useful: Sequence[Ahead], missing: Decimal
    ) -> Sequence[Ahead]:
        chosen: list[Ahead] = []
        rest = list(useful)
        while missing and rest:
            gaps = {each.id: self.gap([*course, *chosen, each]) for each in rest}
            best = min(rest, key=lambda each: ((gaps[each.id] - missing) / each.hours, each.hours))
            if gaps[best.id] >= missing:
                break
            # What helps no longer will help no more: the room under the caps only shrinks.
            rest = [each for each in rest if each is not best and gaps[each.id] < missing]
            missing = gaps[best.id]
            chosen.append(best)
        for each in sorted(chosen, key=lambda one: -one.hours):
            without = [one for one in chosen if one is not each]
            if self.gap([*course, *without]) <= missing:
                chosen = without
        return chosen


def gap(standing: Standing) -> Decimal:
    """What is missing of all that is asked of the person; of what cannot be told, nothing."""
    return sum(
        (each.missing for each in standing.requirements if each.verdict in _LACKING),
        ZERO,
    )


def _choices(things: Sequence[Ahead]) -> Iterator[Sequence[Ahead]]:
    for number in range(len(things) + 1):
        yield from combinations(things, number)


def _hours(things: Sequence[Ahead]) -> Decimal:
    return sum((each.hours for each in things), ZERO)
