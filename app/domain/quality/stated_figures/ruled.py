"""Comparing rules that are stated: whether those of one place contradict each other. Pure."""

from collections.abc import Sequence

from app.domain.quality.stated_figures.answer import Answer, line, words_of
from app.domain.quality.stated_figures.numbers import limits, of_role, undecided
from app.domain.quality.stated_figures.vocabulary import (
    FigureReason,
    FigureVerdict,
    StatedValue,
    ValueRole,
)


def compare_rules(values: Sequence[StatedValue]) -> Answer:
    """Rules about the same people: those of one place may not contradict each other.

    Two places may say what they like: their rules stand side by side and are not compared.
    """
    rules = of_role(values, ValueRole.RULE)
    lines = [line(each, label=f"{each.scope or ''}：{each.label}") for each in rules]
    clashes = [
        (one, other, shared)
        for at, one in enumerate(rules)
        for other in rules[at + 1 :]
        if one.scope == other.scope
        and (shared := _subjects(one) & _subjects(other))
        and _contradict(one, other)
    ]
    if clashes:
        lines += [
            line(other, label=f"{one.label}／{other.label}", found="、".join(sorted(shared)),
                 reason=FigureReason.RULES_CONFLICT)
            for one, other, shared in clashes
        ]  # fmt: skip
        return Answer(
            verdict=FigureVerdict.CANNOT_BOTH_HOLD,
            reasons=(FigureReason.RULES_CONFLICT,),
            lines=tuple(lines),
        )
    if len({each.scope for each in rules}) > 1:
        return undecided(FigureReason.JURISDICTIONS_DIFFER, *lines)
    return Answer(verdict=FigureVerdict.AGREES, reasons=(FigureReason.FITS,), lines=tuple(lines))


def _subjects(rule: StatedValue) -> frozenset[str]:
    """About whom a rule speaks: what its wording lists."""
    return frozenset(filter(None, words_of(rule).replace("，", "、").split("、")))


def _contradict(one: StatedValue, other: StatedValue) -> bool:
    """Two bounds of one kind that differ say not which governs; others clash where they leave nothing."""
    if one.counted_in != other.counted_in:
        return False
    if one.bound == other.bound:
        return one.number != other.number
    (low, high), (least, most) = limits(one), limits(other)
    return low > most or least > high
