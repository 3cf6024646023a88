"""A long submission is gathered in the background: part by part, and again after any interruption."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import asyncpg
import pytest

from app.database.pool import Pool
from app.domain import portions
from app.domain.errors import DomainError
from app.domain.exchange import submissions
from app.domain.exchange.province_codes import CodeSet, NewProvinceCode, enter_province_code
from app.domain.exchange.submissions import (
    JOB,
    NewReceipts,
    NewSubmission,
    SubmissionKind,
    acknowledge_submission,
    create_submission,
    digest_of_all,
    get_submission,
    hasten_submission,
    note_announced,
    putting_down,
    resend_submission,
    take_errand,
)
from app.domain.exchange.submissions.composing import SubmissionUnderWay
from app.domain.exchange.submissions.continuing import MOST_TRIES
from app.domain.exchange.submissions.putting_down import SubmissionMadeMeanwhile
from app.domain.exchange.submissions.submission import SubmissionGathering
from app.jobs.gathering import gather_submission
from app.request import Resources
from app.sql import Connection, Row
from tests.conftest import SharedPool
from tests.domain.exchange.entered import enter, entry
from tests.make import NOW, City, make_city
from tests.make_province import make_codes, make_ledger_batch, make_province

CREDITS, ROSTER = SubmissionKind.CREDITS, SubmissionKind.ROSTER


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two records at a time, and two by the request itself."""
    monkeypatch.setattr(portions, "AT_ONCE", 2)
    monkeypatch.setattr(putting_down, "MOST_AT_ONCE", 2)


@pytest.fixture
def held(resources: Resources, pool: SharedPool) -> Resources:
    return replace(resources, pool=pool)


async def submit(db: Connection, city: City, kind: SubmissionKind, batch: Row | None) -> Row:
    named = None if batch is None else batch["id"]
    new = NewSubmission(city_id=city.city["id"], kind=kind, batch_id=named)
    return await create_submission(db, city.integration.actor, new=new, now=NOW)


async def credited(db: Connection, city: City, *levels: str) -> Row:
    """A batch of entries of these levels."""
    for level in levels:
        await enter(db, entry(city.teacher, level=level))
    return await make_ledger_batch(db, city)


async def lines_of(db: Connection, row: Row) -> Sequence[Any]:
    query = (
        "SELECT ordinal, key, digest FROM province_record WHERE submission_id = $1 ORDER BY ordinal"
    )
    lines: Sequence[Any] = await db._driver.fetch(query, row["id"])
    return lines


async def jobs_of(db: Connection, row: Row) -> int:
    query = "SELECT count(*) FROM pgqueuer WHERE entrypoint = $1 AND payload = $2"
    return int(await db._driver.fetchval(query, JOB, row["id"].bytes))


async def test_the_rest_is_put_down_in_the_background_and_then_goes_over(
    db: Connection, city: City, held: Resources
) -> None:
    await make_codes(db, city)
    batch = await credited(db, city, *["school"] * 7)
    row = await submit(db, city, CREDITS, batch)
    assert (row["state"], row["records"], row["next_at"]) == ("gathering", 2, None)
    assert row["expected"] >= 2
    assert await jobs_of(db, row) == 1
    assert await take_errand(db, now=NOW) is None
    await gather_submission(held, row["id"])
    actor = city.integration.actor
    whole = await get_submission(db, actor, submission_id=row["id"])
    assert (whole["state"], whole["records"], whole["expected"]) == ("waiting", 7, None)
    lines = await lines_of(db, row)
    assert [line["ordinal"] for line in lines] == list(range(1, 8))
    assert whole["digest"] == digest_of_all([(line["key"], line["digest"]) for line in lines])
    errand = await take_errand(db, now=whole["next_at"])
    assert errand is not None
    assert len(errand.records) == 7
    # Asked for once more, as by a worker that was thought dead, it changes nothing.
    await gather_submission(held, row["id"])
    assert await lines_of(db, row) == lines


async def test_of_a_roster_everybody_in_it_is_told(
    db: Connection, city: City, held: Resources
) -> None:
    await make_codes(db, city)
    people = await db._driver.fetchval("SELECT count(*) FROM teacher")
    row = await submit(db, city, ROSTER, None)
    assert (row["state"], row["records"], row["expected"]) == ("gathering", 2, people)
    provided = "SELECT people FROM provision WHERE source_id = $1"
    assert await db._driver.fetch(provided, row["id"]) == []
    await gather_submission(held, row["id"])
    [told] = await db._driver.fetch(provided, row["id"])
    assert told["people"] == people > 2


async def test_an_interrupted_gathering_goes_on_where_it_was(
    real_pool: Pool, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = replace(resources, pool=real_pool)
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        await make_codes(db, city)
        row = await submit(db, city, CREDITS, await credited(db, city, *["school"] * 7))
    put_down, parts = submissions.gather_part, 0

    async def die(db: Connection, **about: Any) -> None:
        nonlocal parts
        parts += 1
        await put_down(db, **about)
        if parts == 3:  # the first of these parts was there already, and the third is undone
            raise ConnectionResetError

    monkeypatch.setattr(submissions, "gather_part", die)
    with pytest.raises(ConnectionResetError):
        await gather_submission(held, row["id"])
    actor = city.integration.actor
    async with real_pool.transaction() as db:
        left = await get_submission(db, actor, submission_id=row["id"])
    assert (left["state"], left["records"]) == ("gathering", 4)
    await gather_submission(held, row["id"])
    async with real_pool.transaction() as db:
        lines = await lines_of(db, row)
    assert [line["ordinal"] for line in lines] == list(range(1, 8))
    assert len({line["key"] for line in lines}) == 7


async def test_what_gets_no_further_stops_and_says_so_until_it_is_hastened(
    db: Connection, city: City, held: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_codes(db, city)
    row = await submit(db, city, CREDITS, await credited(db, city, *["school"] * 5))

    async def die(db: Connection, **about: Any) -> None:
        raise ConnectionResetError

    with monkeypatch.context() as patch:
        patch.setattr(submissions, "gather_part", die)
        for _ in range(MOST_TRIES):
            with pytest.raises(ConnectionResetError):
                await gather_submission(held, row["id"])
        await gather_submission(held, row["id"])
    actor = city.integration.actor
    stopped = await get_submission(db, actor, submission_id=row["id"])
    assert (stopped["state"], stopped["failure"]) == ("gathering", "work_failed")
    told = await hasten_submission(db, actor, submission_id=row["id"], now=NOW)
    assert (told["failure"], told["tries"]) == (None, 0)
    await gather_submission(held, row["id"])
    whole = await get_submission(db, actor, submission_id=row["id"])
    assert (whole["state"], whole["records"]) == ("waiting", 5)


async def test_what_has_no_code_stops_it_until_it_is_hastened(
    db: Connection, city: City, held: Resources
) -> None:
    await make_codes(db, city, without=["county", "provincial"])
    actor = city.integration.actor
    levels = ["school"] * 4 + ["county", "school", "provincial"]
    row = await submit(db, city, CREDITS, await credited(db, city, *levels))
    await db._driver.execute("DELETE FROM pgqueuer")
    await gather_submission(held, row["id"])
    stopped = await get_submission(db, actor, submission_id=row["id"])
    assert (stopped["state"], stopped["records"]) == ("gathering", 4)
    assert stopped["failure"] == "province_codes_missing"
    assert stopped["gaps"] == ["level=county", "level=provincial"]
    assert await take_errand(db, now=NOW) is None
    for word in ("county", "provincial"):
        new = NewProvinceCode(
            city_id=city.city["id"], code_set=CodeSet.LEVEL, ours=word, theirs="9",
            valid_from=date(2000, 1, 1),
        )  # fmt: skip
        await enter_province_code(db, actor, new=new, now=NOW)
    for _ in range(2):  # however often: once
        await hasten_submission(db, actor, submission_id=row["id"], now=NOW)
    assert await jobs_of(db, row) == 1
    await gather_submission(held, row["id"])
    whole = await get_submission(db, actor, submission_id=row["id"])
    assert (whole["state"], whole["records"], whole["gaps"]) == ("waiting", 7, [])
    assert whole["failure"] is None


async def test_meanwhile_nothing_of_it_is_told_and_nothing_overtakes_it(
    db: Connection, city: City, held: Resources
) -> None:
    await make_codes(db, city)
    province = await make_province(db, city)
    row = await submit(db, city, CREDITS, await credited(db, city, *["school"] * 5))
    [first, *_] = await lines_of(db, row)
    receipts = NewReceipts.model_validate(
        {"receipts": [{"key": first["key"], "state": "accepted"}]}
    )
    about = {"submission_id": row["id"], "now": NOW}
    with pytest.raises(SubmissionGathering):
        await acknowledge_submission(db, province.actor, receipts=receipts, **about)
    with pytest.raises(SubmissionUnderWay):
        await resend_submission(db, city.integration.actor, **about)
    with pytest.raises(SubmissionGathering):
        await submit(db, city, CREDITS, await make_ledger_batch(db, city, 2))
    assert len(await lines_of(db, row)) == 2
    certificates = await roster_at_once(db, city)
    assert await take_errand(db, now=NOW) is None
    await gather_submission(held, row["id"])
    whole = await get_submission(db, city.integration.actor, submission_id=row["id"])
    errand = await take_errand(db, now=whole["next_at"])
    assert errand is not None
    assert errand.submission_id == row["id"]
    await note_announced(db, submission_id=row["id"], now=NOW)
    assert certificates["number"] == 2


async def roster_at_once(db: Connection, city: City) -> Row:
    """A roster that is whole when the request ends."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(putting_down, "MOST_AT_ONCE", 1_000)
        row = await submit(db, city, ROSTER, None)
    assert row["state"] == "waiting"
    return row


@pytest.mark.parametrize("change", ["records = 9", "digest = 'another'", "state = 'gathering'"])
async def test_what_is_whole_stays_so(
    db: Connection, driver: asyncpg.Connection, city: City, change: str
) -> None:
    await make_codes(db, city)
    await roster_at_once(db, city)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with driver.transaction():
            await driver.execute(f"UPDATE province_submission SET {change}")  # noqa: S608


async def test_of_two_that_are_begun_at_once_one_is(
    real_pool: Pool, resources: Resources, few: None
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        await make_codes(db, city)

    async def begin() -> Row | DomainError:
        try:
            async with real_pool.transaction() as db:
                return await submit(db, city, ROSTER, None)
        except DomainError as refusal:
            return refusal

    outcomes = await asyncio.gather(begin(), begin(), begin())
    made = [each for each in outcomes if isinstance(each, dict)]
    refused = [each for each in outcomes if not isinstance(each, dict)]
    assert len(made) == 1
    assert {type(each) for each in refused} <= {SubmissionGathering, SubmissionMadeMeanwhile}
    await gather_submission(replace(resources, pool=real_pool), made[0]["id"])
    async with real_pool.transaction() as db:
        lines = await lines_of(db, made[0])
        assert [line["ordinal"] for line in lines] == list(range(1, len(lines) + 1))
        assert len(lines) == await db._driver.fetchval("SELECT count(*) FROM teacher")
