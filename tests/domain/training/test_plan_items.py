import asyncio

import pytest
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.paging import PageRequest
from app.domain.people.teachers import TeacherNotFound
from app.domain.training.activities import ActivityState
from app.domain.training.attendance import AttendanceRole
from app.domain.training.plan_items import (
    ActivityNotPlanned,
    ActivityOutsidePlan,
    ActivityPlanned,
    ItemActivity,
    NewPlanItem,
    PlanItemChanges,
    TooManyPlanItems,
    items_of_plans,
    link_plan_activity,
    list_plan_items,
    remove_plan_item,
    unlink_plan_activity,
    update_plan_item,
)
from app.domain.training.plans import (
    MOST_ITEMS,
    ItemOutsidePlan,
    PlanIncomplete,
    PlanItem,
    PlanItemNotFound,
    PlanNotFound,
    PlanWrongState,
)
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.make import City, Person, make_activity, make_attendance, make_city
from tests.make_plans import ITEM, approve, make_item, make_plan, make_published, submit

PAGE = PageRequest(limit=100)


async def items_seen(db: Connection, person: Person, plan: Row) -> list[Row]:
    return (await list_plan_items(db, person.actor, plan_id=plan["id"], page=PAGE)).items


async def link(db: Connection, person: Person, item: Row, activity: Row) -> Row:
    carried = ItemActivity(activity_id=activity["id"])
    return await link_plan_activity(db, person.actor, item_id=item["id"], link=carried)


async def test_items_are_written_while_the_plan_is(db: Connection, city: City) -> None:
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    admin = city.school_admin.actor
    item = await make_item(db, city.school_admin, plan, starts_on="2026-10-01")
    first, *_ = await items_seen(db, city.school_admin, plan)
    assert first["id"] == item["id"]
    changed = await update_plan_item(
        db, admin, item_id=item["id"], changes=PlanItemChanges(person_in_charge="教导主任")
    )
    assert changed == item | {"person_in_charge": "教导主任"}
    with pytest.raises(ItemOutsidePlan):
        await make_item(db, city.school_admin, plan, ends_on="2027-02-01")
    outside = PlanItemChanges.model_validate({"starts_on": "2026-12-01"})
    with pytest.raises(ItemOutsidePlan):
        await update_plan_item(db, admin, item_id=item["id"], changes=outside)
    assert await remove_plan_item(db, admin, item_id=item["id"]) == changed
    with pytest.raises(PlanItemNotFound):
        await remove_plan_item(db, admin, item_id=item["id"])
    await submit(db, city.school_admin, plan)
    for late in (
        make_item(db, city.school_admin, plan),
        remove_plan_item(
            db, admin, item_id=(await items_seen(db, city.school_admin, plan))[0]["id"]
        ),
    ):
        with pytest.raises(PlanWrongState):
            await late
    assert len(await items_seen(db, city.school_admin, plan)) == 1


def test_an_item_keeps_its_content_and_its_days() -> None:
    for wrong in ({"content": None}, {"starts_on": "2026-12-02", "ends_on": "2026-12-01"}):
        with pytest.raises(ValidationError):
            PlanItemChanges.model_validate(wrong)
    with pytest.raises(ValidationError):
        NewPlanItem.model_validate(ITEM | {"hours": "0"})


async def test_the_audience_sees_content_time_and_forms(db: Connection, city: City) -> None:
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    with pytest.raises(PlanNotFound):
        await items_seen(db, city.teacher_account, plan)
    await make_published(db, city.school_admin, city.county_admin, plan)
    (seen,) = await items_seen(db, city.teacher_account, plan)
    assert (seen["content"], seen["form"], seen["trainees"]) == (
        ITEM["content"], "lecture", ITEM["trainees"],
    )  # fmt: skip
    pages = await items_of_plans(db, city.school_admin.actor, plan_ids=[plan["id"]], page=PAGE)
    assert [row["id"] for row in pages[plan["id"]].items] == [seen["id"]]


async def test_the_four_haves_come_from_what_is_there(db: Connection, city: City) -> None:
    """研修有計劃、有時間、有主講、有記載: R57."""
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    (item,) = await items_seen(db, city.school_admin, plan)
    haves = ("has_plan", "has_time", "has_speaker", "has_record")
    assert [item[name] for name in haves] == [False] * 4
    activity = await make_activity(db, city.school, city.school_admin, state=ActivityState.HELD)
    with pytest.raises(PlanWrongState):
        await link(db, city.school_admin, item, activity)
    await submit(db, city.school_admin, plan)
    await approve(db, city.county_admin, plan)
    linked = await link(db, city.school_admin, item, activity)
    assert [linked[name] for name in haves] == [True, True, False, False]
    assert (linked["activities"], linked["activities_held"]) == (1, 1)
    await make_attendance(
        db, activity["sessions"][0], city.school_admin, city.teacher, role=AttendanceRole.SPEAKER
    )
    (full,) = await items_seen(db, city.school_admin, plan)
    assert [full[name] for name in haves] == [True] * 4


async def test_one_activity_carries_out_one_item_of_its_own_unit(
    db: Connection, city: City
) -> None:
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    second = await make_item(db, city.school_admin, plan)
    await submit(db, city.school_admin, plan)
    await approve(db, city.county_admin, plan)
    activity = await make_activity(db, city.school, city.school_admin)
    await link(db, city.school_admin, second, activity)
    with pytest.raises(ActivityPlanned):
        async with db.transaction():
            await link(db, city.school_admin, second, activity)
    elsewhere = await make_activity(db, city.sibling, city.sibling_admin)
    with pytest.raises(ActivityOutsidePlan):
        await link(db, city.county_admin, second, elsewhere)
    admin, keys = city.school_admin.actor, {"item_id": second["id"], "activity_id": activity["id"]}
    assert (await unlink_plan_activity(db, admin, **keys))["activities"] == 0
    with pytest.raises(ActivityNotPlanned):
        await unlink_plan_activity(db, admin, **keys)


async def test_what_was_cancelled_gives_an_item_none_of_the_four(
    db: Connection, city: City
) -> None:
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    await submit(db, city.school_admin, plan)
    await approve(db, city.county_admin, plan)
    (item,) = await items_seen(db, city.school_admin, plan)
    cancelled = await make_activity(
        db, city.school, city.school_admin, state=ActivityState.CANCELLED
    )
    linked = await link(db, city.school_admin, item, cancelled)
    assert (linked["activities"], linked["has_time"]) == (0, False)


async def test_trainers_are_named_by_key_beside_the_text(db: Connection, city: City) -> None:
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    named = {"trainers": None, "trainer_ids": [str(city.teacher["id"])]}
    item = await make_item(db, city.school_admin, plan, **named)
    assert item["trainer_ids"] == [city.teacher["id"]]
    bare = await make_item(db, city.school_admin, plan, trainers=None)
    with pytest.raises(PlanIncomplete) as refused:
        await submit(db, city.school_admin, plan)
    assert refused.value.details == {"missing": "items[3].trainers"}
    admin = city.school_admin.actor
    for stranger in (city.sibling_teacher["id"], plan["id"]):
        with pytest.raises(TeacherNotFound):
            await update_plan_item(
                db, admin, item_id=bare["id"], changes=PlanItemChanges(trainer_ids=[stranger])
            )
    both = PlanItemChanges(trainer_ids=[city.teacher["id"], city.colleague["id"]])
    changed = await update_plan_item(db, admin, item_id=bare["id"], changes=both)
    assert changed["trainer_ids"] == [city.teacher["id"], city.colleague["id"]]
    await submit(db, city.school_admin, plan)


async def test_of_two_changes_at_once_the_second_sees_the_first(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
        (item,) = await items_seen(db, city.school_admin, plan)

    async def change(**days: str) -> Row:
        changes = PlanItemChanges.model_validate(days)
        async with real_pool.transaction() as db:
            actor = city.school_admin.actor
            return await update_plan_item(db, actor, item_id=item["id"], changes=changes)

    done = await asyncio.gather(
        change(starts_on="2026-11-20"), change(ends_on="2026-11-10"), return_exceptions=True
    )
    assert [type(each) for each in done if isinstance(each, BaseException)] == [ItemOutsidePlan]


async def test_a_plan_has_so_many_items_at_most(db: Connection, city: City) -> None:
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    (item,) = await items_seen(db, city.school_admin, plan)
    row = {name: item[name] for name in PlanItem.model_fields}
    for _ in range(MOST_ITEMS - 1):
        await db.insert(PlanItem, row | {"id": new_id()})
    with pytest.raises(TooManyPlanItems):
        await make_item(db, city.school_admin, plan)
