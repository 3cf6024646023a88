"""Departments that own an activity jointly (联合主办部门) beside whoever organises it.

The training of class teachers is the moral-education office's and the training office's; whoever acts
for either runs it.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Index, Uuid, any_, bindparam, delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col

from app.domain.base import TODAY, Table, in_force
from app.domain.errors import Invalid
from app.domain.organisation.departments import Department
from app.domain.training.activities.table import Activity
from app.sql import Connection, Statement


class ActivityDepartment(Table, table=True):
    """One department that owns an activity jointly."""

    __table_args__ = (Index(None, "department_id", "activity_id"),)

    activity_id: UUID = Field(primary_key=True, foreign_key="activity.id", sa_type=Uuid)
    department_id: UUID = Field(primary_key=True, foreign_key="department.id", sa_type=Uuid)


# What can be refused.


class JointOwnerUnfit(Invalid):
    """A joint owner is another department, open today, of the unit that organises."""

    code = "activity_joint_owner_unfit"
    zh = "联合主办部门须为组织单位现有的其他部门。"
    en = "A joint owner is another department, open today, of the unit that organises."


# What may be asked.


def is_owned_by(departments: Any) -> ColumnElement[bool]:
    """The predicate 'this activity is organised, or owned jointly, by one of these departments'."""
    joint = select(col(ActivityDepartment.activity_id)).where(
        col(ActivityDepartment.department_id) == any_(departments)
    )
    return or_(
        col(Activity.organiser_department_id) == any_(departments), col(Activity.id).in_(joint)
    )


# What may be done.

_CLEAR = Statement(
    delete(ActivityDepartment).where(
        col(ActivityDepartment.activity_id) == bindparam("activity_id", type_=Uuid)
    )
)
_WRITE = Statement(
    insert(ActivityDepartment).from_select(
        ["activity_id", "department_id"],
        select(col(Activity.id), col(Department.id))
        .join_from(Activity, Department, col(Department.unit_id) == col(Activity.organiser_unit_id))
        .where(
            col(Activity.id) == bindparam("activity_id", type_=Uuid),
            col(Department.id) == any_(bindparam("department_ids", type_=ARRAY(Uuid))),
            col(Department.id).is_distinct_from(col(Activity.organiser_department_id)),
            in_force(Department, TODAY),
        ),
    )
)


async def write_joint_owners(
    db: Connection, *, activity_id: UUID, departments: Sequence[UUID]
) -> None:
    """Let these departments alone own an activity jointly; the caller has opened its door."""
    wanted = list(dict.fromkeys(departments))
    await db.run(_CLEAR, activity_id=activity_id)
    if wanted and await db.run(_WRITE, activity_id=activity_id, department_ids=wanted) < len(
        wanted
    ):
        raise JointOwnerUnfit
