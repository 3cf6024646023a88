import asyncio
from contextlib import suppress
from datetime import date, timedelta

import pytest

from app.database.pool import Pool
from app.domain.access.actors import Actor
from app.domain.access.roles import Duty, Role
from app.domain.errors import NotAllowed
from app.domain.exchange.deliveries import DeliveryKind, list_own_deliveries
from app.domain.exchange.reminders import (
    NewReminder,
    NewReminderRule,
    ReminderRepeated,
    TaskNotFound,
    get_reminder_rule,
    list_own_reminders,
    queue_due_tasks,
    remind_of_task,
    set_reminder_rule,
)
from app.domain.exchange.tasks import WORKFLOWS, TaskKind, list_tasks
from app.domain.paging import PageRequest
from app.request import Resources
from app.sql import Connection
from tests.make import NOW, City, make_account, make_city
from tests.make_organisation import make_department, make_visit
from tests.make_tasks import MAKERS


async def kinds(db: Connection, actor: Actor) -> list[str]:
    return [each["kind"] for each in await list_own_deliveries(db, actor)]


async def test_a_superior_reminds_of_work_below_once_a_day(db: Connection, city: City) -> None:
    made = await MAKERS[TaskKind.CORRECTION_TO_DECIDE](db, city)
    new = NewReminder(
        kind=TaskKind.CORRECTION_TO_DECIDE, subject_id=made.subject_id, waits_at=made.at
    )
    superior = city.county_admin.actor
    row = await remind_of_task(db, superior, new=new, now=NOW)
    assert (row["people"], row["subject_id"]) == (1, made.subject_id)
    assert await kinds(db, city.school_admin.actor) == [DeliveryKind.REMINDER]
    assert await list_own_reminders(db, superior) == [row]
    await remind_of_task(db, superior, new=new, now=NOW + timedelta(days=1))
    assert len(await kinds(db, city.school_admin.actor)) == 2
    elsewhere = new.model_copy(update={"subject_id": made.at})
    for actor, wrong in (
        (city.school_admin.actor, new),
        (city.other_county_admin.actor, new),
        (city.teacher_account.actor, new),
        (superior, elsewhere),
        (superior, new.model_copy(update={"kind": TaskKind.SURVEY_TO_ANSWER})),
    ):
        with pytest.raises(TaskNotFound):
            await remind_of_task(db, actor, new=wrong, now=NOW)
    with pytest.raises(ReminderRepeated):
        await remind_of_task(db, superior, new=new, now=NOW)


async def test_what_can_be_reminded_of(db: Connection, city: City) -> None:
    """Whatever has a place above: each statement is well made, and finds the work."""
    silent = set()
    for kind, make in MAKERS.items():
        alone = db._driver.transaction()
        await alone.start()
        made = await make(db, city)
        new = NewReminder(kind=kind, subject_id=made.subject_id, waits_at=made.at)
        told = 0
        for person in (city.county_admin, city.city_admin, city.school_admin):
            with suppress(TaskNotFound, ReminderRepeated):
                async with db.transaction():
                    told += (await remind_of_task(db, person.actor, new=new, now=NOW))["people"]
        await alone.rollback()
        if not told:
            silent.add(kind)
    answerable = {each.kind for each in WORKFLOWS if each.above is not None and not each.personal}
    assert silent == set(TaskKind) - answerable


async def test_what_falls_due_is_told_ahead_and_what_is_late_above(
    db: Connection, city: City
) -> None:
    asked = {"requests": "请报送整改方案", "due_on": date(2026, 11, 25)}
    await make_visit(db, city.school, city.county_admin, city.county, **asked)
    days = {day: NOW + timedelta(days=day) for day in range(15)}
    assert await queue_due_tasks(db, now=days[0]) == 0
    rule = NewReminderRule(days_before=5)
    said = await set_reminder_rule(db, city.school_admin.actor, unit_id=city.school["id"], new=rule)
    assert (
        said
        == await get_reminder_rule(db, city.teacher_account.actor, unit_id=city.school["id"])
        == {"days_before": 5, "unit_id": city.school["id"]}
    )
    usual = await get_reminder_rule(db, city.county_admin.actor, unit_id=city.sibling["id"])
    assert usual["days_before"] == 3
    with pytest.raises(NotAllowed):
        await set_reminder_rule(db, city.teacher_account.actor, unit_id=city.school["id"], new=rule)
    assert await queue_due_tasks(db, now=days[0]) == 1
    assert await kinds(db, city.school_admin.actor) == [DeliveryKind.DUE]
    for day in (1, 5, 12):
        assert await queue_due_tasks(db, now=days[day]) == 0
    assert await queue_due_tasks(db, now=days[13]) >= 1
    assert await kinds(db, city.county_admin.actor) == [DeliveryKind.LATE]
    assert await queue_due_tasks(db, now=days[14]) == 0


async def test_two_processes_tell_each_once(real_pool: Pool, resources: Resources) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        asked = {"requests": "请报送整改方案", "due_on": date(2026, 11, 21)}
        await make_visit(db, city.school, city.county_admin, city.county, **asked)
        made = await MAKERS[TaskKind.CORRECTION_TO_DECIDE](db, city)
    new = NewReminder(
        kind=TaskKind.CORRECTION_TO_DECIDE, subject_id=made.subject_id, waits_at=made.at
    )

    async def tell() -> int:
        async with real_pool.transaction() as db:
            return await queue_due_tasks(db, now=NOW)

    async def remind() -> int:
        try:
            async with real_pool.transaction() as db:
                return int(
                    (await remind_of_task(db, city.county_admin.actor, new=new, now=NOW))["people"]
                )
        except ReminderRepeated:
            return 0

    assert sum(await asyncio.gather(*(tell() for _ in range(4)))) == 1
    assert sum(await asyncio.gather(*(remind() for _ in range(4)))) == 1
    async with real_pool.connection() as db:
        assert sorted(await kinds(db, city.school_admin.actor)) == ["due", "reminder"]


async def test_who_may_not_do_it_is_not_told_and_a_departments_officers_are(
    db: Connection, city: City
) -> None:
    """Who handed it in, whom it is about and officers of other duties find no task, and no message."""
    made = await MAKERS[TaskKind.PLAN_TO_REVIEW](db, city)
    new = NewReminder(kind=TaskKind.PLAN_TO_REVIEW, subject_id=made.subject_id, waits_at=made.at)
    officers = []
    for number, duty in enumerate((Duty.REVIEW, Duty.OWN)):
        department = await make_department(db, city.county, duty, name=f"科室{number}")
        officers.append(await make_account(db, "officer", Role.DEPARTMENT_OFFICER, department))
    people = [*officers, city.county_admin]
    # Whoever has submitted it does not review it, whatever else they hold.
    await db._driver.execute(
        "UPDATE plan SET submitted_by = $1 WHERE id = $2",
        city.county_admin.actor.account_id, made.subject_id,
    )  # fmt: skip
    row = await remind_of_task(db, city.city_admin.actor, new=new, now=NOW)
    told = [person for person in people if await list_own_deliveries(db, person.actor)]
    page = PageRequest(limit=100)
    finding = [
        person
        for person in people
        if any(
            task["subject_id"] == made.subject_id
            for task in (await list_tasks(db, person.actor, page=page, now=NOW)).items
        )
    ]
    assert (told, row["people"]) == (finding, 1) == ([officers[0]], 1)
