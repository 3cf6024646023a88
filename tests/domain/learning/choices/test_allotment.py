"""Who is given which place: the rule alone, for all that may be asked of it."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.domain.learning.choice_rounds import ChoicePriority
from app.domain.learning.choices import Allotment, Allotted, Applicant, DeclineGround, Offered
from app.domain.training.enrolments import Room
from tests.make import NOW

SCHOOLS = [UUID(int=900 + n) for n in range(3)]


def room(capacity: int | None, taken: int = 0, **quotas: int) -> Room:
    rule = {"capacity": capacity, "taken": taken, "released_on": None}
    kept = [
        {"school_id": SCHOOLS[int(name[1:])], "places": places, "taken": 0}
        for name, places in quotas.items()
    ]
    return Room(rule, kept, NOW.date())


def offered(*rooms: Room, waiting_list: bool = False) -> dict[UUID, Offered]:
    return {
        UUID(int=100 + n): Offered(each, waiting_list, open=True) for n, each in enumerate(rooms)
    }


def applicant(number: int, *activities: int, school: int = 0, **more: object) -> Applicant:
    choices = tuple((UUID(int=1000 * number + n), UUID(int=100 + n)) for n in activities)
    values = {
        "favoured": False, "places": 0, "given": 0,
        "first_chosen_at": NOW + timedelta(minutes=number),
    } | more  # fmt: skip
    return Applicant(
        teacher_id=UUID(int=number),
        school_id=SCHOOLS[school],
        choices=choices,
        **values,  # type: ignore[arg-type]
    )


def settle(
    activities: dict[UUID, Offered],
    *applicants: Applicant,
    priorities: tuple[ChoicePriority, ...] = (),
    at_once: frozenset[frozenset[UUID]] = frozenset(),
    engaged: frozenset[tuple[UUID, UUID]] = frozenset(),
    most_places: int = 1,
) -> dict[int, list[str]]:
    """For each applicant what became of the choices, in their order."""
    allotment = Allotment(activities, at_once, engaged, most_places)
    told: dict[int, list[str]] = {}
    for each in allotment.settle(applicants, priorities):
        told.setdefault(each.teacher_id.int, []).append(_word(each))
    return told


def _word(each: Allotted) -> str:
    if each.declined is not None:
        return each.declined.value
    return "waits" if each.waits else "place"


def test_whoever_chose_earlier_goes_first_where_nothing_else_is_said() -> None:
    told = settle(offered(room(1)), applicant(2, 0), applicant(1, 0))
    assert told == {1: ["place"], 2: ["no_place"]}


def test_priorities_go_in_their_order() -> None:
    many = applicant(1, 0, places=5, favoured=True)
    few = applicant(2, 0, places=1)
    by_places = (ChoicePriority.FEWEST_PLACES, ChoicePriority.FAVOURED)
    assert settle(offered(room(1)), many, few, priorities=by_places)[2] == ["place"]
    assert settle(offered(room(1)), many, few, priorities=by_places[::-1])[1] == ["place"]


def test_nobody_has_a_second_place_before_everybody_had_a_turn() -> None:
    told = settle(offered(room(1), room(1)), applicant(1, 0, 1), applicant(2, 1), most_places=2)
    assert told == {1: ["place", "no_place"], 2: ["place"]}


def test_everybody_has_the_best_that_is_still_to_be_had() -> None:
    told = settle(offered(room(1), room(1)), applicant(1, 0), applicant(2, 0, 1))
    assert told == {1: ["place"], 2: ["no_place", "place"]}


def test_who_has_enough_is_told_so_and_does_not_wait() -> None:
    told = settle(offered(room(5), room(5), waiting_list=True), applicant(1, 1, 0))
    assert told == {1: ["place", "enough"]}
    given_by_hand = applicant(1, 0, given=1)
    assert settle(offered(room(5)), given_by_hand) == {1: ["enough"]}


def test_nobody_is_given_two_things_at_once() -> None:
    pair = frozenset({frozenset(offered(room(1), room(1)))})
    told = settle(offered(room(5), room(5)), applicant(1, 0, 1), at_once=pair, most_places=2)
    assert told == {1: ["place", "clash"]}
    engaged = frozenset({(UUID(int=1), UUID(int=100))})
    assert settle(offered(room(5)), applicant(1, 0), engaged=engaged) == {1: ["clash"]}


def test_a_quota_keeps_places_for_its_school() -> None:
    told = settle(
        offered(room(2, s1=1), waiting_list=True),
        applicant(1, 0), applicant(2, 0), applicant(3, 0, school=1),
    )  # fmt: skip
    assert told == {1: ["place"], 2: ["waits"], 3: ["place"]}


def test_what_does_not_take_place_is_given_to_nobody() -> None:
    activities = {UUID(int=100): Offered(room(5), waiting_list=True, open=False)}
    assert settle(activities, applicant(1, 0)) == {1: [DeclineGround.CANCELLED.value]}


@given(
    capacities=st.lists(st.integers(1, 4), min_size=1, max_size=4),
    wishes=st.lists(st.permutations(range(4)), max_size=12),
    most_places=st.integers(1, 3),
    waiting_list=st.booleans(),
)
def test_no_place_is_given_twice_or_left_while_somebody_wants_it(
    capacities: list[int], wishes: list[list[int]], most_places: int, waiting_list: bool
) -> None:
    activities = offered(*map(room, capacities), waiting_list=waiting_list)
    applicants = [
        applicant(n, *[each for each in wish if each < len(capacities)])
        for n, wish in enumerate(wishes, 1)
    ]
    outcome = Allotment(activities, frozenset(), frozenset(), most_places).settle(applicants, ())
    assert len(outcome) == sum(len(each.choices) for each in applicants)
    assert len({each.choice_id for each in outcome}) == len(outcome)
    given = [each for each in outcome if each.declined is None and not each.waits]
    taken = Counter(each.activity_id for each in given)
    per_person = Counter(each.teacher_id for each in given)
    for number, capacity in enumerate(capacities):
        assert taken[UUID(int=100 + number)] <= capacity
    assert all(count <= most_places for count in per_person.values())
    for each in outcome:
        if each.waits or each.declined is DeclineGround.NO_PLACE:
            assert taken[each.activity_id] == capacities[each.activity_id.int - 100]
        if each.declined is DeclineGround.ENOUGH:
            assert per_person[each.teacher_id] == most_places
