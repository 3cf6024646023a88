"""Setting up committees and ending them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, Uuid, bindparam, update
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict, Invalid
from app.domain.organisation.committees.committee import (
    COMMITTEES,
    Committee,
    CommitteeFields,
    CommitteeKind,
    CommitteeMember,
)
from app.domain.organisation.facts import end_facts
from app.domain.organisation.units import Level, hold_unit, place_of
from app.sql import Connection, ExclusionViolationError, Row, Statement, new_id


class NewCommittee(CommitteeFields, Command):
    """A committee to be set up by a bureau or a school."""

    unit_id: UUID = Field(description="所属单位 / the bureau or school to which it belongs")
    valid_from: date | None = Field(default=None, description="成立日期，默认今天 / first day")
    valid_to: date | None = Field(
        default=None, description="届满日期（不含） / first day after its term, if it has one"
    )


# What can be refused.


class CommitteeOfBureau(Invalid):
    """A committee of experts is a bureau's."""

    code = "committee_of_bureau"
    zh = "专家指导委员会只能由教育局设立。"
    en = "A committee of experts is set up by a bureau."


class CommitteeTermEmpty(Invalid):
    """A term ends after it begins."""

    code = "committee_term_empty"
    zh = "届满日期必须晚于成立日期。"
    en = "A term ends after it begins."


class LeadingGroupExists(Conflict):
    """The unit has a leading group of this concern already, on some day of the term."""

    code = "leading_group_exists"
    zh = "该单位在此期间已有同一领域的领导小组。"
    en = "The unit has a leading group of this concern already in that term."


class CommitteeDissolved(Conflict):
    """The committee is no longer: what is past is not changed."""

    code = "committee_dissolved"
    zh = "该委员会或领导小组已届满或撤销。"
    en = "The committee's term has ended, or it was dissolved."


# What may be done.


async def open_committee(db: Connection, actor: Actor, *, committee_id: UUID, now: datetime) -> Row:
    """A committee whose term has not ended, locked, where the actor may change it."""
    write = Permission.COMMITTEE_WRITE
    row = await COMMITTEES.get(db, actor, committee_id, permission=write, lock=True)
    if row["valid_to"] is not None and row["valid_to"] <= civil_date(now):
        raise CommitteeDissolved
    return row


async def create_committee(
    db: Connection, actor: Actor, *, new: NewCommittee, now: datetime
) -> Row:
    """Set up a committee for a bureau or a school; nobody sits in it yet."""
    write = Permission.COMMITTEE_WRITE
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=write)
    is_school = unit["level"] == Level.SCHOOL
    if is_school and new.kind is CommitteeKind.EXPERT_COMMITTEE:
        raise CommitteeOfBureau
    begins = new.valid_from or civil_date(now)
    if new.valid_to is not None and new.valid_to <= begins:
        raise CommitteeTermEmpty
    committee_id = new_id()
    row = {
        "id": committee_id,
        **new.model_dump(include=set(CommitteeFields.model_fields)),
        **place_of(unit),
        "valid_from": begins,
        "valid_to": new.valid_to,
        "recorded_at": now,
    }
    try:
        await db.insert(Committee, row)
    except ExclusionViolationError:
        raise LeadingGroupExists from None
    return await COMMITTEES.get(db, actor, committee_id)


_END = Statement(
    update(Committee)
    .where(col(Committee.id) == bindparam("committee_id", type_=Uuid))
    .values(valid_to=bindparam("day", type_=Date))
)


async def dissolve_committee(
    db: Connection, actor: Actor, *, committee_id: UUID, now: datetime
) -> Row:
    """End a committee today, and with it the seats in it; who sat in it can still be told."""
    committee = await open_committee(db, actor, committee_id=committee_id, now=now)
    day = max(civil_date(now), committee["valid_from"])
    await db.run(_END, committee_id=committee_id, day=day)
    await end_facts(
        db, table=CommitteeMember, owners=["committee_id"], owner=committee_id, on=day, now=now
    )
    return await COMMITTEES.get(db, actor, committee_id)
