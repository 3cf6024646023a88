from datetime import timedelta
from decimal import Decimal

import pytest

from app.database.pool import Pool
from app.domain.access.roles import Role
from app.domain.errors import NotAllowed, NotFound
from app.domain.learning.learning_doubts import settle_due_progress
from app.domain.learning.learning_progress import (
    LearningProgress,
    LearningProgressNotFound,
    get_learning_progress,
    list_learners,
    list_teacher_learning_progress,
)
from app.domain.learning.learning_records import mark_due
from app.domain.paging import PageRequest
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, City, make_account, make_city
from tests.make_learning import make_class, make_player, settle, statement, tell

PAGE = PageRequest()
PERCENT = "https://w3id.org/xapi/cmi5/result/extensions/progress"
MINUTE = timedelta(minutes=1)


async def progress_of(db: Connection, city: City, activity: Row) -> list[Row]:
    page = await list_learners(db, city.county_admin.actor, activity_id=activity["id"], page=PAGE)
    return page.items


async def test_progress_is_what_was_told(db: Connection, city: City) -> None:
    player = await make_player(db, city.county)
    activity = await make_class(db, city, city.teacher, city.colleague)
    at = [NOW - timedelta(hours=3) + 10 * number * MINUTE for number in range(9)]
    teacher = city.teacher
    await tell(
        db, player,
        statement(teacher, activity, "experienced", "page/1", at[0], duration="PT8M"),
        statement(teacher, activity, "completed", "page/1", at[1], duration="PT8M"),
        statement(teacher, activity, "experienced", "page/2", at[2], duration="PT9M30S"),
        statement(teacher, activity, "completed", "page/2", at[3]),
        statement(teacher, activity, "completed", "page/2", at[4]),
        statement(teacher, activity, "failed", "quiz", at[4], score={"scaled": 1}),
        statement(teacher, activity, "progressed", None, at[5], extensions={PERCENT: 60}),
        statement(teacher, activity, "progressed", None, at[6], extensions={PERCENT: 40}),
        statement(teacher, activity, "scored", None, at[7], score={"scaled": 0.75}),
        statement(city.colleague, activity, "passed", None, at[8], score={"scaled": 0.5}),
    )  # fmt: skip
    assert await progress_of(db, city, activity) == [], "not counted yet"
    await settle(db, NOW)
    one, other = sorted(await progress_of(db, city, activity), key=lambda row: -row["records"])
    assert {name: one[name] for name in ("share", "seconds", "items_done", "score", "completed_at")} == {
        "share": 60, "seconds": 1050, "items_done": 2, "score": Decimal("0.75"), "completed_at": None,
    }  # fmt: skip
    assert (one["first_at"], one["last_at"], one["records"]) == (at[0], at[7], 9)
    assert (one["set_aside"], one["counted_at"]) == (0, NOW)
    assert (other["share"], other["completed_at"]) == (100, at[8])
    assert (other["score"], other["name"]) == (Decimal("0.5"), city.colleague["name"])


async def test_what_is_made_void_counts_no_longer(db: Connection, city: City) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    (key,) = await tell(db, player, statement(city.teacher, activity))
    await settle(db)
    (one,) = await progress_of(db, city, activity)
    assert (one["share"], one["records"]) == (100, 1)
    void = statement(city.teacher, activity, "voided")
    await tell(db, player, void | {"object": {"objectType": "StatementRef", "id": str(key)}})
    await settle(db, NOW + MINUTE)
    (one,) = await progress_of(db, city, activity)
    assert (one["share"], one["records"], one["completed_at"]) == (None, 0, None)


async def test_counting_again_from_nothing_gives_the_same(db: Connection, city: City) -> None:
    player = await make_player(db, city.county)
    activity = await make_class(db, city, city.teacher, city.colleague)
    both, early = (city.teacher, city.colleague), NOW - timedelta(days=40)
    for number in range(4):
        at = early if number == 2 else NOW + 7 * number * MINUTE
        verb = ("experienced", "completed")[number % 2]
        told = [statement(each, activity, verb, f"{number}", at, duration="PT5M") for each in both]
        await tell(db, player, *told, now=NOW + 30 * MINUTE)
        await settle(db)
    before = await progress_of(db, city, activity)
    assert [(row["records"], row["set_aside"], row["items_done"]) for row in before] == [
        (3, 1, 2)
    ] * 2
    wrong = {"seconds": 1, "records": 99, "share": 7, "last_at": None}
    for row in before:
        await db.change(LearningProgress, row["id"], wrong)
    await mark_due(db, pairs=[(activity["id"], each["id"]) for each in both], now=NOW)
    await settle(db)
    assert await progress_of(db, city, activity) == before


async def test_counting_costs_the_same_for_one_and_for_many(db: Connection, city: City) -> None:
    player = await make_player(db, city.county)
    activity = await make_class(db, city, city.teacher, city.colleague)
    await tell(db, player, statement(city.teacher, activity))
    before = db.statements
    assert await settle_due_progress(db, now=NOW, at_most=10) == 1
    assert (one := db.statements - before) == 8, "take, four kinds, lapses, set aside, count"
    await tell(db, player, *(statement(each, activity) for each in (city.teacher, city.colleague)))
    before = db.statements
    assert await settle_due_progress(db, now=NOW, at_most=10) == 2
    assert db.statements - before == one
    assert await settle_due_progress(db, now=NOW, at_most=10) == 0


async def test_teacher_and_staff_read_it(db: Connection, city: City) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    await tell(db, player, statement(city.teacher, activity))
    await settle(db)
    actor = city.teacher_account.actor
    key = city.teacher["id"]
    (own,) = (await list_teacher_learning_progress(db, actor, teacher_id=key, page=PAGE)).items
    assert await get_learning_progress(db, city.school_admin.actor, progress_id=own["id"]) == own
    for person in (city.sibling_admin, city.colleague_account):
        with pytest.raises(LearningProgressNotFound):
            await get_learning_progress(db, person.actor, progress_id=own["id"])
    with pytest.raises(NotFound):
        await list_learners(
            db, city.other_county_admin.actor, activity_id=activity["id"], page=PAGE
        )
    expert = await make_account(db, "expert", Role.EXPERT, city.county)
    with pytest.raises(NotAllowed):
        await list_learners(db, expert.actor, activity_id=activity["id"], page=PAGE)
    assert (await progress_of(db, city, activity))[0]["id"] == own["id"]


async def test_what_is_told_while_others_count_is_counted_next(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        player, activity = await make_player(db, city.county), await make_class(db, city)
        await tell(db, player, statement(city.teacher, activity, "progressed", None, NOW))
    async with real_pool.transaction() as telling:
        await tell(telling, player, statement(city.teacher, activity))
        async with real_pool.transaction() as counting:
            assert await settle_due_progress(counting, now=NOW, at_most=10) == 0, "it is held"
    async with real_pool.transaction() as counting:
        assert await settle_due_progress(counting, now=NOW, at_most=10) == 1
        (one,) = await progress_of(counting, city, activity)
        assert (one["records"], one["share"]) == (2, 100)
