"""Comparing numbers that are stated: with the register, and with each other. Pure.

A number is what it is stated to be: `2000多` is at least 2000, `约2000` is 2000 give or take half of its last
digit that is not zero. Persons and person-times are never compared as if they were the same.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import inf
from typing import Any

from app.domain.counts import percent_of, two_places
from app.domain.quality.stated_figures.answer import Answer, Registered, line, plain
from app.domain.quality.stated_figures.vocabulary import (
    FigureBound,
    FigureReason,
    FigureUnit,
    FigureVerdict,
    StatedValue,
    ValueRole,
)

_PERSONAL = {FigureUnit.PERSON, FigureUnit.PERSON_TIME}


def of_role(values: Iterable[StatedValue], role: ValueRole) -> list[StatedValue]:
    """The values that play a part."""
    return [each for each in values if each.role == role]


def amount(value: StatedValue) -> Decimal:
    """The number that is stated; nothing where none is."""
    return value.number or Decimal(0)


def unlike(one: FigureUnit | None, other: FigureUnit | None) -> FigureReason:
    """Why what is counted in two units is not compared."""
    if {one, other} <= _PERSONAL:
        return FigureReason.PERSON_TIMES_AS_PERSONS
    return FigureReason.OTHER_UNIT_OF_COUNTING


def limits(value: StatedValue) -> tuple[Fraction | float, Fraction | float]:
    """The least and the most that a stated number can mean."""
    number = amount(value)
    exact = Fraction(number)
    if value.bound == FigureBound.AT_LEAST:
        return exact, inf
    if value.bound == FigureBound.AT_MOST:
        return Fraction(0), exact
    if value.bound == FigureBound.ABOUT:
        half = Fraction(10) ** _last_digit(number) / 2
        return exact - half, exact + half
    return exact, exact


def _last_digit(number: Decimal) -> int:
    """The power of ten of the last digit that is not zero."""
    exponent = number.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _means(value: StatedValue, found: int) -> bool:
    low, high = limits(value)
    return low <= found <= high


def compare_count(values: Sequence[StatedValue], registered: Registered | None) -> Answer:
    """One number against the register."""
    [value] = of_role(values, ValueRole.VALUE)
    if registered is None:
        return undecided(FigureReason.NOTHING_TO_COMPARE, line(value))
    found = registered.numerator
    if value.counted_in != registered.counted_in:
        reason = unlike(value.counted_in, registered.counted_in)
        return undecided(reason, line(value, found=found), numerator=found)
    if found == 0 and value.number:
        return undecided(FigureReason.NOTHING_REGISTERED, line(value, found=found), numerator=found)
    difference = amount(value) - found
    holds = _means(value, found)
    reason = FigureReason.EQUAL if holds else FigureReason.NUMBER_DIFFERS
    return Answer(
        verdict=FigureVerdict.AGREES if holds else FigureVerdict.DIFFERS,
        reasons=(reason,),
        lines=(line(value, found=found, difference=difference, reason=None if holds else reason),),
        difference=difference,
        numerator=found,
    )


def compare_parts(values: Sequence[StatedValue], registered: Registered | None) -> Answer:
    """The sum of the parts against the whole, and each against the register where that is asked."""
    [whole] = of_role(values, ValueRole.WHOLE)
    parts = of_role(values, ValueRole.PART)
    least, most = (sum(limits(part)[end] for part in parts) for end in (0, 1))
    low, high = limits(whole)
    total = sum((amount(part) for part in parts), Decimal(0))
    gap = amount(whole) - total
    adds_up = least <= high and low <= most
    reasons = [] if adds_up else [FigureReason.PARTS_DIFFER]
    head = line(whole, found=plain(total), difference=gap, reason=reasons[0] if reasons else None)
    lines = [head, *_registered_parts(whole, parts, registered)]
    if registered is not None:
        if not _means(whole, registered.numerator):
            reasons.append(FigureReason.NUMBER_DIFFERS)
        if sum(registered.by_stage.values()) > registered.numerator:
            reasons.append(FigureReason.COUNTED_IN_SEVERAL_PARTS)
    holds = not set(reasons) & {FigureReason.PARTS_DIFFER, FigureReason.NUMBER_DIFFERS}
    return Answer(
        verdict=FigureVerdict.AGREES if holds else FigureVerdict.DIFFERS,
        reasons=tuple(reasons) or (FigureReason.EQUAL,),
        lines=tuple(lines),
        difference=gap,
        numerator=None if registered is None else registered.numerator,
    )


def _registered_parts(
    whole: StatedValue, parts: Sequence[StatedValue], registered: Registered | None
) -> list[dict[str, Any]]:
    """The whole and its parts as the register has them; a part without a stage it does not know."""
    if registered is None:
        return [line(part) for part in parts]
    found = [(whole, registered.numerator)]
    found += [(part, registered.by_stage.get(part.stage or "", 0)) for part in parts if part.stage]
    known = [
        line(
            value, found=number, difference=amount(value) - number,
            reason=None if _means(value, number) else FigureReason.NUMBER_DIFFERS,
        )
        for value, number in found
    ]  # fmt: skip
    return known + [line(part) for part in parts if not part.stage]


def compare_within(values: Sequence[StatedValue], registered: Registered | None) -> Answer:
    """Parts that can be no larger than their whole; what is counted otherwise is only divided by it."""
    [whole] = of_role(values, ValueRole.WHOLE)
    reasons: list[FigureReason] = []
    lines, size = [line(whole)], amount(whole)
    for part in of_role(values, ValueRole.PART):
        above = amount(part)
        quotient = two_places(above / size) if size else None
        if part.counted_in != whole.counted_in:
            reason: FigureReason | None = FigureReason.OTHER_UNIT_OF_COUNTING
            lines.append(line(part, found=f"平均 {quotient}", reason=reason))
        else:
            exceeds = limits(part)[0] > limits(whole)[1]
            reason = FigureReason.EXCEEDS_WHOLE if exceeds else None
            found = None if not size else f"{percent_of(above, size)}%"
            lines.append(line(part, found=found, difference=above - size, reason=reason))
        reasons += [reason] if reason else []
    if registered is not None:
        lines.append(line(whole, label=f"{whole.label}（登记数）", found=registered.numerator))
    verdict = FigureVerdict.AGREES
    if FigureReason.EXCEEDS_WHOLE in reasons:
        verdict = FigureVerdict.CANNOT_BOTH_HOLD
    elif reasons:
        verdict = FigureVerdict.CANNOT_BE_DECIDED
    return Answer(
        verdict=verdict,
        reasons=tuple(dict.fromkeys(reasons)) or (FigureReason.FITS,),
        lines=tuple(lines),
        numerator=None if registered is None else registered.numerator,
    )


def undecided(reason: FigureReason, *lines: dict[str, Any], numerator: int | None = None) -> Answer:
    """What the register, or what is stated, leaves open."""
    return Answer(
        verdict=FigureVerdict.CANNOT_BE_DECIDED,
        reasons=(reason,),
        lines=lines,
        numerator=numerator,
    )
