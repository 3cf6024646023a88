from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.facts import DayInFuture
from app.domain.organisation.units import NotASchool, UnitNotFound
from app.domain.paging import PageRequest
from app.domain.people.teachers import TeacherNotFound
from app.domain.quality.checklists import (
    ChecklistEnd,
    ChecklistEnded,
    ChecklistItemCounted,
    ChecklistItemNotFound,
    ChecklistMeasure,
    ChecklistNotFound,
    ChecklistTickOfOneself,
    TickedAlready,
    TickWithdrawal,
    end_checklist,
    get_checklist,
    list_checklist_progress,
    list_checklist_ticks,
    list_checklists,
    list_school_checklists,
    list_teacher_checklist_progress,
    withdraw_checklist_tick,
)
from app.domain.quality.checklists.checklist import ChecklistEndsTooEarly
from app.domain.quality.checklists.ticks import (
    ChecklistNotInForce,
    ChecklistOfAnotherSchool,
    TickWithdrawn,
)
from app.domain.training.attendance import AttendanceRole
from app.sql import Connection
from tests.make import NOW, City, make_activity, make_attendance, make_note
from tests.make_checklists import DONE, ITEMS, make_checklist, make_tick
from tests.make_topics import confirm_output, make_output

PAGE = PageRequest(limit=50)
DAY = timedelta(days=1)
YEAR: dict[str, Any] = {"starts_on": date(2026, 9, 1), "ends_on": date(2027, 8, 31), "now": NOW}


async def test_what_is_counted_ticks_itself_and_the_rest_is_ticked(
    db: Connection, city: City
) -> None:
    by = city.school_admin
    checklist = await make_checklist(db, by, city.school)
    activity = await make_activity(db, city.school, by)
    await make_note(db, activity, city.teacher)
    await make_tick(db, by, checklist, city.colleague, remark="《给教师的建议》")
    before = db.statements
    found = await list_checklist_progress(db, by.actor, checklist_id=checklist["id"], **YEAR)
    assert db.statements - before == 3
    done = {(row["teacher_id"], row["number"]): (row["reached"], row["done"]) for row in found}
    assert done == {
        (city.teacher["id"], 1): (1, True),
        (city.teacher["id"], 2): (0, False),
        (city.colleague["id"], 1): (0, False),
        (city.colleague["id"], 2): (1, True),
    }
    assert [row["number"] for row in found] == [1, 2, 1, 2]
    own = await list_teacher_checklist_progress(
        db, city.teacher_account.actor, teacher_id=city.teacher["id"], **YEAR
    )
    assert [(row["wording"], row["done"]) for row in own] == [
        (ITEMS[0]["wording"], True), (ITEMS[1]["wording"], False),
    ]  # fmt: skip
    other = YEAR | {"starts_on": date(2025, 9, 1), "ends_on": date(2026, 8, 31)}
    assert not await list_teacher_checklist_progress(
        db, by.actor, teacher_id=city.teacher["id"], **other
    )


async def test_every_measure_is_counted(db: Connection, city: City) -> None:
    by = city.school_admin
    items = [{"wording": each.value, "measure": each.value} for each in ChecklistMeasure]
    checklist = await make_checklist(db, by, city.school, items=items)
    activity = await make_activity(db, city.school, by, sessions=2)
    first, second = activity["sessions"]
    await make_attendance(db, first, by, city.teacher, role=AttendanceRole.DEMONSTRATOR)
    await make_attendance(db, second, by, city.teacher, role=AttendanceRole.SPEAKER)
    output = await make_output(db, city.teacher_account, city.teacher, published_on=DONE)
    await confirm_output(db, by, output)
    found = await list_checklist_progress(db, by.actor, checklist_id=checklist["id"], **YEAR)
    reached = {
        row["measure"]: row["reached"] for row in found if row["teacher_id"] == city.teacher["id"]
    }
    assert reached == {
        "hours": Decimal("4.00"), "credits": 0, "activities": 1, "observations": 0, "notes": 0,
        "reflections": 0, "talks": 1, "lessons": 1, "outputs": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"number": 3}, ChecklistItemNotFound),
        ({"number": 1}, ChecklistItemCounted),
        ({"done_on": DONE + DAY}, DayInFuture),
        ({"done_on": date(2026, 8, 31)}, ChecklistNotInForce),
    ],
)
async def test_what_cannot_be_ticked(
    db: Connection, city: City, said: dict[str, Any], refusal: type[DomainError]
) -> None:
    by = city.school_admin
    checklist = await make_checklist(db, by, city.school)
    with pytest.raises(refusal):
        await make_tick(db, by, checklist, city.teacher, **said)
    assert not (await list_checklist_ticks(db, by.actor, page=PAGE)).items


async def test_a_tick_stands_once_a_day_until_it_is_withdrawn(db: Connection, city: City) -> None:
    by = city.school_admin
    checklist = await make_checklist(db, by, city.school)
    tick = await make_tick(db, by, checklist, city.teacher)
    with pytest.raises(TickedAlready):
        async with db.transaction():
            await make_tick(db, by, checklist, city.teacher)
    about = {"tick_id": tick["id"], "withdrawal": TickWithdrawal(reason="记错人"), "now": NOW}
    gone = await withdraw_checklist_tick(db, by.actor, **about)
    assert (gone["withdrawn_at"], gone["withdrawn_because"]) == (NOW, "记错人")
    with pytest.raises(TickWithdrawn):
        await withdraw_checklist_tick(db, by.actor, **about)
    own = await list_teacher_checklist_progress(db, by.actor, teacher_id=city.teacher["id"], **YEAR)
    assert [row["done"] for row in own] == [False, False]
    await make_tick(db, by, checklist, city.teacher)
    shown = await list_checklist_ticks(db, by.actor, page=PAGE, stands=True)
    assert len(shown.items) == 1


async def test_who_may_not(db: Connection, city: City) -> None:
    by = city.school_admin
    checklist = await make_checklist(db, by, city.school)
    others = await make_checklist(db, city.city_admin, city.sibling)
    with pytest.raises(ChecklistNotFound):
        await make_tick(db, by, others, city.teacher)
    with pytest.raises(ChecklistOfAnotherSchool):
        await make_tick(db, city.city_admin, others, city.teacher)
    with pytest.raises(TeacherNotFound):
        await make_tick(db, by, checklist, city.sibling_teacher)
    with pytest.raises(NotASchool):
        await make_checklist(db, city.county_admin, city.county)
    with pytest.raises(UnitNotFound):
        await make_checklist(db, by, city.sibling)
    # A teacher sees what is asked, not how far the others are.
    teacher = city.teacher_account
    seen = await get_checklist(db, teacher.actor, checklist_id=checklist["id"])
    assert [item["wording"] for item in seen["items"]] == [each["wording"] for each in ITEMS]
    with pytest.raises((NotAllowed, UnitNotFound)):
        await list_checklist_progress(db, teacher.actor, checklist_id=checklist["id"], **YEAR)
    with pytest.raises((NotAllowed, TeacherNotFound)):
        await make_tick(db, teacher, checklist, city.teacher)
    assert not (await list_checklist_ticks(db, city.city_admin.actor, page=PAGE)).items


async def test_nobody_ticks_what_is_their_own(db: Connection, city: City) -> None:
    by = city.school_admin
    checklist = await make_checklist(db, by, city.school)
    tick = await make_tick(db, by, checklist, city.teacher)
    by.actor = by.actor.__class__(
        account_id=by.actor.account_id, grants=by.actor.grants, teacher_id=city.teacher["id"]
    )
    with pytest.raises(ChecklistTickOfOneself):
        await make_tick(db, by, checklist, city.teacher, done_on=DONE - DAY)
    with pytest.raises(ChecklistTickOfOneself):
        await withdraw_checklist_tick(
            db, by.actor, tick_id=tick["id"], withdrawal=TickWithdrawal(reason="记错"), now=NOW
        )


async def test_an_ended_checklist_is_still_read(db: Connection, city: City) -> None:
    by = city.school_admin
    checklist = await make_checklist(db, by, city.school)
    about = {"checklist_id": checklist["id"], "now": NOW}
    with pytest.raises(ChecklistEndsTooEarly):
        await end_checklist(db, by.actor, end=ChecklistEnd(on=date(2026, 9, 1)), **about)
    # What was asked until yesterday was asked.
    with pytest.raises(ChecklistEndsTooEarly) as refused:
        await end_checklist(db, by.actor, end=ChecklistEnd(on=DONE - DAY), **about)
    assert refused.value.details == {"day": DONE.isoformat()}
    ended = await end_checklist(db, by.actor, end=ChecklistEnd(), **about)
    assert ended["valid_to"] == DONE
    with pytest.raises(ChecklistEnded):
        await end_checklist(db, by.actor, end=ChecklistEnd(), **about)
    with pytest.raises(ChecklistNotInForce):
        await make_tick(db, by, checklist, city.teacher)
    assert not (await list_school_checklists(db, city.teacher_account.actor, page=PAGE)).items
    kept = await list_checklists(db, by.actor, page=PAGE, in_force=False)
    assert [row["id"] for row in kept.items] == [checklist["id"]]
