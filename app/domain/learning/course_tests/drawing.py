"""Drawing a paper: which questions of a test's parts, in which order, by a seed. Pure."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, NamedTuple
from uuid import UUID


class Drawn(NamedTuple):
    """A question of a paper, with its options in their order."""

    version_id: UUID
    document: Mapping[str, Any]
    options: list[Mapping[str, Any]]


def number_drawn(section: Mapping[str, Any]) -> int:
    """How many questions a part draws: so many as it says, or each that it names."""
    return int(section["draw"] or len(section["question_ids"]))


def draw_paper(
    sections: Sequence[Mapping[str, Any]],
    pool: Sequence[Mapping[str, Any]],
    *,
    seed: int,
    shuffled: bool,
) -> list[Drawn]:
    """The questions of a paper, part by part; the same for the same seed.

    `pool` are questions of all parts in their order: all from which is drawn, or those that were drawn by
    the seed already. Without `shuffled` they keep it.
    """
    random = Random(seed)  # noqa: S311  the same each time is what is wanted
    paper: list[Drawn] = []
    for number, section in enumerate(sections):
        of_part = [each for each in pool if each["section"] == number]
        places = random.sample(range(len(of_part)), section["draw"] or len(of_part))
        for place in places if shuffled else sorted(places):
            document = of_part[place]["document"]
            options = list(document["options"])
            if shuffled:
                random.shuffle(options)
            paper.append(Drawn(of_part[place]["version_id"], document, options))
    return paper
