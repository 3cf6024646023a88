import pytest

from app.domain.errors import TooMany
from app.request.turns import Turns


class Enough(TooMany):
    """For these tests."""

    en = "At most {most}; again in {retry_after} s."


def test_each_has_so_many_turns_at_a_time() -> None:
    turns = Turns(2, Enough)
    with turns.of("one"), turns.of("one"), turns.of("other"):
        with pytest.raises(Enough, match="At most 2"), turns.of("one"):
            raise AssertionError("there was a third")
        with turns.of("other"):
            pass
    with turns.of("one"):
        pass


def test_a_turn_ends_however_it_does() -> None:
    turns = Turns(1, Enough)
    for _ in range(3):
        with pytest.raises(KeyError), turns.of("one"):
            raise KeyError
