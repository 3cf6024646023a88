import json
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from app.domain.credits.boards import BoardPeriodUnfit
from app.domain.errors import NotAllowed
from app.domain.people.facts.engagement import STATE, ServiceState
from app.domain.quality.measures import (
    MEANINGS,
    IndicatorMeasure,
    MeasureUnit,
    list_indicator_measures,
    list_measured_schools,
    list_unit_measures,
)
from app.domain.training.activities import ActivityState
from app.domain.training.attendance import AttendanceRole, AttendanceStatus
from app.request import Resources
from app.sql import Connection, Row
from tests.domain.exchange.entered import enter, entry
from tests.make import (
    NOW,
    City,
    Person,
    make_activity,
    make_attendance,
    make_fact,
    make_group,
    make_note,
)
from tests.make_evaluations import make_held_activity
from tests.make_mentorships import make_mentorship
from tests.make_people import enter_person
from tests.make_programmes import merge_twins

PERIOD = {"since": date(2026, 9, 1), "until": date(2026, 11, 20)}


async def measured(db: Connection, person: Person, unit: Row, **more: Any) -> dict[str, Row]:
    rows = await list_unit_measures(
        db, person.actor, unit_id=unit["id"], now=NOW, **(PERIOD | more)
    )
    return {row["measure"].value: row for row in rows}


def figures(row: Row) -> tuple[Any, ...]:
    return row["numerator"], row["denominator"], row["value"]


async def test_every_measure_is_counted_and_says_what_it_counts(db: Connection, city: City) -> None:
    assert MEANINGS.keys() == set(IndicatorMeasure)
    before = db.statements
    found = await measured(db, city.school_admin, city.school)
    # The unit's door, and one statement for each measure.
    assert db.statements - before == 1 + len(IndicatorMeasure)
    assert found.keys() == {each.value for each in IndicatorMeasure}
    for name, row in found.items():
        share = MEANINGS[IndicatorMeasure(name)].is_share
        assert (row["denominator"] is None) != share
        assert (row["since"], row["until"], row["as_of"]) == (*PERIOD.values(), date(2026, 11, 20))
        # Of nothing there is no share; of things there may be none.
        assert row["value"] == (None if share and not row["denominator"] else 0)
    told = await list_indicator_measures(db, city.school_admin.actor)
    assert [row["code"] for row in told] == list(IndicatorMeasure)


async def test_what_happened_is_counted_where_it_was_organised(db: Connection, city: City) -> None:
    await make_held_activity(db, city)
    lesson = await make_activity(
        db, city.school, city.school_admin, state=ActivityState.HELD, requires_note=True
    )
    [session] = lesson["sessions"]
    await make_attendance(
        db, session, city.school_admin, city.teacher, role=AttendanceRole.DEMONSTRATOR
    )
    await make_attendance(
        db, session, city.school_admin, city.colleague, status=AttendanceStatus.LATE
    )
    await make_note(db, lesson, city.teacher)
    await make_activity(db, city.school, city.school_admin)  # published and not held
    await make_group(db, city.school, city.teacher)
    await enter(db, entry(city.teacher))
    found = await measured(db, city.school_admin, city.school, since=date(2026, 1, 1))
    assert {name: figures(row) for name, row in found.items() if any(figures(row)[:2])} == {
        "activities_held": (2, None, 2),
        "activities_closed": (0, 2, 0),
        "attendance_share": (3, 4, 75),
        "notes_share": (1, 2, 50),
        "demonstrations_share": (1, 2, 50),
        "groups_led_share": (0, 1, 0),
        "credited_teachers_share": (1, 2, 50),
    }
    # What the school did is its county's and its city's, and no sibling's.
    for person, unit in ((city.county_admin, city.county), (city.city_admin, city.city)):
        assert (await measured(db, person, unit))["activities_held"]["value"] == 2
    assert (await measured(db, city.county_admin, city.sibling))["activities_held"]["value"] == 0


async def test_whoever_retired_or_left_is_on_the_register_no_longer(
    db: Connection, city: City
) -> None:
    for teacher in (city.teacher, city.colleague):
        await enter(db, entry(teacher))
    gone = date(2026, 11, 20)
    await make_fact(db, city.colleague, STATE, gone, state=ServiceState.LEFT)
    found = await measured(db, city.school_admin, city.school)
    assert figures(found["credited_teachers_share"]) == (1, 1, 100)


async def test_a_mentorship_that_ended_early_met_the_period_until_then(
    db: Connection, city: City
) -> None:
    by = city.school_admin
    ended = {"state": "ended", "ended_on": date(2026, 11, 1), "end_reason": "调动"}
    for kind in ("moved", "proposal_withdrawn"):
        await make_mentorship(
            db, city.school, by, city.teacher, city.colleague, **ended, end_kind=kind
        )
    for since, number in ((date(2026, 9, 1), 1), (date(2026, 11, 1), 0)):
        assert (await measured(db, by, city.school, since=since))["mentorships"]["value"] == number


async def test_each_school_of_a_place_is_counted_by_one_statement(
    db: Connection, city: City
) -> None:
    await make_held_activity(db, city)
    before = db.statements
    rows = await list_measured_schools(
        db, city.city_admin.actor, unit_id=city.city["id"], now=NOW, **PERIOD,
        measure=IndicatorMeasure.ATTENDANCE_SHARE,
    )  # fmt: skip
    assert db.statements - before == 3
    assert {row["unit_id"]: figures(row) for row in rows} == {
        city.school["id"]: (1, 2, 50),
        **{
            each["id"]: (0, 0, None) for each in (city.sibling, city.far_school, city.direct_school)
        },
    }


async def test_whoever_was_merged_into_another_is_counted_once(
    db: Connection, city: City, resources: Resources
) -> None:
    share = "credited_teachers_share"
    twin = await enter_person(db, city, resources, "school")
    assert (await measured(db, city.school_admin, city.school))[share]["denominator"] == 3
    await merge_twins(db, resources, city.city_admin, city.teacher, twin)
    assert (await measured(db, city.school_admin, city.school))[share]["denominator"] == 2


def test_persons_and_person_times_are_different_units() -> None:
    units = {measure.value: meaning.unit for measure, meaning in MEANINGS.items()}
    assert units["credited_teachers_share"] is MeasureUnit.PERSONS
    assert units["attendance_share"] is units["no_shows"] is MeasureUnit.PERSON_TIMES


def test_the_rows_behind_a_measure_have_an_address() -> None:
    paths = json.loads(Path("docs/openapi.json").read_text())["paths"]
    for meaning in MEANINGS.values():
        address = urlsplit(meaning.rows)
        known = {each["name"] for each in paths[address.path]["get"]["parameters"]}
        assert parse_qs(address.query).keys() <= known


async def test_a_period_is_no_longer_than_a_year(db: Connection, city: City) -> None:
    with pytest.raises(BoardPeriodUnfit):
        await measured(db, city.school_admin, city.school, since=date(2024, 1, 1))


async def test_who_does_not_see_evaluations_sees_no_measures(db: Connection, city: City) -> None:
    for person in (city.teacher_account, city.integration):
        with pytest.raises(NotAllowed):
            await measured(db, person, city.school)
        with pytest.raises(NotAllowed):
            await list_indicator_measures(db, person.actor)
