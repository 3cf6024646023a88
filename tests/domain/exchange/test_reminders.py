import asyncio
from contextlib import suppress
from datetime import date, timedelta

import pytest

from app.database.pool import Pool
from app.domain.access.actors import Actor
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
from app.domain.exchange.tasks import WORKFLOWS, TaskKind
from app.request import Resources
from app.sql import Connection
from tests.make import NOW, City, make_city
from tests.make_organisation import make_visit
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
