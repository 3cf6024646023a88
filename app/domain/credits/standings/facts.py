"""What the rules ask about persons, read from the people wing in one statement."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ARRAY, Uuid, any_, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import col

from app.domain import base
from app.domain.base import MOMENT
from app.domain.credits.entries.reading import end_of
from app.domain.credits.rules import Dated, Facts, Period
from app.domain.credits.rules.applicability import held_on
from app.domain.organisation.units import Unit
from app.domain.people.careers import COUNTS_AS, Employment, TeacherPost, TeacherRank
from app.domain.people.facts.engagement import ServiceState, TeacherState
from app.domain.people.teachers import Teacher
from app.sql import Connection, Row, Statement

DAY = timedelta(days=1)


class Person(Struct, frozen=True):
    """A teacher as counting knows one: the facts, the present place, and their version."""

    teacher_id: UUID
    city_id: UUID
    county_id: UUID
    school_id: UUID
    facts: Facts
    version: int
    """The teacher's `change_sequence`: any change of these facts raises it."""

    def rank_on(self, day: date) -> str | None:
        """The rank held on a day, as an entry freezes it; None where none is known."""
        return next(iter(held_on(self.facts.ranks or (), day)), None)

    def posts_on(self, day: date) -> tuple[str, ...]:
        """The posts held on a day, as an entry freezes them, in order and each once."""
        return tuple(sorted(set(held_on(self.facts.posts or (), day))))


_known_by = bindparam("known_by", type_=MOMENT)


_teacher_ids = bindparam("teacher_ids", type_=ARRAY(Uuid))


def _facts(fact: type[base.Dated], value: Any) -> Any:
    """The dated facts of teachers as they were known then: [value, from, to], ends exclusive.

    Grouped for all of them at once: looked up for one after the other they cost ten times as much.
    """
    superseded, teacher_id = col(fact.superseded_at), fact.teacher_id  # type: ignore[attr-defined]
    triple = func.jsonb_build_array(value, col(fact.valid_from), col(fact.valid_to))
    return (
        select(
            teacher_id,
            func.jsonb_agg(aggregate_order_by(triple, col(fact.valid_from))).label("known"),
        )
        .where(
            teacher_id == any_(_teacher_ids),
            or_(_known_by.is_(None), col(fact.recorded_at) < _known_by),
            or_(superseded.is_(None), superseded >= _known_by),
        )
        .group_by(teacher_id)
        .subquery()
    )


def _people() -> Statement:
    facts = {
        "ranks": _facts(TeacherRank, col(TeacherRank.rank)),
        "posts": _facts(TeacherPost, col(TeacherPost.post)),
        "service": _facts(Employment, col(Employment.school_id)),
        "states": _facts(TeacherState, col(TeacherState.state)),
    }
    joined = Teacher.__table__.join(  # type: ignore[attr-defined]
        Unit, col(Unit.id) == col(Teacher.school_id)
    )
    for known in facts.values():
        joined = joined.outerjoin(known, known.c.teacher_id == col(Teacher.id))
    columns = ("id", "city_id", "county_id", "school_id", "birth_date", "stage", "change_sequence")
    return Statement(
        select(
            *(col(getattr(Teacher, name)) for name in columns),
            # Where a school lies is not dated: it is told as it is now.
            col(Unit.location),
            *(known.c.known.label(name) for name, known in facts.items()),
        )
        .select_from(joined)
        .where(col(Teacher.id) == any_(_teacher_ids))
    )


_PEOPLE = _people()


async def read_people(
    db: Connection, *, teacher_ids: Sequence[UUID], known_on: date | None = None
) -> dict[UUID, Person]:
    """These persons' facts as they are known now, or as they were at the end of `known_on`."""
    known_by = None if known_on is None else end_of(known_on)
    rows = await db.all(_PEOPLE, teacher_ids=list(teacher_ids), known_by=known_by)
    return {row["id"]: person_of(row) for row in rows}


def person_of(row: Row) -> Person:
    """A person from a teacher's row; `ranks`, `posts`, `service`, `states` are [value, from, to]."""
    return Person(
        teacher_id=row["id"],
        city_id=row["city_id"],
        county_id=row["county_id"],
        school_id=row["school_id"],
        version=row["change_sequence"],
        facts=Facts(
            birth_date=row["birth_date"],
            ranks=tuple(Dated(value, *_days(*span)) for value, *span in row["ranks"] or ()),
            posts=tuple(
                Dated(value, *_days(*span))
                for post, *span in row["posts"] or ()
                for value in counted_posts(post)
            ),
            stages=(row["stage"],),
            location=row["location"],
            service=tuple(Period(*_days(*span)) for _, *span in row["service"] or ()),
            leaves=tuple(
                Dated(state, *_days(*span))
                for state, *span in row["states"] or ()
                if state != ServiceState.IN_SERVICE
            ),
        ),
    )


def counted_posts(post: str) -> tuple[str, ...]:
    """A post, and the wider one as which rules may ask for it."""
    wider = COUNTS_AS.get(post)  # type: ignore[call-overload]  # a row has it as text
    return (post,) if wider is None else (post, wider)


def _days(first: str | date, after: str | date | None) -> tuple[date, date | None]:
    """The first and the last day: the rules include both, the tables name the first day after."""
    return _day(first), None if after is None else _day(after) - DAY


def _day(value: str | date) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
