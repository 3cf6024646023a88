"""What becomes of everything that refers to the merged record, table by table.

What the person did goes along; what was said of the person in time goes along where the record that
stays says nothing else of that time; what was said of the record itself stays with it, as history.
Every table that refers to a teacher is on one of the lists, which a test compares with the tables.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Text,
    Uuid,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.access.doors import PLACE
from app.domain.base import MOMENT, Table, civil_date
from app.domain.credits.person_mergers.lots import CLOSING, DATED, MOVED
from app.domain.credits.person_mergers.numbering import number_anew
from app.domain.credits.standings.failures import forget_failures
from app.domain.credits.standings.table import Standing
from app.domain.learning.topic_members import WHOLE
from app.domain.learning.topics import TopicDuty, TopicMember
from app.domain.learning.topics.topic import SHARE
from app.domain.people.cohort_members import CohortMember, MembershipState
from app.domain.people.facts.fact import Fact
from app.domain.people.optional_data import DataConsent
from app.domain.people.optional_data.phone import erase_phone
from app.domain.people.transfers.following import end_roles, leave_groups, leave_pairs
from app.domain.training.attendance import Attendance, AttendanceRole, AttendanceStatus
from app.domain.training.enrolments import Enrolment
from app.sql import Connection, Row, Statement, new_id

_survivor, _merged = (bindparam(name, type_=Uuid) for name in ("survivor_id", "merged_id"))
_now = bindparam("now", type_=MOMENT)


# What may be done.


_MOVE = Statement(
    # The database moves them, for an open merger alone: nobody else changes whose a row is.
    select(
        func.move_to_survivor(
            literal_column(f"ARRAY{list(MOVED)}", ARRAY(Text)), _merged, _survivor
        )
    )
)


@lru_cache(maxsize=32)
def _supersede(table: type[Table]) -> Statement:
    """Cease to believe the facts of the merged record, and say which of them can go along."""
    rows: Any = table.__table__  # type: ignore[attr-defined]
    others, slot = rows.alias("others"), DATED[table]
    ends = func.coalesce(rows.c.valid_to, bindparam("closes", type_=Date))
    values: dict[str, Any] = {"superseded_at": _now}
    if issubclass(table, Fact):
        values["superseded_because"] = bindparam("because", type_=Text)
    taken = exists().where(
        others.c.teacher_id == _survivor,
        others.c.superseded_at.is_(None),
        *(others.c[each] == rows.c[each] for each in slot or ()),
        or_(ends.is_(None), others.c.valid_from < ends),
        or_(others.c.valid_to.is_(None), others.c.valid_to > rows.c.valid_from),
    )
    return Statement(
        update(rows)
        .where(rows.c.teacher_id == _merged, rows.c.superseded_at.is_(None))
        .values(values)
        .returning(
            *rows.c,
            (taken & literal_column("false") if slot is None else taken).label("_taken"),
            ends.label("_ends"),
        )
    )


async def carry_facts(
    db: Connection, *, survivor_id: UUID, merged_id: UUID, because: str, now: datetime
) -> None:
    """Let what is believed of the merged record be believed of the other, where nothing else is."""
    today = civil_date(now)
    for table in DATED:
        said = {"because": because} if issubclass(table, Fact) else {}
        closes = today if table in CLOSING else None
        held = await db.all(
            _supersede(table),
            survivor_id=survivor_id, merged_id=merged_id, now=now, closes=closes, **said,
        )  # fmt: skip
        await db.insert_all(table, [_carried(row, survivor_id, now) for row in _free(held)])


def _free(held: Sequence[Row]) -> list[Row]:
    """Those that can go along: they hold for a day at least, and nothing else does in their time."""
    last = date.max
    return [row for row in held if not row["_taken"] and row["valid_from"] < (row["_ends"] or last)]


def _carried(row: Row, survivor_id: UUID, now: datetime) -> Row:
    known = {"id": new_id(), "teacher_id": survivor_id, "valid_to": row["_ends"]}
    known |= {"recorded_at": now, "superseded_at": None}
    if "superseded_because" in row:
        known["superseded_because"] = None
    given = {name: value for name, value in row.items() if not name.startswith("_")}
    return {**given, **known}


def _take_over(
    table: type[Table], thing: str, worth: Callable[[Any], ColumnElement[int]], *but: str
) -> Statement:
    """Where both have a row of one thing, let the one that stays say what the other says, if that is more."""
    rows: Any = table.__table__  # type: ignore[attr-defined]
    theirs = rows.alias("theirs")
    whose = {"id", "teacher_id", thing, *PLACE, *but}
    return Statement(
        update(rows)
        .where(
            rows.c.teacher_id == _survivor,
            theirs.c.teacher_id == _merged,
            theirs.c[thing] == rows.c[thing],
            worth(theirs.c) > worth(rows.c),
        )
        .values({each.name: theirs.c[each.name] for each in rows.c if each.name not in whose})
    )


def _rank(value: Any, *order: str) -> ColumnElement[int]:
    """How far a value stands in an order, from 1; 0 where it does not."""
    return case(*((value == each, place) for place, each in enumerate(order, 1)), else_=0)


def _was_there(record: Any) -> ColumnElement[int]:
    """Present is more than late, that more than not; of the same, another part more than a participant's."""
    there = _rank(
        record.status, AttendanceStatus.EXCUSED, AttendanceStatus.LEFT_EARLY,
        AttendanceStatus.LATE, AttendanceStatus.PRESENT,
    )  # fmt: skip
    return there * 2 + case((record.role == AttendanceRole.PARTICIPANT, 0), else_=1)


def _has_a_place(enrolment: Any) -> ColumnElement[int]:
    """A place is more than a turn, an earlier turn more than a later, any more than what was withdrawn."""
    return case(
        (enrolment.withdrawn_at.is_not(None), 0),
        (enrolment.waiting_turn.is_(None), 2**31 - 1),
        else_=2**31 - 2 - enrolment.waiting_turn,
    )


_TAKE_OVER = (
    # Somebody who was at a session under either record was there.
    _take_over(Attendance, "session_id", _was_there),
    # One place is kept of an activity in which the other record is enrolled.
    _take_over(Enrolment, "activity_id", _has_a_place),
    _take_over(
        CohortMember,
        "cohort_id",
        lambda row: _rank(
            row.state,
            MembershipState.NOT_ADMITTED,
            MembershipState.NOMINATED,
            MembershipState.ADMITTED,
            MembershipState.COMPLETED,
        ),
        "reason",
        "nominated_by",
        "nominated_at",
    ),
)
_theirs = aliased(TopicMember)
_TAKE_OUT = Statement(
    delete(TopicMember)
    .where(
        col(TopicMember.teacher_id) == _merged,
        exists(
            select(col(_theirs.id)).where(
                col(_theirs.topic_id) == col(TopicMember.topic_id),
                col(_theirs.teacher_id) == _survivor,
            )
        ),
    )
    .returning(col(TopicMember.topic_id), col(TopicMember.share), col(TopicMember.duty))
)
_given = select(
    func.unnest(bindparam("topic_ids", type_=ARRAY(Uuid))).label("topic_id"),
    func.unnest(bindparam("shares", type_=ARRAY(SHARE))).label("share"),
    func.unnest(bindparam("duties", type_=ARRAY(Text))).label("duty"),
).subquery("given")
_DUTIES = tuple(reversed(TopicDuty))
_JOIN_SHARES = Statement(
    update(TopicMember)
    .where(col(TopicMember.topic_id) == _given.c.topic_id, col(TopicMember.teacher_id) == _survivor)
    .values(
        share=func.least(col(TopicMember.share) + _given.c.share, WHOLE),
        duty=case(
            (
                _rank(_given.c.duty, *_DUTIES) > _rank(col(TopicMember.duty), *_DUTIES),
                _given.c.duty,
            ),
            else_=col(TopicMember.duty),
        ),
    )
)


async def _join_shares(db: Connection, both: dict[str, UUID]) -> None:
    """Of a topic in which both records take part one row is left, with both shares and the higher duty."""
    rows = await db.all(_TAKE_OUT, **both)
    await db.run(
        _JOIN_SHARES,
        survivor_id=both["survivor_id"],
        topic_ids=[row["topic_id"] for row in rows],
        shares=[row["share"] for row in rows],
        duties=[row["duty"] for row in rows],
    )


_GIVE_BACK = Statement(
    update(Enrolment)
    .where(col(Enrolment.teacher_id) == _merged, col(Enrolment.withdrawn_at).is_(None))
    .values(withdrawn_at=_now)
)
_TAKE_CONSENTS_BACK = Statement(
    update(DataConsent)
    .where(col(DataConsent.teacher_id) == _merged, col(DataConsent.withdrawn_at).is_(None))
    .values(withdrawn_at=_now)
)
_NO_STANDING = Statement(delete(Standing).where(col(Standing.teacher_id) == _merged))


async def move_rows(
    db: Connection, *, survivor: Row, merged_id: UUID, moved_by: UUID, now: datetime
) -> None:
    """Let what the person did under the merged record be the other's; what both have is kept once."""
    both = {"survivor_id": survivor["id"], "merged_id": merged_id}
    for statement in _TAKE_OVER:
        await db.run(statement, **both)
    await _join_shares(db, both)
    await number_anew(db, **both, by=moved_by, now=now)
    await db.value(_MOVE, **both)
    await db.run(_GIVE_BACK, merged_id=merged_id, now=now)


async def end_what_stays(
    db: Connection,
    *,
    survivor: Row,
    merged_id: UUID,
    account_id: UUID | None,
    ended_by: UUID,
    now: datetime,
) -> None:
    """End what does not go along: groups of other units, pairs, consents, the account with its roles.

    The last administrator of a unit is not merged away.
    """
    today = civil_date(now)
    place = [survivor[name] for name in PLACE]
    await leave_groups(db, teacher_id=merged_id, place=place, on=today, now=now)
    await leave_pairs(db, teacher_id=merged_id, place=[], on=today)
    await erase_phone(db, teacher_id=merged_id)
    await db.run(_TAKE_CONSENTS_BACK, merged_id=merged_id, now=now)
    await db.run(_NO_STANDING, merged_id=merged_id)
    await forget_failures(db, teacher_ids=[merged_id])
    if account_id is not None:
        await end_roles(
            db, account_id=account_id, ended_by=ended_by, leaves=True, own=True, now=now
        )
