from datetime import date
from decimal import Decimal

import pytest

from app.domain.counts import (
    COUNTS,
    Count,
    CountKind,
    CountsMixed,
    Persons,
    PersonTimes,
    Share,
    ShareWithoutBase,
    Things,
)

DAY = date(2026, 11, 23)


def test_people_and_person_times_are_never_added() -> None:
    """When it runs; and when types are checked, or the marks here would not be needed and be refused."""
    with pytest.raises(CountsMixed):
        Persons(32) + PersonTimes(32)  # type: ignore[operator]
    with pytest.raises(CountsMixed):
        PersonTimes(2000) - Persons(1030)  # type: ignore[operator]
    with pytest.raises(CountsMixed):
        assert Persons(1) < PersonTimes(2)  # type: ignore[operator]
    with pytest.raises(CountsMixed):
        Persons(1) + 1  # type: ignore[operator]


def test_a_share_is_of_the_same_kind() -> None:
    """S2 calls 32 person-times 29 per cent of its teachers (D13)."""
    with pytest.raises(CountsMixed):
        Share[Count](PersonTimes(32), Persons(112), DAY)


def test_a_share_has_its_base() -> None:
    share = Share(Persons(27), Persons(113), DAY)
    assert (share.percent, share.exceeds_whole) == (Decimal("23.89"), False)
    with pytest.raises(ShareWithoutBase):
        Share(Persons(0), Persons(0), DAY)


def test_more_than_the_whole_is_told() -> None:
    """S1 trains 1,103 of 1,030 teachers (D2)."""
    assert Share(Persons(1103), Persons(1030), DAY).exceeds_whole


def test_what_is_of_one_kind_is_added() -> None:
    assert Persons(2) + Persons(3) == Persons(5)
    assert Things(5) - Things(3) == Things(2)
    assert Persons(5) != PersonTimes(5)  # type: ignore[comparison-overlap]
    assert set(COUNTS) == set(CountKind)
