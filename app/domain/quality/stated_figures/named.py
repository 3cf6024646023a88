"""Comparing what things are called: several wordings of one thing, names, numbering and terms. Pure."""

import re
from collections.abc import Sequence

from app.domain.quality.stated_figures.answer import Answer, Registered, line, stated, words_of
from app.domain.quality.stated_figures.numbers import amount, of_role
from app.domain.quality.stated_figures.vocabulary import (
    FigureReason,
    FigureVerdict,
    StatedValue,
    ValueRole,
)

_MASKED = re.compile(r"[*＊×○]|某")
_LATIN = re.compile(r"[A-Za-z' -]+")
_CHINESE = {sign: number for number, sign in enumerate("一二三四五六七八九十", start=1)}
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_ENGLISH = (
    ("first", "one"), ("second", "two"), ("third", "three"), ("fourth", "four"), ("fifth", "five"),
    ("sixth", "six"), ("seventh", "seven"), ("eighth", "eight"), ("ninth", "nine"),
    ("tenth", "ten"),
)  # fmt: skip


def compare_one_value(values: Sequence[StatedValue]) -> Answer:
    """What is said of one thing in several places: all of it is the same, or not all of it holds."""
    said = of_role(values, ValueRole.VALUE)
    first = stated(said[0])
    differs = [each for each in said if stated(each) != first]
    reason = FigureReason.VALUES_DIFFER
    return Answer(
        verdict=FigureVerdict.CANNOT_BOTH_HOLD if differs else FigureVerdict.AGREES,
        reasons=(reason if differs else FigureReason.EQUAL,),
        lines=tuple(line(each, reason=reason if each in differs else None) for each in said),
    )


def compare_numbering(values: Sequence[StatedValue]) -> Answer:
    """The numbers of sections in their order: each follows the one before it."""
    lines, reasons = [], []
    before: dict[str | None, int] = {}
    for each in of_role(values, ValueRole.SECTION):
        number, last = number_of(words_of(each)), before.get(each.scope, 0)
        reason = found = None
        if number is None:
            found, reason = "不是编号", FigureReason.NUMBER_MISSING
        elif number > last + 1:
            missing = range(last + 1, number)
            found, reason = f"缺 {'、'.join(map(str, missing))}", FigureReason.NUMBER_MISSING
        elif number <= last:
            found, reason = f"前一编号为 {last}", FigureReason.NUMBER_REPEATED
        if number is not None:
            before[each.scope] = number
        reasons += [reason] if reason else []
        lines.append(line(each, found=found, reason=reason))
    return Answer(
        verdict=FigureVerdict.DIFFERS if reasons else FigureVerdict.AGREES,
        reasons=tuple(dict.fromkeys(reasons)) or (FigureReason.FITS,),
        lines=tuple(lines),
    )


def number_of(text: str) -> int | None:
    """The number that heads a section: `三`, `3`, `III`, `(V)`, `Eight`; None for what is none."""
    bare = text.strip(" .、．()（）是第").strip()
    if bare.isdecimal():
        return int(bare)
    if bare in _CHINESE:
        return _CHINESE[bare]
    if bare in _ROMAN:
        return _ROMAN.index(bare) + 1
    return next((at for at, words in enumerate(_ENGLISH, 1) if bare.lower() in words), None)


def compare_names(values: Sequence[StatedValue], registered: Registered | None) -> Answer:
    """Names as they stand there: masked, cut off, meaning several, or on no register; and how many of all."""
    names = of_role(values, ValueRole.NAME)
    lines, reasons = [], []
    for each in names:
        name = words_of(each)
        reason = _unfit(name, [words_of(other) for other in names if other is not each])
        if reason is None and registered is not None and name not in registered.known_names:
            reason = FigureReason.NAME_UNKNOWN
        reasons += [reason] if reason else []
        lines.append(line(each, reason=reason))
    for whole in of_role(values, ValueRole.WHOLE):
        gap = amount(whole) - len(names)
        if gap > 0:
            reasons.append(FigureReason.NOT_ALL_NAMED)
            lines.append(
                line(whole, found=len(names), difference=gap, reason=FigureReason.NOT_ALL_NAMED)
            )
    verdict = FigureVerdict.AGREES
    if reasons:
        unknown = set(reasons) == {FigureReason.NAME_UNKNOWN}
        verdict = FigureVerdict.DIFFERS if unknown else FigureVerdict.CANNOT_BE_DECIDED
    return Answer(
        verdict=verdict,
        reasons=tuple(dict.fromkeys(reasons)) or (FigureReason.FITS,),
        lines=tuple(lines),
    )


def _unfit(name: str, others: Sequence[str]) -> FigureReason | None:
    """What is wrong with a name by itself, and among the others beside it."""
    if _MASKED.search(name):
        return FigureReason.NAME_MASKED
    words = name.split()
    if any(other.startswith(f"{name} ") for other in others) and len(words) == 1:
        return FigureReason.NAME_SHARED
    if len(name) == 1 or (_LATIN.fullmatch(name) and len(words) == 1):
        return FigureReason.NAME_INCOMPLETE
    return None


def compare_term(values: Sequence[StatedValue]) -> Answer:
    """A term, and the definition that the document or a rule gives of it, where there is one."""
    lines = [line(each) for each in values]
    if of_role(values, ValueRole.DEFINITION):
        return Answer(
            verdict=FigureVerdict.AGREES, reasons=(FigureReason.FITS,), lines=tuple(lines)
        )
    return Answer(
        verdict=FigureVerdict.UNDEFINED_TERM,
        reasons=(FigureReason.NOT_DEFINED,),
        lines=tuple(lines),
    )
