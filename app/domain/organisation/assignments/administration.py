"""Making assignments and ending them, each with the grant that goes with it."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import ARRAY, Date, Uuid, any_, bindparam, func, or_, select, update
from sqlmodel import Field, col

from app.domain.access.accounts import ACCOUNTS
from app.domain.access.actors import Actor
from app.domain.access.grants import NewGrant, grant_role
from app.domain.access.holders import end_grants_over
from app.domain.access.roles import Permission, Role
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict, Invalid, Unfit
from app.domain.organisation.assignments.assignment import (
    ASSIGNMENTS,
    Assignment,
    AssignmentSchool,
)
from app.domain.organisation.networks import keep_tree, open_network
from app.domain.organisation.units import UNITS, Level, Unit, hold_unit
from app.sql import Connection, Row, Statement, new_id

MOST_SCHOOLS_NAMED = 60
"""Schools that one assignment may name."""


class NewAssignment(Command):
    """Somebody of a bureau to be answerable for schools, or for a network, for a term."""

    unit_id: UUID = Field(description="教育局 / bureau that assigns")
    account_id: UUID = Field(description="责任人账号 / account of who is to be answerable")
    network_id: UUID | None = Field(default=None, description="所包片区 / network, or")
    school_ids: list[UUID] = Field(
        default_factory=list, max_length=MOST_SCHOOLS_NAMED, description="所包学校 / the schools"
    )
    valid_from: date | None = Field(default=None, description="起始日，默认今天 / first day")
    valid_to: date = Field(description="终止日（不含） / first day on which it no longer holds")

    @model_validator(mode="after")
    def _names_one_or_the_other(self) -> Self:
        if (self.network_id is None) != bool(self.school_ids):
            raise Unfit(
                "须指定一个片区或若干学校，二者择一。", "Name either one network or some schools."
            )
        return self


# What can be refused.


class AssignmentOutsideBureau(Invalid):
    """A bureau assigns schools of its own."""

    code = "assignment_outside_bureau"
    zh = "所包学校必须是本教育局管辖的学校，且由教育局安排。"
    en = "A bureau assigns schools of its own, and only a bureau assigns."


class AssignmentHolderAtSchool(Invalid):
    """Who is answerable for schools belongs to a bureau."""

    code = "assignment_holder_at_school"
    zh = "包片包校责任人必须是教育局人员。"
    en = "Who is answerable for schools belongs to a bureau."


class AssignmentTermEmpty(Invalid):
    """A term ends after it begins, and not in the past."""

    code = "assignment_term_empty"
    zh = "终止日必须晚于起始日和今天。"
    en = "The end must lie after the first day and after today."


class AssignmentEnded(Conflict):
    """The assignment has ended: what is past is not changed."""

    code = "assignment_ended"
    zh = "该包片包校安排已结束。"
    en = "The assignment has ended."


# What may be done.

_SCHOOLS_OF_BUREAU = Statement(
    select(func.count()).where(
        col(Unit.id) == any_(bindparam("school_ids", type_=ARRAY(Uuid))),
        col(Unit.level) == Level.SCHOOL,
        or_(
            col(Unit.county_id) == bindparam("unit_id", type_=Uuid),
            col(Unit.city_id) == bindparam("unit_id", type_=Uuid),
        ),
    )
)


async def create_assignment(
    db: Connection, actor: Actor, *, new: NewAssignment, now: datetime
) -> Row:
    """Make somebody of a bureau answerable for schools; the grant over them comes with it."""
    write = Permission.ASSIGNMENT_WRITE
    await _keep_subject(db, actor, new)
    # The account before the unit, as whoever moves a school takes them.
    holder = await ACCOUNTS.get(
        db, actor, new.account_id, permission=Permission.ACCOUNT_WRITE, lock=True
    )
    bureau = await hold_unit(db, actor, unit_id=new.unit_id, permission=write)
    begins, schools = new.valid_from or civil_date(now), sorted(set(new.school_ids))
    if new.valid_to <= max(begins, civil_date(now)):
        raise AssignmentTermEmpty
    if holder["school_id"] is not None:
        raise AssignmentHolderAtSchool
    await _check_subject(db, actor, bureau, new.network_id, schools)
    assignment_id = new_id()
    row = {
        "id": assignment_id,
        "account_id": new.account_id,
        "network_id": new.network_id,
        "city_id": bureau["city_id"],
        "county_id": bureau["county_id"],
        "school_id": None,
        "valid_from": begins,
        "valid_to": new.valid_to,
        "assigned_by": actor.account_id,
        "recorded_at": now,
    }
    await db.insert(Assignment, row)
    named = [{"assignment_id": assignment_id, "school_id": school} for school in schools]
    await db.insert_all(AssignmentSchool, named)
    grant = NewGrant(
        role=Role.SCHOOL_ADVISER,
        subject_id=assignment_id,
        valid_from=begins,
        valid_to=new.valid_to,
    )
    await grant_role(db, actor, account_id=new.account_id, new=grant, now=now)
    return await ASSIGNMENTS.get(db, actor, assignment_id)


async def _keep_subject(db: Connection, actor: Actor, new: NewAssignment) -> None:
    """Let no school be moved, and none join or leave: the holder's token must know of it."""
    write = Permission.ASSIGNMENT_WRITE
    unit = await UNITS.get(db, actor, new.unit_id, permission=write)
    await keep_tree(db, city_id=unit["city_id"])
    if new.network_id is not None:
        await open_network(db, actor, network_id=new.network_id, permission=write, lock=True)


async def _check_subject(
    db: Connection, actor: Actor, bureau: Row, network_id: UUID | None, schools: list[UUID]
) -> None:
    """Refuse what does not lie within the bureau."""
    if bureau["level"] == Level.SCHOOL:
        raise AssignmentOutsideBureau
    if network_id is not None:
        network = await open_network(
            db, actor, network_id=network_id, permission=Permission.ASSIGNMENT_WRITE
        )
        if bureau["id"] not in {network["county_id"], network["city_id"]}:
            raise AssignmentOutsideBureau
        return
    found = await db.value(_SCHOOLS_OF_BUREAU, school_ids=schools, unit_id=bureau["id"])
    if found != len(schools):
        raise AssignmentOutsideBureau


_END = Statement(
    update(Assignment)
    .where(col(Assignment.id) == bindparam("assignment_id", type_=Uuid))
    .values(valid_to=bindparam("today", type_=Date))
)


async def end_assignment(
    db: Connection, actor: Actor, *, assignment_id: UUID, now: datetime
) -> Row:
    """End an assignment today; its holder's grant ends with it, what was agreed stays on record."""
    row = await ASSIGNMENTS.get(
        db, actor, assignment_id, permission=Permission.ASSIGNMENT_WRITE, lock=True
    )
    check_not_ended(row, now=now)
    today = max(civil_date(now), row["valid_from"])
    await db.run(_END, assignment_id=assignment_id, today=today)
    await end_grants_over(db, actor, subject_ids=[assignment_id], now=now)
    return await ASSIGNMENTS.get(db, actor, assignment_id)


def check_not_ended(assignment: Row, *, now: datetime) -> None:
    """Refuse what is not done once an assignment is over."""
    if assignment["valid_to"] <= civil_date(now):
        raise AssignmentEnded
