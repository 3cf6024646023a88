"""How a kind is read from its records: one statement for each, of one owner and one school year."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    Date,
    Text,
    Uuid,
    bindparam,
    cast,
    func,
    join,
    literal,
    null,
    outerjoin,
    select,
)
from sqlmodel import col

from app.domain.organisation.units import Unit
from app.domain.people.teachers import Teacher
from app.domain.training.files import File
from app.sql import Statement

OWNER = bindparam("owner_id", type_=Uuid)
"""The school, or the teacher."""
SINCE, BEFORE = bindparam("since", type_=Date), bindparam("before", type_=Date)
"""The school year: its first day, and the first of the next."""

MOST = 1_000
"""How many pieces a volume has at most; what is left over goes into a supplement."""
MOST_OF_KIND = 20_000
"""How many records of one kind and year are looked at."""


def in_year(day: Any) -> Any:
    """The predicate 'this day lies in the school year'."""
    return (day >= SINCE) & (day < BEFORE)


def beside(table: Any, other: Any, on: Any) -> Any:
    """A table joined with another, which tells of its rows what they do not say themselves."""
    return join(table.__table__, other.__table__, on)


def name_of_unit(unit_id: Any) -> Any:
    """The name of a unit, as it is called when a piece is made."""
    return select(col(Unit.name)).where(col(Unit.id) == unit_id).scalar_subquery()


SCHOOL_NAME = Statement(select(name_of_unit(bindparam("school_id", type_=Uuid))))
"""How a school is called now."""


def name_of_teacher(teacher_id: Any) -> Any:
    """The name of a teacher, never a number."""
    return select(col(Teacher.name)).where(col(Teacher.id) == teacher_id).scalar_subquery()


def source_of(
    rows: Any,
    *where: Any,
    key: Any,
    title: Any,
    made_on: Any,
    origin: Any,
    facts: Mapping[str, Any],
    teacher_id: Any = None,
    file_id: Any = None,
) -> Statement:
    """The statement of a kind. All facts are texts, so that a hash over them has one spelling.

    Rows are told apart by their key, and come in the order of their days. A file is only named with its
    digest: its bytes stay in the file store.
    """
    attached = cast(null(), Uuid) if file_id is None else file_id
    said = [each for name, fact in facts.items() for each in (literal(name), cast(fact, Text))]
    shown = {
        "source_id": key,
        "title": func.left(title, 500),
        "made_on": made_on,
        "origin": func.left(func.coalesce(origin, "—"), 200),
        "teacher_id": cast(null(), Uuid) if teacher_id is None else teacher_id,
        "facts": func.jsonb_strip_nulls(func.jsonb_build_object(*said)),
        "file_id": attached,
    }
    columns = [each.label(name) for name, each in shown.items()]
    columns += [
        col(getattr(File, name)).label(label)
        for name, label in (
            ("name", "file_name"),
            ("sha256", "file_sha256"),
            ("size", "file_size"),
            ("media_type", "media_type"),
            ("shows_pupils", "shows_pupils"),
        )
    ]
    joined = outerjoin(rows, File.__table__, col(File.id) == attached)  # type: ignore[attr-defined]
    chosen = select(*columns).select_from(joined).where(*where)
    return Statement(chosen.order_by(made_on, key).limit(MOST_OF_KIND))
