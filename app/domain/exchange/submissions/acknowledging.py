"""Receipts that the province hands in itself, as our client, and sending on at once."""

from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from pydantic import Field, model_validator
from sqlalchemy import ARRAY, Text, Uuid, any_, bindparam, func, select, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command
from app.domain.errors import Invalid, NotFound, Unfit
from app.domain.exchange.submissions.delivering import take_receipts
from app.domain.exchange.submissions.platform import Receipt
from app.domain.exchange.submissions.putting_down import continue_gathering
from app.domain.exchange.submissions.record import (
    ProvinceRecord,
    RecordKind,
    RecordState,
    RecordView,
)
from app.domain.exchange.submissions.submission import (
    SUBMISSIONS,
    ProvinceSubmission,
    SubmissionGathering,
    SubmissionState,
)
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row, Statement

MOST_RECEIPTS = 500
"""How many receipts come together."""


class ReportedState(StrEnum):
    """What the province may say of a record (回执)."""

    PENDING = "pending"
    """待审"""
    ACCEPTED = "accepted"
    """已接收"""
    REJECTED = "rejected"
    """已退回"""


class NewReceipt(Command):
    """What the province says of one record."""

    key: str = Field(min_length=1, max_length=120, description="记录键 / key of the record")
    state: ReportedState = Field(description="回执 / what became of it")
    code: str | None = Field(
        default=None, max_length=60, description="退回代码 / code of the reason"
    )
    reason: str | None = Field(default=None, max_length=500, description="退回原因 / the reason")
    number: str | None = Field(default=None, max_length=80, description="省平台受理号 / its number")

    @model_validator(mode="after")
    def _rejections_say_why(self) -> Self:
        if self.state is ReportedState.REJECTED and not self.code:
            raise Unfit("退回须填写退回代码。", "A rejection says why: give its code.")
        return self


class NewReceipts(Command):
    """Receipts for records of one submission."""

    receipts: list[NewReceipt] = Field(
        min_length=1, max_length=MOST_RECEIPTS, description="回执 / receipts"
    )


# What can be refused.


class RecordNotFound(NotFound):
    """There is no such record for the one who asks."""

    code = "province_record_not_found"
    zh = "未找到该报送记录。"
    en = "There is no such record of a submission."


class ReceiptUnknown(Invalid):
    """A receipt is for a record that the submission holds; nothing was taken."""

    code = "receipt_unknown_record"
    zh = "该报送没有记录 {key}，所有回执均未登记。"
    en = "The submission holds no record {key}: no receipt was taken."


# What may be asked.

RECORDS = Door(
    table=ProvinceRecord,
    view=RecordView,
    read=Permission.PROVINCE_READ,
    missing=RecordNotFound,
    filters={
        "submission_id": col(ProvinceRecord.submission_id),
        "state": col(ProvinceRecord.state),
        "kind": col(ProvinceRecord.kind),
    },
    sorts={"ordinal": (col(ProvinceRecord.ordinal),)},
)


async def list_submission_records(
    db: Connection,
    actor: Actor,
    *,
    submission_id: UUID,
    page: PageRequest,
    state: RecordState | None = None,
    kind: RecordKind | None = None,
) -> Page:
    """The records of a submission with their receipts, in their order."""
    await SUBMISSIONS.get(db, actor, submission_id)
    filters = {"submission_id": submission_id, "state": state, "kind": kind}
    return await RECORDS.page(db, actor, page, filters=filters)


_KNOWN = Statement(
    select(func.array_agg(col(ProvinceRecord.key))).where(
        col(ProvinceRecord.submission_id) == bindparam("submission_id", type_=Uuid),
        col(ProvinceRecord.key) == any_(bindparam("keys", type_=ARRAY(Text))),
    )
)


# What may be done.


async def acknowledge_submission(
    db: Connection, actor: Actor, *, submission_id: UUID, receipts: NewReceipts, now: datetime
) -> Row:
    """Take receipts from the province; what was accepted or rejected before stays as it is."""
    report = Permission.PROVINCE_REPORT
    told_of = await SUBMISSIONS.get(db, actor, submission_id, permission=report, lock=True)
    if told_of["state"] == SubmissionState.GATHERING:
        raise SubmissionGathering(records=told_of["records"])
    keys = [each.key for each in receipts.receipts]
    known = set(await db.value(_KNOWN, submission_id=submission_id, keys=keys) or ())
    for key in keys:
        if key not in known:
            raise ReceiptUnknown(key=key)
    told = [
        Receipt(each.key, RecordState(each.state), each.code, each.reason, each.number)
        for each in receipts.receipts
    ]
    await take_receipts(db, submission_id=submission_id, receipts=told, now=now)
    return await SUBMISSIONS.get(db, actor, submission_id)


_AT_ONCE = Statement(
    update(ProvinceSubmission)
    .where(
        col(ProvinceSubmission.id) == bindparam("submission_id", type_=Uuid),
        col(ProvinceSubmission.state) != SubmissionState.SETTLED,
    )
    .values(next_at=bindparam("now", type_=MOMENT))
)


async def hasten_submission(
    db: Connection, actor: Actor, *, submission_id: UUID, now: datetime
) -> Row:
    """Take a submission up at once, whatever pause it is in; nothing happens to a settled one.

    One that is still gathered goes on with that, as after codes were entered for want of which it stopped.
    """
    exchange = Permission.PROVINCE_EXCHANGE
    found = await SUBMISSIONS.get(db, actor, submission_id, permission=exchange, lock=True)
    if found["state"] == SubmissionState.GATHERING:
        await continue_gathering(db, submission_id=submission_id)
        return await SUBMISSIONS.get(db, actor, submission_id)
    await db.run(_AT_ONCE, submission_id=submission_id, now=now)
    return await SUBMISSIONS.get(db, actor, submission_id)
