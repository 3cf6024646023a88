"""Joint organisers of activities for tests."""

from typing import Any

from app.domain.organisation.units import place_of
from app.domain.training.activities.joint import Partnership, PartnershipState
from app.sql import Connection, Row, new_id
from tests.make import NOW, Person


async def make_partnership(
    db: Connection, activity: Row, unit: Row, by: Person, **more: Any
) -> Row:
    """A unit that was invited to organise an activity jointly."""
    row = {
        "id": new_id(),
        "activity_id": activity["id"],
        **place_of(unit),
        "state": PartnershipState.INVITED,
        "invited_at": NOW,
        "invited_by": by.actor.account_id,
    } | more
    await db.insert(Partnership, row)
    return row
