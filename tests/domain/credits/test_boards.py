"""Boards: what is counted, of what, in how many statements, and the lists behind it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.domain.credits.boards import (
    BoardFigure,
    BoardLevel,
    BoardLevelUnfit,
    BoardPart,
    BoardPeriodUnfit,
    BoardWeeksUnfit,
    list_board_activities,
    list_board_lines,
    list_board_months,
    list_board_plan_items,
    list_group_board_months,
)
from app.domain.credits.reversals import NewReversal, reverse_entry
from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.domain.training.activities import ActivityState, list_activities
from app.domain.training.evidence import list_missing_evidence
from app.domain.training.evidence_checks import NewChecks, check_evidence
from app.domain.training.groups import GroupNotFound
from app.domain.training.plans import PlanActivity
from app.sql import Connection, Row
from tests.domain.credits.making import make_pack, make_recognised
from tests.make import NOW, City, make_activity, make_attendance, make_group, make_note
from tests.make_evidence import make_evidence, make_sheet
from tests.make_forms import make_form
from tests.make_plans import make_item, make_plan, make_published

HELD, CLOSED = ActivityState.HELD, ActivityState.CLOSED
PAGE = PageRequest(limit=100)
DAYS: dict[str, Any] = {"since": date(2026, 9, 1), "until": date(2027, 8, 31)}
YEAR: dict[str, Any] = DAYS | {"now": NOW}


def line(rows: list[Row], owner: Row) -> Row:
    return next(row for row in rows if row["owner_id"] == owner["id"])


def counts(row: Row) -> dict[str, int]:
    shown = ("activities", "published", "held", "closed", "noted", "records", "checked")
    return {name: row[name] for name in shown}


async def hold_two(db: Connection, city: City, group: Row) -> tuple[Row, Row]:
    """Activities of a group in every state; of two that were held one has all notes, one of them checked."""
    of_group: dict[str, Any] = {"group": group, "requires_note": True}
    by = city.school_admin
    for state in (ActivityState.DRAFT, ActivityState.PUBLISHED, ActivityState.CANCELLED):
        await make_activity(db, city.school, by, state=state, **of_group)
    noted, bare = [
        await make_activity(db, city.school, by, state=state, **of_group)
        for state in (HELD, CLOSED)
    ]
    for activity in (noted, bare):
        await make_attendance(db, activity["sessions"][0], by, city.teacher, city.colleague)
    notes = [await make_note(db, noted, each) for each in (city.teacher, city.colleague)]
    await make_sheet(db, city.teacher, city.county_admin, activity_id=bare["id"])
    await make_evidence(db, bare, by, withdrawn_at=NOW, withdrawn_by=by.actor.account_id)
    check = {"note_id": notes[0]["id"], "note_version": 1, "verdict": "checked"}
    new = NewChecks.model_validate({"checks": [check, check | {"verdict": "commended"}]})
    await check_evidence(db, by.actor, new=new, now=NOW)
    return noted, bare


async def test_a_group_from_draft_to_checked(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    idle = await make_group(db, city.school, name="数学教研组")
    await hold_two(db, city, group)
    before = db.statements
    rows = await list_board_lines(db, city.school_admin.actor, unit_id=city.school["id"], **YEAR)
    assert db.statements - before == 2, "the unit's door, and one for all lines"
    found = line(rows, group)
    assert counts(found) == {
        "activities": 4, "published": 3, "held": 2, "closed": 1, "noted": 1,
        "records": 3, "checked": 1,
    }  # fmt: skip
    assert (found["last_held_on"], found["quiet"]) == (date(2026, 11, 20), False)
    assert found["level"] is None
    assert set(counts(line(rows, idle)).values()) == {0}
    assert (line(rows, idle)["last_held_on"], line(rows, idle)["quiet"]) == (None, True)


async def test_the_activities_behind_each_figure(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    noted, bare = await hold_two(db, city, group)
    admin = city.school_admin.actor

    async def behind(figure: BoardFigure, *, lacking: bool = False) -> set[Any]:
        page = await list_board_activities(
            db, admin, page=PAGE, group_id=group["id"], figure=figure, lacking=lacking, **DAYS
        )
        return {row["id"] for row in page.items}

    assert await behind(BoardFigure.HELD) == {noted["id"], bare["id"]}
    assert await behind(BoardFigure.NOTED) == {noted["id"]}
    assert await behind(BoardFigure.NOTED, lacking=True) == {bare["id"]}
    assert await behind(BoardFigure.CLOSED, lacking=True) == {noted["id"]}
    assert len(await behind(BoardFigure.PUBLISHED)) == 3
    page = await list_board_activities(db, admin, page=PAGE, unit_id=city.school["id"], **DAYS)
    shown = {row["id"]: (row["noted"], row["records"], row["checked"]) for row in page.items}
    assert shown[noted["id"]] == (True, 2, 1)
    assert shown[bare["id"]] == (False, 1, 0)


async def test_complete_is_what_the_form_asks_for(db: Connection, city: City) -> None:
    """As `list_missing_evidence` says of one activity, so the board counts of many."""
    asked = [
        {"kind": "summary", "per": "activity", "at_least": 1, "step": None},
        {"kind": "photo", "per": "session", "at_least": 1, "step": None},
        {"kind": "note", "per": "participant", "at_least": 1, "step": None},
    ]
    form = await make_form(db, city.city, evidence=asked, kind="seminar", steps=[])
    by, admin = city.school_admin, city.school_admin.actor
    activity = await make_activity(db, city.school, by, state=HELD, form_id=form["id"])
    other = await make_activity(db, city.school, by, state=HELD, form_id=form["id"])
    await make_attendance(db, activity["sessions"][0], by, city.teacher)

    async def is_complete() -> bool:
        rows = await list_board_lines(
            db, admin, unit_id=city.school["id"], by=BoardLevel.UNITS, **YEAR
        )
        missing = await list_missing_evidence(db, admin, activity_id=activity["id"])
        assert (rows[0]["held"], rows[0]["noted"]) == (2, 0 if missing else 1)
        return not missing

    assert not await is_complete()
    await make_note(db, activity, city.teacher)
    await make_evidence(db, activity, by)
    assert not await is_complete()
    photo: dict[str, Any] = {"kind": "photo", "title": "照片"}
    await make_evidence(db, activity, by, session_id=activity["sessions"][0]["id"], **photo)
    assert await is_complete()
    await make_evidence(db, other, by, session_id=other["sessions"][0]["id"], **photo)
    assert await is_complete(), "each is asked for its own"


async def carry_out(db: Connection, city: City) -> Row:
    """A plan of two items, of which a recognised activity carries one out; the item."""
    await make_pack(db, city.city)
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    days = {"starts_on": "2026-10-01", "ends_on": "2026-10-31"}
    item = await make_item(db, city.school_admin, plan, **days)
    await make_plan(db, city.sibling_admin, unit_id=city.sibling["id"])
    await make_published(db, city.school_admin, city.county_admin, plan)
    done = await make_recognised(
        db, city.school, city.county_admin, [city.teacher], on=date(2026, 10, 8)
    )
    await db.insert(PlanActivity, {"activity_id": done["id"], "item_id": item["id"]})
    await make_activity(db, city.direct_school, city.city_admin, state=CLOSED)
    return item


async def test_plans_and_credits_of_the_schools_of_a_county(db: Connection, city: City) -> None:
    item = await carry_out(db, city)
    county, unit_id = city.county_admin.actor, city.county["id"]
    rows = await list_board_lines(db, county, unit_id=unit_id, weeks=2, **YEAR)
    assert [row["name"] for row in rows] == ["甲县", "甲县第一小学", "甲县第二小学"]
    own = line(rows, city.school)
    shown = ("planned", "carried_out", "closed", "recognised")
    assert {name: own[name] for name in shown} == dict(zip(shown, (2, 1, 1, 1), strict=True))
    assert own["quiet"], "the last was six weeks ago"
    assert line(rows, city.sibling)["planned"] == 0, "a draft plans nothing yet"
    items = await list_board_plan_items(
        db, county, page=PAGE, unit_id=unit_id, carried_out=True, **DAYS
    )
    assert [row["id"] for row in items.items] == [item["id"]]
    entry = await db._driver.fetchval("SELECT id FROM credit_entry")
    await reverse_entry(db, county, entry_id=entry, new=NewReversal(reason="误认定学分"), now=NOW)
    again = await list_board_lines(db, county, unit_id=unit_id, **YEAR)
    assert line(again, city.school)["recognised"] == 0, "the ledger alone says so"


async def test_a_city_by_its_counties_and_by_its_units(db: Connection, city: City) -> None:
    await carry_out(db, city)
    admin, unit_id = city.city_admin.actor, city.city["id"]
    rows = await list_board_lines(db, admin, unit_id=unit_id, **YEAR)
    assert {row["name"]: (row["closed"], row["planned"]) for row in rows} == {
        "测试市": (1, None), "甲县": (1, None), "乙县": (0, None), "测试功能区": (0, None),
    }  # fmt: skip
    assert rows[0]["owner_id"] == unit_id
    for part, name, number in (
        (BoardPart.PLANS, "planned", 2),
        (BoardPart.CREDITS, "recognised", 1),
    ):
        named = await list_board_lines(db, admin, unit_id=unit_id, only=part, **YEAR)
        assert (line(named, city.county)[name], line(named, city.city)[name]) == (number, 0)
    before = db.statements
    units = await list_board_lines(db, admin, unit_id=unit_id, by=BoardLevel.UNITS, **YEAR)
    assert db.statements - before == 2
    assert len(units) == 8
    assert (line(units, city.school)["closed"], line(units, city.school)["noted"]) == (1, None)
    assert line(units, city.county)["activities"] == 0, "by itself"


async def test_the_months_of_a_unit_and_of_a_group(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    for month in (9, 11, 11):
        begins = datetime(2026, month, 30, 17, tzinfo=UTC)
        await make_activity(
            db, city.school, city.school_admin, state=HELD, group=group, begins=begins
        )
    period = YEAR | {"until": date(2026, 12, 31)}
    before = db.statements
    rows = await list_board_months(db, city.county_admin.actor, unit_id=city.county["id"], **period)
    assert db.statements - before == 2
    told = {row["month"]: row["held"] for row in rows}
    # The thirtieth at five in the afternoon UTC is the first in China.
    assert told == {
        date(2026, 9, 1): 0, date(2026, 10, 1): 1, date(2026, 11, 1): 0, date(2026, 12, 1): 2,
    }  # fmt: skip
    own = await list_group_board_months(
        db, city.teacher_account.actor, group_id=group["id"], **period
    )
    assert [row["held"] for row in own] == [0, 1, 0, 2], "a member sees the group's"
    with pytest.raises(GroupNotFound):
        await list_group_board_months(
            db, city.sibling_teacher_account.actor, group_id=group["id"], **period
        )


@pytest.mark.parametrize(
    ("asked", "refused"),
    [
        ({"since": date(2026, 9, 1), "until": date(2026, 8, 31)}, BoardPeriodUnfit),
        ({"since": date(2026, 9, 1), "until": date(2027, 9, 2)}, BoardPeriodUnfit),
        ({"until": date(1, 1, 1)}, BoardPeriodUnfit),
        ({"since": date(9999, 12, 31)}, BoardPeriodUnfit),
        ({"weeks": 0}, BoardWeeksUnfit),
        ({"weeks": 10**9}, BoardWeeksUnfit),
        ({"by": BoardLevel.COUNTIES}, BoardLevelUnfit),
    ],
)
async def test_what_is_refused(
    db: Connection, city: City, asked: dict[str, Any], refused: type[DomainError]
) -> None:
    with pytest.raises(refused):
        await list_board_lines(
            db, city.county_admin.actor, unit_id=city.county["id"], now=NOW, **asked
        )


async def test_who_sees_a_board(db: Connection, city: City) -> None:
    with pytest.raises(NotAllowed):
        await list_board_lines(db, city.school_admin.actor, unit_id=city.county["id"], now=NOW)
    with pytest.raises(NotAllowed):
        await list_board_lines(db, city.teacher_account.actor, unit_id=city.school["id"], now=NOW)
    with pytest.raises(UnitNotFound):
        await list_board_lines(db, city.school_admin.actor, unit_id=city.far_school["id"], now=NOW)


async def test_the_activities_of_a_county_in_a_year_are_one_statement(
    db: Connection, city: City
) -> None:
    for organiser in (city.county, city.school, city.sibling, city.far_school):
        await make_activity(db, organiser, city.city_admin)
    before = db.statements
    page = await list_activities(
        db, city.county_admin.actor, page=PAGE, since=date(2026, 1, 1), until=date(2026, 12, 31)
    )
    assert db.statements - before == 1
    assert len(page.items) == 3
