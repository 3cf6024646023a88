"""An assignment: its tables, its door, and what may be asked of it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Index,
    Uuid,
    any_,
    bindparam,
    func,
    or_,
    select,
    union,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import aliased
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.access.subjects import lies_within
from app.domain.base import (
    MOMENT,
    TODAY,
    Placed,
    Table,
    civil_date,
    holds_on,
    in_force,
    key,
    place_constraints,
)
from app.domain.errors import NotFound
from app.domain.organisation.networks import NetworkMember
from app.domain.organisation.units import Unit
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row


class Assignment(Placed, Table, table=True):
    """An assignment, placed by the bureau that made it."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("school_id IS NULL", name="is_of_a_bureau"),
        CheckConstraint("valid_to >= valid_from", name="ends_after_it_begins"),
        Index(None, "account_id"),
        Index(None, "network_id"),
        Index(None, "county_id", "valid_to", "id"),
        Index(None, "city_id", "valid_to", "id"),
    )

    id: UUID = key()
    account_id: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    network_id: UUID | None = Field(default=None, foreign_key="network.id", sa_type=Uuid)
    valid_from: date
    valid_to: date
    assigned_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    recorded_at: datetime = Field(sa_type=MOMENT)


class AssignmentSchool(Table, table=True):
    """A school that an assignment names."""

    __table_args__ = (Index(None, "school_id", "assignment_id"),)

    assignment_id: UUID = Field(primary_key=True, foreign_key="assignment.id", sa_type=Uuid)
    school_id: UUID = Field(primary_key=True, foreign_key="unit.id", sa_type=Uuid)


class AssignmentView(BaseModel):
    """An assignment as both faces show it."""

    id: UUID = Field(description="标识 / key")
    account_id: UUID = Field(description="责任人账号 / account of who is answerable")
    holder: str = Field(description="责任人 / who is answerable")
    network_id: UUID | None = Field(description="所包片区 / network, null where schools are named")
    school_ids: list[UUID] = Field(description="所包学校（今日） / the schools, as of today")
    county_id: UUID = Field(description="主管教育局 / bureau that assigned")
    city_id: UUID = Field(description="所属市 / city")
    valid_from: date = Field(description="起始日 / first day")
    valid_to: date = Field(description="终止日（不含） / first day on which it no longer holds")


# What can be refused.


class AssignmentNotFound(NotFound):
    """There is no such assignment for the one who asks."""

    code = "assignment_not_found"
    zh = "未找到该包片包校安排。"
    en = "There is no such assignment."


# What may be asked.

_Named, _Member = aliased(AssignmentSchool), aliased(NetworkMember)
_Made, _School = aliased(Assignment), aliased(Unit)


def _is_about(schools: Any) -> ColumnElement[bool]:
    """The predicate 'one of these schools is named, or belongs today to the network that is'.

    An assignment is about no school that has left the bureau which made it.
    """
    named = select(col(_Named.assignment_id)).join(
        _School, col(_Named.school_id) == col(_School.id)
    )
    by_network = (
        select(col(_Made.id))
        .join(_Member, col(_Member.network_id) == col(_Made.network_id))
        .join(_School, col(_Member.school_id) == col(_School.id))
        .where(holds_on(_Member, TODAY))
    )
    about = (
        named.join(_Made, col(_Named.assignment_id) == col(_Made.id)),
        by_network,
    )
    these = col(_School.id) == any_(schools), lies_within(_School, _Made)
    return or_(*(col(Assignment.id).in_(each.where(*these)) for each in about))


ASSIGNMENT_PLACES = {
    "city_id": col(Assignment.city_id),
    "county_id": col(Assignment.county_id),
    "school_id": _is_about,
    "assignment_id": col(Assignment.id),
}
"""An assignment is seen by the bureau that made it, by its schools and by its holder."""

ASSIGNMENTS = Door(
    table=Assignment,
    view=AssignmentView,
    read=Permission.UNIT_READ,
    missing=AssignmentNotFound,
    places=ASSIGNMENT_PLACES,
    computed={
        "holder": col(Account.display_name),
        "school_ids": func.array(
            union(
                select(col(_Named.school_id))
                .where(col(_Named.assignment_id) == col(Assignment.id))
                .correlate(Assignment),
                select(col(_Member.school_id))
                .where(
                    col(_Member.network_id) == col(Assignment.network_id),
                    holds_on(_Member, TODAY),
                )
                .correlate(Assignment),
            ).scalar_subquery()
        ),
    },
    joined=Assignment.__table__.join(  # type: ignore[attr-defined]
        Account.__table__,  # type: ignore[attr-defined]
        col(Assignment.account_id) == col(Account.id),
    ),
    filters={
        "account_id": col(Assignment.account_id),
        "network_id": col(Assignment.network_id),
        "school_id": lambda school: _is_about(array([bindparam(school.key, type_=Uuid)])),
        "as_of": lambda day: in_force(Assignment, day),
    },
    sorts={"valid_to": (col(Assignment.valid_to),), "created": ()},
)


async def get_assignment(db: Connection, actor: Actor, *, assignment_id: UUID) -> Row:
    """One assignment within the actor's reach."""
    return await ASSIGNMENTS.get(db, actor, assignment_id)


async def list_assignments(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    now: datetime,
    as_of: date | None = None,
    account_id: UUID | None = None,
    network_id: UUID | None = None,
    school_id: UUID | None = None,
) -> Page:
    """The assignments that hold on a day, those that end first before the others."""
    filters = {
        "account_id": account_id,
        "network_id": network_id,
        "school_id": school_id,
        "as_of": as_of or civil_date(now),
    }
    return await ASSIGNMENTS.page(db, actor, page, filters=filters)


async def assignments_by_id(
    db: Connection, actor: Actor, *, assignment_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many assignments by their keys; None where the actor may not see one."""
    return await ASSIGNMENTS.by_id(db, actor, assignment_ids, columns=columns)
