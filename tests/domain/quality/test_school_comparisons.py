from decimal import Decimal
from typing import Any

import pytest

from app.domain.access.roles import Permission
from app.domain.errors import NotAllowed
from app.domain.organisation.designations import DesignationLevel
from app.domain.organisation.units import UnitNotFound
from app.domain.quality.measures import IndicatorMeasure
from app.domain.quality.school_comparisons import (
    InequalityOfShare,
    get_school_inequality,
    inequality_of,
    list_designation_comparison,
)
from app.sql import Connection
from tests.make import NOW, City, make_activity, make_attendance
from tests.make_reports import HELD, make_titled

HELD_MEASURE = IndicatorMeasure.ACTIVITIES_HELD


@pytest.mark.parametrize(
    ("counts", "gini", "numerator", "denominator"),
    [
        ([5, 5, 5, 5], "0.0000", 0, 80),
        ([0, 0, 0, 8], "0.7500", 24, 32),
        ([3, 1, 2, 4], "0.2500", 10, 40),
        ([7], "0.0000", 0, 7),
    ],
)
def test_the_coefficient_has_its_fraction(
    counts: list[int], gini: str, numerator: int, denominator: int
) -> None:
    found = inequality_of(counts)
    assert found.gini == Decimal(gini)
    assert (found.gini_numerator, found.gini_denominator) == (numerator, denominator)


def test_the_coefficient_is_the_mean_difference_halved() -> None:
    """By its definition: the mean of all differences between two schools, over twice the mean."""
    counts = [0, 2, 2, 5, 9, 13, 1]
    number = len(counts)
    differences = sum(abs(one - other) for one in counts for other in counts)
    expected = Decimal(differences) / (2 * number * sum(counts))
    assert inequality_of(counts).gini == expected.quantize(Decimal("0.0001"))


def test_of_nothing_there_is_no_coefficient() -> None:
    for counts in ([], [0, 0, 0]):
        assert inequality_of(counts).gini is None


def test_a_fifth_is_rounded_up_to_whole_schools() -> None:
    found = inequality_of([1, 2, 3, 4, 5, 6])
    assert (found.fifth, found.top_fifth, found.bottom_fifth) == (2, 11, 3)
    assert (found.lorenz[0], found.lorenz[-1]) == (Decimal(0), Decimal(100))
    assert list(found.lorenz) == sorted(found.lorenz)


@pytest.mark.parametrize("schools", [1, 3, 7, 8, 10, 13, 60])
def test_an_even_spread_is_a_straight_line_however_few_schools_there_are(schools: int) -> None:
    tenths = tuple(Decimal(10 * n) for n in range(11))
    assert inequality_of([8] * schools).lorenz == tenths


def test_a_tenth_within_a_school_has_that_part_of_it() -> None:
    # Of four schools the lowest tenth is four tenths of the first, a half is two whole ones.
    found = inequality_of([0, 10, 30, 60])
    assert [found.lorenz[n] for n in (1, 4, 5, 9)] == [
        Decimal(each) for each in ("0.00", "6.00", "10.00", "76.00")
    ]


async def test_schools_of_a_county_are_compared(db: Connection, city: City) -> None:
    by = city.county_admin
    for _ in range(3):
        await make_activity(db, city.school, by, state=HELD)
    await make_activity(db, city.sibling, by, state=HELD)
    await make_activity(db, city.county, by, state=HELD)  # Of the bureau, of no school.
    asked: dict[str, Any] = {"unit_id": city.county["id"], "measure": HELD_MEASURE, "now": NOW}
    found = await get_school_inequality(db, by.actor, **asked)
    assert (found["schools"], found["total"], found["gini"]) == (2, 4, Decimal("0.2500"))
    assert (found["top_percent"], found["bottom_percent"]) == (Decimal(75), Decimal(25))
    with pytest.raises(InequalityOfShare):
        await get_school_inequality(
            db, by.actor, **asked | {"measure": IndicatorMeasure.ATTENDANCE_SHARE}
        )
    with pytest.raises(UnitNotFound):
        await get_school_inequality(db, city.other_county_admin.actor, **asked)
    with pytest.raises(NotAllowed) as refused:
        await get_school_inequality(
            db, city.teacher_account.actor, **asked | {"unit_id": city.school["id"]}
        )
    assert refused.value.details["permission"] == Permission.GUIDANCE_READ


async def test_designated_schools_stand_beside_the_others(db: Connection, city: City) -> None:
    by = city.county_admin
    await make_titled(db, by, city.school)
    activity = await make_activity(db, city.school, by, state=HELD)
    await make_attendance(db, activity["sessions"][0], by, city.teacher, city.colleague)
    asked: dict[str, Any] = {"unit_id": city.county["id"], "now": NOW}
    before = db.statements
    bearing, other = await list_designation_comparison(db, by.actor, measure=HELD_MEASURE, **asked)
    assert db.statements - before == 3
    assert (bearing["group"], bearing["schools"], bearing["value"]) == ("designated", 1, Decimal(1))
    assert (other["group"], other["schools"], other["value"]) == ("other", 1, Decimal(0))
    share = await list_designation_comparison(
        db, by.actor, measure=IndicatorMeasure.ATTENDANCE_SHARE, **asked
    )
    assert [(each["numerator"], each["denominator"], each["value"]) for each in share] == [
        (2, 2, Decimal(100)), (0, 0, None),
    ]  # fmt: skip
    nobody, everybody = await list_designation_comparison(
        db, by.actor, measure=HELD_MEASURE, level=DesignationLevel.CITY, **asked
    )
    assert (nobody["schools"], nobody["value"], everybody["schools"]) == (0, None, 2)
