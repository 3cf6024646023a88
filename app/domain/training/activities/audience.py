"""The audience (参训对象) of an activity: the units and groups that it is published to.

A unit stands for everyone below it, a group for those who belong to it at the time of asking.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Index,
    Uuid,
    any_,
    bindparam,
    exists,
    or_,
    select,
    union,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor, Shape, within
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission, SubjectKind
from app.domain.base import TODAY, Table, holds_on
from app.domain.errors import Invalid
from app.domain.organisation.networks import Network, NetworkMember
from app.domain.organisation.units import UNITS, Unit
from app.domain.people.teachers import Teacher
from app.domain.training.audiences import TARGETS, Audience, among_targets
from app.domain.training.groups import GROUPS, GroupMember, ResearchGroup
from app.sql import Connection, Row, Statement


class ActivityAudience(Table, table=True):
    """One target of an activity: a unit, with everyone below it, or a group, with its members."""

    __table_args__ = (Index(None, "target_id", "activity_id"),)

    activity_id: UUID = Field(primary_key=True, foreign_key="activity.id", sa_type=Uuid)
    target_id: UUID = Field(primary_key=True, sa_type=Uuid)


# What can be refused.


class AudienceOutsideOrganiser(Invalid):
    """An organiser addresses itself and what lies below it, within what the actor organises for."""

    code = "activity_audience_outside_organiser"
    zh = "参训对象必须是组织单位本身、其下属单位或教研组，且在操作者的管理范围内。"
    en = (
        "The audience must be the organiser's unit, units or groups below it, and within what you"
        " organise for."
    )


# What may be asked.


AUDIENCE = Audience(ActivityAudience, "activity_id")


def is_addressed(activity_id: Any, addresses: Any) -> ColumnElement[bool]:
    """The predicate 'that activity is meant for one of these': units, groups and teachers by key."""
    return AUDIENCE.is_for(activity_id, addresses)


def addresses_of(actor: Actor) -> list[UUID]:
    """By what the actor is addressed as a participant: the teacher, the units at and above.

    Refused to an actor who is no teacher.
    """
    actor.require(Permission.PARTICIPATE, {"teacher_id": actor.teacher_id})
    own = [grant for grant in actor.grants if grant.subject is SubjectKind.SELF]
    units = {unit for grant in own for unit in grant.ancestors}
    return [*units, *(grant.subject_id for grant in own)]


def is_meant_for_teacher(activity_id: Any) -> ColumnElement[bool]:
    """The predicate 'that activity is meant for this row of teachers'."""
    target = col(ActivityAudience.target_id)
    groups = (
        select(col(GroupMember.group_id))
        .where(col(GroupMember.teacher_id) == col(Teacher.id), holds_on(GroupMember, TODAY))
        .correlate(Teacher)
    )
    units = (target == col(getattr(Teacher, column)) for column in PLACE)
    meant = select(target).where(
        col(ActivityAudience.activity_id) == activity_id, or_(*units, target.in_(groups))
    )
    return exists(meant.correlate(Teacher))


# What may be done.


_NETWORKS = {name: col(getattr(Network, name)) for name in PLACE} | {"network_id": col(Network.id)}
"""What places a network as its owner's: a member school alone does not address the others."""
_DECIDING = frozenset({*PLACE, "group_id", "network_id"})
"""The columns of a scope that decide about targets."""


@lru_cache(maxsize=64)
def _targets_within(shape: Shape) -> Statement:
    organiser = bindparam("organiser_id", type_=Uuid)
    on_behalf = bindparam("on_behalf", type_=Boolean)
    placed: tuple[tuple[Any, Any], ...] = (
        (Unit, UNITS.placed()), (ResearchGroup, GROUPS.placed()), (Network, _NETWORKS),
    )  # fmt: skip
    members = select(col(NetworkMember.school_id)).where(
        col(NetworkMember.school_id) == any_(TARGETS),
        col(NetworkMember.network_id) == bindparam("network_id", type_=Uuid),
        holds_on(NetworkMember, TODAY),
    )
    return Statement(
        union(
            *(
                among_targets(table, organiser).where(or_(within(shape, places), on_behalf))
                for table, places in placed
            ),
            members,
        )
    )


async def write_audience(
    db: Connection, actor: Actor, *, activity: Row, targets: Sequence[UUID]
) -> None:
    """Let an activity be meant for these targets alone; the caller has opened the activity's door."""
    wanted = list(dict.fromkeys(targets))
    await check_audience(db, actor, activity=activity, wanted=wanted)
    await AUDIENCE.replace(db, thing_id=activity["id"], targets=wanted)


async def check_audience(
    db: Connection, actor: Actor, *, activity: Row, wanted: Sequence[UUID]
) -> None:
    """Refuse targets, each named once, that the actor does not address with this activity today.

    All must lie within the organiser's unit and where the actor may organise, or be schools of
    the network that organises. A department organises on behalf of its unit, so that whoever organises
    for it may address all of that.
    """
    scope = actor.require(Permission.ACTIVITY_WRITE)
    shape = tuple(column for column in scope.shape if column in _DECIDING)
    found = await db.all(
        _targets_within(shape),
        targets=list(wanted),
        organiser_id=activity["organiser_unit_id"],
        network_id=activity["organiser_network_id"],
        on_behalf=activity["organiser_department_id"] is not None,
        **{f"scope_{column}": scope.values[column] for column in shape},
    )
    if len(found) != len(wanted):
        raise AudienceOutsideOrganiser
