"""What was claimed and entered before it is recognised: the like is not earned a second time."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, Date, String, Uuid, any_, bindparam, column, select, table
from sqlmodel import col

from app.domain.credits.entries.table import CreditEntry
from app.domain.credits.recognition.sources import title_of_source
from app.domain.errors import Conflict
from app.domain.plain_text import plain_text
from app.sql import Connection, Statement

NEAR = timedelta(days=31)
"""What was recognised and a certificate of it may be dated apart."""

# The noun above this one describes this table; here it is only read by its title.
_CLAIMS = table("credit_claim", column("id", Uuid()), column("title_key", String()))
_reversal = CreditEntry.__table__.alias("reversal")  # type: ignore[attr-defined]
_CLAIMED = Statement(
    select(col(CreditEntry.teacher_id))
    .join_from(CreditEntry, _CLAIMS, col(CreditEntry.source_id) == _CLAIMS.c.id)
    .outerjoin(_reversal, _reversal.c.reverses_id == col(CreditEntry.id))
    .where(
        col(CreditEntry.teacher_id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))),
        col(CreditEntry.earned_on).between(
            bindparam("first", type_=Date), bindparam("last", type_=Date)
        ),
        col(CreditEntry.reverses_id).is_(None),
        _reversal.c.id.is_(None),
        _CLAIMS.c.title_key == bindparam("title", type_=String),
    )
    .distinct()
)


class ClaimedAlready(Conflict):
    """The person has credit of it by a claim: it is recognised once that was reversed."""

    code = "claimed_already"
    zh = "本人已就同名内容申报并获得学分。"
    en = "The person has credit of the same title by a claim."


async def claimed_before(
    db: Connection, *, source_kind: str, source_id: UUID, day: date, teacher_ids: Iterable[UUID]
) -> set[UUID]:
    """Who of these has credit in force by a claim of the same title near the day; two statements."""
    title = await title_of_source(db, source_kind=source_kind, source_id=source_id)
    if title is None or not (key := plain_text(title)):
        return set()
    rows = await db.all(
        _CLAIMED, teacher_ids=list(teacher_ids), title=key, first=day - NEAR, last=day + NEAR
    )
    return {row["teacher_id"] for row in rows}
