"""Whom a survey is for (调查对象): its owner, or what lies below the owner's unit."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, select, union
from sqlmodel import col

from app.domain.base import TODAY, holds_on
from app.domain.errors import Invalid
from app.domain.organisation.networks import NetworkMember
from app.domain.organisation.units import Unit
from app.domain.training.audiences import TARGETS, among_targets
from app.domain.training.groups import ResearchGroup
from app.domain.training.surveys.survey import AUDIENCE
from app.sql import Connection, Row, Statement

# What can be refused.


class SurveyAudienceOutside(Invalid):
    """A survey is for its owner, for units and groups below its unit, or schools of its network."""

    code = "survey_audience_outside"
    zh = "调查对象须为问卷所属单位本身、其下属单位或教研组，或所属片区的成员学校。"
    en = "A survey is for its own unit, units and groups below it, or the schools of its network."


# What may be done.


def _targets() -> Statement:
    unit, network = (bindparam(name, type_=Uuid) for name in ("unit_id", "network_id"))
    below = (among_targets(table, unit) for table in (Unit, ResearchGroup))
    schools = select(col(NetworkMember.school_id)).where(
        col(NetworkMember.school_id) == any_(TARGETS),
        col(NetworkMember.network_id) == network,
        holds_on(NetworkMember, TODAY),
    )
    return Statement(union(*below, schools))


_TARGETS = _targets()
_MEMBERS = Statement(
    select(col(NetworkMember.school_id)).where(
        col(NetworkMember.network_id) == bindparam("network_id", type_=Uuid),
        holds_on(NetworkMember, TODAY),
    )
)


async def write_audience(db: Connection, *, survey: Row, targets: Sequence[UUID]) -> None:
    """Let a survey be for these alone; its own network stands for the schools in it today."""
    wanted = list(dict.fromkeys(targets))
    network_id = survey["network_id"]
    if network_id is not None and network_id in wanted:
        wanted.remove(network_id)
        members = await db.all(_MEMBERS, network_id=network_id)
        wanted = list(dict.fromkeys([*wanted, *(row["school_id"] for row in members)]))
    found = await db.all(_TARGETS, targets=wanted, unit_id=survey["unit_id"], network_id=network_id)
    if len(found) != len(wanted):
        raise SurveyAudienceOutside
    await AUDIENCE.replace(db, thing_id=survey["id"], targets=wanted)
