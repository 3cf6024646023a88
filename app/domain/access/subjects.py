"""The subjects of grants: the placed things over which a role can be granted.

Units, groups and teachers have their own wings above this one. A grant only needs to know where its
subject lies, so this file describes just those columns of their tables.
"""

from uuid import UUID

from sqlalchemy import TableClause, Uuid, bindparam, column, select, table

from app.domain.access.roles import SubjectKind
from app.domain.errors import NotFound
from app.sql import Connection, Row, Statement


def _placed(name: str) -> TableClause:
    names = ("id", "city_id", "county_id", "school_id")
    return table(name, *(column(each, Uuid()) for each in names))


PLACES: dict[SubjectKind, TableClause] = {
    SubjectKind.UNIT: _placed("unit"),
    SubjectKind.GROUP: _placed("research_group"),
    SubjectKind.SELF: _placed("teacher"),
}

_PLACE_OF = {
    kind: Statement(select(places).where(places.c.id == bindparam("subject_id", type_=Uuid)))
    for kind, places in PLACES.items()
}


class SubjectNotFound(NotFound):
    """There is no such unit, group or teacher for the one who asks."""

    code = "subject_not_found"
    zh = "未找到授权对象。"
    en = "There is no such subject of a grant."


async def place_of_subject(db: Connection, *, kind: SubjectKind, subject_id: UUID) -> Row:
    """The key and the place columns of a subject, whoever asks: the caller checks its scope."""
    place = await db.one(_PLACE_OF[kind], subject_id=subject_id)
    if place is None:
        raise SubjectNotFound
    return place
