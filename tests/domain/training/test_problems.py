import asyncio
from typing import Any
from uuid import uuid4

import pytest

from app.database.pool import Pool
from app.domain.access.roles import Role
from app.domain.errors import DomainError, NotAllowed
from app.domain.paging import PageRequest
from app.domain.training.problems import (
    NewProblem,
    ProblemDecided,
    ProblemMergedElsewhere,
    ProblemMerger,
    ProblemNotFound,
    ProblemReply,
    ProblemStatedForBoth,
    answer_problem,
    get_problem,
    list_problem_counts,
    list_problems,
    merge_problem,
    problems_by_id,
    state_problem,
    take_in_problem,
)
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_account, make_city, make_group
from tests.make_needs import make_problem

PAGE = PageRequest(limit=100)
REPLY = ProblemReply(reply="已列入下学期主题研修")


async def state(db: Connection, person: Person, **given: Any) -> Row:
    new = NewProblem.model_validate({"statement": "学生不会提问"} | given)
    return await state_problem(db, person.actor, new=new, now=NOW)


async def merge(db: Connection, person: Person, problem: Row, into: Row) -> Row:
    merger = ProblemMerger(into_id=into["id"])
    return await merge_problem(db, person.actor, problem_id=problem["id"], merger=merger, now=NOW)


async def refused(db: Connection, refusal: type[DomainError], awaitable: Any) -> None:
    with pytest.raises(refusal):
        async with db.transaction():
            await awaitable


async def seen_by(db: Connection, person: Person, **filters: Any) -> set[Any]:
    page = await list_problems(db, person.actor, page=PAGE, **filters)
    return {row["id"] for row in page.items}


async def test_a_teacher_a_group_and_a_school_state_problems(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    place = {name: city.school[name] for name in ("city_id", "county_id", "school_id")}
    leader = await make_account(db, "leader", Role.GROUP_LEADER, {**place, "id": group["id"]})
    own = await state(db, city.teacher_account, subject="chinese", stage="primary", tags=["提问"])
    assert (own["teacher_id"], own["group_id"]) == (city.teacher["id"], None)
    assert (own["unit_id"], own["state"]) == (city.school["id"], "stated")
    of_group = await state(db, leader, group_id=group["id"])
    of_school = await state(db, city.school_admin, unit_id=city.school["id"])
    everything = {own["id"], of_group["id"], of_school["id"]}
    for person, seen in (
        (city.teacher_account, {own["id"]}), (city.colleague_account, set()),
        (leader, {of_group["id"]}), (city.school_admin, everything),
        (city.county_admin, everything), (city.sibling_admin, set()),
    ):  # fmt: skip
        assert await seen_by(db, person) == seen
    assert await seen_by(db, city.school_admin, tag="提问") == {own["id"]}
    found = await problems_by_id(
        db, city.teacher_account.actor, problem_ids=[own["id"], of_school["id"]]
    )
    assert found == {own["id"]: own, of_school["id"]: None}


async def test_nobody_states_for_others(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    for person, given, refusal in (
        (city.school_admin, {}, NotAllowed),
        (city.teacher_account, {"group_id": group["id"]}, NotAllowed),
        (city.teacher_account, {"unit_id": city.school["id"]}, DomainError),
        (city.sibling_admin, {"unit_id": city.school["id"]}, DomainError),
        (
            city.school_admin,
            {"unit_id": city.school["id"], "group_id": group["id"]},
            ProblemStatedForBoth,
        ),
    ):
        await refused(db, refusal, state(db, person, **given))
    assert await seen_by(db, city.city_admin) == set()


async def test_what_becomes_of_a_problem(db: Connection, city: City) -> None:
    problem = await make_problem(db, city.school, city.school_admin)
    actor, problem_id = city.school_admin.actor, problem["id"]
    taken = await take_in_problem(db, actor, problem_id=problem_id, now=NOW)
    assert (taken["state"], taken["decided_at"]) == ("taken_in", NOW)
    again = take_in_problem(db, actor, problem_id=problem_id, now=NOW)
    await refused(db, ProblemDecided, again)
    answered = await answer_problem(
        db, city.county_admin.actor, problem_id=problem_id, reply=REPLY, now=NOW
    )
    assert (answered["state"], answered["reply"]) == ("answered", REPLY.reply)
    again = answer_problem(db, actor, problem_id=problem_id, reply=REPLY, now=NOW)
    await refused(db, ProblemDecided, again)
    for person, refusal in (
        (city.sibling_admin, ProblemNotFound), (city.auditor, NotAllowed),
    ):  # fmt: skip
        await refused(
            db, refusal, take_in_problem(db, person.actor, problem_id=problem_id, now=NOW)
        )
    assert await get_problem(db, actor, problem_id=problem_id) == answered


async def test_problems_that_say_the_same_are_joined(db: Connection, city: City) -> None:
    first = await make_problem(db, city.school, city.school_admin)
    second = await make_problem(db, city.sibling, city.sibling_admin)
    await refused(db, ProblemMergedElsewhere, merge(db, city.county_admin, first, first))
    await refused(db, ProblemNotFound, merge(db, city.school_admin, first, second))
    await refused(db, ProblemNotFound, merge(db, city.county_admin, first, {"id": uuid4()}))
    joined = await merge(db, city.county_admin, first, second)
    assert (joined["state"], joined["merged_into_id"]) == ("merged", second["id"])
    await refused(db, ProblemMergedElsewhere, merge(db, city.county_admin, second, first))
    third = await make_problem(db, city.school, city.school_admin)
    await refused(db, ProblemMergedElsewhere, merge(db, city.county_admin, third, first))
    await refused(db, ProblemDecided, merge(db, city.county_admin, first, third))


async def test_problems_are_counted_by_what_they_are_about(db: Connection, city: City) -> None:
    school, by = city.school, city.school_admin
    about = {"subject": "chinese", "stage": "primary"}
    first = await make_problem(db, school, by, **about)
    second = await make_problem(db, school, by, **about)
    await make_problem(db, city.sibling, city.sibling_admin)
    await make_problem(db, city.far_school, city.city_admin)
    await take_in_problem(db, by.actor, problem_id=first["id"], now=NOW)
    third = await make_problem(db, school, by, **about)
    await merge(db, by, third, second)
    before = db.statements
    rows = await list_problem_counts(db, city.county_admin.actor, unit_id=city.county["id"])
    assert db.statements - before == 2
    assert rows == [
        {**about, "problems": 2, "waiting": 1, "taken_in": 1, "answered": 0},
        {"subject": None, "stage": None, "problems": 1, "waiting": 1, "taken_in": 0, "answered": 0},
    ]


async def test_two_who_join_each_others_problems_at_once_join_one(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        first, second = [await make_problem(db, city.school, city.school_admin) for _ in range(2)]

    async def join(problem: Row, into: Row) -> Any:
        async with real_pool.transaction() as db:
            return await merge(db, city.school_admin, problem, into)

    found = await asyncio.gather(join(first, second), join(second, first), return_exceptions=True)
    assert sorted(type(each).__name__ for each in found) == ["ProblemMergedElsewhere", "dict"]
