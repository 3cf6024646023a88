import csv
import hashlib
import io
import json
from collections.abc import Awaitable
from datetime import timedelta
from decimal import Decimal

import asyncpg
import pytest

from app.database.embedded import Urls
from app.database.pool import Pool
from app.domain.access.actors import Actor
from app.domain.credits.entries.chain import BEGINNING
from app.domain.errors import Invalid, NotAllowed
from app.domain.exchange.batches import (
    BatchEmpty,
    BatchNotFound,
    ContentFormat,
    NewBatch,
    create_batch,
    get_batch,
    list_batches,
    stream_batch,
)
from app.domain.exchange.batches.batch import BatchAlreadyMade
from app.domain.organisation.units import Level
from app.domain.paging import PageRequest
from app.request import Resources
from app.sql import Connection, Row
from tests.domain.exchange.entered import RECORDED, enter, entry, reversal
from tests.make import NOW, City, make_teacher, make_unit


async def batch_of(pool: Pool, city: City, **more: object) -> Row:
    new = NewBatch.model_validate({"city_id": city.city["id"], **more})
    async with pool.transaction() as db:
        return await create_batch(db, city.integration.actor, new=new, now=NOW)


async def content_of(
    pool: Pool, actor: Actor, batch: Row, written_as: ContentFormat = ContentFormat.JSONL
) -> bytes:
    async with pool.transaction(read_only=True) as db:
        pieces = stream_batch(db, actor, batch_id=batch["id"], written_as=written_as)
        return b"".join([piece async for piece in pieces])


async def test_a_batch_holds_every_entry_that_no_batch_holds_yet(
    real_pool: Pool, made: City
) -> None:
    async with real_pool.transaction() as db:
        [first] = await enter(db, entry(made.teacher))
        [second] = await enter(db, entry(made.far_teacher))
        [undone] = await enter(db, reversal(first))
    batch = await batch_of(real_pool, made)
    assert {name: batch[name] for name in ("number", "entries", "reversals", "teachers")} == {
        "number": 1, "entries": 3, "reversals": 1, "teachers": 2,
    }  # fmt: skip
    assert (batch["hours"], batch["credits"]) == (Decimal("4.00"), Decimal("2.00"))
    actor = made.integration.actor
    lines = (await content_of(real_pool, actor, batch)).decode().splitlines()
    assert [json.loads(line)["id"] for line in lines] == [
        str(each["id"]) for each in (first, second, undone)
    ]
    async with real_pool.transaction() as db:
        [third] = await enter(db, entry(made.teacher))
    following = await batch_of(real_pool, made)
    assert (following["number"], following["entries"]) == (2, 1)
    [line] = (await content_of(real_pool, actor, following)).decode().splitlines()
    assert json.loads(line)["id"] == str(third["id"])
    with pytest.raises(BatchEmpty):
        await batch_of(real_pool, made)


async def test_the_content_is_the_same_bytes_each_time(
    real_pool: Pool, made: City, urls: Urls
) -> None:
    async with real_pool.transaction() as db:
        await enter(db, *(entry(made.teacher) for _ in range(450)))
    batch = await batch_of(real_pool, made)
    before = {
        each: await content_of(real_pool, made.integration.actor, batch, each)
        for each in ContentFormat
    }
    for each, content in before.items():
        assert hashlib.sha256(content).hexdigest() == batch[f"sha256_{each}"]
    assert len(before[ContentFormat.JSONL].splitlines()) == 450
    # What changes later, in the ledger or about the teacher, changes nothing in it.
    async with real_pool.transaction() as db:
        await enter(db, entry(made.teacher), entry(made.colleague))
    driver = await asyncpg.connect(urls.application)
    await driver.execute("UPDATE teacher SET name = '改名', id_number = '1*1'")
    await driver.close()
    for each, content in before.items():
        assert await content_of(real_pool, made.integration.actor, batch, each) == content


async def test_json_lines_say_what_the_ledger_says(real_pool: Pool, made: City) -> None:
    async with real_pool.transaction() as db:
        [row] = await enter(db, entry(made.teacher))
    batch = await batch_of(real_pool, made)
    [line] = (await content_of(real_pool, made.integration.actor, batch)).splitlines()
    told = json.loads(line)
    assert told["hours"] == "4.00"
    assert told["credits"] == "2.00"
    assert told["recorded_at"] == "2026-11-20T02:00:00Z"
    assert told["content"] == ["ethics", "teaching_methods"]
    assert told["hash"] == row["hash"].hex()
    assert told["previous_hash"] == BEGINNING.hex()
    assert told["teacher_id"] == str(made.teacher["id"])
    assert not told.keys() & {"name", "id_number", "teacher"}


@pytest.mark.parametrize("beginning", ["=", "+", "-", "@", "\t=", "\r=", "＝", "＋", "－", "＠"])
async def test_a_cell_is_never_a_formula(real_pool: Pool, made: City, beginning: str) -> None:
    reason = f'{beginning}HYPERLINK("http://x","y")'
    async with real_pool.transaction() as db:
        [row] = await enter(db, entry(made.teacher))
        await enter(db, reversal(row, reason))
    batch = await batch_of(real_pool, made)
    content = await content_of(real_pool, made.integration.actor, batch, ContentFormat.CSV)
    assert content.startswith(b"\xef\xbb\xbfid,city_id,teacher_id,")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[1]["reason"] == f"'{reason}"
    assert rows[1]["credits"] == "-2.00"
    assert rows[0]["content"] == "ethics;teaching_methods"
    assert rows[0]["recorded_at"] == "2026-11-20T02:00:00Z"
    dangerous = tuple("=+-@\t\r＝＋－＠")
    numbers = {"hours", "credits"}
    for each in rows:
        found = {name for name, cell in each.items() if cell.startswith(dangerous)}
        assert found <= numbers


async def test_a_period_is_cut_by_the_moment_of_recording(real_pool: Pool, made: City) -> None:
    day = timedelta(days=1)
    async with real_pool.transaction() as db:
        rows = [
            (await enter(db, entry(made.teacher, recorded_at=RECORDED + n * day)))[0]
            for n in range(4)
        ]
    actor = made.integration.actor
    period = {"recorded_from": RECORDED + day, "recorded_to": RECORDED + 3 * day}
    batch = await batch_of(real_pool, made, **period)
    lines = (await content_of(real_pool, actor, batch)).decode().splitlines()
    assert [json.loads(line)["id"] for line in lines] == [str(row["id"]) for row in rows[1:3]]
    # It stands beside the batches that follow each other.
    whole = await batch_of(real_pool, made)
    assert (whole["number"], whole["entries"]) == (2, 4)


async def test_an_entry_of_a_transaction_still_running_comes_with_the_next_batch(
    real_pool: Pool, made: City
) -> None:
    async with real_pool.transaction() as slow:
        [early] = await enter(slow, entry(made.teacher))
        async with real_pool.transaction() as quick:
            [late] = await enter(quick, entry(made.colleague))
        with pytest.raises(BatchEmpty):
            await batch_of(real_pool, made)
    batch = await batch_of(real_pool, made)
    lines = (await content_of(real_pool, made.integration.actor, batch)).decode().splitlines()
    assert {json.loads(line)["id"] for line in lines} == {str(early["id"]), str(late["id"])}


async def undone(db: Connection, action: Awaitable[Row]) -> None:
    """Do it within a savepoint, which its refusal ends."""
    async with db.transaction():
        await action


async def test_of_two_batches_at_once_one_is_made(real_pool: Pool, made: City) -> None:
    async with real_pool.transaction() as db:
        await enter(db, entry(made.teacher))
    new = NewBatch(city_id=made.city["id"])
    actor = made.integration.actor
    async with real_pool.connection() as db, db.transaction(isolation="repeatable_read"):
        # This one has looked before the other commits, and meets its number when it inserts.
        assert (await list_batches(db, actor, page=PageRequest())).items == []
        await batch_of(real_pool, made)
        with pytest.raises(BatchAlreadyMade):
            await undone(db, create_batch(db, actor, new=new, now=NOW))
    async with real_pool.connection() as db:
        assert len((await list_batches(db, actor, page=PageRequest())).items) == 1


async def test_another_city_has_batches_of_its_own(
    real_pool: Pool, made: City, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_unit(db, "别市", Level.CITY)
        county = await make_unit(db, "别县", Level.COUNTY, city)
        school = await make_unit(db, "别校", Level.SCHOOL, county)
        stranger = await make_teacher(db, resources.cipher, school)
        await enter(db, entry(stranger), entry(made.teacher))
    batch = await batch_of(real_pool, made)
    assert batch["entries"] == 1


async def test_only_the_city_exchanges_with_the_province(db: Connection, city: City) -> None:
    new = NewBatch(city_id=city.city["id"])
    for person in (city.county_admin, city.school_admin, city.auditor, city.teacher_account):
        with pytest.raises(NotAllowed):
            await create_batch(db, person.actor, new=new, now=NOW)
    with pytest.raises(Invalid) as refused:
        await create_batch(
            db, city.integration.actor, new=NewBatch(city_id=city.county["id"]), now=NOW
        )
    assert refused.value.code == "batch_needs_city"


async def test_a_batch_is_seen_from_the_city_alone(real_pool: Pool, made: City) -> None:
    async with real_pool.transaction() as db:
        await enter(db, entry(made.teacher))
    batch = await batch_of(real_pool, made)
    async with real_pool.transaction() as db:
        assert (await get_batch(db, made.city_admin.actor, batch_id=batch["id"])) == batch
        with pytest.raises(BatchNotFound):
            await get_batch(db, made.county_admin.actor, batch_id=batch["id"])
        with pytest.raises(NotAllowed):
            await get_batch(db, made.auditor.actor, batch_id=batch["id"])
    with pytest.raises(BatchNotFound):
        await content_of(real_pool, made.school_admin.actor, batch)


async def test_nobody_changes_a_batch(urls: Urls) -> None:
    driver = await asyncpg.connect(urls.application)
    for change in ("UPDATE province_batch SET entries = 9", "DELETE FROM province_batch"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await driver.execute(change)
    await driver.close()


@pytest.mark.parametrize(
    "period",
    [
        {"recorded_from": RECORDED},
        {"recorded_to": RECORDED},
        {"recorded_from": RECORDED, "recorded_to": RECORDED},
        {"recorded_from": "2026-11-20T00:00:00", "recorded_to": "2026-11-21T00:00:00"},
    ],
)
def test_a_period_has_two_ends_in_order_with_a_time_zone(period: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="NewBatch"):
        NewBatch.model_validate({"city_id": "01a202cf-f859-706b-8318-6ff462b85a57", **period})
