"""Inviting others to organise an activity jointly, and letting them go."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import TODAY, in_force
from app.domain.errors import Conflict, Invalid
from app.domain.organisation.departments import Department
from app.domain.organisation.units import Unit, place_of
from app.domain.training.activities import (
    ACTIVITIES,
    Activity,
    check_state,
)
from app.domain.training.activities.joint import (
    Invitation,
    Partnership,
    PartnershipState,
)
from app.domain.training.partnerships.partnership import (
    OPEN,
    PartnershipNotFound,
    list_partners,
)
from app.sql import Connection, Row, Statement, new_id

MOST_PARTNERS = 50
"""How many units organise one activity jointly at most."""


# What can be refused.


class PartnerUnfit(Invalid):
    """A partner is another open unit of the activity's city, or a department of one."""

    code = "partner_unfit"
    zh = "联合主办单位须为本市其他现有单位，或其现有部门。"
    en = "A joint organiser is another open unit of the activity's city, or a department of one."


class PartnersFull(Conflict):
    """More units than organise one activity jointly."""

    code = "partners_full"
    zh = "一项活动最多 {limit} 个联合主办单位。"
    en = "At most {limit} units organise one activity jointly."


# What may be done.

_STANDING = (PartnershipState.INVITED, PartnershipState.ACCEPTED)
_COLUMNS = (
    "id", "activity_id", "city_id", "county_id", "school_id", "department_id", "state",
    "invited_at", "invited_by",
)  # fmt: skip
_invited = insert(Partnership).values(
    {
        name: bindparam(name, type_=Partnership.__table__.c[name].type)  # type: ignore[attr-defined]
        for name in _COLUMNS
    }
)
_INVITE = Statement(
    _invited.on_conflict_do_update(
        index_elements=["activity_id", "unit_id", "department_id"],
        set_={
            "state": _invited.excluded.state,
            "invited_at": _invited.excluded.invited_at,
            "invited_by": _invited.excluded.invited_by,
            "answered_at": None,
            "answered_by": None,
            "opinion": None,
        },
        where=and_(*(col(Partnership.state) != each for each in _STANDING)),
    )
)
_UNIT = Statement(
    select(
        col(Unit.id),
        col(Unit.level),
        col(Unit.city_id),
        func.coalesce(col(Unit.county_id), col(Unit.city_id)).label("county_id"),
    ).where(
        or_(
            col(Unit.id) == bindparam("unit_id", type_=Uuid),
            col(Unit.id)
            == select(col(Department.unit_id))
            .where(
                col(Department.id) == bindparam("department_id", type_=Uuid),
                in_force(Department, TODAY),
            )
            .scalar_subquery(),
        ),
        col(Unit.closed_on).is_(None),
    )
)
_PLACE = Statement(
    select(col(Activity.city_id), col(Activity.organiser_unit_id)).where(
        col(Activity.id) == bindparam("activity_id", type_=Uuid)
    )
)
_COUNT = Statement(
    select(func.count()).where(col(Partnership.activity_id) == bindparam("activity_id", type_=Uuid))
)
_TO_END = Statement(
    update(Partnership)
    .where(
        col(Partnership.activity_id) == bindparam("of_activity", type_=Uuid),
        col(Partnership.unit_id) == bindparam("of_unit", type_=Uuid),
        col(Partnership.department_id).is_not_distinct_from(bindparam("of_department", type_=Uuid)),
        or_(*(col(Partnership.state) == each for each in _STANDING)),
    )
    .values(state=PartnershipState.ENDED)
    .returning(col(Partnership.id))
)


async def invite_partner(
    db: Connection, actor: Actor, *, activity_id: UUID, invitation: Invitation, now: datetime
) -> Row:
    """Invite another unit of the city, or a department of one, to organise an activity jointly.

    It is a published one of the actor. Who declined, or was let go, can be invited again; one that was
    invited stays so.
    """
    activity = await ACTIVITIES.get(
        db, actor, activity_id, permission=Permission.ACTIVITY_WRITE, lock=True
    )
    check_state(activity, *OPEN)
    place = await db.one(_PLACE, activity_id=activity_id) or {}
    asked = invitation.model_dump()
    unit = await db.one(_UNIT, **asked)
    if (
        unit is None
        or unit["city_id"] != place["city_id"]
        or unit["id"] == place["organiser_unit_id"]
    ):
        raise PartnerUnfit
    if await db.value(_COUNT, activity_id=activity_id) >= MOST_PARTNERS:
        raise PartnersFull(limit=MOST_PARTNERS)
    await db.run(
        _INVITE,
        id=new_id(),
        activity_id=activity_id,
        **place_of(unit),
        department_id=invitation.department_id,
        state=PartnershipState.INVITED,
        invited_at=now,
        invited_by=actor.account_id,
    )
    found = await list_partners(db, actor, activity_id=activity_id)
    return _of(found, unit["id"], invitation.department_id)


def _of(found: list[Row], unit_id: UUID, department_id: UUID | None) -> Row:
    partner = (unit_id, department_id)
    return next(row for row in found if (row["unit_id"], row["department_id"]) == partner)


async def end_partnership(
    db: Connection,
    actor: Actor,
    *,
    activity_id: UUID,
    unit_id: UUID,
    department_id: UUID | None = None,
) -> Row:
    """Let a unit, or a department of it, no longer organise an activity of the actor jointly.

    It may be done until the activity is closed. What the partner has recorded stands, and so does the
    audience that it brought.
    """
    activity = await ACTIVITIES.get(
        db, actor, activity_id, permission=Permission.ACTIVITY_WRITE, lock=True
    )
    check_state(activity, *OPEN)
    if not await db.all(
        _TO_END, of_activity=activity_id, of_unit=unit_id, of_department=department_id
    ):
        raise PartnershipNotFound
    found = await list_partners(db, actor, activity_id=activity_id)
    return _of(found, unit_id, department_id)
