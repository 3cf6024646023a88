import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from app.domain.credits.boards import BoardPeriodUnfit
from app.domain.errors import NotAllowed
from app.domain.learning.resources import Resource, ResourceSharing
from app.domain.organisation.reorganisations import Move, move_school
from app.domain.organisation.responsibilities import (
    NewResponsibility,
    SchoolDuty,
    name_responsible,
)
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest, UnknownSort
from app.domain.people.facts.engagement import STATE, ServiceState
from app.domain.quality.measures import (
    MEANINGS,
    IndicatorMeasure,
    MeasuredPeriodUnfit,
    MeasureUnit,
    list_indicator_measures,
    list_measure_rows,
    list_measured_schools,
    list_unit_measures,
    rows_behind,
    tell_of_period,
)
from app.domain.quality.measures.of_schools import HOLDS_OF
from app.domain.quality.regulations import RegulationKind
from app.domain.training.activities import ActivityState
from app.domain.training.attendance import AttendanceRole, AttendanceStatus
from app.domain.training.plans import Plan
from app.request import Resources
from app.sql import Connection, Row
from tests.domain.exchange.entered import enter, entry
from tests.make import (
    NOW,
    TODAY,
    City,
    Person,
    make_activity,
    make_attendance,
    make_fact,
    make_group,
    make_note,
)
from tests.make_archives import make_sealed_of
from tests.make_documents import make_regulation
from tests.make_evaluations import make_held_activity, make_published
from tests.make_funds import make_open, make_paid
from tests.make_mentorships import make_mentorship
from tests.make_organisation import make_visit
from tests.make_people import enter_person
from tests.make_plans import make_deadline, make_plan
from tests.make_programmes import merge_twins
from tests.make_resources import make_resource

PERIOD: dict[str, Any] = {"since": date(2026, 9, 1), "until": date(2026, 11, 20)}


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
    of_schools = {measure.value for measure in HOLDS_OF}
    assert {
        name: figures(row)
        for name, row in found.items()
        if any(figures(row)[:2]) and name not in of_schools
    } == {
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
    for measure in IndicatorMeasure:
        where = {"unit_id": "{unit_id}", "since": "2026-09-01", "until": "2026-11-20"}
        address = urlsplit(rows_behind(measure, **where, as_of=TODAY))
        known = {each["name"] for each in paths[address.path]["get"]["parameters"]}
        assert parse_qs(address.query).keys() <= known


async def behind(
    db: Connection, person: Person, unit: Row, name: str, *, whole: bool = False, limit: int = 1
) -> list[Row]:
    """All rows behind a measure, read one by one."""
    rows: list[Row] = []
    cursor = None
    while True:
        found = await list_measure_rows(
            db, person.actor, unit_id=unit["id"], measure=IndicatorMeasure(name), **PERIOD,
            page=PageRequest(limit=limit, cursor=cursor), now=NOW, whole=whole,
        )  # fmt: skip
        rows += found.items
        cursor = found.next
        if cursor is None:
            return rows


async def make_everything(db: Connection, city: City) -> None:
    """Something of every measure, at two schools and at their bureaux."""
    await make_held_activity(db, city)
    for school, by, people in (
        (city.school, city.school_admin, (city.teacher, city.colleague)),
        (city.sibling, city.sibling_admin, (city.sibling_teacher,)),
    ):
        for state, note in ((ActivityState.CLOSED, True), (ActivityState.HELD, False)):
            activity = await make_activity(
                db, school, by, state=state, requires_note=note, sessions=2
            )
            for session in activity["sessions"]:
                for person in people:
                    await make_attendance(
                        db, session, by, person, role=AttendanceRole.DEMONSTRATOR
                        if note else AttendanceRole.PARTICIPANT,
                    )  # fmt: skip
            if note:
                await make_note(db, activity, people[0])
        await make_group(db, school, *people)
        await make_group(db, school)
        resource = await make_resource(db, by, unit_id=school["id"])
        await db.change(Resource, resource["id"], {"sharing": ResourceSharing.COUNTY})
    await make_mentorship(db, city.county, city.county_admin, city.teacher, city.sibling_teacher)
    await enter(db, entry(city.teacher))
    await make_deadline(db, city.county_admin, city.county, due_on="2026-11-19")


async def test_the_rows_are_what_was_counted_on_every_level(db: Connection, city: City) -> None:
    await make_everything(db, city)
    counted = 0
    for person, unit in (
        (city.school_admin, city.school), (city.county_admin, city.county),
        (city.city_admin, city.city), (city.city_admin, city.sibling),
    ):  # fmt: skip
        for name, figure in (await measured(db, person, unit)).items():
            above = await behind(db, person, unit, name)
            assert sum(row["amount"] for row in above) == figure["numerator"], (name, unit["name"])
            whole = await behind(db, person, unit, name, whole=True, limit=50)
            if figure["denominator"] is not None:
                assert sum(row["amount"] for row in whole) == figure["denominator"], name
            keys = {(row["id"], row["unit_id"], row["counts"]) for row in whole}
            assert len(keys) == len(whole), name
            counted += bool(above)
    assert counted >= 30, "half of all cells have rows, or the test shows little"


async def test_rows_name_people_only_to_who_may_read_them(db: Connection, city: City) -> None:
    await make_everything(db, city)
    with pytest.raises(UnitNotFound):
        await behind(db, city.school_admin, city.sibling, "attendance_share")
    for person in (city.teacher_account, city.integration):
        with pytest.raises(NotAllowed):
            await behind(db, person, city.school, "activities_held")
    page = PageRequest(limit=1)
    asked: dict[str, Any] = {
        "unit_id": city.school["id"],
        "measure": IndicatorMeasure.TOPICS,
        "now": NOW,
    }
    for since, until in (
        (date(2026, 9, 2), date(2026, 9, 1)), (date(1999, 1, 1), date(1999, 2, 1)),
        (date(2019, 9, 1), date(2026, 9, 1)),
    ):  # fmt: skip
        with pytest.raises(MeasuredPeriodUnfit):
            await list_measure_rows(
                db, city.school_admin.actor, **asked, since=since, until=until, page=page
            )
    wrong = PageRequest(limit=1, sort="name")
    with pytest.raises(UnknownSort):
        await list_measure_rows(db, city.school_admin.actor, **asked, **PERIOD, page=wrong)


async def test_a_period_is_no_longer_than_a_year(db: Connection, city: City) -> None:
    with pytest.raises(BoardPeriodUnfit):
        await measured(db, city.school_admin, city.school, since=date(2024, 1, 1))


async def test_who_does_not_see_evaluations_sees_no_measures(db: Connection, city: City) -> None:
    for person in (city.teacher_account, city.integration):
        with pytest.raises(NotAllowed):
            await measured(db, person, city.school)
        with pytest.raises(NotAllowed):
            await list_indicator_measures(db, person.actor)


async def test_what_the_register_knows_of_schools_none_of_them_claims(
    db: Connection, city: City
) -> None:
    """Of one school all or nothing, of a bureau how many of its schools."""
    names = [measure.value for measure in HOLDS_OF]
    for person, unit, schools in (
        (city.school_admin, city.school, 1), (city.county_admin, city.county, 2),
    ):  # fmt: skip
        found = await measured(db, person, unit)
        assert {figures(found[name]) for name in names} == {(0, schools, Decimal(0))}
    await make_known(db, city)
    for person, unit, expected in (
        (city.school_admin, city.school, (1, 1, Decimal(100))),
        (city.sibling_admin, city.sibling, (0, 1, Decimal(0))),
        (city.county_admin, city.county, (1, 2, Decimal(50))),
    ):
        found = await measured(db, person, unit)
        assert {name: figures(found[name]) for name in names} == dict.fromkeys(names, expected)
        for name in names:
            rows = await behind(db, person, unit, name, whole=True)
            assert (sum(row["counts"] for row in rows), len(rows)) == expected[:2]
    before = await measured(
        db, city.county_admin, city.county, since=date(2026, 1, 1), until=SUMMER
    )
    kept_up = {"regulations_share", "responsible_share"}
    assert {name for name in names if before[name]["numerator"]} == kept_up


SUMMER = date(2026, 8, 31)


async def make_known(db: Connection, city: City) -> None:
    """Of the school everything of which the register knows whether it is there."""
    school, by = city.school, city.school_admin
    for kind in RegulationKind:
        await make_regulation(db, school, by, kind)
    named = NewResponsibility(
        duty=SchoolDuty.TRAINING_LEAD, department="教导处", teacher_id=city.teacher["id"]
    )
    await name_responsible(db, by.actor, unit_id=school["id"], new=named, now=NOW)
    plan = await make_plan(db, by, unit_id=school["id"])
    await db.change(Plan, plan["id"], {"summary": "已落实", "summarised_at": NOW})
    await make_published(db, city)
    await make_visit(db, school, city.county_admin, city.county, visited_on=TODAY)
    await make_sealed_of(db, city)
    superior = {"source": "superior"}
    _, (into,) = await make_open(db, by, city.county_admin, school, superior)
    _, (out_of,) = await make_open(db, city.county_admin, city.city_admin, city.county)
    await make_paid(db, city.county_admin, by, out_of, into)


async def test_what_another_bureau_gave_before_a_school_came_is_no_doing_of_this_one(
    db: Connection, city: City
) -> None:
    await make_known(db, city)
    there = Move(bureau_id=city.other_county["id"])
    await move_school(db, city.city_admin.actor, unit_id=city.school["id"], move=there, now=NOW)
    found = await measured(db, city.other_county_admin, city.other_county)
    assert figures(found["funded_share"])[:2] == (0, 2)
    assert figures(found["regulations_share"])[:2] == (1, 2)


def test_of_what_is_there_in_any_year_nothing_is_told() -> None:
    def row(measure: str, numerator: int, denominator: int | None = None) -> dict[str, Any]:
        return {
            "measure": IndicatorMeasure(measure), "numerator": numerator, "denominator": denominator,
        }  # fmt: skip

    standing = row("groups_led_share", 5, 5)
    assert tell_of_period([])
    assert tell_of_period([standing])
    quiet = [standing, row("credited_teachers_share", 0, 32), row("activities_held", 0)]
    assert not tell_of_period(quiet)
    for more in (
        row("credited_teachers_share", 1, 32), row("activities_held", 1), row("plans_in_time", 0, 1),
    ):  # fmt: skip
        assert tell_of_period([*quiet, more])
