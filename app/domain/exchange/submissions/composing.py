"""Making a submission: gathering, translating into the province's codes, putting down what is sent.

That of a whole city is made in constant memory: some records at a time are gathered, compared with what
was sent before, and written.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, any_, bindparam, func, literal_column, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import civil_date
from app.domain.errors import Conflict, Invalid
from app.domain.exchange.batches import NewBatch, create_batch, open_batch
from app.domain.exchange.province_codes import Codes, read_codes
from app.domain.exchange.submissions.gathering import (
    Gathered,
    gather_certificates,
    gather_credits,
)
from app.domain.exchange.submissions.record import (
    ProvinceRecord,
    RecordKind,
    RecordState,
    digest_of,
    line_of,
)
from app.domain.exchange.submissions.roster import gather_roster
from app.domain.exchange.submissions.submission import (
    SUBMISSIONS,
    NewSubmission,
    ProvinceSubmission,
    SubmissionKind,
    SubmissionState,
)
from app.domain.organisation.units import UNITS, Level
from app.domain.people.provisions import DataCategory, record_batch_provision
from app.domain.portions import some_at_a_time
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

_TELLS = {
    SubmissionKind.ROSTER: (DataCategory.IDENTITY, DataCategory.CAREER),
    SubmissionKind.CERTIFICATES: (DataCategory.IDENTITY, DataCategory.CREDITS),
    SubmissionKind.CREDITS: (DataCategory.CREDITS,),
}


# What can be refused.


class SubmissionNeedsCity(Invalid):
    """The province is told of a whole city."""

    code = "submission_needs_city"
    zh = "报送须以市为单位。"
    en = "A submission is of a whole city."


class SubmissionEmpty(Conflict):
    """There is nothing that the province has not been sent."""

    code = "submission_empty"
    zh = "没有需要报送的内容。"
    en = "There is nothing that was not submitted before."


class SubmissionBatchUnfit(Invalid):
    """A batch of the ledger goes with a submission of credits, of its own city."""

    code = "submission_batch_unfit"
    zh = "只有学分报送可指定本市的学分批次。"
    en = "Only a submission of credits names a batch, and one of its own city."


class SubmissionMadeMeanwhile(Conflict):
    """Another submission of the city, or of the batch, was made before."""

    code = "submission_made_meanwhile"
    zh = "该批次已报送，或同一时刻已生成另一报送。"
    en = "The batch was submitted before, or another submission was made at the same moment."


class NothingRejected(Conflict):
    """No record of it waits to be sent again."""

    code = "submission_nothing_rejected"
    zh = "该报送没有可补报的退回记录。"
    en = "No record of it was rejected, or all of them were sent again."


class SubmissionUnderWay(Conflict):
    """It is sent again once each of its records has a receipt."""

    code = "submission_under_way"
    zh = "该报送尚未办结，请待全部回执后再补报。"
    en = "Not every record of it has a receipt yet: send again what was rejected after that."


# What may be done.


async def create_submission(
    db: Connection, actor: Actor, *, new: NewSubmission, now: datetime
) -> Row:
    """Close a submission over what no other holds yet; what has no code there is refused by name.

    A submission of credits hands over a batch of the ledger: the one that is named, or a new one.
    """
    exchange = Permission.PROVINCE_EXCHANGE
    unit = await UNITS.get(db, actor, new.city_id, permission=exchange)
    if unit["level"] != Level.CITY:
        raise SubmissionNeedsCity
    if new.batch_id is not None and new.kind is not SubmissionKind.CREDITS:
        raise SubmissionBatchUnfit
    codes = await read_codes(db, city_id=new.city_id)
    city, batch_id = {"city_id": new.city_id}, new.batch_id
    if new.kind is SubmissionKind.ROSTER:
        found = gather_roster(db, codes=codes, **city, only=None, today=civil_date(now))
    elif new.kind is SubmissionKind.CERTIFICATES:
        found = gather_certificates(db, codes=codes, **city, only=None)
    else:
        if batch_id is None:
            batch = await create_batch(db, actor, new=NewBatch(city_id=new.city_id), now=now)
            batch_id = batch["id"]
        content = await open_batch(db, actor, batch_id=batch_id)
        if content.city_id != new.city_id:
            raise SubmissionBatchUnfit
        found = gather_credits(db, codes=codes, **city, held=content)
    row = {**city, "kind": new.kind, "batch_id": batch_id, "resends_id": None}
    return await _put_down(db, actor, row, codes, found, SubmissionEmpty, now)


_REJECTED = Statement(
    select(col(ProvinceRecord.kind), col(ProvinceRecord.subject_id))
    .where(
        col(ProvinceRecord.submission_id) == bindparam("submission_id", type_=Uuid),
        col(ProvinceRecord.state) == RecordState.REJECTED,
    )
    .order_by(col(ProvinceRecord.ordinal))
)


async def resend_submission(
    db: Connection, actor: Actor, *, submission_id: UUID, now: datetime
) -> Row:
    """Send again what was rejected of a submission, as it is now: a submission of its own.

    The keys stay, so that nothing can be there twice; each record says which attempt it is.
    """
    exchange = Permission.PROVINCE_EXCHANGE
    told = await SUBMISSIONS.get(db, actor, submission_id, permission=exchange, lock=True)
    if told["state"] != SubmissionState.SETTLED:
        raise SubmissionUnderWay
    rejected = await db.all(_REJECTED, submission_id=submission_id)
    subjects: dict[RecordKind, list[UUID]] = {}
    for row in rejected:
        subjects.setdefault(RecordKind(row["kind"]), []).append(row["subject_id"])
    city = {"city_id": told["city_id"]}
    codes = await read_codes(db, **city)
    kind = SubmissionKind(told["kind"])
    if kind is SubmissionKind.ROSTER:
        found = gather_roster(db, codes=codes, **city, only=subjects, today=civil_date(now))
    elif kind is SubmissionKind.CERTIFICATES:
        found = gather_certificates(db, codes=codes, **city, only=subjects)
    else:
        every = [row["subject_id"] for row in rejected]
        found = gather_credits(db, codes=codes, **city, held=every)
    row = {**city, "kind": kind, "batch_id": None, "resends_id": submission_id}
    return await _put_down(db, actor, row, codes, found, NothingRejected, now)


_LAST = Statement(
    select(func.coalesce(func.max(col(ProvinceSubmission.number)), literal_column("0"))).where(
        col(ProvinceSubmission.city_id) == bindparam("city_id", type_=Uuid)
    )
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


class _Copied(NamedTuple):
    """What was put down of a submission."""

    records: int
    digest: str
    people: set[UUID]


async def _copy_records(
    db: Connection, city_id: UUID, submission_id: UUID, codes: Codes, found: AsyncIterator[Gathered]
) -> _Copied:
    records, digest, people = 0, sha256(), set[UUID]()
    async for some in some_at_a_time(found):
        if codes.gaps:
            continue  # Nothing is made; but all gaps are to be named.
        rows = await _records(db, city_id, submission_id, some, after=records)
        await db.copy(ProvinceRecord, rows)
        records += len(rows)
        people.update(row["teacher_id"] for row in rows)
        for row in rows:
            digest.update(line_of(row["key"], row["digest"]))
    return _Copied(records, digest.hexdigest(), people)


async def _put_down(
    db: Connection,
    actor: Actor,
    about: Row,
    codes: Codes,
    found: AsyncIterator[Gathered],
    empty: type[Conflict],
    now: datetime,
) -> Row:
    city_id, submission_id = about["city_id"], new_id()
    try:
        async with db.transaction():
            copied = await _copy_records(db, city_id, submission_id, codes, found)
            codes.require_whole()
            if not copied.records:
                raise empty
            submission = about | {
                "id": submission_id,
                "county_id": city_id,
                "school_id": None,
                "number": await db.value(_LAST, city_id=city_id) + 1,
                "state": SubmissionState.WAITING,
                "records": copied.records,
                "digest": copied.digest,
                "next_at": now,
                "created_at": now,
                "created_by": actor.account_id,
            }
            await db.insert(ProvinceSubmission, submission)
    except UniqueViolationError:
        raise SubmissionMadeMeanwhile from None
    if about["batch_id"] is None:  # a batch says itself, when it is made, that it was provided
        await record_batch_provision(
            db,
            batch=submission,
            people=len(copied.people),
            now=now,
            categories=_TELLS[about["kind"]],
        )
    return await SUBMISSIONS.get(db, actor, submission_id)


async def _records(
    db: Connection, city_id: UUID, submission_id: UUID, some: Sequence[Gathered], *, after: int
) -> list[Row]:
    """The rows of what was found, numbered on, but for what is alive in another submission."""
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
