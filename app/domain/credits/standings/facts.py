"""What the rules ask about persons, read from the people wing in one statement."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.json import Decoder
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    Uuid,
    any_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain import base
from app.domain.base import MOMENT
from app.domain.credits.entries.reading import end_of
from app.domain.credits.rules import Dated, Facts, Period
from app.domain.credits.rules.applicability import held_on
from app.domain.credits.standings.places import Place, located
from app.domain.organisation.location_classes import UnitLocated
from app.domain.organisation.units import Unit
from app.domain.people.careers import COUNTS_AS, Employment, TeacherPost, TeacherRank
from app.domain.people.facts.engagement import ServiceState, TeacherState
from app.domain.people.teachers import Teacher
from app.sql import Connection, Statement


class Person(Struct, frozen=True):
    """A teacher as counting knows one: the facts, the present place, and their version."""

    teacher_id: UUID
    city_id: UUID
    county_id: UUID
    school_id: UUID
    facts: Facts
    version: int
    """`facts_version()`: any change of these facts raises it."""

    def rank_on(self, day: date) -> str | None:
        """The rank held on a day, as an entry freezes it; None where none is known."""
        return next(iter(held_on(self.facts.ranks or (), day)), None)

    def posts_on(self, day: date) -> tuple[str, ...]:
        """The posts held on a day, as an entry freezes them, in order and each once."""
        return tuple(sorted(set(held_on(self.facts.posts or (), day))))


_known_by = bindparam("known_by", type_=MOMENT)
_teacher_ids = bindparam("teacher_ids", type_=ARRAY(Uuid))


def _facts(fact: type[base.Dated], *values: Any, where: Sequence[ColumnElement[bool]] = ()) -> Any:
    """The dated facts of teachers as they were known then: JSON of [*values, first day, last day].

    Grouped for all of them at once: looked up for one after the other they cost ten times as much.
    The rules include both days, the tables name the first day after.
    """
    teacher_id = fact.teacher_id  # type: ignore[attr-defined]
    told = func.json_build_array(*values, col(fact.valid_from), col(fact.valid_to) - 1)
    return (
        select(
            teacher_id,
            func.json_agg(aggregate_order_by(told, col(fact.valid_from))).cast(Text).label("known"),
        )
        .where(
            teacher_id == any_(_teacher_ids),
            *_known(fact),
            *where,
        )
        .group_by(teacher_id)
        .subquery()
    )


def facts_version() -> Any:
    """Of a teacher in the statement: a number over the `change_sequence` of the teacher and of the schools
    past and present, which another one of any of them makes another.

    Not the greatest of them: what is committed later may have been given the lesser number.
    """
    school, worked_at = aliased(Unit), aliased(Unit)
    return _version_of(
        select(col(school.change_sequence))
        .where(col(school.id) == col(Teacher.school_id))
        .correlate(Teacher)
        .scalar_subquery(),
        select(func.sum(col(worked_at.change_sequence)))
        .join(Employment, col(Employment.school_id) == col(worked_at.id))
        .where(col(Employment.teacher_id) == col(Teacher.id))
        .correlate(Teacher)
        .scalar_subquery(),
    )


def _version_of(school: Any, worked_at: Any) -> Any:
    told = func.concat_ws(".", col(Teacher.change_sequence), school, worked_at)
    return func.hashtextextended(told, literal_column("0"))


def _worked_at() -> Any:
    """What `facts_version` sums over the schools past and present, for all of them at once."""
    return (
        select(
            col(Employment.teacher_id),
            func.sum(col(Unit.change_sequence)).label("change_sequences"),
        )
        .join(Unit, col(Unit.id) == col(Employment.school_id))
        .where(col(Employment.teacher_id) == any_(_teacher_ids))
        .group_by(col(Employment.teacher_id))
        .subquery()
    )


def _places(schools: Any, *by: Any) -> Any:
    """Where these schools lay, or lie, as was known then: JSON of `Place`, for each of `by`."""
    first = col(UnitLocated.valid_from)
    told = func.json_build_array(
        col(UnitLocated.unit_id), col(UnitLocated.location), first, col(UnitLocated.valid_to) - 1
    )
    return (
        select(*by, func.json_agg(aggregate_order_by(told, first)).cast(Text).label("known"))
        .join_from(schools, UnitLocated, col(UnitLocated.unit_id) == schools.c.school_id)
        .where(*_known(UnitLocated))
        .group_by(*by)
        .subquery()
    )


def _own_places() -> Any:
    """Where the present schools of teachers lay: told once for all who are of one."""
    schools = (
        select(col(Teacher.school_id))
        .where(col(Teacher.id) == any_(_teacher_ids))
        .distinct()
        .subquery()
    )
    return _places(schools, schools.c.school_id)


def _other_places() -> Any:
    """Where the schools lay at which teachers once worked, or work beside the present one."""
    schools = (
        select(col(Employment.teacher_id), col(Employment.school_id))
        .join(Teacher, col(Teacher.id) == col(Employment.teacher_id))
        .where(
            col(Employment.teacher_id) == any_(_teacher_ids),
            # Said again of the other side of the join, or all teachers of the country are gone through.
            col(Teacher.id) == any_(_teacher_ids),
            col(Employment.school_id) != col(Teacher.school_id),
        )
        .distinct()
        .subquery()
    )
    return _places(schools, schools.c.teacher_id)


def _known(fact: type[base.Dated]) -> tuple[ColumnElement[bool], ...]:
    superseded = col(fact.superseded_at)
    return (
        or_(_known_by.is_(None), col(fact.recorded_at) < _known_by),
        or_(superseded.is_(None), superseded >= _known_by),
    )


def _people() -> Statement:
    state = col(TeacherState.state)
    facts = {
        "ranks": _facts(TeacherRank, col(TeacherRank.rank)),
        "posts": _facts(TeacherPost, col(TeacherPost.post)),
        "service": _facts(Employment, col(Employment.school_id)),
        "other_places": _other_places(),
        "leaves": _facts(TeacherState, state, where=[state != ServiceState.IN_SERVICE]),
    }
    school, worked_at, own = aliased(Unit), _worked_at(), _own_places()
    joined = (
        Teacher.__table__.join(school, col(school.id) == col(Teacher.school_id))  # type: ignore[attr-defined]
        .outerjoin(worked_at, worked_at.c.teacher_id == col(Teacher.id))
        .outerjoin(own, own.c.school_id == col(Teacher.school_id))
    )
    for known in facts.values():
        joined = joined.outerjoin(known, known.c.teacher_id == col(Teacher.id))
    columns = ("id", "city_id", "county_id", "school_id", "birth_date", "stage")
    version = _version_of(col(school.change_sequence), worked_at.c.change_sequences)
    return Statement(
        select(
            *(col(getattr(Teacher, name)) for name in columns),
            version.label("version"),
            own.c.known.label("own_places"),
            *(known.c.known.label(name) for name, known in facts.items()),
        )
        .select_from(joined)
        .where(col(Teacher.id) == any_(_teacher_ids))
    )


_PEOPLE = _people()
_NONE = "[]"
_dated = Decoder(tuple[Dated, ...]).decode
_places_of = Decoder(tuple[Place, ...]).decode


async def read_people(
    db: Connection, *, teacher_ids: Sequence[UUID], known_on: date | None = None
) -> dict[UUID, Person]:
    """These persons' facts as they are known now, or as they were at the end of `known_on`."""
    known_by = None if known_on is None else end_of(known_on)
    records = await db.records(_PEOPLE, teacher_ids=list(teacher_ids), known_by=known_by)
    told: dict[UUID, tuple[Dated, ...]] = {}
    return {record["id"]: _person_of(record, told) for record in records}


def _person_of(record: Any, told: dict[UUID, tuple[Dated, ...]]) -> Person:
    """One person; `told` are the schools of which it was told before where they lay."""
    employed = _dated(record["service"] or _NONE)
    return Person(
        teacher_id=record["id"],
        city_id=record["city_id"],
        county_id=record["county_id"],
        school_id=record["school_id"],
        version=record["version"],
        facts=Facts(
            birth_date=record["birth_date"],
            ranks=_dated(record["ranks"] or _NONE),
            posts=_with_wider(_dated(record["posts"] or _NONE)),
            stages=(record["stage"],),
            locations=_locations(record, employed, told),
            service=tuple([Period(each.valid_from, each.valid_to) for each in employed]),
            leaves=_dated(record["leaves"] or _NONE),
        ),
    )


def _locations(
    record: Any, employed: tuple[Dated, ...], told: dict[UUID, tuple[Dated, ...]]
) -> tuple[Dated, ...]:
    """Where the person's schools lay; the same for all who were only ever at one school."""
    school_id, name = record["school_id"], str(record["school_id"])
    moved = any(each.value != name for each in employed)
    if not moved and school_id in told:
        return told[school_id]
    places = _places_of(record["own_places"] or _NONE)
    if record["other_places"]:
        places = (*places, *_places_of(record["other_places"]))
    found = located(school_id, employed, places)
    if not moved:
        told[school_id] = found
    return found


def _with_wider(posts: tuple[Dated, ...]) -> tuple[Dated, ...]:
    """The posts, and beside each the wider one as which rules may ask for it."""
    if not any(each.value in COUNTS_AS for each in posts):
        return posts
    return tuple(
        Dated(value, each.valid_from, each.valid_to)
        for each in posts
        for value in counted_posts(each.value)
    )


def counted_posts(post: str) -> tuple[str, ...]:
    """A post, and the wider one as which rules may ask for it."""
    wider = COUNTS_AS.get(post)  # type: ignore[call-overload]  # a row has it as text
    return (post,) if wider is None else (post, wider)
