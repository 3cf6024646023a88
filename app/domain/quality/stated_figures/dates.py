"""Comparing dates that are stated: whether events can have been in the order in which they are told. Pure."""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date

from app.domain.quality.stated_figures.answer import Answer, line
from app.domain.quality.stated_figures.numbers import of_role
from app.domain.quality.stated_figures.vocabulary import (
    FigureReason,
    FigureVerdict,
    StatedValue,
    ValueRole,
)

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def days_of(text: str | None) -> tuple[date, date] | None:
    """The first and the last day that a year, a month or a day can mean; None for what is no date."""
    found = _DATE.fullmatch(text or "")
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    if month is None:
        return first, first.replace(month=12, day=31)
    if day is None:
        return first, first.replace(day=monthrange(first.year, month)[1])
    return first, first


def compare_date_order(values: Sequence[StatedValue]) -> Answer:
    """Events in the order in which they are told: none can have ended before one that it followed began."""
    events = of_role(values, ValueRole.EVENT)
    spans = [days_of(each.says) for each in events]
    lines = [
        line(each, reason=None if span else FigureReason.DATE_MISSING)
        for each, span in zip(events, spans, strict=True)
    ]
    clashes = [
        line(
            events[later], label=f"{events[at].label} → {events[later].label}",
            found=f"{begins[0]} > {ends[1]}", reason=FigureReason.DATES_CONTRADICT,
        )
        for at, begins in enumerate(spans)
        for later, ends in enumerate(spans)
        if later > at and begins and ends and begins[0] > ends[1]
    ]  # fmt: skip
    reasons = [FigureReason.DATES_CONTRADICT] if clashes else []
    reasons += [FigureReason.DATE_MISSING] if None in spans else []
    verdict = FigureVerdict.AGREES
    if reasons:
        verdict = FigureVerdict.CANNOT_BOTH_HOLD if clashes else FigureVerdict.CANNOT_BE_DECIDED
    return Answer(
        verdict=verdict,
        reasons=tuple(reasons) or (FigureReason.FITS,),
        lines=(*lines, *clashes),
    )
