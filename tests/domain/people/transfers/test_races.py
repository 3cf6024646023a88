"""Transfers at once with each other, with recognition, with a merger; what the feed tells: real commits."""

import asyncio
from typing import Any

import asyncpg
import pytest

from app.database.pool import Pool
from app.domain.credits.recognition import recognise_activity
from app.domain.credits.verification import verify_ledger
from app.domain.errors import DomainError
from app.domain.exchange.changes import ChangeKind, list_changes
from app.domain.people.transfers import (
    TransferNotThere,
    TransferOpen,
)
from app.request import Resources
from app.sql import Row
from tests.domain.credits.making import attend, make_closed_activity, make_pack, make_recognised
from tests.domain.organisation.reorganising import reorganise
from tests.make import NOW, City, Person
from tests.make_people import accept, by_key, by_number, complete, enter_person, propose


async def accepted(pool: Pool, city: City, held: Resources, teacher: Row, to: Row) -> Row:
    """A transfer that both sides have agreed on."""
    async with pool.transaction() as db:
        transfer = await propose(db, held, city.city_admin, by_key(teacher, to))
        return await accept(db, city.city_admin, transfer)


async def settled(pool: Pool, *tasks: Any) -> list[Any]:
    """What became of acts at the same moment; whatever is refused is refused in words."""
    done = await asyncio.gather(*tasks, return_exceptions=True)
    for each in done:
        assert not isinstance(each, BaseException) or isinstance(
            each, DomainError | asyncpg.ForeignKeyViolationError
        ), repr(each)
    async with pool.transaction(read_only=True) as db:
        assert (await verify_ledger(db)).finding is None
    return done


async def completing(pool: Pool, who: Person, transfer: Row) -> Row:
    async with pool.transaction() as db:
        return await complete(db, who, transfer)


async def test_of_two_answers_at_once_one_is_given(
    real_pool: Pool, made: City, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        new = by_key(made.teacher, made.sibling)
        transfer = await propose(db, resources, made.school_admin, new)

    async def answer() -> Row:
        async with real_pool.transaction() as db:
            return await accept(db, made.sibling_admin, transfer)

    done = await settled(real_pool, answer(), answer())
    assert sorted(isinstance(each, TransferNotThere) for each in done) == [False, True]


async def test_of_two_schools_at_once_one_proposes(
    real_pool: Pool, made: City, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        await enter_person(db, made, resources)

    async def ask(who: Person, school: Row) -> Row:
        async with real_pool.transaction() as db:
            return await propose(db, resources, who, by_number(school))

    done = await settled(
        real_pool,
        ask(made.sibling_admin, made.sibling),
        ask(made.other_county_admin, made.far_school),
    )
    assert sorted(isinstance(each, TransferOpen) for each in done) == [False, True]


async def test_a_transfer_is_completed_once(
    real_pool: Pool, made: City, resources: Resources
) -> None:
    transfer = await accepted(real_pool, made, resources, made.teacher, made.sibling)
    done = await settled(
        real_pool,
        *(completing(real_pool, made.sibling_admin, transfer) for _ in range(3)),
    )
    assert sorted(isinstance(each, TransferNotThere) for each in done) == [False, True, True]


async def test_two_who_change_places_do_not_wait_in_a_circle(
    real_pool: Pool, made: City, resources: Resources
) -> None:
    one = await accepted(real_pool, made, resources, made.teacher, made.far_school)
    other = await accepted(real_pool, made, resources, made.far_teacher, made.school)
    done = await settled(
        real_pool,
        completing(real_pool, made.city_admin, one),
        completing(real_pool, made.city_admin, other),
    )
    assert all(isinstance(each, dict) for each in done)


@pytest.mark.parametrize("to", ["sibling", "far_school"])
async def test_credit_recognised_meanwhile_counts_where_the_person_is(
    real_pool: Pool, made: City, resources: Resources, to: str
) -> None:
    people = [made.teacher, made.colleague]
    async with real_pool.transaction() as db:
        await make_pack(db, made.city)
        await make_recognised(db, made.county, made.county_admin, people)
        activity = await make_closed_activity(db, made.county, made.county_admin)
        await attend(db, activity, people)
    transfer = await accepted(real_pool, made, resources, made.teacher, getattr(made, to))

    async def recognise() -> Row:
        async with real_pool.transaction() as db:
            return await recognise_activity(
                db, made.city_admin.actor, activity_id=activity["id"], now=NOW
            )

    recognised, completed = await settled(
        real_pool, recognise(), completing(real_pool, made.city_admin, transfer)
    )
    assert isinstance(recognised, dict)
    assert recognised["entered"] == 2
    assert isinstance(completed, dict)


@pytest.mark.parametrize(("school", "into"), [("school", "far_school"), ("sibling", "school")])
async def test_a_merger_meanwhile_comes_before_or_after(
    real_pool: Pool, made: City, resources: Resources, school: str, into: str
) -> None:
    transfer = await accepted(real_pool, made, resources, made.teacher, made.sibling)

    async def merge() -> Row:
        async with real_pool.transaction() as db:
            return await reorganise(db, made, "city_admin", "merge", school, into)

    merged, _ = await settled(real_pool, merge(), completing(real_pool, made.city_admin, transfer))
    assert isinstance(merged, dict)


async def test_the_old_county_hears_that_somebody_is_gone_and_the_new_one_who_came(
    real_pool: Pool, made: City, resources: Resources
) -> None:
    transfer = await accepted(real_pool, made, resources, made.teacher, made.far_school)
    counties = (made.county_admin.actor, made.other_county_admin.actor)
    async with real_pool.transaction(read_only=True) as db:
        before = [(await list_changes(db, actor))["next"] for actor in counties]
    await completing(real_pool, made.city_admin, transfer)
    async with real_pool.transaction(read_only=True) as db:
        [gone], [came] = [
            [
                (item["id"], item["gone"])
                for item in (await list_changes(db, actor, after=after))["items"]
                if item["kind"] is ChangeKind.TEACHER
            ]
            for actor, after in zip(counties, before, strict=True)
        ]
    assert gone == (made.teacher["id"], True)
    assert came == (made.teacher["id"], False)
