"""The province is told of teachers who are on the roster no longer, once and by what ended them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from app.domain.credits.person_mergers.merger import PersonMerger
from app.domain.exchange.province_codes import ProvinceCodesMissing
from app.domain.exchange.submissions import (
    NewSubmission,
    Receipt,
    RecordState,
    SubmissionKind,
    create_submission,
    digest_of,
    resend_submission,
    take_receipts,
)
from app.domain.exchange.submissions.composing import NothingRejected, SubmissionEmpty
from app.domain.people.careers import FactWithdrawal, record_fact, withdraw_fact
from app.domain.people.facts.engagement import STATE, NewServiceState, ServiceState
from app.domain.people.teachers import Teacher
from app.sql import Connection, Row, new_id
from tests.make import NOW, City
from tests.make_province import make_codes

TODAY = NOW.date()


async def send_roster(db: Connection, city: City, *, days: int = 0) -> list[Row]:
    """The records of a roster that is made so many days from now."""
    new = NewSubmission(city_id=city.city["id"], kind=SubmissionKind.ROSTER)
    moment = NOW + timedelta(days=days)
    made = await create_submission(db, city.integration.actor, new=new, now=moment)
    return await records_of(db, made)


async def records_of(db: Connection, submission: Row) -> list[Row]:
    query = "SELECT * FROM province_record WHERE submission_id = $1 ORDER BY ordinal"
    return [dict(row) for row in await db._driver.fetch(query, submission["id"])]


async def go(
    db: Connection, city: City, who: Row, state: ServiceState, on: date = TODAY, **more: Any
) -> Row:
    """Record a state of service of somebody."""
    new = NewServiceState(state=state, valid_from=on, **more)
    about = {"kind": STATE, "teacher_id": who["id"], "new": new}
    return await record_fact(db, city.city_admin.actor, **about, now=NOW)


async def merge(db: Connection, merged: Row, survivor: Row, city: City) -> None:
    account_id = city.city_admin.actor.account_id
    row = {
        "id": new_id(), "survivor_id": survivor["id"], "merged_id": merged["id"], "state": "merged",
        "proposed_for": "both", "proposed_at": NOW, "proposed_by": account_id, "decided_at": NOW,
        "decided_by": account_id, "carried_over": 0, "struck": 0, "reason": "同一人",
    }  # fmt: skip
    await db.insert(PersonMerger, row)
    await db.change(Teacher, merged["id"], {"merged_into_id": survivor["id"]})


def ended(records: Sequence[Row]) -> list[Row]:
    return [row for row in records if row["kind"] == "teacher_end"]


async def test_leavers_and_merged_records_end(db: Connection, city: City) -> None:
    await make_codes(db, city)
    first = {row["teacher_id"]: row["key"] for row in await send_roster(db, city)}
    retired, merged = city.colleague, city.far_teacher
    fact = await go(db, city, retired, ServiceState.RETIRED)
    await merge(db, merged, city.teacher, city)
    found = {row["teacher_id"]: row for row in ended(await send_roster(db, city))}
    assert {row["key"] for row in found.values()} == {
        f"teacher_end:{retired['id']}:{fact['id']}",
        f"teacher_end:{merged['id']}:{city.teacher['id']}",
    }
    day = NOW.date().isoformat()
    assert found[retired["id"]]["content"] == {
        "teacher_id": str(retired["id"]), "ends": first[retired["id"]],
        "because": "XX-retired", "ended_on": day, "same_as": None,
    }  # fmt: skip
    content = found[merged["id"]]["content"]
    assert content == {
        "teacher_id": str(merged["id"]), "ends": first[merged["id"]],
        "because": "XX-merged", "ended_on": day, "same_as": str(city.teacher["id"]),
    }  # fmt: skip
    assert found[merged["id"]]["digest"] == digest_of(content)
    with pytest.raises(SubmissionEmpty):
        await send_roster(db, city)


async def test_whoever_was_never_told_of_does_not_end(db: Connection, city: City) -> None:
    await make_codes(db, city)
    await go(db, city, city.colleague, ServiceState.LEFT)
    told = await send_roster(db, city)
    assert ended(told) == []
    assert city.colleague["id"] not in {row["teacher_id"] for row in told}
    assert city.teacher["id"] in {row["teacher_id"] for row in told}


async def test_an_end_takes_effect_on_its_day_and_the_return_on_its_own(
    db: Connection, city: City
) -> None:
    """Everything was recorded beforehand: nothing about the person changes but the day."""
    await make_codes(db, city)
    leaves, returns = (NOW.date() + timedelta(days=days) for days in (10, 20))
    await go(db, city, city.colleague, ServiceState.LEFT, leaves, valid_to=returns)
    [before] = [
        row for row in await send_roster(db, city) if row["teacher_id"] == city.colleague["id"]
    ]
    assert before["kind"] == "teacher"
    [end] = await send_roster(db, city, days=10)
    assert (end["kind"], end["content"]["ends"]) == ("teacher_end", before["key"])
    [again] = await send_roster(db, city, days=20)
    assert (again["kind"], again["teacher_id"]) == ("teacher", city.colleague["id"])
    assert again["key"] == f"{before['key']}.1"
    with pytest.raises(SubmissionEmpty):
        await send_roster(db, city, days=21)


async def test_an_end_that_was_wrong_is_followed_by_the_teacher_and_a_new_one_by_an_end(
    db: Connection, city: City
) -> None:
    await make_codes(db, city)
    await send_roster(db, city)
    fact = await go(db, city, city.colleague, ServiceState.LEFT)
    [end] = await send_roster(db, city)
    await withdraw_fact(
        db, city.city_admin.actor, teacher_id=city.colleague["id"], fact_id=fact["id"],
        withdrawal=FactWithdrawal(reason="登记有误"), now=NOW,
    )  # fmt: skip
    [back] = await send_roster(db, city)
    assert back["kind"] == "teacher"
    await go(db, city, city.colleague, ServiceState.LEFT)
    [once_more] = await send_roster(db, city)
    assert (once_more["kind"], once_more["content"]["ends"]) == ("teacher_end", back["key"])
    assert once_more["key"] != end["key"]


async def test_a_rejected_end_is_sent_again_under_its_key(db: Connection, city: City) -> None:
    await make_codes(db, city)
    await send_roster(db, city)
    await go(db, city, city.colleague, ServiceState.RETIRED)
    [end] = await send_roster(db, city)
    told = {"submission_id": end["submission_id"], "now": NOW}
    rejected = Receipt(end["key"], RecordState.REJECTED, "not_plausible")
    await take_receipts(db, receipts=[rejected], **told)
    again = await resend_submission(
        db, city.integration.actor, submission_id=end["submission_id"], now=NOW
    )
    [record] = await records_of(db, again)
    assert (record["key"], record["attempt"], record["content"]) == (end["key"], 2, end["content"])


async def test_a_rejected_teacher_who_has_left_meanwhile_is_not_sent_again(
    db: Connection, city: City
) -> None:
    await make_codes(db, city)
    records = await send_roster(db, city)
    receipts = [
        Receipt(row["key"], RecordState.REJECTED if row["teacher_id"] == city.colleague["id"]
                else RecordState.ACCEPTED, "no")
        for row in records
    ]  # fmt: skip
    submission_id = records[0]["submission_id"]
    await take_receipts(db, submission_id=submission_id, receipts=receipts, now=NOW)
    await go(db, city, city.colleague, ServiceState.LEFT)
    with pytest.raises(NothingRejected):
        await resend_submission(db, city.integration.actor, submission_id=submission_id, now=NOW)
    # The province holds no record of the colleague, so there is none to end.
    with pytest.raises(SubmissionEmpty):
        await send_roster(db, city)


async def test_a_reason_without_a_code_is_a_gap(db: Connection, city: City) -> None:
    await make_codes(db, city, without=["retired"])
    await send_roster(db, city)
    await go(db, city, city.colleague, ServiceState.RETIRED)
    with pytest.raises(ProvinceCodesMissing) as refused:
        await send_roster(db, city)
    assert refused.value.details["gaps"] == "teacher_end=retired"
    assert await db._driver.fetchval("SELECT count(*) FROM province_submission") == 1
