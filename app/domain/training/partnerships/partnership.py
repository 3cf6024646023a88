"""Partnerships as they are seen: the two doors, and what may be asked."""

from uuid import UUID

from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.training.activities import (
    ACTIVITIES,
    ActivityState,
)
from app.domain.training.activities.joint import (
    Partnership,
    PartnershipState,
    PartnershipView,
)
from app.domain.training.activities.parts import door_of_part, parts_of
from app.sql import Connection, Row

OPEN = (ActivityState.PUBLISHED, ActivityState.HELD)
"""The states of an activity in which others come to organise it, or cease to."""


# What can be refused.


class PartnershipNotFound(NotFound):
    """There is no such partnership for the one who asks."""

    code = "partnership_not_found"
    zh = "未找到该联合主办关系。"
    en = "There is no such partnership."


# What may be asked.

PARTNERSHIPS = Door(
    table=Partnership,
    view=PartnershipView,
    read=Permission.ACTIVITY_READ,
    missing=PartnershipNotFound,
    places={"department_id": col(Partnership.department_id)},
    filters={"state": col(Partnership.state)},
    sorts={"created": ()},
)
"""Partnerships as they belong to the unit that was invited."""

PARTNERS = door_of_part(Partnership, PartnershipView, PartnershipNotFound, sorts={"created": ()})
"""The same by the activity."""


async def list_partnerships(
    db: Connection, actor: Actor, *, page: PageRequest, state: PartnershipState | None = None
) -> Page:
    """The invitations to units of the actor's place, the oldest first."""
    return await PARTNERSHIPS.page(db, actor, page, filters={"state": state})


async def list_partners(db: Connection, actor: Actor, *, activity_id: UUID) -> list[Row]:
    """The units invited to organise an activity that the actor may see, in the order of inviting."""
    await ACTIVITIES.get(db, actor, activity_id)
    found = await parts_of(
        db, actor, door=PARTNERS, owner=col(Partnership.activity_id), owner_ids=[activity_id]
    )
    return found[activity_id]
