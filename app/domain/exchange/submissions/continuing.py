"""Gathering on: what a long submission is yet to hold is put down in the background, part by part.

Each part is a transaction of its own. Whoever goes on after an interruption reads from the beginning and
passes over what is there already, so that nothing is put down twice and nothing is left out. A word without
a code stops it; it goes on once it is hastened. Nothing of it goes over before all is there.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Uuid, bindparam, distinct, func, select
from sqlmodel import col

from app.domain.exchange.province_codes import ProvinceCodesMissing
from app.domain.exchange.submissions.gathering import Gathered
from app.domain.exchange.submissions.putting_down import record_provided, records_of
from app.domain.exchange.submissions.record import ProvinceRecord, line_of
from app.domain.exchange.submissions.submission import ProvinceSubmission, SubmissionState
from app.sql import Connection, Row, Statement

MOST_TRIES = 5
"""Fewer than those after which a worker gives a job up, which the submission would not know of."""
FAILED = "work_failed"
"""As all background work says that was tried often enough."""


# What may be asked.

_NAMES = ("id", "city_id", "kind", "batch_id", "records", "expected", "tries")
_HOLD = Statement(
    select(*(col(getattr(ProvinceSubmission, name)) for name in _NAMES))
    .where(
        col(ProvinceSubmission.id) == bindparam("submission_id", type_=Uuid),
        col(ProvinceSubmission.state) == SubmissionState.GATHERING,
    )
    .with_for_update()
)
_OF_SUBMISSION = col(ProvinceRecord.submission_id) == bindparam("submission_id", type_=Uuid)
_LINES = Statement(
    select(col(ProvinceRecord.key), col(ProvinceRecord.digest))
    .where(_OF_SUBMISSION)
    .order_by(col(ProvinceRecord.ordinal))
)
_PEOPLE = Statement(
    select(func.count(distinct(col(ProvinceRecord.teacher_id)))).where(_OF_SUBMISSION)
)


# What may be done.


async def _hold(db: Connection, *, submission_id: UUID) -> Row | None:
    """A submission that is still gathered, which nobody else changes; None where it is no longer."""
    return await db.one(_HOLD, submission_id=submission_id)


async def begin_gathering(db: Connection, *, submission_id: UUID) -> Row | None:
    """Take up a submission that is still gathered; None where there is nothing to be done.

    Every try is counted that gets no further; after some it stops, and says so, until it is hastened.
    """
    row = await _hold(db, submission_id=submission_id)
    if row is None:
        return None
    if row["tries"] >= MOST_TRIES:
        await db.change(ProvinceSubmission, submission_id, {"failure": FAILED})
        return None
    said = {"tries": row["tries"] + 1, "failure": None, "gaps": []}
    await db.change(ProvinceSubmission, submission_id, said)
    return row


async def gather_part(db: Connection, *, submission_id: UUID, some: Sequence[Gathered]) -> None:
    """Put down some records more, but for those that are there."""
    row = await _hold(db, submission_id=submission_id)
    if row is None:
        return
    rows = await records_of(
        db,
        city_id=row["city_id"],
        submission_id=submission_id,
        some=some,
        after=row["records"],
    )
    await db.copy(ProvinceRecord, rows)
    records = row["records"] + len(rows)
    said = {"records": records, "expected": max(row["expected"], records), "tries": 0}
    await db.change(ProvinceSubmission, submission_id, said)


async def stop_gathering(db: Connection, *, submission_id: UUID, gaps: list[str]) -> None:
    """Say of which words the province's codes are missing: until they are entered it does not go on."""
    if await _hold(db, submission_id=submission_id) is not None:
        said = {"failure": ProvinceCodesMissing.code, "gaps": gaps}
        await db.change(ProvinceSubmission, submission_id, said)


async def finish_gathering(db: Connection, *, submission_id: UUID, now: datetime) -> None:
    """Close a submission over what was put down: from now on it is handed over."""
    row = await _hold(db, submission_id=submission_id)
    if row is None:
        return
    digest = sha256()
    async for record in db.stream(_LINES, submission_id=submission_id):
        digest.update(line_of(record["key"], record["digest"]))
    said: Row = {"state": SubmissionState.WAITING, "digest": digest.hexdigest(), "tries": 0}
    await db.change(ProvinceSubmission, submission_id, said | {"expected": None, "next_at": now})
    people = await db.value(_PEOPLE, submission_id=submission_id)
    await record_provided(db, submission=row, people=people, now=now)
