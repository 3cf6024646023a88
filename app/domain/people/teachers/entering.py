"""Entering (登记): what makes a new teacher's row and the first facts of a career, for one or for many.

Parts of entering teachers into the register, behind the door of whoever does.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ARRAY, String, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert

from app.domain.base import Table
from app.domain.people.facts.engagement import (
    EMPLOYMENT,
    ESTABLISHMENT,
    STATE,
    ServiceState,
)
from app.domain.people.facts.fact import FactBeforeBirth, check_ahead
from app.domain.people.facts.posts import TeacherPost
from app.domain.people.facts.ranks import RANK
from app.domain.people.identity import (
    EARLIEST_BIRTH,
    PersonalDataCipher,
    birth_date_of,
    check_id_number,
    mask_id_number,
)
from app.domain.people.pinyin import name_terms
from app.domain.people.teachers.teacher import (
    BirthDateImpossible,
    BirthDateMissing,
    NewTeacher,
    Teacher,
    TeacherFields,
)
from app.sql import Connection, Row, Statement, new_id


class Entry(NamedTuple):
    """A teacher to be entered: the row, and what the first facts say, from which day on."""

    row: Row
    new: NewTeacher
    since: date


class Checked(NamedTuple):
    """What follows from what is said of a new teacher."""

    number: str
    birth_date: date
    since: date


def check_entry(new: NewTeacher, *, today: date) -> Checked:
    """What follows from what is said of a new teacher; refused where it cannot be so."""
    number = check_id_number(new.id_kind, new.id_number.get_secret_value(), today=today)
    birth_date = _birth_date(new, number, today)
    since = new.since or today
    check_ahead(since, today=today)
    if since < birth_date:
        raise FactBeforeBirth
    return Checked(number, birth_date, since)


def entry_of(new: NewTeacher, *, school: Row, cipher: PersonalDataCipher, today: date) -> Entry:
    """What is entered of a new teacher of this school; refused where it cannot be."""
    number, birth_date, since = check_entry(new, today=today)
    teacher_id = new_id()
    row = {
        "id": teacher_id,
        **{name: getattr(new, name) for name in TeacherFields.model_fields},
        "city_id": school["city_id"],
        "county_id": school["county_id"],
        "school_id": new.school_id,
        "birth_date": birth_date,
        "id_kind": new.id_kind,
        "id_number_sealed": cipher.seal(number, context=f"teacher|id_number|{teacher_id}"),
        "id_number_index": cipher.blind_index(number),
        "id_number": mask_id_number(number),
        "name_terms": name_terms(new.name),
    }
    return Entry(row, new, since)


def _birth_date(new: NewTeacher, number: str, today: date) -> date:
    """The date of birth: the one in the ID number, or the one given where it has none."""
    born = birth_date_of(number) or new.birth_date
    if born is None:
        raise BirthDateMissing
    if new.birth_date not in {None, born} or not EARLIEST_BIRTH <= born <= today:
        raise BirthDateImpossible
    return born


def _insert_new() -> Statement:
    """Insert teachers whose numbers nobody has; the keys of those that were inserted."""
    columns = Teacher.__table__.c  # type: ignore[attr-defined]
    names = [*TeacherFields.model_fields, "id", "city_id", "county_id", "school_id", "birth_date"]
    names += ["id_kind", "id_number_sealed", "id_number_index", "id_number"]
    arrays = [bindparam(name, type_=ARRAY(columns[name].type, dimensions=1)) for name in names]
    terms = bindparam("name_terms", type_=ARRAY(String, dimensions=1))
    rows = func.unnest(*arrays, terms).table_valued(*names, "name_terms").render_derived()
    chosen = select(*(rows.c[name] for name in names), func.string_to_array(rows.c.name_terms, " "))
    given = insert(Teacher).from_select([*names, "name_terms"], chosen, include_defaults=False)
    return Statement(
        given.on_conflict_do_nothing(index_elements=["id_number_index"]).returning(columns.id)
    )


_INSERT_NEW = _insert_new()


async def enter_teachers(db: Connection, *, entries: Sequence[Entry], now: datetime) -> list[Entry]:
    """Enter many teachers with the first facts of their careers; those whom nobody had entered before.

    The schools are held by the caller.
    """
    rows = [entry.row | {"name_terms": " ".join(entry.row["name_terms"])} for entry in entries]
    columns = {name: [row[name] for row in rows] for name in rows[0]} if rows else {}
    inserted = {row["id"] for row in await db.all(_INSERT_NEW, **columns)} if rows else set()
    entered = [entry for entry in entries if entry.row["id"] in inserted]
    await begin_careers(db, entries=entered, now=now)
    return entered


async def begin_careers(db: Connection, *, entries: Sequence[Entry], now: datetime) -> None:
    """The first facts of careers, of each all from one day on."""
    known = [
        {"teacher_id": entry.row["id"], "valid_from": entry.since, "recorded_at": now}
        for entry in entries
    ]
    both = list(zip(known, (entry.new for entry in entries), strict=True))
    firsts: tuple[tuple[type[Table], list[Row]], ...] = (
        (EMPLOYMENT.table, [{"school_id": new.school_id} for _, new in both]),
        (ESTABLISHMENT.table, [{"establishment": new.establishment} for _, new in both]),
        (STATE.table, [{"state": ServiceState.IN_SERVICE} for _ in both]),
        (RANK.table, [{"rank": new.rank} for _, new in both]),
    )
    for table, values in firsts:
        facts = [
            {"id": new_id(), **times, **value} for times, value in zip(known, values, strict=True)
        ]
        await db.insert_all(table, facts)
    posts = [
        {"id": new_id(), **times, "school_id": new.school_id, "post": post}
        for times, new in both
        for post in dict.fromkeys(new.posts)
    ]
    await db.insert_all(TeacherPost, posts)
