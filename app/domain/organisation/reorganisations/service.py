"""Who works at a school that ends: employment, service and posts end there, or are gone on with elsewhere."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from sqlalchemy import ARRAY, Date, Table, Uuid, any_, bindparam, or_, select
from sqlmodel import SQLModel

from app.domain.organisation.facts import end_facts
from app.sql import Connection, Statement, new_id

_LEADERSHIP = {"principal", "vice_principal", "party_secretary"}
"""Posts of a school that end with it; the others are gone on with."""


@dataclass(frozen=True, eq=False)
class _Facts:
    """A table of dated facts about people at schools, which a wing above describes."""

    __table__: Table


@lru_cache(maxsize=8)
def _facts(name: str) -> _Facts:
    return _Facts(SQLModel.metadata.tables[name])


@lru_cache(maxsize=8)
def _there_already(name: str) -> Statement:
    facts = SQLModel.metadata.tables[name]
    return Statement(
        select(*(facts.c[each] for each in ("teacher_id", "post") if each in facts.c)).where(
            facts.c.school_id == bindparam("to", type_=Uuid),
            facts.c.teacher_id == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))),
            facts.c.superseded_at.is_(None),
            or_(facts.c.valid_to.is_(None), facts.c.valid_to > bindparam("on", type_=Date)),
        )
    )


async def end_service(
    db: Connection, *, unit_id: UUID, on: date, now: datetime, to: UUID | None = None
) -> None:
    """End who is employed, serves and holds posts at a school; `to` another, they go on there.

    Whoever serves there already, or holds the post there, does so once.
    """
    for name in ("employment", "service_place", "teacher_post"):
        before = await end_facts(
            db, table=_facts(name), owners=["school_id"], owner=unit_id, on=on, now=now
        )
        if to is None or not before:
            continue
        teachers = [row["teacher_id"] for row in before]
        rows = await db.all(_there_already(name), to=to, teacher_ids=teachers, on=on)
        held = {(row["teacher_id"], row.get("post")) for row in rows}
        begun = [
            {**row, "id": new_id(), "school_id": to, "recorded_at": now, "superseded_at": None}
            | {"valid_from": max(row["valid_from"], on)}
            for row in before
            if row.get("post") not in _LEADERSHIP
            and (row["teacher_id"], row.get("post")) not in held
        ]
        await db.insert_all(_facts(name), begun)
