"""From a person's ledger to the account of one cycle: opening, lines, closing. Pure.

What counts is taken from `rules.evaluate`; here it is only laid beside the lines, with the reasons.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from app.domain.credits.packs.parts import EntryKind
from app.domain.credits.rules import (
    Counted,
    Cut,
    Entry,
    Facts,
    Pack,
    Said,
    Standing,
    Verdict,
    evaluate,
)
from app.domain.credits.rules.fold import in_force, recorded_on, signed
from app.domain.credits.rules.wording import UNITS, say
from app.domain.credits.standings.views import spread
from app.domain.credits.statements.views import LineState
from app.sql import Row


def account_of(
    facts: Facts, entries: Sequence[Entry], pack: Pack, as_of: date, known_on: date | None
) -> tuple[Row, Standing]:
    """`opening`, `lines` and `closing` of the cycle of `as_of`, and the standing that they lead to."""
    standing = evaluate(facts, entries, pack, as_of, known_on)
    start, end = standing.cycle.start, min(as_of, standing.cycle.end)
    known = sorted(
        (each for each in entries if known_on is None or recorded_on(each) <= known_on),
        key=lambda each: each.sequence,
    )
    balance = opening = _balance(each for each in in_force(known) if each.earned_on < start)
    told = _Telling(known, pack.for_person(facts), standing)
    lines = []
    for each in known:
        if start <= each.earned_on <= end:
            line = told.line(each)
            balance = {
                "entries": balance["entries"] + (-1 if each.kind == EntryKind.REVERSE else 1),
                "hours": balance["hours"] + line["hours"],
                "credits": balance["credits"] + line["credits"],
            }
            after = {f"balance_{name}": balance[name] for name in ("hours", "credits")}
            lines.append(line | after)
    return {"opening": opening, "lines": lines, "closing": balance}, standing


def _balance(entries: Iterable[Entry]) -> Row:
    number, hours, credited = 0, Decimal("0.00"), Decimal("0.00")
    for each in entries:
        own = signed(each)
        number, hours, credited = number + 1, hours + own[0], credited + own[1]
    return {"entries": number, "hours": hours, "credits": credited}


class _Telling:
    """What is told of each line under one standing."""

    def __init__(self, known: Sequence[Entry], pack: Pack, standing: Standing) -> None:
        self.pack = pack
        self.unit = UNITS[pack.document.unit]
        self.counted = {each.entry_id: each for each in standing.entries}
        self.reversals = {
            each.reverses_id: each.id for each in known if each.kind == EntryKind.REVERSE
        }
        by_id = {each.id: each for each in known}
        self.struck = {key: by_id[key] for key in self.reversals if key in by_id}
        self.caps = {cap.rule.id: cap.rule for cap in pack.caps}
        asked = {each.id for each in standing.requirements if each.verdict is not Verdict.WAIVED}
        self.asked = [each for each in pack.requirements if each.rule.id in asked]

    def line(self, entry: Entry) -> Row:
        """The line of an entry, without the balance after it."""
        counted = self.counted.get(entry.id)
        amount, cuts = (counted.counted, counted.cuts) if counted else (Decimal("0.00"), ())
        hours, credited = self._worth(entry)
        return {
            "entry_id": entry.id,
            "sequence": entry.sequence,
            "kind": entry.kind,
            "source_kind": entry.source_kind,
            "level": entry.level,
            "activity_kind": entry.activity_kind,
            "earned_on": entry.earned_on,
            "recorded_at": entry.recorded_at,
            "pack_id": entry.pack_id,
            "pack_version": entry.pack_version,
            "reverses_id": entry.reverses_id,
            "reversed_by_id": self.reversals.get(entry.id),
            "hours": hours,
            "credits": credited,
            "state": self._state(entry, counted),
            "counted": amount,
            "cuts": [spread(cut) for cut in cuts],
            "why": [spread(said) for said in self._why(entry, counted)],
        }

    def _worth(self, entry: Entry) -> tuple[Decimal, Decimal]:
        """A reversal takes away what its entry had brought, whatever sign it was written with."""
        struck = self.struck.get(entry.reverses_id) if entry.reverses_id else None
        hours, credited = signed(struck or entry)
        return (-hours, -credited) if struck else (hours, credited)

    def _state(self, entry: Entry, counted: Counted | None) -> LineState:
        if entry.kind == EntryKind.REVERSE:
            return LineState.REVERSAL
        if counted is None:
            return LineState.STRUCK
        if counted.cuts:
            return LineState.CUT
        return LineState.COUNTED if counted.counted else LineState.NOTHING

    def _why(self, entry: Entry, counted: Counted | None) -> list[Said]:
        if entry.kind == EntryKind.REVERSE:
            return [say("reverses", entry=entry.reverses_id)]
        if counted is None:
            return [say("struck")]
        steps = [self._cut(cut) for cut in counted.cuts]
        if counted.counted:
            names = {each.name for each in self.pack.matching(entry)[1]}
            steps += [
                say("serves", each.rule.ground, rule=each.rule.title, amount=counted.counted)
                for each in self.asked
                if each.sum in names
            ]
        return [*steps, say("counted", amount=counted.counted, unit=self.unit)]

    def _cut(self, cut: Cut) -> Said:
        rule = self.caps[cut.cap_id]
        words: dict[str, Any] = {"rule": rule.title, "cut": cut.amount, "unit": self.unit}
        return say("cut", rule.maximum, **words)
