"""Making a submission: what it is of, and what of an earlier one it sends again.

What is asked for is gathered and put down by the request as far as `putting_down` lets it; the rest of what
is long is gathered in the background (`continuing`).
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import civil_date
from app.domain.errors import Conflict, Invalid
from app.domain.exchange.batches import NewBatch, create_batch, get_batch
from app.domain.exchange.province_codes import read_codes
from app.domain.exchange.submissions.gathering import (
    gather_certificates,
    gather_credits,
)
from app.domain.exchange.submissions.putting_down import gather_anew, put_down
from app.domain.exchange.submissions.record import (
    ProvinceRecord,
    RecordKind,
    RecordState,
)
from app.domain.exchange.submissions.roster import gather_roster
from app.domain.exchange.submissions.submission import (
    SUBMISSIONS,
    NewSubmission,
    SubmissionKind,
    SubmissionState,
)
from app.domain.organisation.units import UNITS, Level
from app.sql import Connection, Row, Statement

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
    batch_id = new.batch_id
    if new.kind is SubmissionKind.CREDITS:
        if batch_id is None:
            batch = await create_batch(db, actor, new=NewBatch(city_id=new.city_id), now=now)
            batch_id = batch["id"]
        elif (await get_batch(db, actor, batch_id=batch_id))["city_id"] != new.city_id:
            raise SubmissionBatchUnfit
    row = {"city_id": new.city_id, "kind": new.kind, "batch_id": batch_id, "resends_id": None}
    found = await gather_anew(db, codes=codes, about=row, now=now)
    return await put_down(
        db, actor, about=row, codes=codes, found=found, empty=SubmissionEmpty, now=now
    )


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
    return await put_down(
        db, actor, about=row, codes=codes, found=found, empty=NothingRejected, now=now, whole=True
    )
