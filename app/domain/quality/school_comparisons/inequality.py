"""Inequality (校际差距) of counts among schools, in whole numbers until the last division.

Two measures, each with its numerator and its denominator. The Gini coefficient is 0 where all have the same
and close to 1 where one has everything: with n schools in ascending order, the sum of (2i - n - 1) times
what the i-th has, divided by n times what all have. The shares of the fifths are what the first and the last
fifth of the schools (rounded up) have of the whole: easier to say aloud, and blind to what lies between.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from app.domain.counts import percent_of

_PLACES = Decimal("0.0001")
_STEPS = 10


class Inequality(NamedTuple):
    """How unequally something is spread; without anything to spread there is no coefficient."""

    schools: int
    total: int
    without: int
    """Schools that have nothing of it."""
    gini_numerator: int
    gini_denominator: int
    fifth: int
    """How many schools a fifth is."""
    top_fifth: int
    bottom_fifth: int
    lorenz: tuple[Decimal, ...]
    """What the lowest tenth, two tenths, … of the schools have, of a hundred; begins with 0."""

    @property
    def gini(self) -> Decimal | None:
        """With four places; null where there is nothing to be spread."""
        if not self.gini_denominator:
            return None
        whole = Decimal(self.gini_numerator) / self.gini_denominator
        return whole.quantize(_PLACES, ROUND_HALF_UP)


def inequality_of(counts: Iterable[int]) -> Inequality:
    """The inequality of what each school has, none of it less than nothing."""
    held = sorted(counts)
    number, total = len(held), sum(held)
    fifth = -(-number // 5)
    # A tenth that ends within a school has that part of what the school has: so an even spread is a straight
    # line, however few schools there are.
    lorenz = tuple(
        percent_of(_lowest(held, number * step), _STEPS * total) or Decimal("0.00")
        for step in range(_STEPS + 1)
    )
    return Inequality(
        schools=number,
        total=total,
        without=sum(1 for each in held if each == 0),
        gini_numerator=sum((2 * i - number - 1) * each for i, each in enumerate(held, 1)),
        gini_denominator=number * total,
        fifth=fifth,
        top_fifth=sum(held[number - fifth :]),
        bottom_fifth=sum(held[:fifth]),
        lorenz=lorenz,
    )


def _lowest(held: list[int], tenths: int) -> int:
    """What so many tenths of a school have, the lowest first; in tenths, too."""
    whole, rest = divmod(tenths, _STEPS)
    return _STEPS * sum(held[:whole]) + (rest * held[whole] if rest else 0)
