"""Gathering the roster: the teachers who changed, and the ends of those who are on it no longer.

A roster record is a teacher at one change version, so that whoever changes again is sent again. Whoever
has retired or left, and a record that was merged into another, is ended by a record of its own, if the
province was told of them; it is called by the fact that ends it, so that a corrected fact ends it anew.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Date, String, and_, bindparam, cast, distinct, func, literal, or_, select
from sqlmodel import col

from app.domain.base import TODAY, civil_day, holds_on
from app.domain.credits.person_mergers.merger import MergerState, PersonMerger
from app.domain.exchange.province_codes import Codes, CodeSet
from app.domain.exchange.submissions.gathering import CITY, Gathered, number_of, unsent
from app.domain.exchange.submissions.record import ProvinceRecord, RecordKind, RecordState
from app.domain.exchange.submissions.submission import ProvinceSubmission
from app.domain.organisation.names_and_codes import UnitCode
from app.domain.organisation.units import Unit
from app.domain.people.facts.engagement import GONE, TeacherState
from app.domain.people.facts.held import rank_today
from app.domain.people.teachers import Teacher
from app.domain.people.teachers.strata import is_among
from app.sql import Connection, Row, Statement


class TeacherEnd(StrEnum):
    """Why somebody is on the roster no longer (离册原因): the words of the code set of that name."""

    RETIRED = "retired"
    """退休"""
    LEFT = "left"
    """调离"""
    MERGED = "merged"
    """重复登记，已并入同一人的另一记录"""


_DAY = bindparam("today", type_=Date)


def _told(kind: RecordKind, *where: Any) -> tuple[Any, ...]:
    """The predicates 'a record of this kind that tells the province of the teacher'.

    They are found by the teacher: of a table that has just been filled the planner would take the city's
    index, and go through all that the city was ever sent for each.
    """
    return (
        col(ProvinceRecord.city_id).is_not_distinct_from(CITY),
        col(ProvinceRecord.teacher_id) == col(Teacher.id),
        col(ProvinceRecord.kind) == kind,
        *where,
    )


_TIMES_ENDED = (
    select(func.count(distinct(col(ProvinceRecord.key))))
    .where(*_told(RecordKind.TEACHER_END))
    .correlate(Teacher)
    .scalar_subquery()
)
# Who comes back is told again, though nothing has changed since the end but the day.
_VERSION = func.concat(
    "teacher:", col(Teacher.id), ":", col(Teacher.change_transaction), ".",
    col(Teacher.change_sequence), literal(".").op("||")(func.nullif(_TIMES_ENDED, 0)),
)  # fmt: skip
_school_code = (
    select(col(UnitCode.code))
    .where(col(UnitCode.unit_id) == col(Teacher.school_id), holds_on(UnitCode, TODAY))
    .limit(1)
    .correlate(Teacher)
    .scalar_subquery()
)
_gone = (
    col(TeacherState.teacher_id) == col(Teacher.id),
    holds_on(TeacherState, _DAY),
    is_among(col(TeacherState.state), GONE),
)
_roster = (
    select(
        _VERSION.label("key"),
        *(
            col(getattr(Teacher, name))
            for name in ("id", "name", "id_number", "subject", "stage", "school_id", "county_id")
        ),
        rank_today(col(Teacher.id)).label("rank"),
        col(Unit.name).label("school_name"),
        _school_code.label("school_code"),
    )
    .join(Unit, col(Unit.id) == col(Teacher.school_id))
    .where(
        col(Teacher.city_id) == CITY,
        col(Teacher.merged_into_id).is_(None),
        ~select(literal(1)).where(*_gone).correlate(Teacher).exists(),
        unsent(cast(_VERSION, String), col(Teacher.id)),
    )
)
_ROSTER = Statement(_roster.order_by(col(Teacher.change_transaction), col(Teacher.change_sequence)))
_last_told = (
    select(col(ProvinceRecord.key))
    .join(ProvinceSubmission, col(ProvinceSubmission.id) == col(ProvinceRecord.submission_id))
    .where(*_told(RecordKind.TEACHER, col(ProvinceRecord.state) != RecordState.REJECTED))
    .order_by(col(ProvinceSubmission.number).desc())
    .limit(1)
    .correlate(Teacher)
    .scalar_subquery()
)
_END = func.concat(
    "teacher_end:", col(Teacher.id), ":",
    func.coalesce(col(Teacher.merged_into_id), col(TeacherState.id)),
)  # fmt: skip
_ends = (
    select(
        _END.label("key"),
        col(Teacher.id).label("id"),
        col(Teacher.merged_into_id).label("same_as"),
        func.coalesce(
            select(func.max(civil_day(col(PersonMerger.decided_at))))
            .where(
                col(PersonMerger.merged_id) == col(Teacher.id),
                col(PersonMerger.state) == MergerState.MERGED,
            )
            .correlate(Teacher)
            .scalar_subquery(),
            col(TeacherState.valid_from),
        ).label("ended_on"),
        col(TeacherState.state).label("state"),
        _last_told.label("ends"),
    )
    .join(TeacherState, and_(*_gone), isouter=True)
    .where(
        col(Teacher.city_id) == CITY,
        or_(col(Teacher.merged_into_id).is_not(None), col(TeacherState.id).is_not(None)),
        _last_told.is_not(None),
        unsent(cast(_END, String), col(Teacher.id)),
    )
)
_ENDS = Statement(_ends.order_by(col(Teacher.id)))
_UNSENT = Statement(select(number_of(_roster) + number_of(_ends)))


async def count_roster(db: Connection, *, city_id: UUID, today: date) -> int:
    """How many records a roster would hold that is gathered now."""
    about: Row = {"city_id": city_id, "today": today, "only": [], "every": True}
    return int(await db.value(_UNSENT, **about))


async def gather_roster(
    db: Connection,
    *,
    codes: Codes,
    city_id: UUID,
    only: Mapping[RecordKind, Sequence[UUID]] | None,
    today: date,
) -> AsyncIterator[Gathered]:
    """The teachers as they are now, those who changed since they were sent; then the ends.

    `only` names, for each kind, whose records are wanted whether they were sent or not.
    """

    def rows(statement: Statement, kind: RecordKind) -> AsyncIterator[Row]:
        chosen = [] if only is None else list(only.get(kind, ()))
        about = {"city_id": city_id, "today": today}
        return db.stream(statement, **about, only=chosen, every=only is None)

    async for row in rows(_ROSTER, RecordKind.TEACHER):
        yield _teacher(codes, row, today)
    async for row in rows(_ENDS, RecordKind.TEACHER_END):
        yield _end(codes, row, today)


def _teacher(codes: Codes, row: Row, today: date) -> Gathered:
    content = {
        "teacher_id": str(row["id"]),
        "name": row["name"],
        "id_number": row["id_number"],
        "subject": codes.translate(CodeSet.SUBJECT, row["subject"], today),
        "stage": codes.translate(CodeSet.STAGE, row["stage"], today),
        "rank": codes.translate(CodeSet.RANK, row["rank"], today),
        "school_id": str(row["school_id"]),
        "school_code": row["school_code"],
        "school_name": row["school_name"],
        "county_id": str(row["county_id"]),
    }
    return Gathered(row["key"], RecordKind.TEACHER, row["id"], row["id"], content)


def _end(codes: Codes, row: Row, today: date) -> Gathered:
    same_as, day = row["same_as"], row["ended_on"]
    because = TeacherEnd.MERGED if same_as else TeacherEnd(row["state"])
    content = {
        "teacher_id": str(row["id"]),
        "ends": row["ends"],
        "because": codes.translate(CodeSet.TEACHER_END, because.value, today),
        "ended_on": day.isoformat() if day else None,
        "same_as": str(same_as) if same_as else None,
    }
    return Gathered(row["key"], RecordKind.TEACHER_END, row["id"], row["id"], content)
