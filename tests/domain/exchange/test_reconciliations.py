import pytest

from app.domain.errors import NotAllowed
from app.domain.exchange.reconciliations import (
    NewReconciliation,
    compare_stretch,
    comparing,
    get_reconciliation,
    list_reconciliation_differences,
    list_reconciliations,
    put_off,
    start_reconciliation,
    take_stretch,
)
from app.domain.exchange.reconciliations.reconciliation import (
    ReconciliationNeedsCity,
    ReconciliationRunning,
)
from app.domain.exchange.submissions import (
    LEASE,
    Held,
    HeldPage,
    NewSubmission,
    PlatformDown,
    Receipt,
    RecordState,
    SubmissionKind,
    create_submission,
    take_receipts,
)
from app.domain.paging import PageRequest
from app.sql import Connection, Row
from tests.make import NOW, City
from tests.make_province import make_codes, make_things

ACCEPTED, REJECTED = RecordState.ACCEPTED, RecordState.REJECTED


async def start(db: Connection, city: City) -> Row:
    new = NewReconciliation(city_id=city.city["id"])
    return await start_reconciliation(db, city.integration.actor, new=new, now=NOW)


@pytest.fixture
async def ours(db: Connection, city: City) -> list[Row]:
    """Four records: accepted, accepted, rejected and without a receipt, by their keys."""
    await make_codes(db, city)
    batch = await make_things(db, city)
    new = NewSubmission(city_id=city.city["id"], kind=SubmissionKind.CREDITS, batch_id=batch["id"])
    row = await create_submission(db, city.integration.actor, new=new, now=NOW)
    query = 'SELECT key, digest FROM province_record ORDER BY key COLLATE "C"'
    records = [dict(each) for each in await db._driver.fetch(query)]
    states = (ACCEPTED, ACCEPTED, REJECTED)
    receipts = [Receipt(each["key"], state) for each, state in zip(records, states, strict=False)]
    await take_receipts(db, submission_id=row["id"], receipts=receipts, now=NOW)
    return records


async def test_both_sides_are_compared_key_by_key(
    db: Connection, city: City, ours: list[Row]
) -> None:
    row, actor = await start(db, city), city.auditor.actor
    stretch = await take_stretch(db, now=NOW)
    assert stretch is not None
    first = HeldPage(
        [Held("a stranger", "0" * 64, ACCEPTED), Held(ours[0]["key"], "0" * 64, ACCEPTED)],
        more=True,
    )
    assert await compare_stretch(db, stretch=stretch, page=first, now=NOW)
    # Who compares the same stretch once more finds that it has moved on.
    assert not await compare_stretch(db, stretch=stretch, page=first, now=NOW)
    stretch = await take_stretch(db, now=NOW)
    assert stretch is not None
    waiting = Held(ours[3]["key"], ours[3]["digest"], ACCEPTED)
    assert not await compare_stretch(
        db, stretch=stretch, page=HeldPage([waiting], more=False), now=NOW
    )
    page = await list_reconciliation_differences(
        db, actor, reconciliation_id=row["id"], page=PageRequest()
    )
    # What was rejected is counted by neither; whose answer was lost is under way still.
    assert [(each["kind"], each["key"]) for each in page.items] == [
        ("missing_here", "a stranger"),
        ("different", ours[0]["key"]),
        ("missing_there", ours[1]["key"]),
    ]
    shown = await get_reconciliation(db, actor, reconciliation_id=row["id"])
    assert (shown["state"], shown["differing"]) == ("done", 3)
    assert await take_stretch(db, now=NOW + LEASE) is None


async def test_what_is_missing_there_is_told_part_by_part(
    db: Connection, city: City, ours: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A province that holds next to nothing has nobody read all that we hold at once."""
    monkeypatch.setattr(comparing, "STRETCH", 1)
    row = await start(db, city)
    behind, after = Held(ours[2]["key"], ours[2]["digest"], ACCEPTED), []
    for is_more in (True, True, True, False):
        stretch = await take_stretch(db, now=NOW)
        assert stretch is not None
        after.append(stretch.after)
        there = HeldPage([behind] if behind.key > stretch.after else [], more=False)
        assert await compare_stretch(db, stretch=stretch, page=there, now=NOW) is is_more
    assert after == ["", *(each["key"] for each in ours[:3])]
    page = await list_reconciliation_differences(
        db, city.auditor.actor, reconciliation_id=row["id"], page=PageRequest()
    )
    assert [(each["kind"], each["key"]) for each in page.items] == [
        ("missing_there", ours[0]["key"]),
        ("missing_there", ours[1]["key"]),
        ("different", ours[2]["key"]),
    ]


async def test_it_goes_on_later_where_the_province_is_silent(db: Connection, city: City) -> None:
    row = await start(db, city)
    stretch = await take_stretch(db, now=NOW)
    assert stretch is not None
    assert await take_stretch(db, now=NOW) is None
    await put_off(db, stretch=stretch, down=PlatformDown("window_closed"), now=NOW)
    shown = await get_reconciliation(db, city.auditor.actor, reconciliation_id=row["id"])
    assert (shown["state"], shown["failure"]) == ("running", "window_closed")
    assert await take_stretch(db, now=NOW + LEASE * 2) is not None


async def test_one_runs_at_a_time_and_of_a_whole_city(db: Connection, city: City) -> None:
    await start(db, city)
    with pytest.raises(ReconciliationRunning):
        async with db.transaction():
            await start(db, city)
    county = NewReconciliation(city_id=city.county["id"])
    with pytest.raises(ReconciliationNeedsCity):
        await start_reconciliation(db, city.integration.actor, new=county, now=NOW)
    whole = NewReconciliation(city_id=city.city["id"])
    with pytest.raises(NotAllowed):
        await start_reconciliation(db, city.auditor.actor, new=whole, now=NOW)
    page = await list_reconciliations(db, city.auditor.actor, page=PageRequest())
    assert len(page.items) == 1
