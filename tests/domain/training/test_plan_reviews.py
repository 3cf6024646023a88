import asyncio
from dataclasses import replace
from typing import Any

import pytest

from app.database.pool import Pool
from app.domain.access.actors import Actor
from app.domain.access.roles import Duty, Permission, Role
from app.domain.errors import NotAllowed
from app.domain.paging import PageRequest
from app.domain.training.plan_items import PlanItemChanges, update_plan_item
from app.domain.training.plan_reviews import (
    PlanOfOneself,
    PlanWithoutSuperior,
    list_plan_reviews,
    withdraw_plan,
)
from app.domain.training.plans import (
    PlanIncomplete,
    PlanNotFound,
    PlanWrongState,
    get_plan,
    list_plans,
)
from app.request import Resources
from app.sql import Connection, Row
from tests.domain.organisation.reorganising import reorganise
from tests.make import NOW, City, Person, make_account, make_city, make_group
from tests.make_organisation import make_department
from tests.make_plans import (
    OPINION,
    approve,
    make_item,
    make_plan,
    make_scheme,
    publish,
    send_back,
    submit,
)

PAGE = PageRequest(limit=100)


async def steps_of(db: Connection, person: Person, plan: Row) -> list[Any]:
    page = await list_plan_reviews(db, person.actor, plan_id=plan["id"], page=PAGE)
    return [(row["step"], row["version"], row["by"], row["opinion"]) for row in page.items]


async def test_a_plan_is_returned_handed_in_again_agreed_to_and_published(
    db: Connection, city: City
) -> None:
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    submitted = await submit(db, city.school_admin, plan)
    assert (submitted["state"], submitted["version"]) == ("submitted", 1)
    waiting = await list_plans(db, city.county_admin.actor, page=PAGE, state=submitted["state"])
    assert [row["id"] for row in waiting.items] == [plan["id"]]
    returned = await send_back(db, city.county_admin, plan)
    assert returned["state"] == "returned"
    await submit(db, city.school_admin, plan)
    approved = await approve(db, city.county_admin, plan)
    assert (approved["state"], approved["version"]) == ("approved", 2)
    published = await publish(db, city.school_admin, plan)
    assert (published["state"], published["published_at"]) == ("published", NOW)
    assert await steps_of(db, city.school_admin, plan) == [
        ("submit", 1, "school.admin", None),
        ("return", 1, "county.admin", "请补充培训进度"),
        ("submit", 2, "school.admin", None),
        ("approve", 2, "county.admin", OPINION.opinion),
        ("publish", 2, "school.admin", None),
    ]
    with pytest.raises(NotAllowed):
        await steps_of(db, city.teacher_account, plan)


async def test_what_a_plan_must_say_is_asked_for_when_it_is_submitted(
    db: Connection, city: City
) -> None:
    """培训内容、培训时间、培训教师、参训人员、培训进度: R49; the goals that it serves: R194."""
    plan = await make_plan(
        db, city.school_admin, unit_id=city.school["id"], aims=None, school_goals=None
    )
    item = await make_item(db, city.school_admin, plan, trainers=None, progress=None)
    with pytest.raises(PlanIncomplete) as refused:
        await submit(db, city.school_admin, plan)
    assert refused.value.details == {
        "missing": "aims, school_goals, items[2].trainers, items[2].progress"
    }
    after = await get_plan(db, city.school_admin.actor, plan_id=plan["id"])
    assert (after["state"], after["version"]) == ("draft", 0)
    assert await steps_of(db, city.school_admin, plan) == []
    full = PlanItemChanges(trainers="外聘专家", progress="第12周")
    await update_plan_item(db, city.school_admin.actor, item_id=item["id"], changes=full)
    scheme = await make_scheme(db, city.school_admin, city.school, text=None)
    with pytest.raises(PlanIncomplete) as refused:
        await submit(db, city.school_admin, scheme)
    assert refused.value.details == {"missing": "text"}


async def test_the_superior_decides_and_nobody_beside_or_below(db: Connection, city: City) -> None:
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    other = await make_account(db, "another.admin", Role.SCHOOL_ADMIN, city.school)
    await submit(db, city.school_admin, plan)
    for person in (city.school_admin, other):
        with pytest.raises(NotAllowed):
            await approve(db, person, plan)
    assert (await approve(db, city.city_admin, plan))["state"] == "approved"


async def test_a_research_office_reviews_for_its_bureau(db: Connection, city: City) -> None:
    office = await make_department(db, city.county, Duty.REVIEW)
    officer = await make_account(
        db, "officer", Role.DEPARTMENT_OFFICER, office | {"duties": (Duty.REVIEW,)}
    )
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    await submit(db, city.school_admin, plan)
    assert (await approve(db, officer, plan))["state"] == "approved"
    own = await make_plan(db, city.county_admin, unit_id=city.county["id"], school_goals=None)
    await submit(db, city.county_admin, own)
    with pytest.raises(NotAllowed):
        await approve(db, officer, own)


async def test_nobody_decides_on_their_own(db: Connection, city: City) -> None:
    plan = await make_plan(db, city.county_admin, unit_id=city.school["id"])
    await submit(db, city.county_admin, plan)
    with pytest.raises(PlanOfOneself):
        await approve(db, city.county_admin, plan)
    assert (await approve(db, city.city_admin, plan))["state"] == "approved"
    individual = await make_plan(
        db, city.teacher_account, kind="individual", teacher_id=city.teacher["id"]
    )
    await submit(db, city.teacher_account, individual)
    with pytest.raises(NotAllowed):
        await approve(db, city.teacher_account, individual)
    assert (await approve(db, city.school_admin, individual))["state"] == "approved"


async def test_nobody_decides_for_what_they_have_a_role_for(db: Connection, city: City) -> None:
    office = await make_department(db, city.county, Duty.REVIEW)
    officer = await make_account(
        db, "officer", Role.DEPARTMENT_OFFICER, office | {"duties": (Duty.REVIEW,)}
    )
    plan = await make_plan(db, city.county_admin, department_id=office["id"], school_goals=None)
    await submit(db, city.county_admin, plan)
    with pytest.raises(PlanOfOneself):
        await approve(db, officer, plan)
    group = await make_group(db, city.school, city.teacher)
    leader = await make_account(db, "leader", Role.GROUP_LEADER, group)
    both = replace(leader.actor, grants=(*leader.actor.grants, *city.school_admin.actor.grants))
    of_group = await make_plan(db, city.school_admin, group_id=group["id"])
    await submit(db, city.school_admin, of_group)
    with pytest.raises(PlanOfOneself):
        await approve(db, Person(both, "both"), of_group)


async def test_a_delegate_decides_neither_for_the_submitter_nor_for_oneself(
    db: Connection, city: City
) -> None:
    """They act by the roles of the school's administrator, and stay the teacher who they are."""
    admin, teacher = city.school_admin.actor, city.teacher_account.actor
    scopes = frozenset(Permission)
    acts = Actor(teacher.account_id, admin.grants, scopes=scopes, on_behalf_of=admin.account_id)
    acting = Person(acts, "delegate")
    individual = {"kind": "individual", "teacher_id": city.teacher["id"]}
    own = await make_plan(db, city.school_admin, **individual)
    other = await make_account(db, "second.admin", Role.SCHOOL_ADMIN, city.school)
    await submit(db, other, own)
    group = await make_group(db, city.school, city.colleague)
    by_granter = await make_plan(db, city.school_admin, group_id=group["id"])
    await submit(db, city.school_admin, by_granter)
    for plan in (own, by_granter):
        with pytest.raises(PlanOfOneself):
            await approve(db, acting, plan)
    by_delegate = await make_plan(db, acting, group_id=group["id"])
    await submit(db, acting, by_delegate)
    for person in (acting, city.school_admin):
        with pytest.raises(PlanOfOneself):
            await approve(db, person, by_delegate)
    for plan in (own, by_granter, by_delegate):
        decider = city.school_admin if plan is own else other
        assert (await approve(db, decider, plan))["state"] == "approved"


async def test_the_city_has_no_superior_here(db: Connection, city: City) -> None:
    scheme = await make_scheme(db, city.city_admin, city.city)
    with pytest.raises(PlanWithoutSuperior):
        await submit(db, city.city_admin, scheme)
    with pytest.raises(PlanWithoutSuperior):
        await approve(db, city.city_admin, scheme)


async def test_a_plan_is_taken_back_until_it_was_decided_on(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    plan = await make_plan(db, city.school_admin, group_id=group["id"], school_goals=None)
    leader = await make_account(db, "leader", Role.GROUP_LEADER, group)
    await submit(db, leader, plan)
    back = await withdraw_plan(db, leader.actor, plan_id=plan["id"], now=NOW)
    assert back["state"] == "withdrawn"
    with pytest.raises(PlanWrongState):
        await approve(db, city.school_admin, plan)
    with pytest.raises(PlanWrongState):
        await publish(db, leader, plan)
    await submit(db, leader, plan)
    await approve(db, city.school_admin, plan)
    with pytest.raises(PlanWrongState):
        await withdraw_plan(db, leader.actor, plan_id=plan["id"], now=NOW)


async def test_of_two_reviewers_at_once_the_second_is_told(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
        await submit(db, city.school_admin, plan)

    async def decide(act: Any, person: Person) -> Row:
        async with real_pool.transaction() as db:
            row: Row = await act(db, person, plan)
            return row

    done = await asyncio.gather(
        decide(approve, city.county_admin), decide(send_back, city.city_admin),
        return_exceptions=True,
    )  # fmt: skip
    refused = [each for each in done if isinstance(each, BaseException)]
    assert [type(each) for each in refused] == [PlanWrongState]
    async with real_pool.transaction(read_only=True) as db:
        steps = await steps_of(db, city.school_admin, plan)
        left = await get_plan(db, city.school_admin.actor, plan_id=plan["id"])
    assert len(steps) == 2
    assert steps[1][0] == {"approved": "approve", "returned": "return"}[left["state"]]


async def test_a_plan_under_review_goes_along_when_its_school_moves(
    db: Connection, city: City
) -> None:
    scheme = await make_scheme(db, city.county_admin, city.county)
    await submit(db, city.county_admin, scheme)
    await approve(db, city.city_admin, scheme)
    await publish(db, city.county_admin, scheme)
    above = {"derived_from_id": scheme["id"]}
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"], **above)
    individual = {"kind": "individual", "teacher_id": city.teacher["id"]}
    own = await make_plan(db, city.teacher_account, **individual)
    for each, by in ((plan, city.school_admin), (own, city.teacher_account)):
        await submit(db, by, each)
    await reorganise(db, city, "city_admin", "move", "school", "other_county")
    for each in (plan, own):
        with pytest.raises(PlanNotFound):
            await approve(db, city.county_admin, each)
        moved = await approve(db, city.other_county_admin, each)
        assert (moved["state"], moved["county_id"]) == ("approved", city.other_county["id"])
