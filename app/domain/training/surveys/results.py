"""What is made of the counts: shares with their bases, means, words; and which groups may be shown."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from app.domain.training.surveys.cells import Homes, SideBySide
from app.domain.training.surveys.counting import PRESENCE, WHOLE, Cell, Tally
from app.domain.training.surveys.questions import CHOICES, QuestionKind
from app.domain.training.surveys.vocabulary import Breakdown
from app.sql import Row

OVERLAPPING = {Breakdown.RANK, Breakdown.POST, Breakdown.LAYER, Breakdown.CATEGORY}
"""Breakdowns by which somebody can be in several groups."""


def _share(count: int, base: int) -> Decimal:
    return (Decimal(count) / base).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def _mean(total: Decimal, count: int) -> Decimal:
    return (total / count).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _options(question: Row, base: int, values: Mapping[str, list[tuple[int, int]]]) -> list[Row]:
    """Each option, or each step of a scale, with how many chose it, or put it first."""
    kind, offered = question["kind"], {each["code"]: each["text"] for each in question["options"]}
    if kind == QuestionKind.SCALE:
        steps = range(question["minimum"], question["maximum"] + 1)
        offered = {str(step): str(step) for step in steps}
    ranked = kind == QuestionKind.RANKING
    rows = []
    for code, text in offered.items():
        places = values.get(code, [])
        count = sum(count for place, count in places if place == 1 or not ranked)
        mean_place = None
        if ranked and base:
            mean_place = _mean(Decimal(sum(place * count for place, count in places)), base)
        share = _share(count, base)
        rows.append({"value": code, "text": text, "count": count, "share": share,
                     "mean_place": mean_place})  # fmt: skip
    return rows


def result_of(question: Row, tally: Tally, by: str, group: str, *, shown: bool, texts: bool) -> Row:
    """What a group answered to one question; without figures where it is a small cell."""
    cell = Cell(by, group, question["code"])
    base, kind = tally.base(*cell), QuestionKind(question["kind"])
    row = {name: question[name] for name in ("code", "kind", "text")}
    if not shown or not base:
        unknown: dict[str, Any] = {"base": None if base else 0, "mean": None}
        return {**row, **unknown, "hidden": bool(base), "options": [], "texts": []}
    values = tally.values[cell]
    mean = None
    if kind in {QuestionKind.SCALE, QuestionKind.NUMBER}:
        counts = ((Decimal(value), count) for value, places in values.items()
                  for _, count in places)  # fmt: skip
        mean = _mean(sum((value * count for value, count in counts), Decimal(0)), base)
    told = kind in CHOICES or kind is QuestionKind.SCALE
    written = kind is QuestionKind.TEXT and texts
    return {
        **row,
        "base": base,
        "hidden": kind is QuestionKind.TEXT and not texts,
        "options": _options(question, base, values) if told else [],
        "mean": mean,
        "texts": sorted(
            text for text, places in values.items() for _, count in places for _ in range(count)
        ) if written else [],
    }  # fmt: skip


@dataclass(frozen=True)
class Breakup:
    """The answers of those who are shown something, and what decides which groups they are shown."""

    survey: Row
    tally: Tally
    homes: Homes

    def _shown(
        self, question: str, hidden: Mapping[Breakdown, Collection[str]]
    ) -> Mapping[str, Collection[str]]:
        """The groups of each breakdown whose answers to a question may be shown."""
        counts = {by: self.tally.groups(by, question) for by in self.survey["breakdowns"]}
        whole = self.tally.base(WHOLE, "", question)
        others = {by.value: groups for by, groups in hidden.items()}
        return SideBySide(counts, whole, OVERLAPPING, self.homes, others).shown

    def rows(self, names: Mapping[str, str]) -> list[Row]:
        """Each breakdown: the groups that may be shown, and how many are hidden."""
        breakdowns = [Breakdown(by) for by in self.survey["breakdowns"]]
        counts = {by: self.tally.groups(by) for by in breakdowns}
        shown = self._shown(PRESENCE, {})
        hidden = {by: counts[by].keys() - shown[by] for by in breakdowns}
        asked = [each for each in self.survey["questions"] if each["kind"] != QuestionKind.TEXT]
        told = {each["code"]: self._shown(each["code"], hidden) for each in asked}
        return [
            {
                "by": by,
                "groups": [
                    {
                        "group": group,
                        "name": names.get(group),
                        "responses": counts[by][group],
                        "questions": [
                            result_of(
                                each, self.tally, by, group, texts=False,
                                shown=group in told[each["code"]][by],
                            )
                            for each in asked
                        ],
                    }
                    for group in sorted(shown[by])
                ],
                "hidden_groups": len(hidden[by]),
            }
            for by in breakdowns
        ]  # fmt: skip
