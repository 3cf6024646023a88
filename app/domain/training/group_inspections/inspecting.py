"""Recording an inspection of a group, answering it, closing it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.oneself import is_oneself, speaks_for
from app.domain.access.roles import Permission
from app.domain.base import TODAY, civil_date, holds_on
from app.domain.errors import Conflict, Invalid
from app.domain.organisation.facts import check_day
from app.domain.training.group_inspections.inspection import (
    INSPECTIONS,
    GroupInspection,
    InspectionAnswer,
    InspectionConclusion,
    InspectionFields,
    NewInspection,
)
from app.domain.training.groups import GROUPS, GroupClosed, GroupDuty, GroupMember
from app.sql import Connection, Row, Statement, new_id

# What can be refused.


class InspectionOfOwnGroup(Invalid):
    """Nobody inspects the group that they head, or closes what was found there."""

    code = "group_inspection_of_own_group"
    zh = "教研组组长不能检查本组，也不能办结对本组的检查。"
    en = "A group is not inspected by its head, who does not close what was found either."


class InspectionClosed(Conflict):
    """The inspection is closed: what is past is not changed."""

    code = "group_inspection_closed"
    zh = "该检查记录已办结。"
    en = "This inspection is closed."


class InspectionAnsweredElsewhere(Invalid):
    """The group that was inspected answers for itself; nobody above it does."""

    code = "group_inspection_answered_elsewhere"
    zh = "答复只能由被检查教研组的负责人作出。"
    en = "Only those who lead the inspected group answer."


# What may be done.

_HEADS = Statement(
    select(col(GroupMember.teacher_id)).where(
        col(GroupMember.group_id) == bindparam("group_id", type_=Uuid),
        col(GroupMember.duty) == GroupDuty.HEAD,
        holds_on(GroupMember, TODAY),
    )
)


async def _check_not_own(db: Connection, actor: Actor, group_id: UUID) -> None:
    heads = [row["teacher_id"] for row in await db.all(_HEADS, group_id=group_id)]
    if await is_oneself(db, actor, teacher_ids=heads):
        raise InspectionOfOwnGroup


def _on_behalf_of(actor: Actor, group: Row) -> UUID:
    """The highest unit at or above the group's over which the actor may inspect."""
    scope = actor.scope(Permission.GROUP_INSPECT)
    city, county = group["city_id"], group["county_id"]
    for unit_id, bureau in ((city, city), (county, county)):
        if scope.covers({"city_id": city, "county_id": bureau, "school_id": None}):
            behind: UUID = unit_id
            return behind
    own: UUID = group["unit_id"]
    return own


async def inspect_group(
    db: Connection, actor: Actor, *, group_id: UUID, new: NewInspection, now: datetime
) -> Row:
    """Record how a group was found on a day: by its school, or by a bureau above."""
    right = Permission.GROUP_INSPECT
    group = await GROUPS.get(db, actor, group_id, permission=right)
    if group["closed_on"] is not None:
        raise GroupClosed
    check_day(new.inspected_on, today=civil_date(now))
    await _check_not_own(db, actor, group_id)
    inspection_id = new_id()
    row = {
        "id": inspection_id,
        **new.model_dump(include=set(InspectionFields.model_fields)),
        **{name: group[name] for name in ("city_id", "county_id", "school_id")},
        "group_id": group_id,
        "by_unit_id": _on_behalf_of(actor, group),
        "recorded_by": actor.account_id,
        "recorded_at": now,
    }
    await db.insert(GroupInspection, row)
    return await INSPECTIONS.get(db, actor, inspection_id)


async def answer_group_inspection(
    db: Connection, actor: Actor, *, inspection_id: UUID, reply: InspectionAnswer, now: datetime
) -> Row:
    """Answer as a leader of the group; until it is closed, a later answer takes an earlier one's place."""
    right = Permission.GUIDANCE_ANSWER
    row = await INSPECTIONS.get(db, actor, inspection_id, permission=right, lock=True)
    if not speaks_for(actor, row["group_id"], right):
        raise InspectionAnsweredElsewhere
    _check_open(row)
    said = {"answer": reply.answer, "answered_at": now, "answered_by": actor.account_id}
    await db.change(GroupInspection, inspection_id, said)
    return await INSPECTIONS.get(db, actor, inspection_id)


async def close_group_inspection(
    db: Connection,
    actor: Actor,
    *,
    inspection_id: UUID,
    conclusion: InspectionConclusion,
    now: datetime,
) -> Row:
    """Close an inspection, answered or not; whoever may inspect the group may close it."""
    right = Permission.GROUP_INSPECT
    row = await INSPECTIONS.get(db, actor, inspection_id, permission=right, lock=True)
    await _check_not_own(db, actor, row["group_id"])
    _check_open(row)
    closed = {"closed_at": now, "closed_by": actor.account_id}
    await db.change(GroupInspection, inspection_id, conclusion.model_dump() | closed)
    return await INSPECTIONS.get(db, actor, inspection_id)


def _check_open(row: Row) -> None:
    if row["closed_at"] is not None:
        raise InspectionClosed
