"""Records with two owners: the teacher whom they are about, and who organises the activity.

A record is placed by its teacher, and whoever may see the teacher reads it there. The organiser reads
it through the activity, in a view that knows of a teacher only the name and the school: two doors,
never one condition with an OR.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import true
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.errors import DomainError, NotAllowed, NotFound
from app.domain.organisation.units import Unit
from app.domain.people.teachers import Teacher
from app.domain.training.activities.activity import (
    SHARED_PLACES,
)
from app.domain.training.activities.table import Activity
from app.sql import Connection, Row

BY_NAME: Mapping[str, tuple[Any, ...]] = {"name": (col(Teacher.name),)}
"""A sort of the organiser's doors."""
BY_CREATION: Mapping[str, tuple[Any, ...]] = {"created": ()}


async def get_record(
    db: Connection, actor: Actor, *, record_id: UUID, doors: Sequence[Door]
) -> Row:
    """A record by the first of its doors that lets the actor through, else what a door refused."""
    refusals: list[DomainError] = []
    for door in doors:
        try:
            return await door.get(db, actor, record_id)
        except (NotFound, NotAllowed) as refusal:
            refusals.append(refusal)
    # That one may not says more than that there is nothing.
    raise next((each for each in refusals if isinstance(each, NotAllowed)), refusals[0])


def door_of_teacher(
    table: Any,
    view: type[BaseModel],
    missing: type[NotFound],
    *,
    computed: Mapping[str, Any] | None = None,
) -> Door:
    """The door to records as they belong to the teacher."""
    teacher_id = table.__table__.c.teacher_id
    return Door(
        table=table,
        view=view,
        read=Permission.ATTENDANCE_READ,
        missing=missing,
        places={"teacher_id": teacher_id},
        computed=computed or {},
        filters={"teacher_id": teacher_id},
        sorts=BY_CREATION,
    )


def door_of_organiser(
    table: Any,
    view: type[BaseModel],
    missing: type[NotFound],
    *,
    sorts: Mapping[str, tuple[Any, ...]],
    filters: Mapping[str, Any] | None = None,
    standing: Any = None,
    computed: Mapping[str, Any] | None = None,
) -> Door:
    """The door to the same records by their activity; `standing` says which of them still count.

    The view has `name` and `school` beside the columns of the record. The activity is always a filter.
    """
    records = table.__table__
    activities, teachers, units = (
        each.__table__  # type: ignore[union-attr]  # table classes
        for each in (Activity, Teacher, Unit)
    )
    of_activity = records.c.activity_id == activities.c.id
    return Door(
        table=table,
        view=view,
        read=Permission.ATTENDANCE_READ,
        missing=missing,
        places=SHARED_PLACES,
        computed={"name": col(Teacher.name), "school": col(Unit.name), **(computed or {})},
        joined=records.join(activities, of_activity & (true() if standing is None else standing))
        # What somebody who was entered twice has at both records is shown once.
        .join(
            teachers,
            (records.c.teacher_id == teachers.c.id) & teachers.c.merged_into_id.is_(None),
        )
        .join(units, records.c.school_id == units.c.id),
        filters={"activity_id": records.c.activity_id, **(filters or {})},
        sorts=sorts,
    )
