"""What rows of files have begun and nobody has taken up: it is removed by the database itself."""

from collections.abc import Sequence

from sqlalchemy import ARRAY, Uuid, bindparam, func, select

from app.domain.exchange.imports.reasons import ChangedSince, RestedOn
from app.sql import Connection, Row, Statement

_given = (
    func.unnest(bindparam("row_ids", type_=ARRAY(Uuid))).table_valued("id").render_derived("given")
)
_REMOVE = Statement(select(func.take_back_imported_draft(_given.c.id).label("outcome")))
"""The application may remove no course and no topic; this it may, of a draft that an import has begun."""


async def take_back(db: Connection, *, rows: Sequence[Row]) -> None:
    """Let the drafts be gone that these rows have begun; refused where one is a draft no longer."""
    for row in await db.all(_REMOVE, row_ids=[row["id"] for row in rows]):
        if row["outcome"] == "changed":
            raise ChangedSince
        if row["outcome"] == "rested":
            raise RestedOn
