"""What a new pack leaves to be counted, where its days are far away."""

import asyncio
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.credits.packs import PackDocument
from app.domain.credits.standings.takeover import take_over
from app.sql import Connection
from tests.domain.credits.making import make_pack, open_ended
from tests.make import TODAY, City


def beginning(day: date) -> PackDocument:
    """A pack that is in force from a day on, with cycles of its own from then on."""
    content: dict[str, Any] = open_ended().model_dump(mode="json", exclude_defaults=True)
    for part, name in ((content, "effective_from"), (content["calendar"], "cycle_start")):
        part[name] |= {"value": day.isoformat()}
    return PackDocument.model_validate(content)


async def test_the_last_day_of_the_calendar_ends_the_round(db: Connection, city: City) -> None:
    await make_pack(db, city.city, beginning(date(2999, 12, 31)))
    assert await asyncio.wait_for(take_over(db, day=TODAY, at_most=10), timeout=5) == 0


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1899, 12, 31), date(3000, 1, 1), date.max])
def test_a_pack_outside_the_calendar_is_refused(day: date) -> None:
    """Counting its cycles would never end, or run out of the calendar."""
    with pytest.raises(ValidationError, match="year_outside"):
        beginning(day)
