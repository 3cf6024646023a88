"""Partnerships (联合主办): inviting other units to organise an activity jointly, and their answers.

Each answers for itself and says for whom of its own the activity is besides. Everybody is credited
once however many organisers address them, for attendance is one record for each session.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, and_, bindparam, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, civil_date, text_enum
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.organisation.units import Unit, place_of
from app.domain.paging import Page, PageRequest
from app.domain.training.activities import (
    ACTIVITIES,
    Activity,
    ActivityAudience,
    ActivityState,
    check_state,
)
from app.domain.training.activities.audience import AUDIENCE, check_audience
from app.domain.training.activities.joint import (
    Acceptance,
    Invitation,
    Partnership,
    PartnershipState,
    PartnershipView,
    Refusal,
)
from app.domain.training.activities.parts import door_of_part, parts_of
from app.sql import Connection, Row, Statement, new_id

MOST_PARTNERS = 50
"""How many units organise one activity jointly at most."""


# What can be refused.


class PartnershipNotFound(NotFound):
    """There is no such partnership for the one who asks."""

    code = "partnership_not_found"
    zh = "未找到该联合主办关系。"
    en = "There is no such partnership."


class PartnerUnfit(Invalid):
    """A partner is another open unit of the activity's city."""

    code = "partner_unfit"
    zh = "联合主办单位须为本市其他现有单位。"
    en = "A joint organiser is another open unit of the activity's city."


class PartnershipAnswered(Conflict):
    """The invitation was answered, or withdrawn, before."""

    code = "partnership_wrong_state"
    zh = "该邀请当前状态为“{state}”，不能执行此操作。"
    en = "The partnership is '{state}': this cannot be done with it now."


class PartnersFull(Conflict):
    """More units than organise one activity jointly."""

    code = "partners_full"
    zh = "一项活动最多 {limit} 个联合主办单位。"
    en = "At most {limit} units organise one activity jointly."


# What may be asked.

PARTNERSHIPS = Door(
    table=Partnership,
    view=PartnershipView,
    read=Permission.ACTIVITY_READ,
    missing=PartnershipNotFound,
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


# What may be done.

_OPEN = (ActivityState.PUBLISHED, ActivityState.HELD)
_STANDING = (PartnershipState.INVITED, PartnershipState.ACCEPTED)
_COLUMNS = (
    "id", "activity_id", "city_id", "county_id", "school_id", "state", "invited_at", "invited_by",
)  # fmt: skip
_invited = insert(Partnership).values(
    {
        name: bindparam(name, type_=Partnership.__table__.c[name].type)  # type: ignore[attr-defined]
        for name in _COLUMNS
    }
)
_INVITE = Statement(
    _invited.on_conflict_do_update(
        index_elements=["activity_id", "unit_id"],
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
_ADDRESS = Statement(
    insert(ActivityAudience)
    .from_select(
        ["activity_id", "target_id"],
        select(
            bindparam("activity_id", type_=Uuid),
            func.unnest(bindparam("targets", type_=ARRAY(Uuid))),
        ),
    )
    .on_conflict_do_nothing()
)
_UNIT = Statement(
    select(
        col(Unit.id),
        col(Unit.level),
        col(Unit.city_id),
        func.coalesce(col(Unit.county_id), col(Unit.city_id)).label("county_id"),
    ).where(col(Unit.id) == bindparam("unit_id", type_=Uuid), col(Unit.closed_on).is_(None))
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
        or_(*(col(Partnership.state) == each for each in _STANDING)),
    )
    .values(state=PartnershipState.ENDED)
    .returning(col(Partnership.id))
)
_ANSWER = Statement(
    update(Partnership)
    .where(
        col(Partnership.id) == bindparam("partnership_id", type_=Uuid),
        col(Partnership.state) == PartnershipState.INVITED,
    )
    .values(
        state=bindparam("answer", type_=text_enum(PartnershipState)),
        answered_at=bindparam("now", type_=MOMENT),
        answered_by=bindparam("by", type_=Uuid),
        opinion=bindparam("words", type_=Text),
    )
)


async def invite_partner(
    db: Connection, actor: Actor, *, activity_id: UUID, invitation: Invitation, now: datetime
) -> Row:
    """Invite another unit of the city to organise a published activity of the actor jointly.

    A unit that declined, or was let go, can be invited again; one that was invited stays so.
    """
    activity = await ACTIVITIES.get(
        db, actor, activity_id, permission=Permission.ACTIVITY_WRITE, lock=True
    )
    check_state(activity, *_OPEN)
    place = await db.one(_PLACE, activity_id=activity_id) or {}
    unit = await db.one(_UNIT, unit_id=invitation.unit_id)
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
        state=PartnershipState.INVITED,
        invited_at=now,
        invited_by=actor.account_id,
    )
    found = await list_partners(db, actor, activity_id=activity_id)
    return next(row for row in found if row["unit_id"] == unit["id"])


async def end_partnership(db: Connection, actor: Actor, *, activity_id: UUID, unit_id: UUID) -> Row:
    """Let a unit no longer organise an activity of the actor jointly, until it is closed.

    What it has recorded stands, and so does the audience that it brought.
    """
    activity = await ACTIVITIES.get(
        db, actor, activity_id, permission=Permission.ACTIVITY_WRITE, lock=True
    )
    check_state(activity, *_OPEN)
    if not await db.all(_TO_END, of_activity=activity_id, of_unit=unit_id):
        raise PartnershipNotFound
    found = await list_partners(db, actor, activity_id=activity_id)
    return next(row for row in found if row["unit_id"] == unit_id)


async def _answer(
    db: Connection,
    actor: Actor,
    partnership_id: UUID,
    answer: PartnershipState,
    now: datetime,
    words: str | None = None,
) -> Row:
    found = await PARTNERSHIPS.get(
        db, actor, partnership_id, permission=Permission.ACTIVITY_WRITE, lock=True
    )
    answered = await db.run(
        _ANSWER, partnership_id=partnership_id, answer=answer, now=now, by=actor.account_id,
        words=words,
    )  # fmt: skip
    if not answered:
        raise PartnershipAnswered(state=found["state"])
    return await PARTNERSHIPS.get(db, actor, partnership_id)


async def accept_partnership(
    db: Connection, actor: Actor, *, partnership_id: UUID, acceptance: Acceptance, now: datetime
) -> Row:
    """Accept, for a unit of the actor's, to organise an activity jointly, also for these of its own."""
    answered = await _answer(db, actor, partnership_id, PartnershipState.ACCEPTED, now)
    activity_id = answered["activity_id"]
    check_state(await ACTIVITIES.get(db, actor, activity_id, lock=True), *_OPEN)
    wanted = list(dict.fromkeys(acceptance.audience))
    if wanted:
        own = {
            "organiser_unit_id": answered["unit_id"],
            "organiser_network_id": None,
            "organiser_department_id": None,
        }
        await check_audience(db, actor, activity=own, wanted=wanted)
        await db.run(_ADDRESS, activity_id=activity_id, targets=wanted)
        await AUDIENCE.expand_networks(db, thing_id=activity_id, today=civil_date(now))
    return answered


async def decline_partnership(
    db: Connection, actor: Actor, *, partnership_id: UUID, refusal: Refusal, now: datetime
) -> Row:
    """Decline, for a unit of the actor's, to organise an activity jointly, and say why."""
    declined = PartnershipState.DECLINED
    return await _answer(db, actor, partnership_id, declined, now, refusal.opinion)
