"""Inspections of groups: recorded, answered by the group, closed, counted."""

from dataclasses import replace
from datetime import date
from typing import Any

import asyncpg
import pytest
from pydantic import ValidationError

from app.domain.access.roles import Role
from app.domain.errors import NotAllowed
from app.domain.organisation.facts import DayInFuture
from app.domain.paging import PageRequest
from app.domain.training.group_inspections import (
    InspectionAnswer,
    InspectionAnsweredElsewhere,
    InspectionClosed,
    InspectionConclusion,
    InspectionNotFound,
    InspectionOfOwnGroup,
    InspectionPeriodUnfit,
    NewInspection,
    answer_group_inspection,
    close_group_inspection,
    get_group_inspection,
    inspect_group,
    list_group_inspection_counts,
    list_group_inspections,
)
from app.domain.training.groups import (
    GroupClosed,
    GroupDuty,
    GroupMember,
    GroupNotFound,
    close_group,
)
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, Person, make_account, make_group
from tests.make_checks import make_inspection

PAGE = PageRequest(limit=100)
FOUND: dict[str, Any] = {
    "inspected_on": "2026-11-18", "inspectors": "教导处", "plans": "good", "effect": "unqualified",
    "findings": "计划完整，实效不足。", "suggestions": "聚焦课堂问题。", "due_on": "2026-12-01",
}  # fmt: skip
ANSWER = InspectionAnswer(answer="已调整活动主题")


async def inspect(db: Connection, by: Person, group: Row, **more: Any) -> Row:
    new = NewInspection.model_validate(FOUND | more)
    return await inspect_group(db, by.actor, group_id=group["id"], new=new, now=NOW)


async def answer(db: Connection, by: Person, inspection: Row) -> Row:
    return await answer_group_inspection(
        db, by.actor, inspection_id=inspection["id"], reply=ANSWER, now=NOW
    )


async def close(db: Connection, by: Person, inspection: Row) -> Row:
    return await close_group_inspection(
        db, by.actor, inspection_id=inspection["id"],
        conclusion=InspectionConclusion(conclusion="同意办结"), now=NOW,
    )  # fmt: skip


async def lead(db: Connection, group: Row) -> Person:
    """An account that leads the group."""
    return await make_account(db, "leader", Role.GROUP_LEADER, group)


async def test_it_is_recorded_answered_and_closed(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    leader = await lead(db, group)
    made = await inspect(db, city.school_admin, group)
    assert made["by_unit_id"] == city.school["id"]
    assert (made["plans"], made["records"], made["effect"]) == ("good", None, "unqualified")
    above = [await inspect(db, by, group) for by in (city.county_admin, city.city_admin)]
    assert [each["by_unit_id"] for each in above] == [city.county["id"], city.city["id"]]
    answered = await answer(db, leader, made)
    assert (answered["answer"], answered["answered_at"]) == (ANSWER.answer, NOW)
    with pytest.raises(InspectionAnsweredElsewhere):
        await answer(db, city.school_admin, made)
    closed = await close(db, city.school_admin, made)
    assert (closed["conclusion"], closed["closed_at"]) == ("同意办结", NOW)
    for again in (answer(db, leader, made), close(db, city.county_admin, made)):
        with pytest.raises(InspectionClosed):
            await again
    seen = await get_group_inspection(db, city.teacher_account.actor, inspection_id=made["id"])
    assert seen == closed, "a member sees how the own group was found"


async def test_who_inspects_and_who_does_not(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    group = await make_group(db, city.school, city.teacher)
    leader = await lead(db, group)
    for by, refused in (
        (leader, NotAllowed), (city.teacher_account, NotAllowed), (city.auditor, NotAllowed),
        (city.sibling_admin, GroupNotFound), (city.other_county_admin, GroupNotFound),
    ):  # fmt: skip
        with pytest.raises(refused):
            await inspect(db, by, group)
    with pytest.raises(DayInFuture):
        await inspect(db, city.school_admin, group, inspected_on="2026-11-21")
    closed = await make_group(db, city.school, name="已撤销的组")
    await close_group(db, city.school_admin.actor, group_id=closed["id"], now=NOW)
    with pytest.raises(GroupClosed):
        await inspect(db, city.school_admin, closed)
    assert await driver.fetchval("SELECT count(*) FROM group_inspection") == 0


async def test_nobody_inspects_the_group_that_they_head(db: Connection, city: City) -> None:
    group = await make_group(db, city.school)
    made = await make_inspection(db, group, city.county_admin)
    since = {"duty": GroupDuty.HEAD, "valid_from": date(2020, 9, 1)}
    member = {"id": new_id(), "group_id": group["id"], "teacher_id": city.teacher["id"], **since}
    await db.insert(GroupMember, member)
    admin = city.school_admin
    head = Person(actor=replace(admin.actor, teacher_id=city.teacher["id"]), name=admin.name)
    with pytest.raises(InspectionOfOwnGroup):
        await inspect(db, head, group)
    with pytest.raises(InspectionOfOwnGroup):
        await close(db, head, made)


async def test_lists_and_counts(db: Connection, city: City) -> None:
    group = await make_group(db, city.school)
    idle = await make_group(db, city.school, name="数学教研组")
    other = await make_group(db, city.sibling)
    by = city.school_admin
    first = await make_inspection(
        db, group, by, inspected_on=date(2026, 10, 8), notes="unqualified"
    )
    last = await make_inspection(db, group, by, closed_at=NOW, closed_by=by.actor.account_id)
    await make_inspection(db, group, by, inspected_on=date(2026, 8, 31))
    far = await make_inspection(db, other, city.sibling_admin)
    found = await list_group_inspections(
        db, city.county_admin.actor, page=PAGE, unit_id=city.school["id"], closed=False
    )
    assert len(found.items) == 2
    before = db.statements
    rows = await list_group_inspection_counts(db, by.actor, unit_id=city.school["id"], now=NOW)
    assert db.statements - before == 2
    counted = {row.pop("group_id"): row for row in rows}
    assert counted[group["id"]] == {
        "name": group["name"], "inspections": 2, "last_inspected_on": last["inspected_on"],
        "unanswered": 1, "closed": 1, "unqualified": 1,
    }  # fmt: skip
    assert counted[idle["id"]]["inspections"] == 0
    assert counted.keys() == {group["id"], idle["id"]}
    with pytest.raises(InspectionNotFound):
        await get_group_inspection(db, by.actor, inspection_id=far["id"])
    with pytest.raises(InspectionNotFound):
        await get_group_inspection(db, city.teacher_account.actor, inspection_id=first["id"])
    for days in ({"since": date(2027, 1, 1)}, {"since": date(2025, 1, 1)}, {"until": date.min}):
        with pytest.raises(InspectionPeriodUnfit):
            await list_group_inspection_counts(
                db, by.actor, unit_id=city.school["id"], now=NOW, **days
            )


@pytest.mark.parametrize(
    "wrong",
    [
        {"plans": None, "effect": None},
        {"suggestions": None},
        {"due_on": "2026-11-17"},
    ],
)
def test_what_makes_no_sense(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        NewInspection.model_validate(FOUND | wrong)
