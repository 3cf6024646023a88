"""The places of an activity (名额): how many, for which schools until when, and who waits for one.

A school with a quota takes of its own places alone, the others share what no quota keeps; from the
day of release on, all places are for everybody. Without a limit and quotas everybody has a place.
"""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import (
    ARRAY,
    Integer,
    Uuid,
    any_,
    bindparam,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict, Invalid, Unfit
from app.domain.organisation.units import Level, Unit
from app.domain.training.activities import (
    ACTIVITIES,
    Activity,
    ActivityState,
    check_state,
)
from app.domain.training.enrolments.room import (
    RULE,
    PlaceQuota,
    PlaceRule,
    PlaceRuleFields,
    SchoolQuota,
    fill_places,
    places_of,
)
from app.sql import Connection, Row, Statement


class SchoolQuotaView(SchoolQuota):
    """A quota, and what was taken of it."""

    taken: int = Field(description="已用名额 / places that teachers of the school have")


class PlacesView(PlaceRuleFields):
    """The places of an activity as both faces show them."""

    activity_id: UUID = Field(description="活动 / activity")
    capacity: int | None = Field(description="人数上限，不限时为空 / places; null: no limit")
    by_choice: bool = Field(
        description="名额是否仅通过选课轮次分配 / whether its places are given in a choice round alone"
    )
    taken: int = Field(description="已报名人数 / how many have a place")
    waiting: int = Field(description="候补人数 / how many wait for one")
    quotas: list[SchoolQuotaView] = Field(description="各校名额 / quotas of schools")


class NewPlaces(PlaceRuleFields, Command):
    """How the places of an activity are to be given; it replaces all that was said of them."""

    capacity: int | None = Field(
        ge=1, le=100_000, description="人数上限，null 为不限 / places; null: no limit"
    )
    quotas: list[SchoolQuota] = Field(
        default_factory=list, max_length=2000, description="各校名额 / quotas of schools"
    )

    @model_validator(mode="after")
    def _names_a_school_once(self) -> Self:
        if len({quota.school_id for quota in self.quotas}) < len(self.quotas):
            raise Unfit("每所学校只能有一个名额数。", "A school has one quota.")
        return self


# What can be refused.


class CapacityTaken(Conflict):
    """More people have a place than there would be."""

    code = "activity_capacity_taken"
    zh = "已有 {taken} 人报名，人数上限不能低于此数。"
    en = "{taken} people have a place: there cannot be fewer."


class QuotasExceedCapacity(Invalid):
    """The quotas add up to more than the activity's places."""

    code = "activity_quotas_exceed_capacity"
    zh = "各校名额合计 {quotas} 人，超过活动人数上限 {capacity} 人。"
    en = "The quotas add up to {quotas}, but the activity has {capacity} places."


class QuotaSchoolUnfit(Invalid):
    """A quota is a school's, of the activity's city."""

    code = "activity_quota_school_unfit"
    zh = "名额须分给本市的学校。"
    en = "A quota is for a school of the activity's city."


# What may be asked.


async def get_places(db: Connection, actor: Actor, *, activity_id: UUID) -> Row:
    """How the places of an activity that the actor may see are given, and how many are taken."""
    await ACTIVITIES.get(db, actor, activity_id)
    return await places_of(db, activity_id=activity_id)


# What may be done.

_activity = bindparam("activity_id", type_=Uuid)
_SET_CAPACITY = Statement(
    update(Activity)
    .where(col(Activity.id) == _activity)
    .values(capacity=bindparam("new_capacity", type_=Integer))
)
_given = insert(PlaceRule).values(
    {
        name: bindparam(name, type_=PlaceRule.__table__.c[name].type)  # type: ignore[attr-defined]
        for name in ("activity_id", *PlaceRuleFields.model_fields)
    }
)
_SET_RULE = Statement(
    _given.on_conflict_do_update(
        index_elements=["activity_id"],
        set_={name: _given.excluded[name] for name in PlaceRuleFields.model_fields},
    )
)
_CLEAR_QUOTAS = Statement(delete(PlaceQuota).where(col(PlaceQuota.activity_id) == _activity))
_SCHOOLS = Statement(
    select(func.count()).where(
        col(Unit.id) == any_(bindparam("school_ids", type_=ARRAY(Uuid))),
        col(Unit.level) == Level.SCHOOL,
        col(Unit.city_id)
        == select(col(Activity.city_id)).where(col(Activity.id) == _activity).scalar_subquery(),
    )
)


async def set_places(
    db: Connection, actor: Actor, *, activity_id: UUID, new: NewPlaces, now: datetime
) -> Row:
    """Decide how the places of an activity that the actor organises are given, before it was held.

    Nobody loses a place: a school that took more than its new quota takes no more. Those who wait
    have at once what became free.
    """
    activity = await ACTIVITIES.get(
        db, actor, activity_id, permission=Permission.ACTIVITY_WRITE, lock=True
    )
    check_state(activity, ActivityState.DRAFT, ActivityState.PUBLISHED)
    await _check_places(db, activity=activity, new=new)
    if new.capacity != activity["capacity"]:
        await db.run(_SET_CAPACITY, activity_id=activity_id, new_capacity=new.capacity)
    rule = new.model_dump(include=set(PlaceRuleFields.model_fields))
    await db.run(_SET_RULE, activity_id=activity_id, **rule)
    await db.run(_CLEAR_QUOTAS, activity_id=activity_id)
    await db.insert_all(
        PlaceQuota,
        [{"activity_id": activity_id, **quota.model_dump()} for quota in new.quotas],
    )
    await fill_places(db, activity_id=activity_id, now=now)
    return await places_of(db, activity_id=activity_id)


async def _check_places(db: Connection, *, activity: Row, new: NewPlaces) -> None:
    """Refuse fewer places than are taken, more quotas than places, and quotas of what is no school."""
    if new.capacity is not None:
        kept = sum(quota.places for quota in new.quotas)
        if kept > new.capacity:
            raise QuotasExceedCapacity(quotas=kept, capacity=new.capacity)
        rule = await db.one(RULE, activity_id=activity["id"])
        if rule is not None and rule["taken"] > new.capacity:
            raise CapacityTaken(taken=rule["taken"])
    schools = [quota.school_id for quota in new.quotas]
    if schools:
        found = await db.value(_SCHOOLS, school_ids=schools, activity_id=activity["id"])
        if found < len(schools):
            raise QuotaSchoolUnfit
