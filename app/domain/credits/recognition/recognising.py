"""The act of recognising: from what is offered, and who took part, to the entries of the ledger."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec.structs import asdict
from pydantic import BaseModel, Field
from sqlalchemy import ARRAY, Uuid, any_, bindparam, func, literal, select, union_all
from sqlmodel import col

from app.domain.base import civil_date
from app.domain.credits.entries.ledger import lock_heads
from app.domain.credits.entries.table import CreditEntry
from app.domain.credits.recognition.awards import Awards, Offered, Share, entry_row, words_of
from app.domain.credits.recognition.claimed import ClaimedAlready, claimed_before
from app.domain.credits.reversals import GONE
from app.domain.credits.rules import Award
from app.domain.credits.school_years import closed_for
from app.domain.credits.standings.facts import read_people
from app.domain.credits.standings.governing import read_packs
from app.domain.credits.standings.writing import enter_entries
from app.domain.errors import DomainError
from app.domain.people.teachers import Teacher
from app.sql import Connection, Row, Statement


class LeftOutView(BaseModel):
    """Somebody who took part and gets nothing, and why."""

    teacher_id: UUID = Field(description="教师 / teacher")
    code: str = Field(description="原因代码 / stable code of the reason")
    zh: str = Field(description="原因（中文） / the reason in Chinese")
    en: str = Field(description="原因（英文） / the reason in English")


class RecognisedFields(BaseModel):
    """What recognising something did."""

    entered: int = Field(description="本次入账人数 / entries made now")
    already_entered: int = Field(description="此前已入账人数 / entries that were there before")
    not_qualified: int = Field(description="不符合认定条件的人数 / people who did not qualify")
    not_covered: int = Field(
        description="规则包不予认定的人数 / people whom no rule of the pack covers"
    )
    left_out: list[LeftOutView] = Field(description="未入账人员及原因 / who got nothing, and why")


# What may be done.

_reversal = CreditEntry.__table__.alias("reversal")  # type: ignore[attr-defined]
_teacher_ids = bindparam("teacher_ids", type_=ARRAY(Uuid))


def _attempts(teacher_id: Any, attempt: Any, *joined: Any) -> Any:
    """Of each person or record the attempts at a source, and whether no other one is open."""
    entries = select(
        teacher_id.label("teacher_id"),
        attempt.label("attempt"),
        # What stands is not earned a second time, nor what went to another authority.
        func.coalesce(_reversal.c.source_kind == GONE, True).label("is_closed"),
    ).select_from(CreditEntry)
    for table, condition in joined:
        entries = entries.join(table, condition)
    return entries.outerjoin(_reversal, _reversal.c.reverses_id == col(CreditEntry.id)).where(
        col(CreditEntry.city_id) == bindparam("city_id", type_=Uuid),
        col(CreditEntry.source_kind) == bindparam("source_kind"),
        col(CreditEntry.source_id) == bindparam("source_id", type_=Uuid),
    )


_ATTEMPTS = Statement(
    # Each half asks one index; both conditions in one would have the database look through all.
    union_all(
        _attempts(col(CreditEntry.teacher_id), col(CreditEntry.attempt)).where(
            col(CreditEntry.teacher_id) == any_(_teacher_ids)
        ),
        # Of the records that were merged into theirs, which have attempts of their own.
        _attempts(
            col(Teacher.merged_into_id),
            literal(0),
            (Teacher, col(Teacher.id) == col(CreditEntry.teacher_id)),
        ).where(col(Teacher.merged_into_id) == any_(_teacher_ids)),
    )
)


async def recognise_source(
    db: Connection, *, offered: Offered, shares: Sequence[Share], recorded_by: UUID, now: datetime
) -> Row:
    """Enter what something earned for everybody who has a share in it and no entry for it yet.

    Whoever offers it has checked who asks, and holds it until the transaction ends: it is neither changed nor
    recognised by anybody else meanwhile, and no merger takes away who took part (`sources`). The statements
    are as many for thirty people as for one; of thousands, some hundreds are written at once.
    """
    qualified = {each.teacher_id: each for each in shares if each.hindrance is None}
    # Held in the order of their keys, so that two who recognise at once wait for each other.
    heads = await lock_heads(db, teacher_ids=list(qualified))
    attempts = await _next_attempts(db, offered, list(qualified))
    refused = await _refused(db, offered, list(attempts), now)
    people = await read_people(db, teacher_ids=list(attempts))
    packs = await read_packs(db, city_id=offered.city_id)
    awards = Awards(packs, offered.earned_on, offered.kind)
    not_covered: list[Row] = []

    def made() -> Iterator[Row]:
        for teacher_id, attempt in attempts.items():
            person, refusal = people[teacher_id], refused.get(teacher_id)
            source = offered.to(person, qualified[teacher_id])
            earned = words_of(refusal) if refusal else awards.of(person, source)
            if isinstance(earned, Award):
                entry = entry_row(
                    person, source, earned, source_id=offered.source_id, recorded_at=now
                )
                entry["attempt"], entry["recorded_by"] = attempt, recorded_by
                yield entry
            else:
                not_covered.append({"teacher_id": teacher_id, **earned})

    if attempts:
        day = civil_date(now)
        await enter_entries(db, entries=made(), heads=heads, people=people, packs=packs, day=day)
    done = {
        "entered": len(attempts) - len(not_covered),
        "already_entered": len(qualified) - len(attempts),
    }
    return done | _left_out(shares, not_covered)


def _left_out(shares: Sequence[Share], not_covered: Sequence[Row]) -> Row:
    """Who got nothing: those in whose way something stood, then those whom no rule covers."""
    not_qualified = [
        {"teacher_id": each.teacher_id, **asdict(each.hindrance)}
        for each in shares
        if each.hindrance is not None
    ]
    return {
        "not_qualified": len(not_qualified),
        "not_covered": len(not_covered),
        "left_out": [*not_qualified, *not_covered],
    }


async def _refused(
    db: Connection, offered: Offered, teacher_ids: Sequence[UUID], now: datetime
) -> dict[UUID, DomainError]:
    """Whose year is closed, and who has credit of the like by a claim."""
    day = offered.earned_on
    closed = await closed_for(db, lines=[(each, day) for each in teacher_ids], now=now)
    claimed = await claimed_before(
        db, source_kind=offered.source_kind, source_id=offered.source_id, day=day,
        teacher_ids=teacher_ids,
    )  # fmt: skip
    return {each: ClaimedAlready() for each in claimed} | {
        key[0]: why for key, why in closed.items()
    }


async def _next_attempts(
    db: Connection, offered: Offered, teacher_ids: Sequence[UUID]
) -> dict[UUID, int]:
    """Which attempt is open for whom; nobody of whom one stands, or went to another authority."""
    attempts = dict.fromkeys(teacher_ids, 1)
    source = {"source_kind": offered.source_kind, "source_id": offered.source_id}
    rows = await db.all(_ATTEMPTS, city_id=offered.city_id, teacher_ids=list(teacher_ids), **source)
    for row in rows:
        teacher_id = row["teacher_id"]
        attempts[teacher_id] = max(attempts[teacher_id], row["attempt"] + 1)
    closed = {row["teacher_id"] for row in rows if row["is_closed"]}
    return {key: attempt for key, attempt in attempts.items() if key not in closed}
