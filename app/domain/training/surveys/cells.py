"""Small cells (小样本隐藏): which groups of a breakdown may be shown without pointing at somebody.

Pure. A group of fewer than `FEWEST` who answered is hidden, and so many more with it that what the
groups shown leave of the whole, which anybody can subtract, is nobody or at least `FEWEST` again. The
same holds where the groups of one breakdown lie within a group of another: what the schools of a county
leave of it, or those that teach one stage of that stage, is nobody or no few.
"""

from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

FEWEST: Final = 5
"""How many answers the smallest group has that is shown."""

Group = TypeVar("Group", bound=Hashable)


def is_shown(part: int, whole: int) -> bool:
    """Whether a part may be shown beside the whole: neither it nor what is left of it is a few."""
    return part >= FEWEST and (part == whole or whole - part >= FEWEST)


def shown_of_partition(
    counts: Mapping[Group, int], whole: int, hidden: Collection[Group] = ()
) -> set[Group]:
    """The groups that may be shown where everybody is in one group, or in none.

    `hidden` are those that are not shown for another reason. Of those that might be, the smallest are
    hidden first.
    """
    shown = sorted(
        (group for group, count in counts.items() if count >= FEWEST and group not in hidden),
        key=lambda group: (counts[group], str(group)),
    )
    left = whole - sum(counts[group] for group in shown)
    while shown and 0 < left < FEWEST:
        left += counts[shown.pop(0)]
    return set(shown)


def shown_of_overlapping(counts: Mapping[Group, int], whole: int) -> set[Group]:
    """The groups that may be shown where somebody can be in several: each beside the whole.

    Where groups overlap almost wholly the few who tell them apart stand out: of two groups whose
    counts differ by a few, the smaller is hidden.
    """
    shown: list[Group] = []
    for group in sorted(counts, key=lambda group: (-counts[group], str(group))):
        apart = all(not 0 < counts[other] - counts[group] < FEWEST for other in shown)
        if is_shown(counts[group], whole) and apart:
            shown.append(group)
    return set(shown)


Homes = Mapping[tuple[str, str], Mapping[str, frozenset[str]]]
"""Of a group, given by its breakdown and itself, in which groups of each other breakdown its people are.

Of a breakdown in which everybody is in one group or in none: all the groups in which anybody of it is,
and nothing where somebody is in none. Of one whose groups overlap: each group in which all of it are.
"""


@dataclass
class SideBySide:
    """Several breakdowns of the same people, of which no two together may tell of a few.

    `counts` are the groups of each breakdown with how many are in each, `overlapping` the breakdowns in
    which somebody can be in several groups, `hidden` what is not shown for another reason.
    """

    counts: Mapping[str, Mapping[str, int]]
    whole: int
    overlapping: Collection[str]
    homes: Homes
    hidden: Mapping[str, Collection[str]]
    shown: dict[str, set[str]] = field(init=False)
    """The groups of each breakdown that may be shown."""

    def __post_init__(self) -> None:
        self.shown = {
            by: shown_of_overlapping(groups, self.whole) - set(self.hidden.get(by, ()))
            if by in self.overlapping
            else shown_of_partition(groups, self.whole, self.hidden.get(by, ()))
            for by, groups in self.counts.items()
        }
        while any(self._hides_one(by, other) for by in self.counts for other in self.counts):
            pass

    def _known(self, by: str) -> dict[str | None, int]:
        """Whose answers can be known: the groups shown and, under None, what they leave of the whole."""
        known: dict[str | None, int] = {each: self.counts[by][each] for each in self.shown[by]}
        left = self.whole - sum(known.values())
        return known if by in self.overlapping or not left else known | {None: left}

    def _containers(self, by: str, group: str | None, other: str) -> Iterator[str | None]:
        """What is known of another breakdown within which everybody of this group lies."""
        groups = [group] if group is not None else self.counts[by].keys() - self.shown[by]
        if group is None and sum(self.counts[by].values()) < self.whole:
            return  # somebody is in no group, and so nobody knows where
        homes = [self.homes.get((by, each), {}).get(other, frozenset()) for each in groups]
        if other in self.overlapping:
            yield from sorted(frozenset.intersection(*homes) & self.shown[other])
        elif all(homes):
            met = frozenset[str]().union(*homes)
            if not met & self.shown[other]:
                yield None
            elif len(met) == 1:
                yield from met

    def _hides_one(self, by: str, other: str) -> bool:
        """Whether one breakdown told of a few within another, so that a group less is shown now."""
        if by == other:
            return False
        known, around = self._known(by), self._known(other)
        parts: dict[str | None, dict[str | None, int]] = {}
        for group, size in known.items():
            for container in self._containers(by, group, other):
                parts.setdefault(container, {})[group] = size
        for container, inside in parts.items():
            if by in self.overlapping:
                told = [
                    each for each, size in inside.items() if 0 < around[container] - size < FEWEST
                ]
                if told:
                    return self._hide(by, told[0])
            elif 0 < around[container] - sum(inside.values()) < FEWEST:
                # Hidden among others elsewhere a part is unknown; alone, or within, it can be told.
                if None in known and None not in inside:
                    return self._hide(by, min(inside, key=lambda each: (inside[each], str(each))))
                return self._hide(other, container)
        return False

    def _hide(self, by: str, group: str | None) -> bool:
        """Show a group no more; instead of what is left, the smallest beside it."""
        shown, counts = self.shown[by], self.counts[by]
        if group is None and not shown:
            return False
        shown.discard(group or min(shown, key=lambda each: (counts[each], each)))
        return True
