"""Putting down what a submission holds: some records at a time, so that none is ever all in memory.

What is short is put down whole by the request that makes it. Of what is long the request puts down the
first records and says how many are expected; the rest is put down in the background (`continuing`).
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, any_, bindparam, func, literal_column, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.base import civil_date
from app.domain.errors import Conflict
from app.domain.exchange.batches import count_entries, read_content
from app.domain.exchange.province_codes import Codes
from app.domain.exchange.submissions.gathering import (
    Gathered,
    count_certificates,
    gather_certificates,
    gather_credits,
)
from app.domain.exchange.submissions.record import (
    ProvinceRecord,
    RecordState,
    digest_of,
    line_of,
)
from app.domain.exchange.submissions.roster import count_roster, gather_roster
from app.domain.exchange.submissions.submission import (
    SUBMISSIONS,
    ProvinceSubmission,
    SubmissionGathering,
    SubmissionKind,
    SubmissionState,
)
from app.domain.people.provisions import DataCategory, record_batch_provision
from app.domain.portions import some_at_a_time
from app.queue import enqueue
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

JOB = "gather_submission"
"""The name of the job that puts down the rest."""
MOST_AT_ONCE = 2_000
"""Records that are put down by the request itself, about a second of it."""
_TELLS = {
    SubmissionKind.ROSTER: (DataCategory.IDENTITY, DataCategory.CAREER),
    SubmissionKind.CERTIFICATES: (DataCategory.IDENTITY, DataCategory.CREDITS),
    SubmissionKind.CREDITS: (DataCategory.CREDITS,),
}


# What can be refused.


class SubmissionMadeMeanwhile(Conflict):
    """Another submission of the city, or of the batch, was made before."""

    code = "submission_made_meanwhile"
    zh = "该批次已报送，或同一时刻已生成另一报送。"
    en = "The batch was submitted before, or another submission was made at the same moment."


# What may be asked.


async def gather_anew(
    db: Connection, *, codes: Codes, about: Row, now: datetime
) -> AsyncIterator[Gathered]:
    """What a submission is to hold, but for what any holds already, this one too."""
    city: Row = {"codes": codes, "city_id": about["city_id"]}
    if about["kind"] == SubmissionKind.ROSTER:
        return gather_roster(db, **city, only=None, today=civil_date(now))
    if about["kind"] == SubmissionKind.CERTIFICATES:
        return gather_certificates(db, **city, only=None)
    content = await read_content(db, batch_id=about["batch_id"])
    return gather_credits(db, **city, held=content)


async def _expected(db: Connection, about: Row, put_down: int, now: datetime) -> int:
    """About how many records it will hold; of a batch some entries may be none of it."""
    city_id = about["city_id"]
    if about["kind"] == SubmissionKind.ROSTER:
        return put_down + await count_roster(db, city_id=city_id, today=civil_date(now))
    if about["kind"] == SubmissionKind.CERTIFICATES:
        return put_down + await count_certificates(db, city_id=city_id)
    return await count_entries(db, batch_id=about["batch_id"])


_GATHERING = Statement(
    select(
        func.coalesce(func.max(col(ProvinceSubmission.number)), literal_column("0")).label("last"),
        func.max(col(ProvinceSubmission.records))
        .filter(
            col(ProvinceSubmission.state) == SubmissionState.GATHERING,
            col(ProvinceSubmission.kind) == bindparam("kind", type_=Text),
        )
        .label("records"),
    ).where(col(ProvinceSubmission.city_id) == bindparam("city_id", type_=Uuid))
)
_SENT = Statement(
    select(
        col(ProvinceRecord.key),
        func.max(col(ProvinceRecord.attempt)).label("attempt"),
        func.bool_or(col(ProvinceRecord.state) != RecordState.REJECTED).label("alive"),
    )
    .where(
        col(ProvinceRecord.city_id) == bindparam("city_id", type_=Uuid),
        col(ProvinceRecord.key) == any_(bindparam("keys", type_=ARRAY(Text))),
    )
    .group_by(col(ProvinceRecord.key))
)


# What may be done.


class _Copied(NamedTuple):
    """What was put down of a submission."""

    records: int
    digest: str
    people: set[UUID]
    is_whole: bool


async def _copy_records(
    db: Connection,
    about: Row,
    submission_id: UUID,
    codes: Codes,
    found: AsyncIterator[Gathered],
    most: int | None,
) -> _Copied:
    records, digest, people = 0, sha256(), set[UUID]()
    async with aclosing(some_at_a_time(found)) as parts:
        async for some in parts:
            if codes.gaps:
                continue  # Nothing is made; but all gaps are to be named.
            if most is not None and records >= most:
                return _Copied(records, digest.hexdigest(), people, is_whole=False)
            rows = await records_of(
                db, city_id=about["city_id"], submission_id=submission_id, some=some, after=records
            )
            await db.copy(ProvinceRecord, rows)
            records += len(rows)
            people.update(row["teacher_id"] for row in rows)
            for row in rows:
                digest.update(line_of(row["key"], row["digest"]))
    return _Copied(records, digest.hexdigest(), people, is_whole=True)


async def _numbered(
    db: Connection, actor: Actor, about: Row, submission_id: UUID, copied: _Copied, now: datetime
) -> Row:
    """The submission of what was put down, with the next number of its city; refused while one gathers."""
    city_id = about["city_id"]
    [others] = await db.all(_GATHERING, city_id=city_id, kind=about["kind"])
    if others["records"] is not None:
        raise SubmissionGathering(records=others["records"])
    submission: Row = about | {
        "id": submission_id,
        "county_id": city_id,
        "school_id": None,
        "number": others["last"] + 1,
        "state": SubmissionState.WAITING,
        "records": copied.records,
        "digest": copied.digest,
        "next_at": now,
        "created_at": now,
        "created_by": actor.account_id,
    }
    if not copied.is_whole:
        expected = await _expected(db, about, copied.records, now)
        submission |= {"state": SubmissionState.GATHERING, "next_at": None}
        submission["expected"] = max(expected, copied.records)
    return submission


async def put_down(
    db: Connection,
    actor: Actor,
    *,
    about: Row,
    codes: Codes,
    found: AsyncIterator[Gathered],
    empty: type[Conflict],
    now: datetime,
    whole: bool = False,
) -> Row:
    """Make a submission of what is found: `whole`, or the first of it with the rest to be gathered."""
    submission_id = new_id()
    most = None if whole else MOST_AT_ONCE
    try:
        async with db.transaction():
            copied = await _copy_records(db, about, submission_id, codes, found, most)
            codes.require_whole()
            if not copied.records:
                raise empty
            submission = await _numbered(db, actor, about, submission_id, copied, now)
            await db.insert(ProvinceSubmission, submission)
    except UniqueViolationError:
        raise SubmissionMadeMeanwhile from None
    if copied.is_whole:
        await record_provided(db, submission=submission, people=len(copied.people), now=now)
    else:
        await continue_gathering(db, submission_id=submission_id)
    return await SUBMISSIONS.get(db, actor, submission_id)


async def continue_gathering(db: Connection, *, submission_id: UUID) -> None:
    """Have the rest gathered in the background, whatever it stopped at; once, however often that is asked."""
    said: Row = {"tries": 0, "failure": None, "gaps": []}
    await db.change(ProvinceSubmission, submission_id, said)
    await enqueue(db, JOB, about=submission_id, key=f"{JOB} {submission_id}")


async def record_provided(db: Connection, *, submission: Row, people: int, now: datetime) -> None:
    """Record that what is put down is provided to the province; a batch says that itself."""
    if submission["batch_id"] is None:
        await record_batch_provision(
            db,
            batch=submission,
            people=people,
            now=now,
            categories=_TELLS[SubmissionKind(submission["kind"])],
        )


async def records_of(
    db: Connection, *, city_id: UUID, submission_id: UUID, some: Sequence[Gathered], after: int
) -> list[dict[str, Any]]:
    """The rows of what was found, numbered on, but for what is alive in a submission already."""
    keys = [each.key for each in some]
    sent = {row["key"]: row for row in await db.all(_SENT, city_id=city_id, keys=keys)}
    rows: list[Row] = []
    for each in some:
        before = sent.get(each.key)
        if before is not None and before["alive"]:
            continue
        rows.append(
            each._asdict()
            | {
                "id": new_id(),
                "submission_id": submission_id,
                "city_id": city_id,
                "county_id": city_id,
                "school_id": None,
                "ordinal": after + len(rows) + 1,
                "attempt": 1 if before is None else before["attempt"] + 1,
                "digest": digest_of(each.content),
                "state": RecordState.WAITING,
            }
        )
    return rows
