from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.domain.errors import NotAllowed
from app.domain.organisation.units import UnitNotFound
from app.domain.training.activities import ActivityState
from app.domain.training.attendance import AttendanceStatus
from app.domain.training.content_shares import PeriodUnfit, list_content_shares
from app.sql import Connection, Row
from tests.make import NOW, TODAY, City, make_activity, make_attendance

YEAR: dict[str, Any] = {"since": date(2026, 9, 1), "until": date(2027, 8, 31), "now": NOW}


async def hold(db: Connection, city: City, content: list[str], *people: Row, **more: Any) -> Row:
    """An activity of one session of two hours about this, which these teachers attend."""
    activity = await make_activity(db, city.city, city.city_admin, content=content, **more)
    await make_attendance(db, activity["sessions"][0], city.city_admin, *people)
    return activity


def share(rows: list[Row], unit: Row, family: str) -> Row:
    return next(row for row in rows if (row["unit_id"], row["family"]) == (unit["id"], family))


async def test_ethics_is_shown_with_what_it_is_a_part_of(db: Connection, city: City) -> None:
    await hold(db, city, ["ethics"], city.teacher, city.colleague)
    await hold(db, city, ["ethics", "teaching_methods", "process_control"], city.teacher)
    await hold(db, city, ["information_technology"], city.teacher)
    before = db.statements
    rows = await list_content_shares(db, city.school_admin.actor, unit_id=city.school["id"], **YEAR)
    assert db.statements - before == 2
    assert [row["family"] for row in rows] == [
        "ethics", "education_practice", "teaching_practice", "research_practice", "none"
    ]  # fmt: skip
    assert rows[0] == {
        "unit_id": city.school["id"],
        "unit": "甲县第一小学",
        "level": "school",
        "family": "ethics",
        "hours": Decimal("6.00"),
        "of_hours": Decimal("8.00"),
        "hours_share": Decimal("0.7500"),
        "person_times": 3,
        "of_person_times": 4,
        "person_times_share": Decimal("0.7500"),
        "position": 1,
    }
    teaching, none = rows[2], rows[4]
    assert (teaching["hours"], teaching["position"]) == (Decimal("2.00"), 2), "in each family whole"
    assert (none["hours"], none["person_times"]) == (Decimal("2.00"), 1)


async def test_a_county_and_a_city_are_the_sums_of_what_lies_below(
    db: Connection, city: City
) -> None:
    everybody = (city.teacher, city.sibling_teacher, city.far_teacher, city.direct_teacher)
    await hold(db, city, ["ethics"], *everybody)
    await hold(db, city, ["teaching_research"], city.far_teacher, city.direct_teacher)
    rows = await list_content_shares(db, city.city_admin.actor, unit_id=city.city["id"], **YEAR)
    units = list(dict.fromkeys(row["unit_id"] for row in rows))
    assert units[0] == city.city["id"]
    below = [city.county, city.other_county, city.zone, city.direct_school]
    assert set(units[1:]) == {unit["id"] for unit in below}
    found = {
        unit["name"]: (
            share(rows, unit, "ethics")["hours"],
            share(rows, unit, "ethics")["of_hours"],
        )
        for unit in (city.city, *below)
    }
    assert found == {
        "测试市": (8, 12), "甲县": (4, 4), "乙县": (2, 4), "测试功能区": (0, 0),
        "市直第一中学": (2, 4),
    }  # fmt: skip
    assert share(rows, city.zone, "ethics")["hours_share"] is None
    rows = await list_content_shares(db, city.county_admin.actor, unit_id=city.county["id"], **YEAR)
    assert share(rows, city.sibling, "ethics")["hours"] == 2
    assert share(rows, city.county, "ethics")["person_times"] == 2


async def test_what_counts_was_attended_in_the_period(db: Connection, city: City) -> None:
    late = await make_activity(db, city.city, city.city_admin, content=["ethics"])
    await make_attendance(
        db, late["sessions"][0], city.city_admin, city.teacher, status=AttendanceStatus.LATE
    )
    await make_attendance(
        db, late["sessions"][0], city.city_admin, city.colleague, status=AttendanceStatus.ABSENT
    )
    # Midnight of 21 November in China is still the 20th elsewhere.
    begins = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    await hold(db, city, ["ethics"], city.teacher, begins=begins)
    await hold(db, city, ["ethics"], city.teacher, begins=NOW - timedelta(days=1))
    rows = await list_content_shares(
        db, city.school_admin.actor, unit_id=city.school["id"], since=TODAY, until=TODAY, now=NOW
    )
    assert (rows[0]["person_times"], rows[0]["hours"]) == (1, Decimal("2.00"))
    both = await list_content_shares(
        db, city.school_admin.actor, unit_id=city.school["id"], now=NOW, since=TODAY,
        until=TODAY + timedelta(days=1),
    )  # fmt: skip
    assert both[0]["person_times"] == 2
    so_far = await list_content_shares(
        db, city.school_admin.actor, unit_id=city.school["id"], now=NOW
    )
    assert so_far[0]["person_times"] == 2, "the school year, with yesterday and without tomorrow"


async def test_shares_are_seen_where_summaries_are(db: Connection, city: City) -> None:
    with pytest.raises(NotAllowed):
        await list_content_shares(db, city.teacher_account.actor, unit_id=city.school["id"], **YEAR)
    with pytest.raises(UnitNotFound):
        await list_content_shares(db, city.sibling_admin.actor, unit_id=city.school["id"], **YEAR)


@pytest.mark.parametrize("days", [-1, 7 * 366])
async def test_a_period_ends_after_it_begins_and_within_a_cycle(
    db: Connection, city: City, days: int
) -> None:
    with pytest.raises(PeriodUnfit):
        await list_content_shares(
            db, city.city_admin.actor, unit_id=city.city["id"], now=NOW, since=TODAY,
            until=TODAY + timedelta(days=days),
        )  # fmt: skip


async def test_what_was_cancelled_counts_for_nothing(db: Connection, city: City) -> None:
    await hold(db, city, ["ethics"], city.teacher, state=ActivityState.CANCELLED)
    await hold(db, city, ["teaching_research"], city.teacher)
    rows = await list_content_shares(db, city.school_admin.actor, unit_id=city.school["id"], **YEAR)
    assert (rows[0]["hours"], rows[0]["of_hours"], rows[0]["person_times"]) == (0, 2, 0)


@pytest.mark.parametrize(
    "period",
    [
        {"until": date(1, 1, 1)}, {"until": date(9999, 12, 31)}, {"since": date(1, 1, 1)},
        {"since": date(9999, 1, 1), "until": date(9999, 12, 31)},
        {"since": date(1, 1, 1), "until": date(1, 1, 2)},
    ],
)  # fmt: skip
async def test_the_ends_of_the_calendar_are_no_period(
    db: Connection, city: City, period: dict[str, date]
) -> None:
    with pytest.raises(PeriodUnfit):
        await list_content_shares(
            db, city.school_admin.actor, unit_id=city.school["id"], now=NOW, **period
        )
