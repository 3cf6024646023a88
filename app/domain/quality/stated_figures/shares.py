"""Comparing percentages: with their numerator and base, and with each other. Pure.

A percentage is as exact as it is written: `29%` is of every base of which the numerator is 28.5 % or more
and less than 29.5 %. Without its base it says nothing that could be checked.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import floor, inf

from app.domain.counts import percent_of
from app.domain.quality.stated_figures.answer import Answer, Registered, line, plain
from app.domain.quality.stated_figures.numbers import amount, of_role, undecided, unlike
from app.domain.quality.stated_figures.vocabulary import (
    FigureReason,
    FigureUnit,
    FigureVerdict,
    StatedValue,
    ValueRole,
)


def compare_share(values: Sequence[StatedValue], registered: Registered | None) -> Answer:
    """A percentage against its numerator and its base; without a base it says nothing."""
    [share] = of_role(values, ValueRole.SHARE)
    numerator = next(iter(of_role(values, ValueRole.NUMERATOR)), None)
    base = next(iter(of_role(values, ValueRole.BASE)), None)
    shown = [line(each) for each in (numerator, base) if each is not None]
    counted = None if registered is None else registered.denominator
    if numerator is not None and base is not None:
        return _divided(share, numerator, base)
    if counted is not None and registered is not None and counted > 0:
        found = percent_of(registered.numerator, counted)
        shown.append(line(share, found=f"{registered.numerator}/{counted} = {found}%"))
    reasons = [FigureReason.BASE_MISSING]
    if numerator is not None:
        if numerator.counted_in == FigureUnit.PERSON_TIME:
            reasons.append(FigureReason.PERSON_TIMES_AS_PERSONS)
        low, high = bases_of(numerator, share)
        shown.append(line(None, label=f"{share.label}：可成立的基数", found=_range(low, high)))
    return Answer(
        verdict=FigureVerdict.CANNOT_BE_DECIDED,
        reasons=tuple(reasons),
        lines=tuple(shown),
        numerator=None if registered is None else registered.numerator,
        denominator=counted,
    )


def _divided(share: StatedValue, numerator: StatedValue, base: StatedValue) -> Answer:
    """A percentage with both: whether it is the one by the other, of things that can be divided so."""
    above, below = amount(numerator), amount(base)
    shown, value = (line(numerator), line(base)), percent_of(above, below)
    if numerator.counted_in != base.counted_in:
        unfit = unlike(numerator.counted_in, base.counted_in)
        found = None if value is None else f"{plain(above)}/{plain(below)} = {value}%"
        return undecided(unfit, *shown, line(share, found=found, reason=unfit))
    if value is None:
        return undecided(FigureReason.BASE_MISSING, *shown, line(share))
    low, high = bases_of(numerator, share)
    reasons = []
    if above > below:
        reasons.append(FigureReason.EXCEEDS_WHOLE)
    if not low <= below <= high:
        reasons.append(FigureReason.SHARE_DIFFERS)
    difference = amount(share) - value
    reason = reasons[0] if reasons else None
    found = f"{plain(above)}/{plain(below)} = {value}%"
    lines = (*shown, line(share, found=found, difference=difference, reason=reason))
    return Answer(
        verdict=FigureVerdict.CANNOT_BOTH_HOLD if reasons else FigureVerdict.AGREES,
        reasons=tuple(reasons) or (FigureReason.EQUAL,),
        lines=lines,
        difference=difference,
    )


def bases_of(numerator: StatedValue, share: StatedValue) -> tuple[int, float]:
    """The whole numbers of which the numerator is the share, as exactly as that is stated."""
    above, stated = Fraction(amount(numerator)), amount(share)
    exponent = stated.as_tuple().exponent
    digits = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    half = Fraction(1, 2 * 10**digits)
    low, high = Fraction(stated) - half, Fraction(stated) + half
    # Half is rounded up: the lower end belongs to it, the upper does not.
    least = floor(100 * above / high) + 1
    return least, (floor(100 * above / low) if low > 0 else inf)


def _range(low: int, high: float) -> str:
    if low > high:
        return "无"
    return f"{low}" if low == high else f"{low}–{'' if high == inf else int(high)}"


def compare_joint_shares(values: Sequence[StatedValue], registered: Registered | None) -> Answer:
    """Several percentages of what should be one head-count: whether there is one that fits them all."""
    numerators = {each.scope: each for each in of_role(values, ValueRole.NUMERATOR)}
    pairs = [(numerators[each.scope], each) for each in of_role(values, ValueRole.SHARE)]
    ranges = [bases_of(*pair) for pair in pairs]
    least, most = max(low for low, _ in ranges), min(high for _, high in ranges)
    lines = [
        line(share, label=f"{above.label}：{share.label}", found=_range(*found))
        for (above, share), found in zip(pairs, ranges, strict=True)
    ]
    bases = of_role(values, ValueRole.BASE)
    for base in bases:
        number = amount(base)
        fits = [
            share.label
            for (_, share), (low, high) in zip(pairs, ranges, strict=True)
            if low <= number <= high
        ]
        lines.append(line(base, found="、".join(fits) or "均不成立"))
    reasons = [FigureReason.NO_COMMON_BASE] if least > most else []
    if bases and not any(least <= amount(base) <= most for base in bases):
        reasons.append(FigureReason.STATED_BASE_UNFIT)
    if len({base.number for base in bases}) > 1:
        reasons.append(FigureReason.BASES_DIFFER)
    if any(above.counted_in == FigureUnit.PERSON_TIME for above, _ in pairs):
        reasons.append(FigureReason.PERSON_TIMES_AS_PERSONS)
    if registered is not None:
        lines.append(line(None, label="系统登记人数", found=registered.numerator))
    cannot = least > most or FigureReason.STATED_BASE_UNFIT in reasons
    return Answer(
        verdict=FigureVerdict.CANNOT_BOTH_HOLD if cannot else FigureVerdict.AGREES,
        reasons=tuple(reasons) or (FigureReason.FITS,),
        lines=tuple(lines),
        numerator=None if registered is None else registered.numerator,
    )
