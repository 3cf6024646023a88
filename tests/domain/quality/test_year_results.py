from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.domain.organisation.units import NotASchool, UnitNotFound
from app.domain.paging import PageRequest
from app.domain.people.personal_data import LookKind, list_looks
from app.domain.people.teachers import TeacherNotFound
from app.domain.quality.evaluation_results import SchoolYearUnfit
from app.domain.quality.year_results import get_year_result, list_year_results, results_of
from app.sql import Connection
from tests.make import NOW, City, make_activity, make_attendance
from tests.make_checklists import make_checklist, make_tick
from tests.make_incentives import make_assessment, make_given, make_punished

YEAR: dict[str, Any] = {
    "term": "year", "starts_on": date(2025, 9, 1), "ends_on": date(2026, 8, 31),
    "judgement": "excellent",
}  # fmt: skip


async def test_a_year_is_read_from_where_everything_is_kept(db: Connection, city: City) -> None:
    by = city.school_admin
    activity = await make_activity(db, city.school, by)
    await make_attendance(db, activity["sessions"][0], by, city.teacher)
    await make_assessment(db, by, city.teacher)
    await make_assessment(db, by, city.teacher, **YEAR)
    await make_given(db, city)
    checklist = await make_checklist(db, by, city.school)
    await make_tick(db, by, checklist, city.teacher)
    semester = await make_checklist(db, by, city.school, name="五个一", term="semester")
    both = [city.teacher["id"], city.colleague["id"]]
    before = db.statements
    found = await results_of(db, by.actor, teacher_ids=both, school_year=2026, now=NOW)
    assert db.statements - before <= 12, "however many teachers there are"
    mine = found[city.teacher["id"]]
    assert mine is not None
    assert (mine["hours"], mine["credits"]) == (Decimal(2), 0)
    assert [(each["term"], each["judgement"]) for each in mine["assessments"]] == [
        ("semester", "basically_qualified"),
    ]  # fmt: skip
    assert [each["title"] for each in mine["incentives"]] == ["2026年度校本研修先进个人"]
    assert [(each["name"], each["items"], each["done"]) for each in mine["checklists"]] == [
        ("八个一", 2, 1), ("五个一", 2, 0), ("五个一", 2, 0),
    ]  # fmt: skip
    assert mine["checklists"][2]["starts_on"] == date(2027, 2, 1)
    assert semester["id"] == mine["checklists"][1]["checklist_id"]
    other = found[city.colleague["id"]]
    assert other is not None
    assert (other["assessments"], other["incentives"]) == ([], [])
    last = await get_year_result(
        db, city.teacher_account.actor, teacher_id=city.teacher["id"], now=NOW, school_year=2025
    )
    assert [each["judgement"] for each in last["assessments"]] == ["excellent"]
    assert last["incentives"] == []


async def test_a_penalty_is_seen_by_whom_it_may_be(db: Connection, city: City) -> None:
    await make_punished(db, city)
    teacher = city.teacher["id"]
    for who, seen in ((city.school_admin, 1), (city.teacher_account, 1), (city.auditor, 0)):
        row = await get_year_result(db, who.actor, teacher_id=teacher, now=NOW)
        assert len(row["incentives"]) == seen
        assert row["school_year"] == 2026
    # It still holds in the next school year's autumn no more: half a year from November.
    assert len(
        (
            await get_year_result(
                db, city.school_admin.actor, teacher_id=teacher, now=NOW, school_year=2027
            )
        )["incentives"]
    ) == 0  # fmt: skip


async def test_who_reads_of_a_penalty_of_somebody_else_leaves_a_look(
    db: Connection, city: City
) -> None:
    await make_punished(db, city)
    teacher, by = city.teacher["id"], city.school_admin.actor

    async def looks() -> list[tuple[Any, Any]]:
        page = await list_looks(db, city.teacher_account.actor, page=PageRequest(sort="at"))
        return [(row["kind"], row["account_name"]) for row in page.items]

    # One's own, and where no penalty is shown, leave none.
    await get_year_result(db, city.teacher_account.actor, teacher_id=teacher, now=NOW)
    await get_year_result(db, city.auditor.actor, teacher_id=teacher, now=NOW)
    await get_year_result(db, by, teacher_id=teacher, now=NOW, school_year=2027)
    assert await looks() == []
    await get_year_result(db, by, teacher_id=teacher, now=NOW)
    look = (LookKind.PENALTY, "school.admin")
    assert await looks() == [look]
    rows = await list_year_results(db, by, unit_id=city.school["id"], now=NOW)
    named = {row["teacher_id"]: len(row["incentives"]) for row in rows}
    assert (named[teacher], await looks()) == (1, [look, look])
    # A file goes from hand to hand: no penalty is in it.
    rows = await list_year_results(db, by, unit_id=city.school["id"], now=NOW, for_file=True)
    assert all(row["incentives"] == [] for row in rows)
    assert await looks() == [look, look]


async def test_a_school_reads_its_own_people(db: Connection, city: City) -> None:
    rows = await list_year_results(db, city.school_admin.actor, unit_id=city.school["id"], now=NOW)
    assert {row["teacher_id"] for row in rows} == {city.teacher["id"], city.colleague["id"]}
    with pytest.raises(UnitNotFound):
        await list_year_results(db, city.school_admin.actor, unit_id=city.sibling["id"], now=NOW)
    with pytest.raises(NotASchool):
        await list_year_results(db, city.county_admin.actor, unit_id=city.county["id"], now=NOW)
    with pytest.raises(TeacherNotFound):
        await get_year_result(
            db, city.colleague_account.actor, teacher_id=city.teacher["id"], now=NOW
        )
    with pytest.raises(SchoolYearUnfit):
        await results_of(
            db,
            city.school_admin.actor,
            teacher_ids=[city.teacher["id"]],
            school_year=1999,
            now=NOW,
        )
    others = [city.teacher["id"], city.sibling_teacher["id"]]
    found = await results_of(
        db, city.school_admin.actor, teacher_ids=others, school_year=2026, now=NOW
    )
    assert found[city.sibling_teacher["id"]] is None
