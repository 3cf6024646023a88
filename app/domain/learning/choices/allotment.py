"""Who is given which place in a two-way round: a pure rule, so that it can be explained and tested.

In the order of the round's priorities everybody is given the best of the own choices that is still to be
had; only when all had their turn does anybody get a second place. Of two who are equal by all priorities
whoever chose earlier goes first. What is left over waits, where the activity keeps a list.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain.learning.choice_rounds import ChoicePriority
from app.domain.learning.choices.table import DeclineGround
from app.domain.training.enrolments import Room


@dataclass(frozen=True, slots=True)
class Applicant:
    """A teacher who chose in a round, as far as the priorities ask."""

    teacher_id: UUID
    school_id: UUID
    favoured: bool
    places: int
    """Places in activities that the teacher was given in the year before."""
    given: int
    """Places that were given in this round already."""
    choices: tuple[tuple[UUID, UUID], ...]
    """Keys of the choices and of their activities, the first preference first."""
    first_chosen_at: datetime
    placed: frozenset[UUID] = frozenset()
    """Activities, among the choices, in which the teacher has a place by another way."""
    queued: frozenset[UUID] = frozenset()
    """The same of those in which the teacher waits for one."""
    outside: frozenset[UUID] = frozenset()
    """Activities, among the choices, that are no longer for the teacher."""


@dataclass(slots=True)
class Offered:
    """What is free in an activity of the round, and whether those who find no place wait."""

    room: Room
    waiting_list: bool
    open: bool
    """Whether it is published and still to come."""


@dataclass(frozen=True, slots=True)
class Allotted:
    """What becomes of one choice: a place, a turn in the waiting list, or neither for that reason."""

    choice_id: UUID
    teacher_id: UUID
    activity_id: UUID
    waits: bool = False
    declined: DeclineGround | None = None
    stands: bool = False
    """Whether the place, or the turn, is there already: it is not given once more."""


_KEYS: Mapping[ChoicePriority, Callable[[Applicant], Any]] = {
    ChoicePriority.FAVOURED: lambda each: not each.favoured,
    ChoicePriority.FEWEST_PLACES: lambda each: each.places,
    ChoicePriority.EARLIEST: lambda each: each.first_chosen_at,
}


@dataclass(slots=True)
class Allotment:
    """One round being settled: what is free, what clashes, and what was given so far."""

    offered: Mapping[UUID, Offered]
    at_once: AbstractSet[frozenset[UUID]]
    engaged: AbstractSet[tuple[UUID, UUID]]
    most_places: int

    def settle(
        self, applicants: Sequence[Applicant], priorities: Sequence[ChoicePriority]
    ) -> list[Allotted]:
        """What becomes of every choice of these applicants."""
        order = sorted(
            applicants,
            key=lambda each: (
                *(_KEYS[priority](each) for priority in priorities),
                each.first_chosen_at,
                each.teacher_id,
            ),
        )
        places = {each.teacher_id: set(each.placed) for each in order}
        for turn in range(self.most_places):
            for each in order:
                if each.given + len(places[each.teacher_id]) <= turn:
                    self._give_best(each, places[each.teacher_id])
        return [
            self._told(each, choice_id, activity_id, places[each.teacher_id])
            for each in order
            for choice_id, activity_id in each.choices
        ]

    def accept(self, each: Applicant, accepted: AbstractSet[UUID]) -> list[Allotted]:
        """A place for each of these choices of the applicant, or why there is none."""
        places = set(each.placed)
        outcome = []
        for choice_id, activity_id in each.choices:
            if choice_id not in accepted:
                continue
            stands, ground = activity_id in places, None
            if not stands:
                ground = self._hindrance(each, activity_id, places)
                if ground is None:
                    self.offered[activity_id].room.take(each.school_id)
                    places.add(activity_id)
            outcome.append(Allotted(choice_id, each.teacher_id, activity_id, False, ground, stands))
        return outcome

    def _give_best(self, each: Applicant, places: set[UUID]) -> None:
        for _, activity_id in each.choices:
            if activity_id not in places and self._hindrance(each, activity_id, places) is None:
                self.offered[activity_id].room.take(each.school_id)
                places.add(activity_id)
                return

    def _hindrance(
        self, each: Applicant, activity_id: UUID, places: AbstractSet[UUID]
    ) -> DeclineGround | None:
        """Why the applicant gets no place there now, or None."""
        offered = self.offered[activity_id]
        if not offered.open:
            return DeclineGround.CANCELLED
        if activity_id in each.outside:
            return DeclineGround.OUTSIDE
        if (each.teacher_id, activity_id) in self.engaged or any(
            frozenset((activity_id, other)) in self.at_once for other in places
        ):
            return DeclineGround.CLASH
        if not offered.room.has_place(each.school_id):
            return DeclineGround.NO_PLACE
        return DeclineGround.ENOUGH if self._has_enough(each, places) else None

    def _has_enough(self, each: Applicant, places: AbstractSet[UUID]) -> bool:
        return each.given + len(places) >= self.most_places

    def _told(
        self, each: Applicant, choice_id: UUID, activity_id: UUID, places: AbstractSet[UUID]
    ) -> Allotted:
        if activity_id in places:
            stands = activity_id in each.placed
            return Allotted(choice_id, each.teacher_id, activity_id, stands=stands)
        ground = self._hindrance(each, activity_id, places) or DeclineGround.NO_PLACE
        waits = (
            ground is DeclineGround.NO_PLACE
            and self.offered[activity_id].waiting_list
            and not self._has_enough(each, places)
        )
        stands = waits and activity_id in each.queued
        declined = None if waits else ground
        return Allotted(choice_id, each.teacher_id, activity_id, waits, declined, stands)
