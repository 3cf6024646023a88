from random import Random

import pytest

from app.domain.training.surveys.cells import (
    FEWEST,
    SideBySide,
    is_shown,
    shown_of_overlapping,
    shown_of_partition,
)

# Small cells.


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 5, "b": 5}, {"a", "b"}),
        ({"a": 4, "b": 20}, set()),
        ({"a": 4, "b": 6, "c": 20}, {"c"}),
        ({"a": 4, "b": 3, "c": 20}, {"c"}),
        ({"a": 2, "b": 2, "c": 7}, set()),
        ({"a": 5}, {"a"}),
        ({}, set()),
    ],
)
def test_what_the_groups_shown_leave_of_the_whole_is_nobody_or_not_a_few(
    counts: dict[str, int], shown: set[str]
) -> None:
    whole = sum(counts.values())
    assert shown_of_partition(counts, whole) == shown
    left = whole - sum(counts[group] for group in shown)
    assert left == 0 or left >= FEWEST


def test_groups_that_overlap_are_shown_where_neither_they_nor_the_others_are_few() -> None:
    assert shown_of_overlapping({"a": 8, "b": 4, "c": 18, "d": 20}, 20) == {"a", "d"}
    assert shown_of_overlapping({"a": 9, "b": 12, "c": 7}, 30) == {"b", "c"}
    assert is_shown(5, 10)
    assert not is_shown(5, 9)
    assert not is_shown(0, 9)


def side_by_side(
    people: dict[tuple[str, str], int], overlapping: frozenset[str] = frozenset()
) -> dict[str, set[str]]:
    """What is shown of so many in each pair of a group of `x` and one of `y`."""
    counts: dict[str, dict[str, int]] = {"x": {}, "y": {}}
    homes: dict[tuple[str, str], dict[str, frozenset[str]]] = {}
    for (x, y), size in people.items():
        for by, group, other, met in (("x", x, "y", y), ("y", y, "x", x)):
            counts[by][group] = counts[by].get(group, 0) + size
            homes.setdefault((by, group), {}).setdefault(other, frozenset())
            homes[by, group][other] |= {met}
    for (by, group), others in homes.items():
        for other in overlapping & others.keys():
            homes[by, group][other] = frozenset(
                each for each in others[other]
                if people.get((group, each) if by == "x" else (each, group)) == counts[by][group]
            )  # fmt: skip
    return SideBySide(counts, sum(people.values()), overlapping, homes, {}).shown


def test_what_lies_within_a_group_leaves_of_it_nobody_or_no_few() -> None:
    assert side_by_side({("a", "p"): 10, ("b", "p"): 3, ("b", "q"): 30}) == {
        "x": {"a", "b"}, "y": set(),
    }  # fmt: skip
    assert side_by_side({("a", "p"): 10, ("b", "p"): 20, ("c", "q"): 9}) == {
        "x": {"a", "b", "c"}, "y": {"p", "q"},
    }  # fmt: skip
    some = {("a", "p"): 10, ("b", "p"): 3, ("b", "q"): 30, ("c", "q"): 7, ("d", "q"): 2}
    assert side_by_side(some) == {"x": {"b"}, "y": {"p", "q"}}
    posts = {("a", "p"): 10, ("b", "p"): 2, ("b", "q"): 30}
    assert side_by_side(posts, frozenset({"y"})) == {"x": {"a", "b"}, "y": set()}


def test_no_difference_of_what_is_shown_is_a_few() -> None:
    chance = Random(5)
    for _ in range(300):
        people = {
            (x, y): chance.choice((1, 3, 4, 5, 6, 12))
            for x in "abcde" for y in "pqr" if chance.random() < 0.5
        }  # fmt: skip
        shown = side_by_side(people)
        for one, other, first in (("x", "y", 0), ("y", "x", 1)):
            groups = {key[1 - first] for key in people}
            rest = groups - shown[other]
            for container in [*({each} for each in shown[other]), rest]:
                size = sum(n for key, n in people.items() if key[1 - first] in container)
                own = {key[first] for key in people}
                sets = [*({each} for each in shown[one]), own - shown[one]]
                inside = sum(
                    n for part in sets for key, n in people.items()
                    if key[first] in part
                    and all(k[1 - first] in container for k in people if k[first] in part)
                )  # fmt: skip
                assert not 0 < size - inside < FEWEST, (people, shown)
