"""Mergers at once with each other, with recognition, with a transfer; what the feed tells: real commits."""

import asyncio
from typing import Any

import pytest

from app.database.pool import Pool
from app.domain.access.roles import Role
from app.domain.credits.person_mergers import MergerNotOpen, MergerWaits
from app.domain.credits.recognition import recognise_activity
from app.domain.credits.verification import verify_ledger
from app.domain.errors import DomainError
from app.domain.exchange.changes import ChangeKind, list_changes
from app.domain.learning.discussions import DISCUSSIONS
from app.domain.people.teachers import TeacherMerged, get_teacher
from app.domain.people.transfers import TransferOvertaken
from app.request import Resources
from app.sql import Row
from tests.domain.credits.making import (
    attend,
    make_closed_activity,
    make_pack,
    make_recognised,
    until_somebody_waits,
)
from tests.make import NOW, City, Person, make_account, make_activity, make_city
from tests.make_discussions import make_discussion, say
from tests.make_people import accept, by_key, complete, propose
from tests.make_programmes import agree, make_twins, propose_twins
from tests.make_tests import with_role_of


@pytest.fixture
async def made(real_pool: Pool, resources: Resources) -> City:
    """The small city with a pack, committed."""
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        await make_pack(db, city.city)
        return city


async def settled(pool: Pool, *tasks: Any) -> list[Any]:
    """What became of acts at the same moment; whatever is refused is refused in words."""
    done = await asyncio.gather(*tasks, return_exceptions=True)
    for each in done:
        assert not isinstance(each, BaseException) or isinstance(each, DomainError), repr(each)
    async with pool.transaction(read_only=True) as db:
        assert (await verify_ledger(db)).finding is None
    return done


async def agreeing(pool: Pool, who: Person, merger: Row) -> Row:
    async with pool.transaction() as db:
        return await agree(db, who, merger)


async def test_of_two_answers_at_once_one_is_given(
    real_pool: Pool, made: City, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        one, other = await make_twins(db, made, resources)
        await make_recognised(db, made.city, made.city_admin, [one, other])
        merger = await propose_twins(db, resources, made.city_admin, one, other)
    done = await settled(
        real_pool, *(agreeing(real_pool, made.city_admin, merger) for _ in range(2))
    )
    assert sorted(isinstance(each, MergerNotOpen) for each in done) == [False, True]


async def test_of_two_mergers_in_a_circle_one_comes_about(
    real_pool: Pool, made: City, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        one, other = await make_twins(db, made, resources)
        await make_recognised(db, made.city, made.city_admin, [one, other])
        there = await propose_twins(db, resources, made.city_admin, one, other)
        back = await propose_twins(db, resources, made.city_admin, other, one)
    done = await settled(
        real_pool, *(agreeing(real_pool, made.city_admin, each) for each in (there, back))
    )
    assert sorted(isinstance(each, TeacherMerged) for each in done) == [False, True]


@pytest.mark.parametrize("attempt", range(4))
async def test_recognition_comes_before_or_after(
    real_pool: Pool, made: City, resources: Resources, attempt: int
) -> None:
    async with real_pool.transaction() as db:
        one, other = await make_twins(db, made, resources)
        activity = await make_closed_activity(db, made.city, made.city_admin)
        await attend(db, activity, [other] if attempt % 2 else [one, other])
        merger = await propose_twins(db, resources, made.city_admin, one, other)

    async def recognise() -> Row:
        async with real_pool.transaction() as db:
            return await recognise_activity(
                db, made.city_admin.actor, activity_id=activity["id"], now=NOW
            )

    acts = [recognise(), agreeing(real_pool, made.city_admin, merger)]
    await settled(real_pool, *(acts if attempt < 2 else reversed(acts)))
    async with real_pool.transaction() as db:
        in_force = await db._driver.fetch(
            "SELECT teacher_id, source_id FROM credit_entry e WHERE kind <> 'reverse'"
            " AND NOT EXISTS (SELECT FROM credit_entry r WHERE r.reverses_id = e.id)"
        )
    assert [tuple(row) for row in in_force] == [(one["id"], activity["id"])]


async def test_a_transfer_comes_before_or_is_settled_first(
    real_pool: Pool, made: City, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        one, other = await make_twins(db, made, resources)
        transfer = await propose(db, resources, made.city_admin, by_key(other, made.sibling))
        transfer = await accept(db, made.city_admin, transfer)
        merger = await propose_twins(db, resources, made.city_admin, one, other)

    async def move() -> Row:
        async with real_pool.transaction() as db:
            return await complete(db, made.city_admin, transfer)

    moved, merged = await settled(real_pool, move(), agreeing(real_pool, made.city_admin, merger))
    assert not isinstance(moved, TransferOvertaken)
    assert isinstance(merged, MergerWaits) or merged["state"] == "merged"


@pytest.mark.parametrize("names", [False, True])
async def test_a_post_in_a_discussion_of_the_other_record_comes_before(
    real_pool: Pool, made: City, resources: Resources, names: bool
) -> None:
    """Whoever writes a post holds the discussion, and then refers to its author and to whom it names."""
    async with real_pool.transaction() as db:
        one, other = await make_twins(db, made, resources, "school")
        author = await make_account(db, "作者", Role.TEACHER, other)
        activity = await make_activity(db, made.school, made.school_admin)
        opener = with_role_of(author, made.school_admin)
        discussion = await make_discussion(db, opener, activity_id=activity["id"])
        merger = await propose_twins(db, resources, made.city_admin, one, other)
    writer = made.colleague_account if names else author
    async with real_pool.transaction() as db:
        await DISCUSSIONS.get(db, writer.actor, discussion["id"], lock=True)
        merging = asyncio.create_task(agreeing(real_pool, made.city_admin, merger))
        await until_somebody_waits(db)
        named: dict[str, Any] = {"mentions": [other["id"]]} if names else {}
        post = await say(db, writer, discussion, **named)
    assert (await merging)["state"] == "merged"
    async with real_pool.transaction(read_only=True) as db:
        whose = await db._driver.fetchval(
            "SELECT coalesce((SELECT teacher_id FROM post_mention WHERE post_id = p.id), teacher_id)"
            " FROM discussion_post p WHERE id = $1",
            post["id"],
        )
    assert whose == one["id"]


async def test_the_feed_tells_that_the_other_record_is_gone(
    real_pool: Pool, made: City, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        one, other = await make_twins(db, made, resources)
        merger = await propose_twins(db, resources, made.city_admin, one, other)
    kinds = [ChangeKind.TEACHER]
    async with real_pool.transaction(read_only=True) as db:
        before = await list_changes(db, made.integration.actor, kinds=kinds, limit=500)
    await agreeing(real_pool, made.city_admin, merger)
    async with real_pool.transaction(read_only=True) as db:
        told = await list_changes(
            db, made.integration.actor, kinds=kinds, after=before["next"], limit=500
        )
        here = await get_teacher(db, made.city_admin.actor, teacher_id=one["id"])
    assert {row["id"]: row["gone"] for row in told["items"]} == {
        one["id"]: False,
        other["id"]: True,
    }
    assert here["school_id"] == made.school["id"]
