"""An agreed plan is amended by a version that is reviewed while the one in force stays: R52."""

import asyncio
from typing import Any

import pytest
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.errors import NotAllowed
from app.domain.paging import PageRequest
from app.domain.training.plan_items import ItemActivity, link_plan_activity, list_plan_items
from app.domain.training.plan_reviews import (
    PlanOfOneself,
    amend_plan,
    list_plan_reviews,
    publish_plan,
    withdraw_plan,
)
from app.domain.training.plans import (
    AmendmentWaits,
    ItemCarriedOut,
    ItemOutsidePlan,
    PlanAmendment,
    PlanIncomplete,
    PlanItemNotFound,
    PlanWrongState,
    get_plan,
    get_plan_comparison,
)
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_activity, make_city
from tests.make_plans import (
    ITEM,
    approve,
    make_item,
    make_plan,
    make_published,
    make_scheme,
    publish,
    send_back,
    submit,
)

PAGE = PageRequest(limit=100)


async def amend(db: Connection, by: Person, plan: Row, **says: Any) -> Row:
    new = PlanAmendment.model_validate(says)
    return await amend_plan(db, by.actor, plan_id=plan["id"], amendment=new, now=NOW)


async def items_of(db: Connection, by: Person, plan: Row) -> list[Row]:
    return (await list_plan_items(db, by.actor, plan_id=plan["id"], page=PAGE)).items


async def make_agreed(db: Connection, city: City) -> tuple[Row, Row, Row]:
    """A school's plan that is published, and its two items."""
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    await make_item(db, city.school_admin, plan, content="读书沙龙", starts_on="2026-11-02")
    await make_published(db, city.school_admin, city.county_admin, plan)
    first, second = await items_of(db, city.school_admin, plan)
    return await get_plan(db, city.school_admin.actor, plan_id=plan["id"]), first, second


async def test_the_plan_in_force_stays_until_the_amendment_is_agreed_to(
    db: Connection, city: City
) -> None:
    plan, first, second = await make_agreed(db, city)
    before = await items_of(db, city.teacher_account, plan)
    items: list[dict[str, Any]] = [
        ITEM | {"id": str(first["id"]), "content": "专题讲座两场", "hours": "8",
                "trainer_ids": [str(city.teacher["id"])]},
        ITEM | {"content": "教学论坛", "starts_on": "2026-12-01", "ends_on": "2026-12-02"},
    ]  # fmt: skip
    waiting = await amend(db, city.school_admin, plan, title="修订后的计划", items=items)
    assert waiting == plan | {"version": 2, "amendment_since": NOW}
    assert await items_of(db, city.teacher_account, plan) == before
    differs = await get_plan_comparison(db, city.county_admin.actor, plan_id=plan["id"])
    assert (differs["older"], differs["newer"]) == (1, 2)
    assert [row["difference"] for row in differs["item_differences"]] == [
        "changed", "removed", "added",
    ]  # fmt: skip
    with pytest.raises(AmendmentWaits):
        await amend(db, city.school_admin, plan, title="又一次")
    with pytest.raises(NotAllowed):
        await approve(db, city.school_admin, plan)
    agreed = await approve(db, city.county_admin, plan)
    assert agreed == plan | {"title": "修订后的计划", "version": 2, "in_force": 2}
    changed, added = await items_of(db, city.teacher_account, plan)
    assert (changed["id"], changed["content"], changed["trainer_ids"]) == (
        first["id"], "专题讲座两场", [city.teacher["id"]],
    )  # fmt: skip
    assert (str(changed["hours"]), added["content"]) == ("8.00", "教学论坛")
    assert second["id"] not in (changed["id"], added["id"])
    page = await list_plan_reviews(db, city.school_admin.actor, plan_id=plan["id"], page=PAGE)
    assert [(row["step"], row["version"]) for row in page.items] == [
        ("submit", 1), ("approve", 1), ("publish", 1), ("amend", 2), ("approve", 2),
    ]  # fmt: skip


async def test_an_amendment_is_returned_or_taken_back_and_another_follows(
    db: Connection, city: City
) -> None:
    plan, *_ = await make_agreed(db, city)
    await amend(db, city.school_admin, plan, title="第一次修订")
    assert await send_back(db, city.county_admin, plan) == plan | {"version": 2}
    await amend(db, city.school_admin, plan, title="第二次修订")
    back = await withdraw_plan(db, city.school_admin.actor, plan_id=plan["id"], now=NOW)
    assert back == plan | {"version": 3}
    for late in (approve(db, city.county_admin, plan),
                 withdraw_plan(db, city.school_admin.actor, plan_id=plan["id"], now=NOW)):  # fmt: skip
        with pytest.raises(PlanWrongState):
            await late
    await amend(db, city.county_admin, plan, title="第三次修订")
    differs = await get_plan_comparison(db, city.county_admin.actor, plan_id=plan["id"])
    assert (differs["older"], differs["newer"]) == (1, 4)
    with pytest.raises(PlanOfOneself):
        await approve(db, city.county_admin, plan)
    agreed = await approve(db, city.city_admin, plan)
    assert (agreed["title"], agreed["in_force"], agreed["state"]) == ("第三次修订", 4, "published")


async def test_what_is_approved_is_published_while_an_amendment_waits(
    db: Connection, city: City
) -> None:
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    with pytest.raises(PlanWrongState):
        await amend(db, city.school_admin, plan, title="尚未审定")
    await submit(db, city.school_admin, plan)
    await approve(db, city.county_admin, plan)
    await amend(db, city.school_admin, plan, title="修订")
    shown = await publish_plan(db, city.school_admin.actor, plan_id=plan["id"], now=NOW)
    assert (shown["title"], shown["in_force"], shown["version"]) == (plan["title"], 1, 2)
    assert shown["amendment_since"] == NOW
    assert (await approve(db, city.county_admin, plan))["published_at"] == NOW


async def test_the_citys_own_is_amended_at_once(db: Connection, city: City) -> None:
    scheme = await make_scheme(db, city.city_admin, city.city)
    await publish(db, city.city_admin, scheme)
    amended = await amend(db, city.city_admin, scheme, text="二、修订")
    assert (amended["text"], amended["in_force"], amended["amendment_since"]) == (
        "二、修订", 2, None,
    )  # fmt: skip


async def test_refusals(db: Connection, city: City) -> None:
    plan, first, second = await make_agreed(db, city)
    elsewhere = await make_plan(db, city.sibling_admin, unit_id=city.sibling["id"])
    (foreign,) = await items_of(db, city.sibling_admin, elsewhere)
    with pytest.raises(PlanItemNotFound):
        await amend(db, city.school_admin, plan, items=[ITEM | {"id": str(foreign["id"])}])
    with pytest.raises(PlanIncomplete):
        await amend(db, city.school_admin, plan, items=[])
    with pytest.raises(ItemOutsidePlan):
        await amend(db, city.school_admin, plan, ends_on="2026-11-15")
    with pytest.raises(ValidationError):
        PlanAmendment.model_validate({"items": [ITEM | {"id": str(first["id"])}] * 2})
    with pytest.raises(NotAllowed):
        await amend(db, city.teacher_account, plan, title="改名")
    only_first = [ITEM | {"id": str(first["id"])}]
    await amend(db, city.school_admin, plan, items=only_first)
    activity = await make_activity(db, city.school, city.school_admin)
    carried = ItemActivity(activity_id=activity["id"])
    await link_plan_activity(db, city.school_admin.actor, item_id=second["id"], link=carried)
    with pytest.raises(ItemCarriedOut):
        async with db.transaction():
            await approve(db, city.county_admin, plan)
    await send_back(db, city.county_admin, plan)
    with pytest.raises(ItemCarriedOut):
        await amend(db, city.school_admin, plan, items=only_first)
    assert len(await items_of(db, city.school_admin, plan)) == 2


async def test_of_two_who_decide_on_an_amendment_the_second_is_told(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        plan, *_ = await make_agreed(db, city)
        await amend(db, city.school_admin, plan, title="修订")

    async def decide(act: Any, person: Person) -> Any:
        async with real_pool.transaction() as db:
            return await act(db, person, plan)

    done = await asyncio.gather(
        decide(approve, city.county_admin), decide(send_back, city.city_admin),
        return_exceptions=True,
    )  # fmt: skip
    refused = [each for each in done if isinstance(each, BaseException)]
    assert [type(each) for each in refused] == [PlanWrongState]
