"""Where work waits, told from the place columns of what it is about, and what is above that."""

from typing import Any

from sqlalchemy import case, func
from sqlmodel import col


def unit_of(table: Any) -> Any:
    """The unit that a row belongs to."""
    return func.coalesce(col(table.school_id), col(table.county_id))


def above_unit_of(table: Any) -> Any:
    """The bureau over that unit; none over the city's."""
    return case(
        (col(table.school_id).is_not(None), col(table.county_id)),
        (col(table.county_id) != col(table.city_id), col(table.city_id)),
    )


def bureau_over(table: Any) -> Any:
    """The bureau over the unit that a row belongs to; the city's over its own."""
    is_school = col(table.school_id).is_not(None)
    return case((is_school, col(table.county_id)), else_=col(table.city_id))


def above_bureau_over(table: Any) -> Any:
    """The city's bureau, where a county's is over the unit that a row belongs to."""
    is_county = col(table.school_id).is_not(None) & (col(table.county_id) != col(table.city_id))
    return case((is_county, col(table.city_id)))


def city_over_bureau(table: Any) -> Any:
    """The city, where the bureau whose word on a row is asked is a county's."""
    by, city = col(table.by_unit_id), col(table.city_id)
    return case((by != city, city))


def superior(table: Any, part: Any) -> tuple[Any, Any]:
    """Where what a unit, or a part of one, hands in is decided on; and the place above that."""
    return (
        case((part, col(table.unit_id)), else_=bureau_over(table)),
        case((part, above_unit_of(table)), else_=above_bureau_over(table)),
    )
