import asyncio
import random
from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.database.embedded import Urls
from app.database.pool import Pool
from app.domain.access.actors import Actor, Grant
from app.domain.access.roles import Role, SubjectKind
from app.domain.errors import NotAllowed
from app.domain.exchange.changes import (
    SOURCES,
    ChangeKind,
    EpochRaised,
    Position,
    VersionsAhead,
    list_changes,
    raise_change_epoch,
)
from app.domain.organisation.reorganisations import Move, move_school
from app.domain.organisation.units import Level
from app.domain.paging import BadCursor
from app.domain.training.activities import ActivityChanges, ActivityState, update_activity
from app.sql import Connection as Database
from app.sql import Row, new_id, prepare_connection
from tests.domain.exchange.entered import enter, entry, reversal
from tests.make import NOW, City, make_activity, make_unit
from tests.make_province import make_province

NOT_FOR_APPLICATIONS = {
    ChangeKind.CERTIFICATE, ChangeKind.MENTORSHIP, ChangeKind.MENTOR, ChangeKind.UNIT_EVALUATION,
    ChangeKind.INDICATOR_SHEET,
}  # fmt: skip
"""What the role of applications reads nowhere."""


async def read_all(
    pool: Pool, actor: Actor, after: str | None = None, **more: Any
) -> tuple[list[Row], str]:
    """Everything from a cursor on, and where it ended."""
    found = []
    while True:
        async with pool.transaction(read_only=True) as db:
            part = await list_changes(db, actor, after=after, **more)
        found += part["items"]
        after = str(part["next"])
        if not part["more"]:
            return found, after


def keys(items: list[Row], kind: ChangeKind) -> list[UUID]:
    return [item["id"] for item in items if item["kind"] is kind]


async def test_the_feed_begins_with_everything_in_scope(real_pool: Pool, made: City) -> None:
    items, _ = await read_all(real_pool, made.integration.actor)
    assert len(keys(items, ChangeKind.UNIT)) == 8
    assert len(keys(items, ChangeKind.TEACHER)) == 5
    assert len(items) == 13
    first = next(item for item in items if item["id"] == made.teacher["id"])
    assert first["teacher"]["id_number"].startswith("10")
    assert "*" in first["teacher"]["id_number"]
    assert (first["unit"], first["activity"], first["credit_entry"]) == (None, None, None)


async def test_a_county_sees_its_own_part(real_pool: Pool, made: City) -> None:
    items, _ = await read_all(real_pool, made.county_admin.actor)
    units = set(keys(items, ChangeKind.UNIT))
    assert units == {made.county["id"], made.school["id"], made.sibling["id"]}
    teachers = set(keys(items, ChangeKind.TEACHER))
    assert teachers == {each["id"] for each in (made.teacher, made.colleague, made.sibling_teacher)}


async def test_without_the_permission_there_is_no_feed(real_pool: Pool, made: City) -> None:
    async with real_pool.transaction() as db:
        for person in (made.school_admin, made.teacher_account):
            with pytest.raises(NotAllowed):
                await list_changes(db, person.actor)


async def test_what_commits_later_comes_after_the_cursor(real_pool: Pool, made: City) -> None:
    actor = made.integration.actor
    _, end = await read_all(real_pool, actor)
    assert (await read_all(real_pool, actor, end))[0] == []
    async with real_pool.transaction() as db:
        [earned] = await enter(db, entry(made.teacher))
        [undone] = await enter(db, reversal(earned))
    items, end = await read_all(real_pool, actor, end)
    # What was reversed is told once more: who had read it before knows now.
    told = [item["credit_entry"]["id"] for item in items]
    assert told == [earned["id"], undone["id"], earned["id"]]
    assert items[1]["credit_entry"]["reverses_id"] == earned["id"]
    assert items[2]["credit_entry"]["reversed_by_id"] == undone["id"]
    place = [made.teacher[name] for name in ("city_id", "county_id", "school_id", "id")]
    assert items[1]["lies_in"] == place
    async with real_pool.transaction() as db:
        school = await make_unit(db, "新学校", Level.SCHOOL, made.county)
    items, _ = await read_all(real_pool, actor, end)
    assert keys(items, ChangeKind.UNIT) == [school["id"]]


async def test_a_changed_row_comes_again(real_pool: Pool, made: City, urls: Urls) -> None:
    actor = made.integration.actor
    _, end = await read_all(real_pool, actor)
    driver = await asyncpg.connect(urls.application)
    await driver.execute("UPDATE teacher SET name = '改名' WHERE id = $1", made.teacher["id"])
    await driver.close()
    items, _ = await read_all(real_pool, actor, end)
    assert [item["teacher"]["name"] for item in items] == ["改名"]


async def test_a_new_audience_alone_is_a_change_of_the_activity(
    real_pool: Pool, made: City
) -> None:
    organiser = made.county_admin
    async with real_pool.transaction() as db:
        draft = await make_activity(db, made.county, organiser, state=ActivityState.DRAFT)
    _, end = await read_all(real_pool, made.integration.actor)
    async with real_pool.transaction() as db:
        changes = ActivityChanges(audience=[made.school["id"]])
        await update_activity(db, organiser.actor, activity_id=draft["id"], changes=changes)
    items, end = await read_all(real_pool, made.integration.actor, end)
    assert [item["activity"]["audience"] for item in items] == [[made.school["id"]]]
    async with real_pool.transaction() as db:
        nothing = ActivityChanges()
        await update_activity(db, organiser.actor, activity_id=draft["id"], changes=nothing)
    assert (await read_all(real_pool, made.integration.actor, end))[0] == []


async def test_small_pages_lead_to_the_same(real_pool: Pool, made: City) -> None:
    actor = made.integration.actor
    whole, end = await read_all(real_pool, actor)
    parts, last = await read_all(real_pool, actor, limit=3)
    assert parts == whole
    assert [item["change"] for item in parts] == [item["change"] for item in whole]
    assert last == end or (await read_all(real_pool, actor, last))[0] == []
    from_the_fifth, _ = await read_all(real_pool, actor, whole[4]["change"])
    assert from_the_fifth == whole[5:]


async def test_kinds_narrow_the_feed(real_pool: Pool, made: City) -> None:
    actor = made.integration.actor
    items, _ = await read_all(real_pool, actor, kinds=[ChangeKind.UNIT])
    assert {item["kind"] for item in items} == {ChangeKind.UNIT}
    async with real_pool.transaction(read_only=True) as db:
        # The horizon, what changed, and the things of each kind among it.
        part = await list_changes(db, actor, kinds=[ChangeKind.UNIT])
        assert (db.statements, part["kinds"]) == (3, [ChangeKind.UNIT])
        part = await list_changes(db, actor)
        readable = sorted(set(SOURCES) - NOT_FOR_APPLICATIONS)
        assert (db.statements, part["kinds"]) == (3 + 4, readable)
        end = (await list_changes(db, actor, after=part["next"]))["next"]
        before = db.statements
        await list_changes(db, actor, after=end)
        assert db.statements == before + 2


async def test_what_leaves_a_county_is_gone_for_it_and_new_for_the_other(
    real_pool: Pool, made: City
) -> None:
    readers = (made.county_admin, made.other_county_admin, made.integration)
    ends = [(await read_all(real_pool, reader.actor))[1] for reader in readers]
    move = Move(bureau_id=made.other_county["id"])
    async with real_pool.transaction() as db:
        await move_school(db, made.city_admin.actor, unit_id=made.school["id"], move=move, now=NOW)
    losing, gaining, city = [
        (await read_all(real_pool, reader.actor, end))[0]
        for reader, end in zip(readers, ends, strict=True)
    ]
    moved = {made.school["id"], made.teacher["id"], made.colleague["id"]}
    assert {item["id"] for item in losing} == moved
    for item in losing:
        assert item["gone"] is True
        assert item["unit"] is item["teacher"] is item["activity"] is None
        assert (item["lies_in"], item["became"]) == ([], None)
    for seen in (gaining, city):
        assert {(item["id"], item["gone"]) for item in seen} == {(each, False) for each in moved}
    # A reader from the beginning is told of nothing that left before.
    _, far = await read_all(real_pool, made.other_county_admin.actor, kinds=[ChangeKind.UNIT])
    back = Move(bureau_id=made.county["id"])
    async with real_pool.transaction() as db:
        await move_school(db, made.city_admin.actor, unit_id=made.school["id"], move=back, now=NOW)
    whole, _ = await read_all(real_pool, made.county_admin.actor)
    assert not any(item["gone"] for item in whole)
    units, _ = await read_all(
        real_pool, made.other_county_admin.actor, far, kinds=[ChangeKind.UNIT]
    )
    assert [item["id"] for item in units if item["gone"]] == [made.school["id"]]


async def test_a_long_transaction_holds_the_feed_back_and_nothing_is_skipped(
    real_pool: Pool, made: City
) -> None:
    actor = made.integration.actor
    _, end = await read_all(real_pool, actor)
    async with real_pool.transaction() as slow:
        [early] = await enter(slow, entry(made.teacher))
        async with real_pool.transaction() as quick:
            [late] = await enter(quick, entry(made.colleague))
        # The second committed first; to show it now would put the first behind the cursor.
        items, end = await read_all(real_pool, actor, end)
        assert items == []
    items, _ = await read_all(real_pool, actor, end)
    assert [item["id"] for item in items] == [early["id"], late["id"]]


class Writers:
    """Transactions that enter credit at once, some of them rolled back; what they left."""

    def __init__(self, urls: Urls) -> None:
        self.urls = urls
        self.chance = random.Random(7)
        self.written: list[UUID] = []
        self.undone: list[UUID] = []
        self.done = asyncio.Event()

    async def write(self, teacher: Row) -> None:
        driver = await asyncpg.connect(self.urls.application)
        await prepare_connection(driver)
        for _ in range(25):
            transaction = driver.transaction()
            await transaction.start()
            rows = await enter(Database(driver), entry(teacher), entry(teacher))
            await asyncio.sleep(self.chance.random() / 200)
            if self.chance.random() < 0.2:
                await transaction.rollback()
                self.undone.extend(row["id"] for row in rows)
            else:
                await transaction.commit()
                self.written.extend(row["id"] for row in rows)
        await driver.close()

    async def read_meanwhile(self, pool: Pool, actor: Actor, cursor: str) -> list[Row]:
        """What a reader sees who polls until the writers are done, in parts of any length."""
        seen: list[Row] = []
        while True:
            last = self.done.is_set()
            items, cursor = await read_all(pool, actor, cursor, limit=self.chance.randint(1, 9))
            seen += items
            if last:
                return seen
            await asyncio.sleep(0.001)


async def test_concurrent_writers_lose_nothing_before_a_reader_who_polls(
    real_pool: Pool, made: City, urls: Urls
) -> None:
    actor, writers = made.integration.actor, Writers(urls)
    _, end = await read_all(real_pool, actor)
    people = (made.teacher, made.colleague, made.sibling_teacher, made.far_teacher)
    reader = asyncio.create_task(writers.read_meanwhile(real_pool, actor, end))
    await asyncio.gather(*(writers.write(teacher) for teacher in people))
    writers.done.set()
    seen = await reader
    assert len(writers.written) > 100
    assert writers.undone
    assert sorted(keys(seen, ChangeKind.CREDIT_ENTRY)) == sorted(writers.written)
    assert not set(writers.undone) & {item["id"] for item in seen}
    for teacher in people:
        order = [
            item["credit_entry"]["sequence"]
            for item in seen
            if item["credit_entry"]["teacher_id"] == teacher["id"]
        ]
        assert order == sorted(order)


async def test_a_restored_database_refuses_the_cursors_from_before(
    real_pool: Pool, made: City, urls: Urls
) -> None:
    actor = made.integration.actor
    _, end = await read_all(real_pool, actor)
    owner = await asyncpg.connect(urls.owner)
    await prepare_connection(owner)
    assert await raise_change_epoch(Database(owner)) == 1
    assert await raise_change_epoch(Database(owner)) == 2
    await owner.close()
    async with real_pool.connection() as db:
        with pytest.raises(EpochRaised):
            await list_changes(db, actor, after=end)
    items, end = await read_all(real_pool, actor)
    assert len(items) == 13
    assert (await read_all(real_pool, actor, end))[0] == []


async def test_a_dump_of_another_server_is_found_out(
    real_pool: Pool, made: City, urls: Urls
) -> None:
    async with real_pool.transaction() as db:
        await make_unit(db, "来自转储", Level.SCHOOL, made.county, change_transaction=2**40)
    owner = await asyncpg.connect(urls.owner)
    await prepare_connection(owner)
    with pytest.raises(VersionsAhead) as refused:
        await raise_change_epoch(Database(owner))
    assert refused.value.details["newest"] == 2**40
    assert await owner.fetchval("SELECT count(*) FROM change_epoch") == 0
    await owner.close()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "é",
        "W10",
        Position(0, 2**70, 0).cursor(),
        Position(0, -(2**70), 1).cursor(),
        "A" * 2000,
    ],
)
async def test_a_cursor_of_somebody_elses_making_is_refused(
    db: Database, city: City, cursor: str
) -> None:
    with pytest.raises(BadCursor):
        await list_changes(db, city.integration.actor, after=cursor)


async def test_an_actor_of_two_places_sees_both_once(real_pool: Pool, made: City) -> None:
    place = {name: made.county[name] for name in ("city_id", "county_id")}
    far = {name: made.other_county[name] for name in ("city_id", "county_id")}
    grants = tuple(
        Grant(Role.COUNTY_ADMIN, SubjectKind.UNIT, each["county_id"], **each)
        for each in (place, far, place)
    )
    actor = Actor(account_id=made.county_admin.actor.account_id, grants=grants)
    items, _ = await read_all(real_pool, actor, kinds=[ChangeKind.TEACHER])
    assert len(items) == 4


async def test_the_application_cannot_raise_the_epoch(urls: Urls) -> None:
    driver = await asyncpg.connect(urls.application)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await driver.execute("INSERT INTO change_epoch (epoch) VALUES (9)")
    await driver.close()


async def test_whoever_may_not_read_a_kind_in_a_city_is_not_told_of_it_there(
    db: Database, city: City
) -> None:
    province = await make_province(db, city)
    told = await list_changes(db, province.actor)
    assert told["kinds"] == sorted({
        ChangeKind.UNIT, ChangeKind.TEACHER, ChangeKind.ACTIVITY, ChangeKind.SESSION,
        ChangeKind.STAFF, ChangeKind.CREDIT_ENTRY, ChangeKind.CLAIM, ChangeKind.CERTIFICATE,
        ChangeKind.PACK, ChangeKind.CAMPAIGN,
    })  # fmt: skip
    # Nor by what the same account may read at some other place.
    elsewhere = Grant(Role.INTEGRATION, SubjectKind.UNIT, new_id(), city_id=new_id())
    elsewhere = replace(elsewhere, city_id=elsewhere.subject_id)
    both = replace(province.actor, grants=(*province.actor.grants, elsewhere))
    common = set(told["kinds"]) - {ChangeKind.CERTIFICATE}  # which the role there does not read
    assert (await list_changes(db, both))["kinds"] == sorted(common)
    with pytest.raises(NotAllowed):
        await list_changes(db, both, kinds=[ChangeKind.GROUP])
