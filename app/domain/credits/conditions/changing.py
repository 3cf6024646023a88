"""What would change that a condition is not met: found by asking the rules again, each time with one
thing otherwise. Pure.

* so much more, for each window that is still open, if the caps leave room for it;
* a cap's cuts, or a reversal, without which less would be missing;
* nothing, where a window is over.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec import Struct, structs

from app.domain.credits.conditions.judging import (
    Answer,
    Question,
    judge_condition,
    without_cap,
)
from app.domain.credits.packs.clauses import Requirement
from app.domain.credits.packs.parts import EntryKind, Selection, Text
from app.domain.credits.rules import (
    Entry,
    RequirementStanding,
    Said,
    Verdict,
    WindowStanding,
)
from app.domain.credits.rules.facts import ZERO
from app.domain.credits.rules.wording import UNITS, say

_PROBE = UUID(int=0)


class RemedyKind(StrEnum):
    """What would have to be otherwise."""

    EARN = "earn"  # 再取得
    CAP = "cap"  # 上限核减
    REVERSAL = "reversal"  # 冲销
    OVER = "over"  # 期间已结束


class Change(Struct, frozen=True, kw_only=True):
    """One thing that would change what a requirement lacks in a window; amounts in the pack's unit.

    `amount` is what has to count more, what the cap cut, or what was reversed; `missing_after` is what
    the window would then still lack.
    """

    kind: RemedyKind
    requirement_id: str
    start: date
    end: date
    amount: Decimal
    missing: Decimal
    missing_after: Decimal
    cap_id: str | None = None
    entry_id: UUID | None = None
    said: Said


def changes_of(question: Question, entries: Sequence[Entry], answer: Answer) -> tuple[Change, ...]:
    """Everything that would change it, requirement by requirement; nothing where it is met."""
    lacking = _lacking(answer)
    if not lacking:
        return ()
    asking = _Asking(question, [each for each in entries if each.earned_on <= question.as_of])
    return (
        *(asking.more(each) for each in lacking),
        *asking.less_cut(lacking, answer),
        *asking.less_struck(lacking),
    )


@dataclass(frozen=True)
class _Lack:
    """A window in which something is missing."""

    requirement: RequirementStanding
    window: WindowStanding

    @property
    def title(self) -> Text:
        return Text(zh=self.requirement.title_zh, en=self.requirement.title_en)


def _lacking(answer: Answer) -> list[_Lack]:
    return [
        _Lack(requirement, window)
        for requirement in answer.standing.requirements
        if requirement.verdict in {Verdict.OPEN, Verdict.MISSED}
        for window in requirement.windows
        if window.missing
    ]


class _Asking:
    """A question that is asked again and again."""

    def __init__(self, question: Question, entries: Sequence[Entry]) -> None:
        self.question = question
        self.entries = entries
        self.unit = UNITS[question.pack.document.unit]

    def more(self, lack: _Lack) -> Change:
        """How much more has to count in a window, and whether the caps leave room for it."""
        window, missing = lack.window, lack.window.missing
        words = {"start": window.start, "end": window.end, "amount": missing}
        rule = self._rule(lack)
        of, unbroken = rule.of, rule.unbroken is not None
        day = _first_day(of, max(window.start, self.question.as_of))
        if window.verdict is Verdict.MISSED or day is None or day > window.end:
            return self._change(RemedyKind.OVER, lack, missing, missing, "over", **words)
        probe = _probe(of, missing, day)
        asked = structs.replace(self.question, as_of=day)
        answer = judge_condition(asked, [*self.entries, probe])
        after = _missing(answer, lack)
        if not after:
            code = "would_meet_at_once" if unbroken else "would_meet"
            return self._change(RemedyKind.EARN, lack, missing, after, code, **words)
        cuts = answer.counted[_PROBE].cuts if _PROBE in answer.counted else ()
        if not cuts:
            return self._change(RemedyKind.EARN, lack, missing, after, "no_rules_then", day=day)
        titles = [self._cap(cut.cap_id) for cut in cuts]
        caps = Text(
            zh="、".join(f"“{each.zh}”" for each in titles),
            en=" and ".join(f"“{each.en}”" for each in titles),
        )
        # Of what is to come in one piece a part that counts makes nothing less missing.
        room = answer.counted[_PROBE].counted if unbroken else missing - after
        return self._change(
            RemedyKind.EARN, lack, missing, after, "caps_leave", caps=caps, room=room, **words
        )

    def less_cut(self, lacking: Sequence[_Lack], answer: Answer) -> Iterator[Change]:
        """What would be missing without each cap that cut something, if that is less."""
        cut: dict[str, Decimal] = {}
        for counted in answer.counted.values():
            for each in counted.cuts:
                cut[each.cap_id] = cut.get(each.cap_id, ZERO) + each.amount
        for cap_id, amount in cut.items():
            without = judge_condition(without_cap(self.question, cap_id), self.entries)
            for lack, after in _improved(lacking, without):
                words = {"cap": self._cap(cap_id), "missing": lack.window.missing, "after": after}
                change = self._change(RemedyKind.CAP, lack, amount, after, "without_cap", **words)
                yield structs.replace(change, cap_id=cap_id)

    def less_struck(self, lacking: Sequence[_Lack]) -> Iterator[Change]:
        """What would be missing without each reversal of an entry within the frame, if that is less."""
        frame, in_credits = self.question.frame, self.question.pack.in_credits
        struck = {each.reverses_id: each for each in self.entries if each.reverses_id}
        for entry in self.entries:
            if entry.id not in struck or not frame.start <= entry.earned_on <= frame.end:
                continue
            rest = [each for each in self.entries if each is not struck[entry.id]]
            amount = entry.credits if in_credits else entry.hours
            for lack, after in _improved(lacking, judge_condition(self.question, rest)):
                change = self._change(
                    RemedyKind.REVERSAL, lack, amount, after, "without_reversal",
                    entry=entry.sequence, day=entry.earned_on, amount=amount,
                    missing=lack.window.missing, after=after,
                )  # fmt: skip
                yield structs.replace(change, entry_id=entry.id)

    def _rule(self, lack: _Lack) -> Requirement:
        rules = (each.rule for each in self.question.pack.requirements)
        return next(rule for rule in rules if rule.id == lack.requirement.id)

    def _cap(self, cap_id: str) -> Text:
        rules = (cap.rule for pack in self.question.packs for cap in pack.caps)
        return next(rule.title for rule in rules if rule.id == cap_id)

    def _change(
        self,
        kind: RemedyKind,
        lack: _Lack,
        need: Decimal,
        left: Decimal,
        code: str,
        **words: object,
    ) -> Change:
        values: dict[str, Any] = {"rule": lack.title, "unit": self.unit, "amount": need} | words
        return Change(
            kind=kind,
            requirement_id=lack.requirement.id,
            start=lack.window.start,
            end=lack.window.end,
            amount=need,
            missing=lack.window.missing,
            missing_after=left,
            said=say(code, **values),
        )


def _first_day(of: Selection, day: date) -> date | None:
    """The first day from this one on that lies in a year which the selection means, if there is one."""
    years = [year for year in of.year if year >= day.year]
    if not of.year or day.year in years:
        return day
    return date(min(years), 1, 1) if years else None


def _probe(of: Selection, amount: Decimal, day: date) -> Entry:
    """An entry of that day that the selection means, and as little else as can be."""
    first: dict[str, Any] = {
        name: accepted[0] for name, accepted in of if accepted and name != "year"
    }
    for name in ("content", "posts"):
        first[name] = (first[name],) if name in first else ()
    kind = first.pop("kind", EntryKind.EARN)
    return Entry(
        id=_PROBE,
        # After all others in the ledger, as whatever is earned from now on.
        sequence=2**31,
        kind=kind,
        earned_on=day,
        recorded_at=datetime(day.year, day.month, day.day, tzinfo=UTC),
        hours=amount,
        credits=amount,
        **first,
    )


def _improved(lacking: Sequence[_Lack], answer: Answer) -> Iterator[tuple[_Lack, Decimal]]:
    for lack in lacking:
        after = _missing(answer, lack)
        if after < lack.window.missing:
            yield lack, after


def _missing(answer: Answer, lack: _Lack) -> Decimal:
    """What the same window of the same requirement lacks in another answer."""
    return next(
        window.missing
        for requirement in answer.standing.requirements
        if requirement.id == lack.requirement.id
        for window in requirement.windows
        if window.start == lack.window.start
    )
