"""Where the superior of something is, whatever is handed in to it; the steps are tested with each noun."""

from typing import Any
from uuid import UUID

import pytest

from app.domain.training.reviewed import place_of_superior

CITY, COUNTY, SCHOOL, GROUP = (UUID(int=number) for number in range(1, 5))
_IN_CITY = {"city_id": CITY, "county_id": CITY}


@pytest.mark.parametrize(
    ("row", "place"),
    [
        (_IN_CITY, None),
        (_IN_CITY | {"school_id": SCHOOL}, _IN_CITY),
        ({"county_id": COUNTY}, _IN_CITY),
        ({"county_id": COUNTY, "school_id": SCHOOL}, {"city_id": CITY, "county_id": COUNTY}),
        (
            {"county_id": COUNTY, "school_id": SCHOOL, "group_id": GROUP},
            {"city_id": CITY, "county_id": COUNTY, "school_id": SCHOOL},
        ),
        (_IN_CITY | {"group_id": GROUP}, _IN_CITY | {"school_id": None}),
    ],
    ids=["city", "city's school", "county", "school", "group of a school", "group of the city"],
)
def test_a_unit_reviews_its_parts_and_the_bureau_the_unit(
    row: dict[str, Any], place: dict[str, Any] | None
) -> None:
    whole = {"city_id": CITY, "school_id": None, "group_id": None} | row
    assert place_of_superior(whole, parts=("group_id",)) == place
