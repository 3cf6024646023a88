"""How a fact that is believed is found by its key: parts of the writes of careers, behind their door."""

from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, literal, select, union_all

from app.domain.people.facts.fact import FactKind, FactNotFound
from app.domain.people.facts.kinds import KINDS
from app.sql import Connection, Row, Statement


async def find_fact(db: Connection, *, teacher_id: UUID, fact_id: UUID) -> tuple[FactKind, Row]:
    """The fact of a teacher that is believed and has this key, and of which kind it is."""
    name = await db.value(_KIND_OF, teacher_id=teacher_id, fact_id=fact_id)
    if name is None:
        raise FactNotFound
    return KINDS[name], await read_fact(
        db, kind=KINDS[name], teacher_id=teacher_id, fact_id=fact_id
    )


async def believed_facts(
    db: Connection, *, kind: FactKind, fact_ids: Sequence[UUID]
) -> dict[UUID, Row]:
    """The whole rows of those of these facts of this kind that are believed, by their keys."""
    return {row["id"]: row for row in await db.all(_believed(kind), fact_ids=fact_ids)}


async def read_facts(
    db: Connection, *, kind: FactKind, facts: Sequence[tuple[UUID, UUID]]
) -> list[Row]:
    """The whole rows of facts of this kind that are believed, by teacher and key, in this order."""
    found = await believed_facts(db, kind=kind, fact_ids=[fact_id for _, fact_id in facts])
    for teacher_id, fact_id in facts:
        if fact_id not in found or found[fact_id]["teacher_id"] != teacher_id:
            raise FactNotFound
    return [found[fact_id] for _, fact_id in facts]


async def read_fact(db: Connection, *, kind: FactKind, teacher_id: UUID, fact_id: UUID) -> Row:
    """The whole row of a fact of this kind that is believed."""
    [row] = await read_facts(db, kind=kind, facts=[(teacher_id, fact_id)])
    return row


@lru_cache(maxsize=32)
def _believed(kind: FactKind) -> Statement:
    return Statement(
        select(*kind.columns).where(
            kind.columns.id == any_(bindparam("fact_ids", type_=ARRAY(Uuid))),
            kind.columns.superseded_at.is_(None),
        )
    )


_KIND_OF = Statement(
    union_all(
        *(
            select(literal(kind.name).label("name")).where(
                kind.columns.id == bindparam("fact_id", type_=Uuid),
                kind.columns.teacher_id == bindparam("teacher_id", type_=Uuid),
                kind.columns.superseded_at.is_(None),
            )
            for kind in KINDS.values()
        )
    )
)
