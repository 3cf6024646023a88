"""Setting up, changing and closing groups."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import ARRAY, Date, String, Text, Uuid, any_, bindparam, cast, func, select, update
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.holders import end_grants_over
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict, Invalid, NotAllowed, Unfit
from app.domain.organisation.facts import end_facts
from app.domain.organisation.units import Level, Stage, hold_unit, hold_units, place_of
from app.domain.people.teachers import Subject
from app.domain.training.groups.group import (
    GROUPS,
    GroupFields,
    GroupMember,
    GroupNotFound,
    ResearchGroup,
)
from app.domain.training.groups.kinds import OF_BUREAUX_ALONE
from app.sql import Connection, Row, Statement, new_id


class NewGroup(GroupFields, Command):
    """A group to be set up in a school or a bureau."""

    unit_id: UUID = Field(description="所属单位 / owner: a school or a bureau")


class GroupChanges(Command):
    """What of a group is to be changed; what is left out stays as it is."""

    name: str | None = Field(default=None, min_length=1, max_length=100, description="名称 / name")
    stage: Stage | None = Field(default=None, description="学段，null 为不限 / stage; null: all")
    subject: Subject | None = Field(
        default=None, description="学科，null 为不限 / subject; null: all"
    )

    @model_validator(mode="after")
    def _has_a_name(self) -> Self:
        if "name" in self.model_fields_set and self.name is None:
            raise Unfit("名称不能为空。", "The name cannot be null.")
        return self


# What can be refused.


class GroupKindOfBureau(Invalid):
    """A group of several schools belongs to the bureau over all of them."""

    code = "group_kind_of_bureau"
    zh = "校际、跨区域共同体由教育局设立，学校不能设立。"
    en = "A community of several schools is set up by the bureau over them, not by one of them."


class GroupClosed(Conflict):
    """The group is no longer: what is past is not changed."""

    code = "group_closed"
    zh = "该教研组已撤销。"
    en = "The group has been closed."


# What may be done.


async def create_group(db: Connection, actor: Actor, *, new: NewGroup) -> Row:
    """Set up a group in a school or a bureau that the actor administers."""
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=Permission.GROUP_WRITE)
    row = _row_of(new, unit)
    await db.insert(ResearchGroup, row)
    return await GROUPS.get(db, actor, row["id"])


async def create_groups(db: Connection, actor: Actor, *, news: Sequence[NewGroup]) -> list[UUID]:
    """Set up many groups; their keys, in this order. What one would be refused for, all are."""
    units = await hold_units(
        db, actor, unit_ids={new.unit_id for new in news}, permission=Permission.GROUP_WRITE
    )
    rows = [_row_of(new, units[new.unit_id]) for new in news]
    await db.insert_all(ResearchGroup, rows)
    return [row["id"] for row in rows]


def _row_of(new: NewGroup, unit: Row) -> Row:
    if unit["level"] == Level.SCHOOL and new.kind in OF_BUREAUX_ALONE:
        raise GroupKindOfBureau
    return {
        "id": new_id(),
        **new.model_dump(include=set(GroupFields.model_fields)),
        **place_of(unit),
    }


_HOLD_MANY = Statement(
    select(col(ResearchGroup.id))
    .where(col(ResearchGroup.id) == any_(bindparam("group_ids", type_=ARRAY(Uuid))))
    .order_by(col(ResearchGroup.id))
    .with_for_update()
)


async def open_groups(
    db: Connection, actor: Actor, *, group_ids: Collection[UUID], permission: Permission
) -> dict[UUID, Row]:
    """Many groups that still are, locked, with two statements; what one is refused for, all are."""
    ids = sorted(set(group_ids))
    await db.all(_HOLD_MANY, group_ids=ids)
    scope = actor.require(permission)
    groups: dict[UUID, Row] = {}
    for group_id, row in (await GROUPS.by_id(db, actor, ids)).items():
        if row is None:
            raise GroupNotFound
        if not scope.covers(row | {"group_id": group_id}):
            raise NotAllowed(permission.value)
        if row["closed_on"] is not None:
            raise GroupClosed
        groups[group_id] = row
    return groups


async def open_group(
    db: Connection, actor: Actor, *, group_id: UUID, permission: Permission, lock: bool = False
) -> Row:
    """A group that still is, where the actor holds the permission over it."""
    row = await GROUPS.get(db, actor, group_id, permission=permission, lock=lock)
    if row["closed_on"] is not None:
        raise GroupClosed
    return row


async def update_group(
    db: Connection, actor: Actor, *, group_id: UUID, changes: GroupChanges
) -> Row:
    """Rename a group, or let it be of another stage or subject; what it is for stays."""
    write = Permission.GROUP_WRITE
    await open_group(db, actor, group_id=group_id, permission=write, lock=True)
    await db.change(ResearchGroup, group_id, changes.model_dump(exclude_unset=True))
    return await GROUPS.get(db, actor, group_id)


_taught = func.unnest(
    bindparam("group_ids", type_=ARRAY(Uuid)),
    bindparam("stages", type_=ARRAY(Text)),
    bindparam("subjects", type_=ARRAY(Text)),
).table_valued("id", "stage", "subject").render_derived("taught")  # fmt: skip
_TEACH = Statement(
    update(ResearchGroup)
    .where(col(ResearchGroup.id) == _taught.c.id)
    .values(stage=cast(_taught.c.stage, String), subject=cast(_taught.c.subject, String))
)


class Taught(NamedTuple):
    """Of which stage and subject a group is; None for all."""

    stage: Stage | None
    subject: Subject | None


async def change_taught(db: Connection, actor: Actor, *, taught: Mapping[UUID, Taught]) -> None:
    """Let many groups be of these stages and subjects; what one would be refused for, all are."""
    await open_groups(db, actor, group_ids=taught.keys(), permission=Permission.GROUP_WRITE)
    columns = {
        "stages": [each.stage for each in taught.values()],
        "subjects": [each.subject for each in taught.values()],
    }
    await db.run(_TEACH, group_ids=list(taught), **columns)


_CLOSE = Statement(
    update(ResearchGroup)
    .where(col(ResearchGroup.id) == bindparam("group_id", type_=Uuid))
    .values(closed_on=bindparam("today", type_=Date))
)


async def close_group(db: Connection, actor: Actor, *, group_id: UUID, now: datetime) -> Row:
    """Close a group today: its memberships and the grants over it end, what it organised stays."""
    write = Permission.GROUP_WRITE
    await open_group(db, actor, group_id=group_id, permission=write, lock=True)
    today = civil_date(now)
    await db.run(_CLOSE, group_id=group_id, today=today)
    await end_facts(db, table=GroupMember, owners=["group_id"], owner=group_id, on=today, now=now)
    await end_grants_over(db, actor, subject_ids=[group_id], now=now)
    return await GROUPS.get(db, actor, group_id)
