from collections.abc import Sequence
from datetime import time, timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy import select

from app.domain.credits.entries.table import CreditEntry
from app.domain.errors import DomainError, NotAllowed
from app.domain.exchange.arrivals import ArrivalDecision, settle_arrival
from app.domain.exchange.province_codes import ProvinceCodesMissing
from app.domain.exchange.records import list_own_provisions
from app.domain.exchange.submissions import (
    LEASE,
    PART,
    POLLED_EVERY,
    DeliveryWindow,
    Errand,
    NewReceipts,
    NewSubmission,
    PlatformDown,
    Receipt,
    RecordState,
    SubmissionKind,
    SubmissionState,
    acknowledge_submission,
    create_submission,
    digest_of,
    digest_of_all,
    get_submission,
    hasten_submission,
    list_submission_records,
    list_submissions,
    note_announced,
    note_failure,
    resend_submission,
    take_errand,
    take_receipts,
)
from app.domain.exchange.submissions.acknowledging import ReceiptUnknown
from app.domain.exchange.submissions.composing import (
    NothingRejected,
    SubmissionBatchUnfit,
    SubmissionEmpty,
    SubmissionNeedsCity,
    SubmissionUnderWay,
)
from app.domain.exchange.submissions.putting_down import SubmissionMadeMeanwhile
from app.domain.paging import PageRequest
from app.sql import Connection, Row, Statement
from tests.domain.credits.making import make_pack
from tests.domain.exchange.entered import enter, entry, reversal
from tests.make import NOW, City, Person
from tests.make_province import (
    make_arrival,
    make_codes,
    make_ledger_batch,
    make_province,
    make_things,
)

_EVERY_ENTRY = Statement(select(*CreditEntry.__table__.c))  # type: ignore[attr-defined]
CREDITS, ROSTER = SubmissionKind.CREDITS, SubmissionKind.ROSTER


async def submit(
    db: Connection,
    city: City,
    kind: SubmissionKind = CREDITS,
    batch: Row | None = None,
    by: Person | None = None,
) -> Row:
    new = NewSubmission(
        city_id=city.city["id"], kind=kind, batch_id=None if batch is None else batch["id"]
    )
    return await create_submission(db, (by or city.integration).actor, new=new, now=NOW)


async def taken(db: Connection, **more: Any) -> Errand:
    errand = await take_errand(db, now=more.pop("now", NOW))
    assert errand is not None
    return errand


def said(errand: Errand, state: str, only: Sequence[str] | None = None) -> list[Receipt]:
    """The same receipt for each record of an errand, or for these."""
    keys = [row["key"] for row in errand.records] or errand.pending
    code = "no" if state == "rejected" else None
    return [Receipt(key, RecordState(state), code) for key in keys if not only or key in only]


@pytest.fixture
async def batch(db: Connection, city: City) -> Row:
    await make_codes(db, city)
    return await make_things(db, city)


async def test_a_submission_hands_over_a_batch_in_the_codes_of_the_province(
    db: Connection, city: City, batch: Row
) -> None:
    row = await submit(db, city, batch=batch)
    assert (row["number"], row["records"], row["waiting"], row["state"]) == (1, 4, 4, "waiting")
    errand = await taken(db)
    assert errand.begins
    kinds = [each["kind"] for each in errand.records]
    assert kinds == ["credit", "credit", "credit", "reversal"]
    first, *_, last = errand.records
    content = first["content"]
    coded = {name: content[name] for name in ("kind", "level", "activity_kind", "rank")}
    assert coded == {
        "kind": "XX-earn", "level": "XX-school", "activity_kind": "XX-lecture",
        "rank": "XX-first_grade",
    }  # fmt: skip
    assert (content["hours"], content["credits"]) == ("4.00", "2.00")
    assert last["content"]["reverses"] == first["key"]
    assert [digest_of(each["content"]) for each in errand.records] == [
        each["digest"] for each in errand.records
    ]
    pairs = [(each["key"], each["digest"]) for each in errand.records]
    assert row["digest"] == digest_of_all(pairs)


async def test_what_has_no_code_is_refused_by_name_and_nothing_is_made(
    db: Connection, city: City
) -> None:
    await make_codes(db, city, without=["lecture", "first_grade"])
    batch = await make_things(db, city)
    with pytest.raises(ProvinceCodesMissing) as refused:
        await submit(db, city, batch=batch)
    assert refused.value.details["gaps"] == "activity_kind=lecture, rank=first_grade"
    assert await db._driver.fetchval("SELECT count(*) FROM province_submission") == 0


@pytest.mark.parametrize("kind", [ROSTER, SubmissionKind.CERTIFICATES])
async def test_what_was_submitted_is_not_submitted_again(
    db: Connection, city: City, batch: Row, kind: SubmissionKind
) -> None:
    assert batch
    await submit(db, city, kind)
    with pytest.raises(SubmissionEmpty):
        await submit(db, city, kind)


async def test_a_batch_is_submitted_once(db: Connection, city: City, batch: Row) -> None:
    await submit(db, city, batch=batch)
    with pytest.raises(SubmissionEmpty):
        await submit(db, city, batch=batch)
    await enter(db, entry(city.teacher))
    with pytest.raises(SubmissionMadeMeanwhile):
        await submit(db, city, batch=batch)
    # Another batch over the same entries hands over what is new in it alone.
    row = await submit(db, city, batch=await make_ledger_batch(db, city, 2))
    assert row["records"] == 1


@pytest.mark.parametrize(
    ("who", "unit", "kind", "refusal"),
    [
        ("county_admin", "city", ROSTER, NotAllowed),
        ("auditor", "city", ROSTER, NotAllowed),
        ("integration", "county", ROSTER, SubmissionNeedsCity),
        ("integration", "city", "roster of a batch", SubmissionBatchUnfit),
    ],
)
async def test_who_may_not_and_what_cannot_be(
    db: Connection, city: City, batch: Row, who: str, unit: str, kind: str,
    refusal: type[DomainError],
) -> None:  # fmt: skip
    named = batch["id"] if kind == "roster of a batch" else None
    new = NewSubmission(city_id=getattr(city, unit)["id"], kind=ROSTER, batch_id=named)
    with pytest.raises(refusal):
        await create_submission(db, getattr(city, who).actor, new=new, now=NOW)
    assert await db._driver.fetchval("SELECT count(*) FROM province_submission") == 0


async def test_an_errand_is_held_by_one_and_taken_again_after_its_lease(
    db: Connection, city: City, batch: Row
) -> None:
    await submit(db, city, batch=batch)
    first = await taken(db)
    assert await take_errand(db, now=NOW) is None
    again = await taken(db, now=NOW + LEASE)
    assert [row["key"] for row in again.records] == [row["key"] for row in first.records]


async def test_submissions_of_a_city_go_one_after_the_other(
    db: Connection, city: City, batch: Row
) -> None:
    first = await submit(db, city, batch=batch)
    second = await submit(db, city, ROSTER)
    assert (await taken(db)).submission_id == first["id"]
    assert await take_errand(db, now=NOW) is None
    late = NOW + LEASE
    errand = await taken(db, now=late)
    assert errand.submission_id == first["id"]
    receipts = said(errand, "accepted")
    await take_receipts(db, submission_id=first["id"], receipts=receipts, now=late)
    assert (await taken(db, now=late)).submission_id == second["id"]


async def test_large_submissions_go_part_by_part(db: Connection, city: City) -> None:
    await make_codes(db, city)
    await enter(db, *(entry(city.teacher) for _ in range(PART + 5)))
    row = await submit(db, city, batch=await make_ledger_batch(db, city))
    parts = []
    while (errand := await take_errand(db, now=NOW)) is not None:
        parts.append(len(errand.records))
        assert errand.begins == (len(parts) == 1)
        await note_announced(db, submission_id=row["id"], now=NOW)
        receipts = said(errand, "accepted")
        await take_receipts(db, submission_id=row["id"], receipts=receipts, now=NOW)
    assert parts == [PART, 5]
    shown = await get_submission(db, city.auditor.actor, submission_id=row["id"])
    assert (shown["state"], shown["accepted"]) == ("settled", PART + 5)


async def test_what_is_under_review_is_asked_after(db: Connection, city: City, batch: Row) -> None:
    row = await submit(db, city, batch=batch)
    about = {"submission_id": row["id"]}
    receipts = said(await taken(db), "pending")
    await take_receipts(db, **about, receipts=receipts, now=NOW)
    assert await take_errand(db, now=NOW) is None
    later = NOW + POLLED_EVERY
    errand = await taken(db, now=later)
    assert (errand.records, len(errand.pending)) == ([], 4)
    await take_receipts(db, **about, receipts=said(errand, "accepted"), now=later)
    shown = await get_submission(db, city.auditor.actor, submission_id=row["id"])
    assert (shown["state"], shown["settled_at"]) == (SubmissionState.SETTLED, later)


async def test_what_was_accepted_stays_accepted(
    db: Connection, driver: asyncpg.Connection, city: City, batch: Row
) -> None:
    row = await submit(db, city, batch=batch)
    errand = await taken(db)
    about = {"submission_id": row["id"], "now": NOW}
    await take_receipts(db, **about, receipts=said(errand, "accepted"))
    assert await take_receipts(db, **about, receipts=said(errand, "rejected")) == 0
    shown = await get_submission(db, city.auditor.actor, submission_id=row["id"])
    assert (shown["accepted"], shown["rejected"]) == (4, 0)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with driver.transaction():
            await driver.execute("UPDATE province_record SET state = 'rejected'")


async def test_a_settled_submission_stays_as_it_was_settled(
    db: Connection, city: City, batch: Row
) -> None:
    row = await submit(db, city, batch=batch)
    errand = await taken(db)
    about = {"submission_id": row["id"], "receipts": said(errand, "accepted")}
    await take_receipts(db, **about, now=NOW)
    assert await take_receipts(db, **about, now=NOW + timedelta(days=1)) == 0
    shown = await get_submission(db, city.auditor.actor, submission_id=row["id"])
    assert shown["settled_at"] == NOW


async def test_large_reviews_are_asked_after_part_by_part(db: Connection, city: City) -> None:
    await make_codes(db, city)
    await enter(db, *(entry(city.teacher) for _ in range(PART + 1)))
    row = await submit(db, city, batch=await make_ledger_batch(db, city))
    for _ in range(2):
        errand = await taken(db)
        await take_receipts(db, submission_id=row["id"], receipts=said(errand, "pending"), now=NOW)
    later = NOW + POLLED_EVERY
    asked = []
    for _ in range(2):
        errand = await taken(db, now=later)
        asked.append(len(errand.pending))
        await take_receipts(
            db, submission_id=row["id"], receipts=said(errand, "pending"), now=later
        )
    assert asked == [PART, PART]  # the second part holds the one that was left
    assert await take_errand(db, now=later) is None


async def test_rejected_records_are_sent_again_under_their_keys(
    db: Connection, city: City, batch: Row
) -> None:
    row, actor = await submit(db, city, batch=batch), city.integration.actor
    with pytest.raises(SubmissionUnderWay):
        await resend_submission(db, actor, submission_id=row["id"], now=NOW)
    errand = await taken(db)
    keys = [each["key"] for each in errand.records]
    wrong = said(errand, "rejected", [keys[0], keys[3]])
    right = said(errand, "accepted", keys[1:3])
    await take_receipts(db, submission_id=row["id"], receipts=[*wrong, *right], now=NOW)
    again = await resend_submission(db, actor, submission_id=row["id"], now=NOW)
    assert (again["number"], again["records"], again["resends_id"]) == (2, 2, row["id"])
    errand = await taken(db)
    told = [(each["key"], each["attempt"]) for each in errand.records]
    assert told == [(keys[0], 2), (keys[3], 2)]
    with pytest.raises(NothingRejected):
        await resend_submission(db, actor, submission_id=row["id"], now=NOW)


async def test_failures_put_an_errand_off_for_longer_and_longer(
    db: Connection, city: City, batch: Row
) -> None:
    row = await submit(db, city, batch=batch)
    pauses, shown = [], row
    for _ in range(9):
        await note_failure(db, submission_id=row["id"], down=PlatformDown(), now=NOW)
        shown = await get_submission(db, city.auditor.actor, submission_id=row["id"])
        pauses.append((shown["next_at"] - NOW).total_seconds())
    assert pauses == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert (shown["tries"], shown["failure"]) == (9, "platform_down")
    closed = PlatformDown("window_closed", retry_after=7200)
    await note_failure(db, submission_id=row["id"], down=closed, now=NOW)
    hastened = await hasten_submission(db, city.integration.actor, submission_id=row["id"], now=NOW)
    assert hastened["next_at"] == NOW
    assert await take_errand(db, now=NOW) is not None


async def test_the_province_acknowledges_by_itself(db: Connection, city: City, batch: Row) -> None:
    row, province = await submit(db, city, batch=batch), await make_province(db, city)
    page = await list_submission_records(
        db, province.actor, submission_id=row["id"], page=PageRequest(limit=2)
    )
    keys = [each["key"] for each in page.items]
    content = [{"key": keys[0], "state": "accepted"}, {"key": "nothing", "state": "accepted"}]
    about = {"submission_id": row["id"], "now": NOW}
    receipts = NewReceipts.model_validate({"receipts": content})
    with pytest.raises(ReceiptUnknown):
        await acknowledge_submission(db, province.actor, receipts=receipts, **about)
    receipts = NewReceipts.model_validate({"receipts": content[:1]})
    with pytest.raises(NotAllowed):
        await acknowledge_submission(db, city.city_admin.actor, receipts=receipts, **about)
    shown = await acknowledge_submission(db, province.actor, receipts=receipts, **about)
    assert (shown["accepted"], shown["waiting"]) == (1, 3)
    # The platform knows nothing of the submission yet: the rest is announced before it is delivered.
    errand = await taken(db)
    assert (errand.begins, len(errand.records)) == (True, 3)


async def test_whoever_is_in_a_submission_finds_it_in_their_record(
    db: Connection, city: City, batch: Row
) -> None:
    assert batch
    row = await submit(db, city, ROSTER)
    page = await list_own_provisions(db, city.teacher_account.actor, page=PageRequest())
    assert [(each["source_id"], each["recipient"]) for each in page.items] == [
        (row["id"], "province")
    ]


async def test_a_county_sees_no_submission(db: Connection, city: City, batch: Row) -> None:
    await submit(db, city, batch=batch)
    for person, number in ((city.county_admin, 0), (city.auditor, 1)):
        page = await list_submissions(db, person.actor, page=PageRequest(), kind=CREDITS)
        assert len(page.items) == number


async def test_reading_takes_few_statements(db: Connection, city: City, batch: Row) -> None:
    before = db.statements
    await submit(db, city, batch=batch)
    # unit, codes, batch twice, entries, whose they are, known keys, number, submission, records,
    # the answer
    assert db.statements - before == 11
    before = db.statements
    errand = await taken(db)
    assert db.statements - before == 3
    before = db.statements
    receipts = said(errand, "accepted")
    await take_receipts(db, submission_id=errand.submission_id, receipts=receipts, now=NOW)
    # the submission, its records, what is left, the submission
    assert db.statements - before == 4


@pytest.mark.parametrize(
    ("window", "at", "is_open"),
    [
        ("22:00-06:00", time(23), True),
        ("22:00-06:00", time(5, 59), True),
        ("22:00-06:00", time(6), False),
        ("01:00-05:00", time(0, 59), False),
        ("01:00-05:00", time(1), True),
        ("00:00-00:00", time(12), True),
    ],
)
def test_a_window_is_open_in_its_hours(window: str, at: time, is_open: bool) -> None:
    assert DeliveryWindow.parse(window).is_open(at) is is_open


def test_a_window_that_is_none() -> None:
    for text in ("22:00", "25:00-06:00", "night"):
        with pytest.raises(ValueError, match=r"window|time|hour|isoformat"):
            DeliveryWindow.parse(text)


async def test_what_the_province_told_is_not_told_to_it_again(db: Connection, city: City) -> None:
    await make_codes(db, city)
    await make_pack(db, city.city)
    arrival = await make_arrival(db, city, city.teacher)
    take = ArrivalDecision(take=True, opinion="证书属实")
    about = {"arrival_id": arrival["id"], "decision": take, "now": NOW}
    await settle_arrival(db, city.county_admin.actor, **about)
    batch = await make_ledger_batch(db, city)
    with pytest.raises(SubmissionEmpty):
        await submit(db, city, batch=batch)
    [theirs] = await db.all(_EVERY_ENTRY)
    await enter(db, reversal(theirs), entry(city.teacher))
    await submit(db, city, batch=await make_ledger_batch(db, city, 2))
    [told] = (await taken(db)).records
    assert (told["kind"], told["content"]["hours"]) == ("credit", "4.00")


async def test_reversed_meanwhile_it_is_still_told_in_order(db: Connection, city: City) -> None:
    await make_codes(db, city)
    [row] = await enter(db, entry(city.teacher))
    first = await submit(db, city, batch=await make_ledger_batch(db, city))
    errand = await taken(db)
    about = {"submission_id": first["id"]}
    await take_receipts(db, **about, receipts=said(errand, "accepted"), now=NOW)
    await enter(db, reversal(row))
    await submit(db, city, batch=await make_ledger_batch(db, city, 2))
    errand = await taken(db, now=NOW + timedelta(minutes=1))
    assert errand.records[0]["key"].startswith("reversal:")


async def test_a_whole_city_is_gathered_some_at_a_time(
    db: Connection, city: City, batch: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is made in parts is what is made at once: keys, places and digests; and each part is let go."""
    monkeypatch.setattr("app.domain.portions.AT_ONCE", 2)
    parts: list[int] = []
    copy = Connection.copy

    async def noted(self: Connection, table: Any, rows: Sequence[Row]) -> None:
        parts.append(len(rows))
        await copy(self, table, rows)

    monkeypatch.setattr(Connection, "copy", noted)
    row = await submit(db, city, batch=batch)
    assert (row["records"], parts) == (4, [2, 2])
    errand = await taken(db)
    assert row["digest"] == digest_of_all(
        [(each["key"], each["digest"]) for each in errand.records]
    )
    records = await db._driver.fetch("SELECT ordinal FROM province_record ORDER BY ordinal")
    assert [each["ordinal"] for each in records] == [1, 2, 3, 4]
    assert [each["kind"] for each in errand.records][-1] == "reversal"


async def test_every_gap_is_named_though_nothing_is_made(
    db: Connection, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.domain.portions.AT_ONCE", 1)
    await make_codes(db, city, without=["chinese", "primary"])
    with pytest.raises(ProvinceCodesMissing) as refused:
        await submit(db, city, ROSTER)
    assert {"stage=primary", "subject=chinese"} <= set(refused.value.details["gaps"].split(", "))
    assert await db._driver.fetchval("SELECT count(*) FROM province_record") == 0
