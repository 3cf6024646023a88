"""What a new pack leaves to be counted, where its days are far away."""

import asyncio
from datetime import date
from typing import Any

import asyncpg
import pytest
from pydantic import ValidationError

from app.domain.credits.packs import PackDocument
from app.domain.credits.standings.due import Part
from app.domain.credits.standings.failures import list_recount_failures
from app.domain.credits.standings.takeover import BEGINNING, take_over
from app.sql import Connection
from tests.domain.credits.making import make_pack, make_recognised, open_ended
from tests.make import NOW, City


def beginning(day: date) -> PackDocument:
    """A pack that is in force from a day on, with cycles of its own from then on."""
    content: dict[str, Any] = open_ended().model_dump(mode="json", exclude_defaults=True)
    for part, name in ((content, "effective_from"), (content["calendar"], "cycle_start")):
        part[name] |= {"value": day.isoformat()}
    return PackDocument.model_validate(content)


async def test_the_last_day_of_the_calendar_ends_the_round(db: Connection, city: City) -> None:
    await make_pack(db, city.city, beginning(date(2999, 12, 31)))
    assert await asyncio.wait_for(take_over(db, now=NOW, at_most=10), timeout=5) == Part(0, None)


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1899, 12, 31), date(3000, 1, 1), date.max])
def test_a_pack_outside_the_calendar_is_refused(day: date) -> None:
    """Counting its cycles would never end, or run out of the calendar."""
    with pytest.raises(ValidationError, match="year_outside"):
        beginning(day)


async def test_a_round_goes_on_from_where_it_stood_whoever_could_not_be_counted(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    """Three people without a standing under the second pack; of the first of them nothing can be counted."""
    await make_pack(db, city.city)
    people = [city.teacher, city.colleague, city.sibling_teacher]
    await make_recognised(db, city.school, city.county_admin, people)
    later = open_ended().model_dump(mode="json", exclude_defaults=True) | {"id": "another"}
    await make_pack(db, city.city, PackDocument.model_validate(later))
    first, *others = sorted(each["id"] for each in people)
    await driver.execute("UPDATE standing SET pack_version = 9 WHERE teacher_id = $1", first)
    after, parts = BEGINNING, []
    for _ in range(6):
        part = await take_over(db, after=after, now=NOW, at_most=1)
        parts.append((part.counted, part.last and part.last.after))
        if part.last is None:
            break
        after = part.last
    assert parts == [(0, first), (1, others[0]), (1, others[1]), (0, None)]
    # What lies before is not asked for again: after the last pack there are the cities and the packs alone.
    before = db.statements
    beyond = after._replace(key=("z", 0, date.min))
    assert await take_over(db, after=beyond, now=NOW, at_most=1) == Part(0, None)
    assert db.statements - before == 2
    failed = await list_recount_failures(db)
    assert [row["teacher_id"] for row in failed] == [first]
    rows = await driver.fetch("SELECT teacher_id FROM standing WHERE pack_id = 'another'")
    assert {row["teacher_id"] for row in rows} == {*others}
