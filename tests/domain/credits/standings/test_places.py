"""Where a person's schools lay: the schools of each day, and where each lay then."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.domain.credits.rules import Dated
from app.domain.credits.rules.applicability import held_on
from app.domain.credits.standings.places import Place, located

HERE, THERE, ELSEWHERE = UUID(int=1), UUID(int=2), UUID(int=3)
FIRST, DAY = date(2020, 1, 1), timedelta(days=1)
DAYS = st.integers(0, 40).map(lambda number: FIRST + number * DAY)


@st.composite
def pieces(draw: st.DrawFn, values: list[str]) -> list[Dated]:
    """Facts of which no two hold on one day, in order, with days between them on which none does."""
    days = sorted(draw(st.sets(DAYS, max_size=6)))
    facts = []
    for start, end in zip(days[::2], [*days[1::2], None], strict=False):
        if end is None and draw(st.booleans()):
            break
        facts.append(Dated(draw(st.sampled_from(values)), start, end and end - DAY))
    return facts


def lay(school: UUID, places: list[Place], day: date) -> str | None:
    """Where a school lay, told slowly."""
    own = [each for each in places if each.unit_id == school]
    if own and day < own[0].valid_from:
        return own[0].location
    for each in own:
        if each.valid_from <= day <= (each.valid_to or date.max):
            return each.location
    return None


@given(pieces([str(HERE), str(THERE)]), pieces(["rural", "town"]), pieces(["urban", "town"]))
def test_on_each_day_it_is_where_the_school_of_that_day_lay(
    employed: list[Dated], here: list[Dated], there: list[Dated]
) -> None:
    places = [
        Place(school, each.value, each.valid_from, each.valid_to)
        for school, facts in ((HERE, here), (THERE, there))
        for each in facts
    ]
    places.sort(key=lambda each: each.valid_from)
    told = located(HERE, employed, places)
    for number in range(-2, 45):
        day = FIRST + number * DAY
        schools = held_on(employed, day)
        school = UUID(schools[0]) if schools else HERE
        expected = lay(school, places, day)
        assert held_on(told, day) == (() if expected is None else (expected,))


def test_a_school_of_which_nothing_is_known_lies_nowhere() -> None:
    assert located(ELSEWHERE, [], [Place(HERE, "rural", FIRST)]) == ()
    assert located(HERE, [], []) == ()
