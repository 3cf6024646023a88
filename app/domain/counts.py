"""Counts (计数) by what they count: people (人), person-times (人次), things, money; never added across kinds.

A report that calls 32 person-times a share of 112 people states nothing. Each kind is a type of its own, so
that adding or dividing two of different kinds is refused when types are checked, and again when it runs.
"""

from abc import ABC
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import ClassVar, Generic, Self, TypeVar

from app.domain.errors import Invalid


class CountKind(StrEnum):
    """In what something is counted (计量单位)."""

    PERSONS = "persons"
    """人"""
    PERSON_TIMES = "person_times"
    """人次"""
    THINGS = "things"
    """所、项、场次、间"""
    FEN = "fen"
    """分（人民币），百分之一元"""


class CountsMixed(Invalid):
    """People and person-times, or any two kinds of counts, are neither added nor divided."""

    code = "counts_mixed"
    zh = "“{one}”与“{other}”是不同的计量单位，不能相加减，也不能相除作占比。"
    en = "'{one}' and '{other}' are counted differently: they are neither added nor made a share."


class ShareWithoutBase(Invalid):
    """A percentage is of something: with nothing below the line there is none."""

    code = "share_without_base"
    zh = "分母为零，不能计算占比。"
    en = "There is nothing that this could be a share of."


@dataclass(frozen=True, slots=True)
class Count(ABC):
    """A number of one kind; only numbers of the same kind are added, subtracted and compared."""

    number: int
    kind: ClassVar[CountKind]

    def _same(self, other: object) -> int:
        if not isinstance(other, Count) or type(other) is not type(self):
            raise CountsMixed(one=self.kind, other=getattr(other, "kind", type(other).__name__))
        return other.number

    def __add__(self, other: Self) -> Self:
        return type(self)(self.number + self._same(other))

    def __sub__(self, other: Self) -> Self:
        return type(self)(self.number - self._same(other))

    def __lt__(self, other: Self) -> bool:
        return self.number < self._same(other)

    def __int__(self) -> int:
        return self.number


class Persons(Count):
    """People (人), each once."""

    __slots__ = ()
    kind = CountKind.PERSONS


class PersonTimes(Count):
    """Times that people took part (人次): whoever came five times counts five times."""

    __slots__ = ()
    kind = CountKind.PERSON_TIMES


class Things(Count):
    """Schools, activities, topics, rooms: whatever is no person and no money."""

    __slots__ = ()
    kind = CountKind.THINGS


class Fen(Count):
    """Money in hundredths of a yuan (分), so that it is a whole number."""

    __slots__ = ()
    kind = CountKind.FEN


COUNTS: dict[CountKind, type[Count]] = {
    each.kind: each for each in (Persons, PersonTimes, Things, Fen)
}

C = TypeVar("C", bound=Count)
_HUNDREDTH = Decimal("0.01")


def two_places(number: Decimal) -> Decimal:
    """The number as percentages and means are shown: half up to two places."""
    return number.quantize(_HUNDREDTH, ROUND_HALF_UP)


def percent_of(part: int | Decimal, whole: int | Decimal) -> Decimal | None:
    """A part of a hundred, with two places; null of nothing."""
    return two_places(Decimal(100 * part) / whole) if whole else None


@dataclass(frozen=True, slots=True)
class Share(Generic[C]):
    """A part of a whole of the same kind, on a day: a percentage that cannot lose its base."""

    numerator: C
    denominator: C
    as_of: date

    def __post_init__(self) -> None:
        if type(self.numerator) is not type(self.denominator):
            raise CountsMixed(one=self.numerator.kind, other=self.denominator.kind)
        if not self.denominator.number:
            raise ShareWithoutBase

    @property
    def percent(self) -> Decimal:
        """Of a hundred, with two places."""
        return two_places(Decimal(100 * self.numerator.number) / self.denominator.number)

    @property
    def exceeds_whole(self) -> bool:
        """Whether the part is larger than the whole, so that the figures need a look."""
        return self.denominator < self.numerator
