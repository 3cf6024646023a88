"""Departments over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.access.roles import Duty
from app.domain.organisation import departments, units
from app.domain.organisation.departments import (
    DepartmentChanges,
    DepartmentKind,
    DepartmentView,
    NewDepartment,
)
from app.domain.training import activities
from app.graphql.context import Context
from app.graphql.edges import edge, lazy, paged_edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    departments.DEPARTMENTS,
    name="Department",
    description="部门 / a department of a bureau or a school",
)
class DepartmentNode(Node, DepartmentView):
    """A department with its edges."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="所属单位 / the unit to which it belongs, null where the actor may not see it",
    )
    activities = paged_edge(
        activities.activities_of_departments,
        lazy("app.graphql.training.activities", "ActivityNode"),
        keys="department_ids",
        first=20,
        description="组织的活动 / activities that it organises, the latest first",
    )


@strawberry.pydantic.input(name="NewDepartment")
class NewDepartmentInput(NewDepartment):
    """A department to be set up."""


@strawberry.pydantic.input(name="DepartmentChanges")
class DepartmentChangesInput(DepartmentChanges):
    """What of a department is to be changed."""


@strawberry.type
class DepartmentQueries:
    """What may be asked about departments."""

    @strawberry.field(description="一个部门 / one department", graphql_type=DepartmentNode)
    async def department(self, info: Info[Context], id: UUID) -> Any:
        """One department."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: departments.get_department(db, actor, department_id=id)
        )

    @strawberry.field(description="部门列表 / departments", graphql_type=Connection[DepartmentNode])
    async def departments(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        as_of: date | None = None,
        unit_id: UUID | None = None,
        kind: DepartmentKind | None = None,
        duty: Duty | None = None,
    ) -> Any:
        """A page of departments."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: departments.list_departments(
                db, actor, page=page, now=now(), as_of=as_of, unit_id=unit_id, kind=kind, duty=duty
            ),
        )


@strawberry.type
class DepartmentMutations:
    """What may be done with departments."""

    @strawberry.mutation(description="设立部门 / set up a department", graphql_type=DepartmentNode)
    async def create_department(self, info: Info[Context], new: NewDepartmentInput) -> Any:
        """Set up a department in a bureau or a school."""
        async with info.context.transaction() as db:
            return await departments.create_department(db, info.context.actor, new=new, now=now())

    @strawberry.mutation(description="修改部门 / change a department", graphql_type=DepartmentNode)
    async def update_department(
        self, info: Info[Context], department_id: UUID, changes: DepartmentChangesInput
    ) -> Any:
        """Rename a department or charge it otherwise."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await departments.update_department(
                db, actor, department_id=department_id, changes=changes, now=now()
            )

    @strawberry.mutation(description="撤销部门 / close a department", graphql_type=DepartmentNode)
    async def close_department(self, info: Info[Context], department_id: UUID) -> Any:
        """Close a department today."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await departments.close_department(
                db, actor, department_id=department_id, now=now()
            )
