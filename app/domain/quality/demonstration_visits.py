"""Visits to a school that applies for a title (实地考察): visits of guidance, named for its application.

A visit is recorded once, with its day, who came and what was found, where all visits are (`guidance_visits`).
"""

from datetime import datetime
from uuid import UUID

from pydantic import Field
from sqlalchemy import Uuid, bindparam, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict, Invalid
from app.domain.organisation.guidance_visits.visit import GUIDANCE_VISITS
from app.domain.quality.demonstrations import (
    DEMONSTRATIONS,
    DemonstrationState,
    DemonstrationVisit,
    hold_as_bureau,
)
from app.sql import Connection, Row, Statement, UniqueViolationError


class DemonstrationVisitChoice(Command):
    """Which recorded visit was made for an application."""

    visit_id: UUID = Field(description="指导记录 / recorded visit")


# What can be refused.


class DemonstrationVisitUnfit(Invalid):
    """A visit was made to that school for that bureau, after the application was handed in."""

    code = "demonstration_visit_unfit"
    zh = "考察记录须为本教育局在申报之后对该校的考察。"
    en = "The visit is one of this bureau to this school, since the application was handed in."


class DemonstrationVisitExists(Conflict):
    """The visit is named for this application already."""

    code = "demonstration_visit_exists"
    zh = "该考察记录已列入此申报。"
    en = "This visit is named for the application already."


# What may be asked.

_VISITS = Statement(
    select(col(DemonstrationVisit.visit_id))
    .where(col(DemonstrationVisit.demonstration_id) == bindparam("demonstration_id", type_=Uuid))
    .order_by(col(DemonstrationVisit.visit_id))
)


async def list_demonstration_visits(
    db: Connection, actor: Actor, *, demonstration_id: UUID
) -> list[Row]:
    """The visits that were made for an application, the first recorded first."""
    await DEMONSTRATIONS.get(db, actor, demonstration_id)
    keys = [row["visit_id"] for row in await db.all(_VISITS, demonstration_id=demonstration_id)]
    found = await GUIDANCE_VISITS.by_id(db, actor, keys)
    return [row for row in found.values() if row is not None]


# What may be done.


async def add_demonstration_visit(
    db: Connection,
    actor: Actor,
    *,
    demonstration_id: UUID,
    choice: DemonstrationVisitChoice,
    now: datetime,
) -> Row:
    """Name a visit to the school for its application, until that is decided."""
    row = await hold_as_bureau(
        db, actor, demonstration_id=demonstration_id, states=(DemonstrationState.UNDER_REVIEW,),
        now=now,
    )  # fmt: skip
    visit = await GUIDANCE_VISITS.get(db, actor, choice.visit_id)
    theirs = (visit["unit_id"], visit["by_unit_id"]) == (row["school_id"], row["by_unit_id"])
    if not theirs or visit["visited_on"] < civil_date(row["handed_in_at"]):
        raise DemonstrationVisitUnfit
    added = {
        "demonstration_id": demonstration_id, "visit_id": visit["id"], "added_at": now,
        "added_by": actor.account_id,
    }  # fmt: skip
    try:
        await db.insert(DemonstrationVisit, added)
    except UniqueViolationError:
        raise DemonstrationVisitExists from None
    return visit
