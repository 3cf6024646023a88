"""Handing submissions over: which part is next, and what became of it, each in a short transaction.

Between the two the platform is asked, without a transaction. Whoever takes an errand holds it for some
minutes; if they die, or the answer is lost, the next one hands over the same records under the same
keys, and the platform answers as it did before. So nothing is lost and nothing counts twice.
Submissions of a city go one after the other: what strikes a record comes after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Interval,
    String,
    Text,
    Uuid,
    bindparam,
    cast,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    update,
)
from sqlmodel import col

from app.domain.base import MOMENT, text_enum
from app.domain.exchange.submissions.platform import PlatformDown, PlatformRefused, Receipt
from app.domain.exchange.submissions.record import ProvinceRecord, RecordState
from app.domain.exchange.submissions.submission import (
    ProvinceSubmission,
    SubmissionState,
)
from app.domain.people.teachers.strata import is_among
from app.sql import Connection, Row, Statement

PART = 200
"""Records that are handed over together."""
LEASE = timedelta(minutes=3)
"""How long whoever took an errand has for it."""
POLLED_EVERY = timedelta(minutes=5)
"""How often the platform is asked what became of what it reviews."""
FIRST_PAUSE, LONGEST_PAUSE = 30, 3600
"""Seconds after a failure; each further pause is twice as long, up to this. Nothing is ever given up."""
BROKEN_OFF = "submission_refused"
"""The code of the receipt where the platform refused the submission as a whole."""

UNSETTLED = (RecordState.WAITING, RecordState.PENDING)
"""What may still become of a record whatever the province says."""

_encode = msgspec.json.Encoder().encode
_NOW = bindparam("now", type_=MOMENT)


@dataclass(frozen=True)
class Errand:
    """What is next of one submission: records to hand over, or else keys to ask after."""

    submission_id: UUID
    manifest: bytes
    begins: bool
    """Whether the platform has not taken the manifest yet: it is announced first. A receipt says nothing
    of that, since the province as our client may hand one in before anything was delivered."""
    records: list[Row]
    pending: list[str]


# What may be asked.

_older = ProvinceSubmission.__table__.alias("older")  # type: ignore[attr-defined]
_NEXT = Statement(
    select(
        *(
            col(getattr(ProvinceSubmission, name))
            for name in ("id", "city_id", "number", "kind", "records", "digest", "created_at", "announced_at")
        )
    )
    .where(
        col(ProvinceSubmission.next_at) <= _NOW,
        ~exists(
            select(literal(1)).where(
                _older.c.city_id == col(ProvinceSubmission.city_id),
                _older.c.number < col(ProvinceSubmission.number),
                is_among(_older.c.state, (SubmissionState.GATHERING, SubmissionState.WAITING)),
                col(ProvinceSubmission.state) == SubmissionState.WAITING,
            )
        ),
    )
    .order_by(col(ProvinceSubmission.next_at), col(ProvinceSubmission.id))
    .limit(1)
    .with_for_update(skip_locked=True, of=ProvinceSubmission)
)  # fmt: skip
_RECORDS = Statement(
    select(*(col(getattr(ProvinceRecord, name)) for name in ("key", "kind", "attempt", "digest", "content")))
    .where(
        col(ProvinceRecord.submission_id) == bindparam("submission_id", type_=Uuid),
        col(ProvinceRecord.state) == RecordState.WAITING,
    )
    .order_by(col(ProvinceRecord.ordinal))
    .limit(PART)
)  # fmt: skip
_PENDING = Statement(
    select(col(ProvinceRecord.key))
    .where(
        col(ProvinceRecord.submission_id) == bindparam("submission_id", type_=Uuid),
        col(ProvinceRecord.state) == RecordState.PENDING,
    )
    .order_by(col(ProvinceRecord.receipt_at), col(ProvinceRecord.ordinal))
    .limit(PART)
)


def manifest_of(row: Row) -> bytes:
    """The bytes that are signed: JSON of what a submission is, in this order."""
    said = ("city_id", "number", "kind", "records", "digest", "created_at")
    return _encode({"submission_id": row["id"], **{name: row[name] for name in said}})


# What may be done.


async def take_errand(db: Connection, *, now: datetime) -> Errand | None:
    """Take the errand that is due first, and hold it for a while; None where nothing is due."""
    row = await db.one(_NEXT, now=now)
    if row is None:
        return None
    submission_id = row["id"]
    await db.change(ProvinceSubmission, submission_id, {"next_at": now + LEASE})
    records = await db.all(_RECORDS, submission_id=submission_id)
    pending = [] if records else await db.all(_PENDING, submission_id=submission_id)
    return Errand(
        submission_id,
        manifest_of(row),
        begins=bool(records) and row["announced_at"] is None,
        records=records,
        pending=[each["key"] for each in pending],
    )


async def note_announced(db: Connection, *, submission_id: UUID, now: datetime) -> None:
    """Put down that the platform has taken the manifest; a repeated announcement changes nothing there."""
    await db.change(ProvinceSubmission, submission_id, {"announced_at": now})


_told = func.unnest(
    *(bindparam(name, type_=ARRAY(Text)) for name in ("keys", "states", "codes", "reasons", "numbers"))
).table_valued("key", "state", "code", "reason", "number").render_derived("told")  # fmt: skip
_HOLD = Statement(
    select(col(ProvinceSubmission.state))
    .where(col(ProvinceSubmission.id) == bindparam("submission_id", type_=Uuid))
    .with_for_update()
)
_TAKE_RECEIPTS = Statement(
    update(ProvinceRecord)
    .where(
        col(ProvinceRecord.submission_id) == bindparam("submission_id", type_=Uuid),
        col(ProvinceRecord.key) == _told.c.key,
        or_(*(col(ProvinceRecord.state) == state for state in UNSETTLED)),
    )
    .values(
        state=cast(_told.c.state, String),
        receipt_code=func.left(_told.c.code, 60),
        receipt_reason=func.left(_told.c.reason, 500),
        receipt_number=func.left(_told.c.number, 80),
        receipt_at=_NOW,
    )
)
_LEFT = Statement(
    select(
        *(
            exists(
                select(literal(1)).where(
                    col(ProvinceRecord.submission_id) == bindparam("submission_id", type_=Uuid),
                    col(ProvinceRecord.state) == state,
                )
            ).label(state.value)
            for state in UNSETTLED
        ),
        select(func.min(col(ProvinceRecord.receipt_at)))
        .where(
            col(ProvinceRecord.submission_id) == bindparam("submission_id", type_=Uuid),
            col(ProvinceRecord.state) == RecordState.PENDING,
        )
        .scalar_subquery()
        .label("asked_at"),
    )
)


async def take_receipts(
    db: Connection, *, submission_id: UUID, receipts: Sequence[Receipt], now: datetime
) -> int:
    """Put down what the platform says; how many records it has said something of.

    What was accepted, or rejected, stays so: a receipt that says otherwise changes nothing, and the
    reconciliation shows the difference.
    """
    told = {each.key: each for each in receipts if each.state is not RecordState.WAITING}
    columns: dict[str, Any] = {
        "keys": list(told),
        "states": [each.state.value for each in told.values()],
        "codes": [each.code for each in told.values()],
        "reasons": [each.reason for each in told.values()],
        "numbers": [each.number for each in told.values()],
    }
    if await db.value(_HOLD, submission_id=submission_id) == SubmissionState.SETTLED:
        return 0
    taken = await db.run(_TAKE_RECEIPTS, submission_id=submission_id, now=now, **columns)
    await _move_on(db, submission_id, now, told=taken > 0)
    return taken


async def _move_on(db: Connection, submission_id: UUID, now: datetime, *, told: bool) -> None:
    """Say what is next of a submission. While the platform tells, what it reviews is asked part by part."""
    left = await db.one(_LEFT, submission_id=submission_id) or {}
    values: dict[str, Any] = {"tries": 0, "failure": None}
    if left["waiting"]:
        values |= {"state": SubmissionState.WAITING, "next_at": now}
    elif left["pending"]:
        asked_at = left["asked_at"] if told else now
        values |= {"state": SubmissionState.DELIVERED, "next_at": asked_at + POLLED_EVERY}
    else:
        values |= {"state": SubmissionState.SETTLED, "next_at": None, "settled_at": now}
    await db.change(ProvinceSubmission, submission_id, values)


_PAUSE: ColumnElement[timedelta] = literal_column(
    f"make_interval(secs => least({FIRST_PAUSE} * power(2, least(tries, 20)), {LONGEST_PAUSE}))",
    Interval,
)
_FAIL = Statement(
    update(ProvinceSubmission)
    .where(
        col(ProvinceSubmission.id) == bindparam("submission_id", type_=Uuid),
        col(ProvinceSubmission.state) != SubmissionState.SETTLED,
    )
    .values(
        tries=col(ProvinceSubmission.tries) + bindparam("one", 1, type_=Integer),
        failure=bindparam("failed_by", type_=String),
        next_at=func.greatest(
            _NOW + _PAUSE,
            bindparam("not_before", type_=MOMENT),
        ),
    )
)


async def note_failure(
    db: Connection, *, submission_id: UUID, down: PlatformDown, now: datetime
) -> None:
    """Put an errand off that came to nothing; the platform may say until when at least."""
    not_before = now + timedelta(seconds=min(down.retry_after or 0, 86_400))
    await db.run(
        _FAIL, submission_id=submission_id, failed_by=down.code[:60], now=now, not_before=not_before
    )


_REJECT_ALL = Statement(
    update(ProvinceRecord)
    .where(
        col(ProvinceRecord.submission_id) == bindparam("submission_id", type_=Uuid),
        col(ProvinceRecord.state) == RecordState.WAITING,
    )
    .values(
        state=literal(RecordState.REJECTED, text_enum(RecordState)),
        receipt_code=literal(BROKEN_OFF),
        receipt_reason=func.left(bindparam("why", type_=String), 500),
        receipt_at=_NOW,
    )
)


async def break_off(
    db: Connection, *, submission_id: UUID, refused: PlatformRefused, now: datetime
) -> None:
    """Take the platform's refusal of a whole submission as the receipt of all that had none."""
    why = f"{refused.code}: {refused.reason}"
    await db.value(_HOLD, submission_id=submission_id)
    await db.run(_REJECT_ALL, submission_id=submission_id, why=why, now=now)
    await _move_on(db, submission_id, now, told=False)
