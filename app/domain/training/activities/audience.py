"""The audience (参训对象) of an activity: the units and groups that it is published to.

A unit stands for everyone below it, a group for those who belong to it at the time of asking. Where
strata are named (分层、分类、分岗), only those of them take part who count in one on the first day.
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
from app.domain.training.activities.table import Activity
from app.domain.training.audiences import TARGETS, Audience, Candidates, among_targets
from app.domain.training.groups import GROUPS, ResearchGroup
from app.sql import Connection, Row, Statement


class ActivityAudience(Table, table=True):
    """One target of an activity: a unit, with everyone below it, or a group, with its members."""

    __table_args__ = (Index(None, "target_id", "activity_id"),)

    activity_id: UUID = Field(primary_key=True, foreign_key="activity.id", sa_type=Uuid)
    target_id: UUID = Field(primary_key=True, sa_type=Uuid)


class ActivityCandidate(Table, table=True):
    """A teacher of the audience who counts in a stratum that the activity is for.

    Who does is written when the activity is published, for its first day, as was then known; it is
    asked whenever somebody enrols, is nominated, or is entered into a register.
    """

    __table_args__ = (Index(None, "teacher_id", "activity_id"),)

    activity_id: UUID = Field(primary_key=True, foreign_key="activity.id", sa_type=Uuid)
    teacher_id: UUID = Field(primary_key=True, foreign_key="teacher.id", sa_type=Uuid)


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


CANDIDATES = Candidates(AUDIENCE, ActivityCandidate, Activity)


def is_candidate(activity_id: Any, teacher_id: Any) -> ColumnElement[bool]:
    """The predicate 'that activity is for all of its audience, or this teacher counts in its strata'."""
    return CANDIDATES.includes(activity_id, teacher_id)


def is_meant_for_teacher(activity_id: Any) -> ColumnElement[bool]:
    """The predicate 'that activity is meant for this row of teachers'."""
    return CANDIDATES.includes_this_teacher(activity_id)


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
    if len(await audience_within(db, actor, activity=activity, wanted=wanted)) != len(wanted):
        raise AudienceOutsideOrganiser


async def audience_within(
    db: Connection, actor: Actor, *, activity: Row, wanted: Sequence[UUID]
) -> list[UUID]:
    """Those of these targets that the actor addresses with this activity today."""
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
    return [row["id"] for row in found]


async def write_candidates(db: Connection, actor: Actor, *, activity: Row) -> None:  # noqa: ARG001  the door was passed
    """Write who of the audience counts in the strata of an activity, where it names any."""
    await CANDIDATES.write(
        db, thing_id=activity["id"], strata=activity["strata"], day=activity["starts_on"]
    )
