from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.access.roles import Duty, Role
from app.domain.errors import NotAllowed
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.domain.training.groups import GroupClosed, close_group
from app.domain.training.plan_items import (
    PlanItemChanges,
    remove_plan_item,
    update_plan_item,
)
from app.domain.training.plans import (
    NewPlan,
    PlanChanges,
    PlanDaysDisagree,
    PlanDerivation,
    PlanNotBegun,
    PlanNotFound,
    PlanSummary,
    PlanVersionNotFound,
    PlanWrongState,
    create_plan,
    get_plan,
    get_plan_comparison,
    list_plan_coverage,
    list_plan_versions,
    list_plans,
    list_published_plans,
    plans_by_id,
    plans_derived_from,
    summarise_plan,
    update_plan,
)
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_account, make_group
from tests.make_organisation import make_department
from tests.make_plans import (
    PLAN,
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


async def seen_by(db: Connection, person: Person, **filters: Any) -> list[Any]:
    page = await list_plans(db, person.actor, page=PAGE, **filters)
    return [row["id"] for row in page.items]


async def offered_to(db: Connection, person: Person) -> list[Any]:
    page = await list_published_plans(db, person.actor, page=PAGE)
    return [row["id"] for row in page.items]


async def change(db: Connection, person: Person, plan: Row, **changes: Any) -> Row:
    given = PlanChanges.model_validate(changes)
    return await update_plan(db, person.actor, plan_id=plan["id"], changes=given)


async def test_a_draft_is_seen_where_it_lies_and_nowhere_else(db: Connection, city: City) -> None:
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    assert (plan["state"], plan["version"], plan["since"]) == ("draft", 0, NOW)
    for person, keys in (
        (city.school_admin, [plan["id"]]), (city.county_admin, [plan["id"]]),
        (city.auditor, [plan["id"]]), (city.sibling_admin, []), (city.teacher_account, []),
    ):  # fmt: skip
        assert await seen_by(db, person) == keys, person.name
    with pytest.raises(PlanNotFound):
        await get_plan(db, city.sibling_admin.actor, plan_id=plan["id"])
    assert await plans_by_id(db, city.sibling_admin.actor, plan_ids=[plan["id"]]) == {
        plan["id"]: None
    }
    with pytest.raises(NotAllowed):
        await change(db, city.auditor, plan, title="改名")


async def test_groups_and_teachers_plan_for_themselves(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    leader = await make_account(db, "leader", Role.GROUP_LEADER, group)
    own = await make_plan(db, leader, group_id=group["id"])
    assert await seen_by(db, leader) == [own["id"]]
    individual = await make_plan(
        db, city.teacher_account, kind="individual", teacher_id=city.teacher["id"]
    )
    assert await seen_by(db, city.teacher_account) == [individual["id"]]
    assert await seen_by(db, city.colleague_account) == []
    for_her = await make_plan(
        db, city.school_admin, kind="individual", teacher_id=city.teacher["id"]
    )
    assert await seen_by(db, city.teacher_account, kind="individual") == [
        individual["id"], for_her["id"],
    ]  # fmt: skip
    new = NewPlan.model_validate(PLAN | {"unit_id": city.school["id"]})
    with pytest.raises(UnitNotFound):
        await create_plan(db, city.sibling_admin.actor, new=new, now=NOW)
    with pytest.raises(NotAllowed):
        await create_plan(db, leader.actor, new=new, now=NOW)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"kind": "individual", "unit_id": "0197f000-0000-7000-8000-000000000000"},
        {"teacher_id": "0197f000-0000-7000-8000-000000000000"},
        {"unit_id": "0197f000-0000-7000-8000-000000000000", "ends_on": "2026-08-31"},
    ],
)
def test_a_plan_is_of_one_owner_and_ends_after_it_begins(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        NewPlan.model_validate(PLAN | given)


async def test_a_scheme_reaches_all_below_and_theirs_are_derived_from_it(
    db: Connection, city: City
) -> None:
    """《**縣中小學校本研修工作實施方案》下發: R53, R192."""
    drafted = await make_scheme(db, city.county_admin, city.county)
    scheme = await make_published(db, city.county_admin, city.city_admin, drafted)
    assert scheme["published_at"] == NOW
    for person in (city.school_admin, city.sibling_admin, city.teacher_account):
        assert await offered_to(db, person) == [scheme["id"]]
    assert await offered_to(db, city.other_county_admin) == []
    above = {"derived_from_id": scheme["id"]}
    school_scheme = await make_scheme(db, city.school_admin, city.school, **above)
    school_scheme = await make_published(db, city.school_admin, city.county_admin, school_scheme)
    assert await offered_to(db, city.sibling_admin) == [scheme["id"]]
    derived = await plans_derived_from(
        db, city.county_admin.actor, plan_ids=[scheme["id"]], page=PAGE
    )
    assert [row["id"] for row in derived[scheme["id"]].items] == [school_scheme["id"]]
    before = db.statements
    reached = await list_plan_coverage(db, city.county_admin.actor, plan_id=scheme["id"])
    assert db.statements - before == 2, "its door, and one for all schools"
    assert [(row["name"], row["plan_id"], row["state"]) for row in reached] == [
        ("甲县第一小学", school_scheme["id"], "published"), ("甲县第二小学", None, None),
    ]  # fmt: skip
    office = await make_department(db, city.sibling, Duty.GUIDE)
    await make_plan(db, city.sibling_admin, department_id=office["id"], **above)
    reached = await list_plan_coverage(db, city.county_admin.actor, plan_id=scheme["id"])
    assert reached[1]["plan_id"] is None, "a department's plan is not its school's"
    with pytest.raises(NotAllowed):
        await list_plan_coverage(db, city.school_admin.actor, plan_id=scheme["id"])


async def test_a_plan_is_derived_from_what_was_published_above_it(
    db: Connection, city: City
) -> None:
    drafted = await make_scheme(db, city.county_admin, city.county)
    with pytest.raises(PlanNotFound):
        await make_scheme(db, city.school_admin, city.school, derived_from_id=drafted["id"])
    with pytest.raises(PlanDerivation):
        await make_scheme(db, city.city_admin, city.school, derived_from_id=drafted["id"])
    own = await make_scheme(db, city.school_admin, city.school)
    await make_published(db, city.school_admin, city.county_admin, own)
    with pytest.raises(PlanDerivation):
        await make_scheme(db, city.school_admin, city.school, derived_from_id=own["id"])
    with pytest.raises(PlanDerivation):
        await make_scheme(db, city.county_admin, city.county, derived_from_id=own["id"])
    group = await make_group(db, city.school, city.teacher)
    plan = await make_plan(db, city.school_admin, group_id=group["id"], derived_from_id=own["id"])
    assert plan["derived_from_id"] == own["id"]
    await make_published(db, await make_account(db, "leader", Role.GROUP_LEADER, group),
                         city.school_admin, plan)  # fmt: skip
    beside = await make_group(db, city.school, name="数学教研组")
    for owner in ({"group_id": beside["id"]}, {"unit_id": city.school["id"]}):
        with pytest.raises(PlanDerivation):
            await make_plan(db, city.school_admin, **owner, derived_from_id=plan["id"])
    individual = {"kind": "individual", "teacher_id": city.teacher["id"]}
    await make_plan(db, city.teacher_account, **individual, derived_from_id=plan["id"])
    await close_group(db, city.school_admin.actor, group_id=beside["id"], now=NOW)
    with pytest.raises(GroupClosed):
        await make_plan(db, city.school_admin, group_id=beside["id"])
    assert await seen_by(db, city.school_admin, derived_from_id=own["id"]) == [plan["id"]]


async def test_a_groups_plan_is_published_to_its_members(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    leader = await make_account(db, "leader", Role.GROUP_LEADER, group)
    plan = await make_plan(db, leader, group_id=group["id"])
    await make_published(db, leader, city.school_admin, plan)
    assert await offered_to(db, city.teacher_account) == [plan["id"]]
    assert await offered_to(db, city.colleague_account) == []


async def test_a_plan_is_changed_while_it_is_written(db: Connection, city: City) -> None:
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    changed = await change(db, city.school_admin, plan, title="新计划", school_goals=None)
    assert (changed["title"], changed["school_goals"]) == ("新计划", None)
    with pytest.raises(PlanDaysDisagree):
        await change(db, city.school_admin, plan, ends_on="2026-08-01")
    with pytest.raises(PlanDaysDisagree):
        await change(db, city.school_admin, plan, ends_on="2026-11-29")
    await change(db, city.school_admin, plan, school_goals="强校")
    await submit(db, city.school_admin, plan)
    with pytest.raises(PlanWrongState):
        await change(db, city.school_admin, plan, title="再改")
    after = await get_plan(db, city.school_admin.actor, plan_id=plan["id"])
    assert after["title"] == "新计划"


async def test_versions_are_kept_and_compared(db: Connection, city: City) -> None:
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    gone = await make_item(db, city.school_admin, plan, content="读书沙龙")
    stays = await make_item(db, city.school_admin, plan, content="同课异构")
    await submit(db, city.school_admin, plan)
    await send_back(db, city.county_admin, plan)
    await change(db, city.school_admin, plan, title="修改后的计划")
    admin = city.school_admin.actor
    await remove_plan_item(db, admin, item_id=gone["id"])
    changes = PlanItemChanges.model_validate({"hours": "6", "trainers": "外聘专家"})
    await update_plan_item(db, admin, item_id=stays["id"], changes=changes)
    added = await make_item(db, city.school_admin, plan, content="教学论坛")
    await submit(db, city.school_admin, plan)
    page = await list_plan_versions(db, admin, plan_id=plan["id"], page=PAGE)
    assert [(row["number"], row["submitter"]) for row in page.items] == [
        (1, "school.admin"), (2, "school.admin"),
    ]  # fmt: skip
    differs = await get_plan_comparison(db, admin, plan_id=plan["id"], older=1, newer=2)
    assert differs["field_differences"] == [
        {"field": "title", "before": PLAN["title"], "after": "修改后的计划"}
    ]
    found = {row["item_id"]: row for row in differs["item_differences"]}
    assert {key: row["difference"] for key, row in found.items()} == {
        gone["id"]: "removed", stays["id"]: "changed", added["id"]: "added",
    }  # fmt: skip
    assert found[stays["id"]]["fields"] == [
        {"field": "trainers", "before": "教研组长", "after": "外聘专家"},
        {"field": "hours", "before": "4.00", "after": "6.00"},
    ]
    same = await get_plan_comparison(db, admin, plan_id=plan["id"], older=2, newer=2)
    assert (same["field_differences"], same["item_differences"]) == ([], [])
    for older, newer in ((1, 3), (0, 1), (None, -(2**31)), (2**31, 1), (10**30, 10**30)):
        with pytest.raises(PlanVersionNotFound):
            await get_plan_comparison(db, admin, plan_id=plan["id"], older=older, newer=newer)


async def test_an_agreed_plan_is_summed_up_once_it_has_begun(db: Connection, city: City) -> None:
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    said = PlanSummary(summary="全学期共举办专题讲座三十四场次。")
    admin = city.school_admin.actor
    with pytest.raises(PlanWrongState):
        await summarise_plan(db, admin, plan_id=plan["id"], summary=said, now=NOW)
    await submit(db, city.school_admin, plan)
    await approve(db, city.county_admin, plan)
    early = NOW.replace(month=8)
    with pytest.raises(PlanNotBegun):
        await summarise_plan(db, admin, plan_id=plan["id"], summary=said, now=early)
    done = await summarise_plan(db, admin, plan_id=plan["id"], summary=said, now=NOW)
    assert (done["summary"], done["summarised_at"]) == (said.summary, NOW)


async def test_the_city_publishes_what_it_has_drafted(db: Connection, city: City) -> None:
    scheme = await make_scheme(db, city.city_admin, city.city)
    published = await publish(db, city.city_admin, scheme)
    assert (published["state"], published["version"]) == ("published", 1)
    assert await offered_to(db, city.teacher_account) == [scheme["id"]]
