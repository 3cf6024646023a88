"""The act of recognising an activity, with what it answers and what can be refused."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import ARRAY, Uuid, any_, bindparam, func, literal, select, union_all
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import civil_date
from app.domain.credits.entries.ledger import append_entries, entry_of, lock_heads
from app.domain.credits.entries.table import CreditEntry
from app.domain.credits.recognition.awards import ACTIVITY, Awards, entry_row, source_of, words_of
from app.domain.credits.reversals import GONE
from app.domain.credits.rules import Award
from app.domain.credits.school_years import closed_for
from app.domain.credits.standings.facts import read_people
from app.domain.credits.standings.governing import read_packs
from app.domain.credits.standings.writing import count_added
from app.domain.errors import Conflict
from app.domain.people.teachers import Teacher
from app.domain.training.activities import ACTIVITIES, ActivityState
from app.domain.training.qualification import qualified_attendees
from app.sql import Connection, Row, Statement


class LeftOutView(BaseModel):
    """Somebody who took part and gets nothing, and why."""

    teacher_id: UUID = Field(description="教师 / teacher")
    code: str = Field(description="原因代码 / stable code of the reason")
    zh: str = Field(description="原因（中文） / the reason in Chinese")
    en: str = Field(description="原因（英文） / the reason in English")


class RecognitionView(BaseModel):
    """What recognising an activity did."""

    activity_id: UUID = Field(description="活动 / activity")
    entered: int = Field(description="本次入账人数 / entries made now")
    already_entered: int = Field(description="此前已入账人数 / entries that were there before")
    not_qualified: int = Field(description="不符合认定条件的人数 / people who did not qualify")
    not_covered: int = Field(
        description="规则包不予认定的人数 / people whom no rule of the pack covers"
    )
    left_out: list[LeftOutView] = Field(description="未入账人员及原因 / who got nothing, and why")


# What can be refused.


class ActivityNotClosed(Conflict):
    """What is not over yet cannot be recognised."""

    code = "activity_not_closed"
    zh = "活动结束（closed）后才能认定学分，当前状态为 {state}。"
    en = "Credit is recognised once the activity is closed; its state is {state}."


class ActivityNotOver(Conflict):
    """Credit is earned on an activity's last day, and that is still to come."""

    code = "activity_not_over"
    zh = "活动于{day}结束，届时方可认定学分。"
    en = "The activity ends on {day}: its credit is recognised from that day on."


class _Activity(BaseModel):
    """What recognition needs to know of an activity."""

    id: UUID
    city_id: UUID
    county_id: UUID
    level: str
    kind: str
    mode: str
    channel: str
    content: list[str]
    ends_on: date
    state: str


_RECOGNISABLE = replace(ACTIVITIES, view=_Activity, computed={})

_NOT_QUALIFIED = {
    "absent": ("未出席。", "Was not present."),
    "note_missing": (
        "未提交要求的研修笔记或反思。",
        "The note or reflection asked for is missing.",
    ),
    "evidence_missing": (
        "未提交活动样式要求的佐证材料。",
        "Evidence that the activity's form asks for is missing.",
    ),
}

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


async def recognise_activity(
    db: Connection, actor: Actor, *, activity_id: UUID, now: datetime
) -> Row:
    """Enter what a closed activity earned for everybody who qualified and has no entry for it yet.

    Asking again enters nothing twice; whose entry was reversed gets a new one, as the next attempt.
    """
    activity = await _recognisable(db, actor, activity_id, civil_date(now))
    attendees = await qualified_attendees(db, actor, activity_id=activity_id)
    qualified = {row["teacher_id"]: row for row in attendees if row["qualified"]}
    # Held in the order of their keys, so that two who recognise at once wait for each other.
    heads = await lock_heads(db, teacher_ids=list(qualified))
    attempts = await _next_attempts(db, activity, list(qualified))
    day: date = activity["ends_on"]
    closed = await closed_for(db, lines=[(each, day) for each in attempts], now=now)
    people = await read_people(db, teacher_ids=list(attempts))
    packs = await read_packs(db, city_id=activity["city_id"])
    awards = Awards(packs, day)
    entries, not_covered = [], []
    for teacher_id, attempt in attempts.items():
        person, attended = people[teacher_id], qualified[teacher_id]
        source = source_of(activity, attended, person)
        refusal = closed.get((teacher_id, day))
        earned = words_of(refusal) if refusal else awards.of(person, source)
        if isinstance(earned, Award):
            entry = entry_row(person, source, earned, source_id=activity_id, recorded_at=now)
            entries.append(entry | {"attempt": attempt, "recorded_by": actor.account_id})
        else:
            not_covered.append({"teacher_id": teacher_id, **earned})
    if entries:
        written = await append_entries(db, entries=entries, heads=heads)
        added = {row["teacher_id"]: [entry_of(row)] for row in written}
        await count_added(db, people=people, packs=packs, added=added, day=civil_date(now))
    not_qualified = [_unqualified(row) for row in attendees if not row["qualified"]]
    return {
        "activity_id": activity_id,
        "entered": len(entries),
        "already_entered": len(qualified) - len(attempts),
        "not_qualified": len(not_qualified),
        "not_covered": len(not_covered),
        "left_out": [*not_qualified, *not_covered],
    }


async def _recognisable(db: Connection, actor: Actor, activity_id: UUID, today: date) -> Row:
    """The activity, locked, closed and over, if the actor may recognise it for the bureau in charge."""
    permission = Permission.CREDIT_RECOGNISE
    activity = await _RECOGNISABLE.get(db, actor, activity_id, permission=permission, lock=True)
    bureau = {name: activity[name] for name in ("city_id", "county_id")}
    # A school does not recognise its own activities, whatever role is held there.
    actor.require(permission, bureau)
    if activity["state"] != ActivityState.CLOSED:
        raise ActivityNotClosed(state=activity["state"])
    if activity["ends_on"] > today:
        raise ActivityNotOver(day=activity["ends_on"].isoformat())
    return activity


async def _next_attempts(
    db: Connection, activity: Row, teacher_ids: Sequence[UUID]
) -> dict[UUID, int]:
    """Which attempt is open for whom; nobody of whom one stands, or went to another authority."""
    attempts = dict.fromkeys(teacher_ids, 1)
    source = {"source_kind": ACTIVITY, "source_id": activity["id"]}
    rows = await db.all(
        _ATTEMPTS, city_id=activity["city_id"], teacher_ids=list(teacher_ids), **source
    )
    for row in rows:
        teacher_id = row["teacher_id"]
        attempts[teacher_id] = max(attempts[teacher_id], row["attempt"] + 1)
    closed = {row["teacher_id"] for row in rows if row["is_closed"]}
    return {key: attempt for key, attempt in attempts.items() if key not in closed}


def _unqualified(attended: Mapping[str, Any]) -> Row:
    zh, en = _NOT_QUALIFIED[attended["reason"]]
    return {
        "teacher_id": attended["teacher_id"], "code": attended["reason"], "zh": zh, "en": en
    }  # fmt: skip
