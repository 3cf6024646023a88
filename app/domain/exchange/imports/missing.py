"""Whom a full roster lacks (缺少人员): who is registered at the schools that it is about, and not in it."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, exists, func, or_, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.errors import Conflict
from app.domain.exchange.imports.row import ImportRow
from app.domain.exchange.imports.run import IMPORTS, Import
from app.domain.organisation.units import Unit
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import TEACHERS, Teacher
from app.sql import Connection, Row, Statement

# What can be refused.


class ImportNoFullRoster(Conflict):
    """Of a file that is not said to name everybody nobody is missing."""

    code = "import_no_full_roster"
    zh = "该文件不是完整名册，不计缺少人员。"
    en = "This file was not handed in as a full roster: nobody is missing from it."


# What may be asked.

_line = ImportRow.__table__  # type: ignore[attr-defined]
_teacher = Teacher.__table__  # type: ignore[attr-defined]
_COUNT = Statement(
    select(
        col(Unit.id).label("unit_id"),
        col(Unit.name).label("name"),
        func.count().label("registered"),
        func.count().filter(_line.c.id.is_(None)).label("missing"),
    )
    .select_from(
        Unit.__table__.join(_teacher, _teacher.c.school_id == col(Unit.id)).outerjoin(  # type: ignore[attr-defined]
            _line,
            (_line.c.import_id == bindparam("import_id", type_=Uuid))
            & (_line.c.target_id == _teacher.c.id),
        )
    )
    .where(
        _teacher.c.merged_into_id.is_(None),
        (col(Unit.id) == bindparam("unit_id", type_=Uuid))
        | col(Unit.id).in_(
            select(_line.c.unit_id).where(_line.c.import_id == bindparam("import_id", type_=Uuid))
        ),
    )
    .group_by(col(Unit.id), col(Unit.name))
    .order_by(col(Unit.name))
)


async def count_missing(db: Connection, *, import_id: UUID, unit_id: UUID) -> list[Row]:
    """Of each school that a full roster is about, how many are registered there, and how many it lacks."""
    return await db.all(_COUNT, import_id=import_id, unit_id=unit_id)


def _is_missing(import_id: Any) -> Any:
    """The predicate 'this teacher is of a school of that roster, and not in it'."""
    of_import = _line.c.import_id == import_id
    own = select(col(Import.unit_id)).where(col(Import.id) == import_id).scalar_subquery()
    about = select(_line.c.unit_id).where(of_import)
    named = exists().where(of_import, _line.c.target_id == col(Teacher.id))
    return or_(col(Teacher.school_id) == own, col(Teacher.school_id).in_(about)) & ~named


_MISSING = replace(TEACHERS, filters={"import_id": _is_missing})


async def list_missing_people(
    db: Connection, actor: Actor, *, import_id: UUID, page: PageRequest
) -> Page:
    """The teachers of the actor's place whom a full roster lacks, by name unless sorted otherwise.

    Nobody is removed because of it.
    """
    run = await IMPORTS.get(db, actor, import_id)
    if not run["full_roster"]:
        raise ImportNoFullRoster
    return await _MISSING.page(db, actor, page, filters={"import_id": import_id})
