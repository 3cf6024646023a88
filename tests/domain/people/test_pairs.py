"""Pairs: of two people of one unit, once at a time, the same from both sides."""

import asyncio
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.errors import DomainError, NotAllowed
from app.domain.paging import PageRequest
from app.domain.people.pairs import (
    NewPair,
    PairEnd,
    PairNotFound,
    PairOpen,
    PairOutsideUnit,
    PairOver,
    end_pair,
    form_pair,
    get_pair,
    list_pairs,
)
from app.domain.people.teachers import TeacherNotFound
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.make import NOW, TODAY, City, Person, make_city
from tests.make_people import accept, by_key, complete, make_pair, propose

ALL = PageRequest(limit=100)
TERM = {"valid_from": date(2026, 9, 1), "valid_to": date(2027, 9, 1)}


def new(unit: Row, *teachers: Row, **more: Any) -> NewPair:
    given = {"kind": "friends", "purpose": "互听互评，共读一本书", **TERM, "unit_id": unit["id"]}
    return NewPair.model_validate(
        given | {"teacher_ids": [teacher["id"] for teacher in teachers]} | more
    )


async def form(db: Connection, who: Person, unit: Row, *teachers: Row) -> Row:
    return await form_pair(db, who.actor, new=new(unit, *teachers))


async def test_a_pair_is_the_same_from_both_sides(db: Connection, city: City) -> None:
    pair = await form(db, city.school_admin, city.school, city.colleague, city.teacher)
    assert {pair["one_name"], pair["other_name"]} == {"测试甲", "测试乙"}
    for person in (city.teacher_account, city.colleague_account):
        page = await list_pairs(db, person.actor, page=ALL)
        assert page.items == [pair]
    for first, second in (("teacher", "colleague"), ("colleague", "teacher")):
        with pytest.raises(PairOpen):
            async with db.transaction():
                await form(
                    db, city.school_admin, city.school, getattr(city, first), getattr(city, second)
                )
    end = PairEnd(result="各上一节展示课")
    over = await end_pair(db, city.school_admin.actor, pair_id=pair["id"], end=end, now=NOW)
    assert (over["ended_on"], over["result"]) == (TODAY, "各上一节展示课")
    with pytest.raises(PairOver):
        await end_pair(db, city.school_admin.actor, pair_id=pair["id"], end=end, now=NOW)
    again = await form(db, city.school_admin, city.school, city.teacher, city.colleague)
    page = await list_pairs(db, city.school_admin.actor, page=ALL, open=True)
    assert page.items == [again]


async def test_a_bureau_pairs_across_its_schools(db: Connection, city: City) -> None:
    pair = await form(db, city.county_admin, city.county, city.teacher, city.sibling_teacher)
    assert pair["unit_id"] == city.county["id"]
    page = await list_pairs(
        db, city.city_admin.actor, page=ALL, teacher_id=city.sibling_teacher["id"]
    )
    assert page.items == [pair]
    assert (await list_pairs(db, city.school_admin.actor, page=ALL)).items == []


@pytest.mark.parametrize(
    ("who", "unit", "other", "refusal"),
    [
        ("city_admin", "school", "sibling_teacher", PairOutsideUnit),
        ("city_admin", "county", "far_teacher", PairOutsideUnit),
        ("teacher_account", "school", "colleague", NotAllowed),
        ("school_admin", "county", "colleague", NotAllowed),
        ("school_admin", "school", "far_teacher", TeacherNotFound),
    ],
)
async def test_what_is_refused_changes_nothing(
    db: Connection, city: City, who: str, unit: str, other: str, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        await form(db, getattr(city, who), getattr(city, unit), city.teacher, getattr(city, other))
    assert (await list_pairs(db, city.city_admin.actor, page=ALL)).items == []


async def test_a_pair_elsewhere_is_none(db: Connection, city: City) -> None:
    pair = await make_pair(db, city.school, city.teacher, city.colleague)
    with pytest.raises(PairNotFound):
        await get_pair(db, city.sibling_admin.actor, pair_id=pair["id"])


@pytest.mark.parametrize(
    "more",
    [
        {"valid_to": date(2026, 9, 1)},
        {"teacher_ids": [str(new_id())]},
        {"teacher_ids": ["01890000-0000-7000-8000-000000000000"] * 2},
    ],
)
def test_a_pair_is_of_two_for_a_term(more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        new({"id": new_id()}, {"id": new_id()}, {"id": new_id()}, **more)


async def test_a_pair_ends_with_a_transfer_but_not_that_of_the_bureau(
    db: Connection, city: City, resources: Resources
) -> None:
    own = await make_pair(db, city.school, city.teacher, city.colleague)
    above = await make_pair(db, city.county, city.teacher, city.sibling_teacher)
    transfer = await propose(db, resources, city.school_admin, by_key(city.teacher, city.sibling))
    await complete(db, city.county_admin, await accept(db, city.county_admin, transfer))
    page = await list_pairs(db, city.county_admin.actor, page=ALL)
    assert {row["id"]: row["ended_on"] for row in page.items} == {
        own["id"]: TODAY, above["id"]: None,
    }  # fmt: skip


async def test_of_two_at_once_one_pair_is_formed(real_pool: Pool, resources: Resources) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)

    async def once(*teachers: Row) -> Row:
        async with real_pool.transaction() as db:
            return await form(db, city.school_admin, city.school, *teachers)

    done = await asyncio.gather(
        once(city.teacher, city.colleague),
        once(city.colleague, city.teacher),
        return_exceptions=True,
    )
    assert sorted(isinstance(each, PairOpen) for each in done) == [False, True]
