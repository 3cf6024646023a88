from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.database.embedded import Urls
from app.database.pool import Pool
from app.domain.access.actors import Actor
from app.domain.errors import NotAllowed, NotFound
from app.domain.exchange.changes import raise_change_epoch
from app.domain.exchange.live import (
    Followed,
    Position,
    concerns,
    get_live_attendance,
    get_live_inbox,
)
from app.domain.exchange.live import attendance as live_attendance
from app.domain.exchange.tasks import TaskKind
from app.domain.paging import BadCursor
from app.domain.training.notices import NoticeState, publish_notice, withdraw_notice
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, City, make_activity, make_attendance, make_city
from tests.make_notices import make_notice
from tests.make_tasks import MAKERS


@pytest.fixture
async def made(real_pool: Pool, resources: Resources) -> tuple[City, Row]:
    """The small city and a session in its school, committed."""
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        activity = await make_activity(db, city.school, city.school_admin)
    return city, activity["sessions"][0]


async def board(pool: Pool, actor: Actor, session: Row, after: str | None = None) -> Row:
    async with pool.connection() as db:
        return await get_live_attendance(db, actor, session_id=session["id"], after=after)


def told(row: Row) -> list[UUID]:
    return [each["teacher_id"] for each in row["changed"]]


async def test_each_change_is_told_once_in_whatever_order_transactions_end(
    real_pool: Pool, made: tuple[City, Row]
) -> None:
    city, session = made
    actor, by = city.school_admin.actor, city.school_admin
    first = await board(real_pool, actor, session)
    assert (first["afresh"], first["recorded"], first["changed"]) == (True, 0, [])
    async with real_pool.transaction() as slow:
        await make_attendance(slow, session, by, city.teacher)
        async with real_pool.transaction() as quick:
            await make_attendance(quick, session, by, city.colleague)
        seen = await board(real_pool, actor, session, first["position"])
        assert (seen["afresh"], seen["recorded"], told(seen)) == (False, 1, [city.colleague["id"]])
        again = await board(real_pool, actor, session, seen["position"])
        assert (again["recorded"], told(again)) == (1, [])
    late = await board(real_pool, actor, session, again["position"])
    assert (late["recorded"], late["present"], told(late)) == (2, 2, [city.teacher["id"]])
    assert told(await board(real_pool, actor, session, late["position"])) == []
    # Who was away is told all of it, once.
    assert len(told(await board(real_pool, actor, session, first["position"]))) == 2
    async with real_pool.transaction() as db:
        await db._driver.execute("UPDATE attendance SET status = 'late'")
    changed = await board(real_pool, actor, session, late["position"])
    assert (changed["late"], len(told(changed))) == (2, 2)


async def test_what_a_position_no_longer_means(
    real_pool: Pool, made: tuple[City, Row], urls: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    city, session = made
    actor = city.school_admin.actor
    first = (await board(real_pool, actor, session))["position"]
    async with real_pool.transaction() as db:
        await make_attendance(db, session, city.school_admin, city.teacher, city.colleague)
    monkeypatch.setattr(live_attendance, "MOST_CHANGES", 1)
    many = await board(real_pool, actor, session, first)
    assert (many["afresh"], many["recorded"], many["changed"]) == (True, 2, [])
    monkeypatch.undo()
    # A copy that was restored has not come to where the reader has been.
    ahead = Position(0, f"{10**15}:{10**15}:").cursor()
    assert (await board(real_pool, actor, session, ahead))["afresh"]
    owner = await asyncpg.connect(urls.owner)
    try:
        await raise_change_epoch(Connection(owner))
    finally:
        await owner.close()
    assert (await board(real_pool, actor, session, first))["afresh"]
    for wrong in (
        "x",
        "3:2:",
        "0:1:",
        "1:9:5,4",
        "1:9:9",
        "1:9:a",
        f"1:{2**63}:",
        "1:2",
        f"{'9' * 5000}:9:",
    ):
        with pytest.raises(BadCursor):
            await board(real_pool, actor, session, Position(0, wrong).cursor())
    with pytest.raises(BadCursor):
        await board(real_pool, actor, session, "nonsense")


async def test_who_may_follow_a_session(db: Connection, city: City) -> None:
    session = (await make_activity(db, city.school, city.school_admin))["sessions"][0]
    before = db.statements
    await get_live_attendance(db, city.county_admin.actor, session_id=session["id"])
    assert db.statements - before == 2, "the door, and the numbers"
    for person in (city.sibling_admin, city.other_county_admin):
        with pytest.raises(NotFound):
            await get_live_attendance(db, person.actor, session_id=session["id"])
    with pytest.raises(NotAllowed):
        await get_live_attendance(db, city.teacher_account.actor, session_id=session["id"])


async def test_notices_come_and_go_and_tasks_are_counted(
    real_pool: Pool, made: tuple[City, Row]
) -> None:
    city, _ = made
    actor, sender = city.teacher_account.actor, city.school_admin

    async def inbox(after: str | None, of: Actor = actor) -> Row:
        async with real_pool.connection() as db:
            return await get_live_inbox(db, of, now=NOW, after=after)

    async with real_pool.transaction() as db:
        await make_notice(db, city.school, sender)
        draft = await make_notice(
            db, city.school, sender, city.school, city.county, state=NoticeState.DRAFT
        )
    first = await inbox(None)
    assert (first["afresh"], first["notices"], first["task_counts"]) == (True, [], [])
    async with real_pool.transaction() as db:
        await publish_notice(db, sender.actor, notice_id=draft["id"], now=NOW)
    second = await inbox(first["position"])
    assert [each["id"] for each in second["notices"]] == [draft["id"]]
    assert (await inbox(second["position"]))["notices"] == []
    async with real_pool.transaction() as db:
        await withdraw_notice(db, sender.actor, notice_id=draft["id"], now=NOW)
    third = await inbox(second["position"])
    assert (third["notices"], third["withdrawn"]) == ([], [draft["id"]])
    elsewhere = await inbox(first["position"], city.other_county_admin.actor)
    assert (elsewhere["notices"], elsewhere["withdrawn"]) == ([], [])
    async with real_pool.transaction() as db:
        # Nobody of the school is a class head: whoever answers for it is told of what goes to those.
        to_heads = await make_notice(db, city.school, sender, strata=["class_head"])
        await withdraw_notice(db, sender.actor, notice_id=to_heads["id"], now=NOW)
    assert (await inbox(third["position"]))["withdrawn"] == []
    assert (await inbox(third["position"], sender.actor))["withdrawn"] == [to_heads["id"]]
    async with real_pool.transaction() as db:
        await MAKERS[TaskKind.PROBLEM_TO_TRIAGE](db, city)
    counts = (await inbox(first["position"], sender.actor))["task_counts"]
    assert ("problem_to_triage", 1) in [(each["kind"], each["tasks"]) for each in counts]


async def test_announcements_name_keys_and_whom_they_concern(
    real_pool: Pool, made: tuple[City, Row]
) -> None:
    city, session = made
    heard: list[str] = []
    driver = await real_pool.take()
    try:

        def note(*arguments: Any) -> None:
            heard.append(arguments[3])

        await driver.add_listener("live", note)
        async with real_pool.transaction() as db:
            await make_attendance(db, session, city.school_admin, city.teacher, city.colleague)
            draft = await make_notice(
                db, city.school, city.school_admin, city.sibling, state=NoticeState.DRAFT
            )
            await publish_notice(db, city.school_admin.actor, notice_id=draft["id"], now=NOW)
        await driver.execute("SELECT 1")
        await driver.remove_listener("live", note)
    finally:
        real_pool.give_back(driver)
    place = "/".join(str(city.school[name]) for name in ("school_id", "county_id", "city_id"))
    assert set(heard) == {
        f"attendance {session['id']}", f"work {place}", f"work {city.sibling['id']}",
    }  # fmt: skip
    own, others = Followed.attendance(session["id"]), Followed.attendance(city.city["id"])
    people = [
        Followed.work(each.actor)
        for each in (city.teacher_account, city.city_admin, city.sibling_teacher_account)
    ]
    assert concerns(f"attendance {session['id']}", [own, others, *people]) == [own]
    assert concerns("attendance *", [own, others, *people]) == [own, others]
    assert concerns(f"work {place}", [own, *people]) == people[:2]
    assert concerns(f"work {city.sibling['id']}", people) == [people[2]]
    county = "/".join(str(city.county[name]) for name in ("county_id", "city_id"))
    assert concerns(f"work {county}", people) == people
