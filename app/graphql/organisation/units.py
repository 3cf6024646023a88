"""Units over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.credits import summaries
from app.domain.organisation import units
from app.domain.organisation.units import Level, NewUnit, Stage, UnitView
from app.domain.people import teachers
from app.domain.training import groups
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@strawberry.pydantic.type(name="Unit", description="单位：市、县、校 / a bureau or a school")
class UnitNode(UnitView):
    """A unit with its edges."""

    parent = edge(
        units.units_by_id,
        lazy(__name__, "UnitNode"),
        many=False,
        keys="unit_ids",
        key="parent_id",
        description="上级单位 / superior unit, null where the actor may not see it",
    )
    counties = edge(
        units.counties_of,
        lazy(__name__, "UnitNode"),
        many=True,
        keys="unit_ids",
        description="下属县级单位 / counties and zones of a city",
    )
    schools = edge(
        units.schools_of,
        lazy(__name__, "UnitNode"),
        many=True,
        keys="unit_ids",
        description="直属学校 / schools directly under a bureau",
    )
    teachers = edge(
        teachers.teachers_of,
        lazy("app.graphql.people.teachers", "TeacherNode"),
        many=True,
        keys="unit_ids",
        arguments={"first": First},
        defaults={"first": 50},
        description="教师（学校） / teachers of a school, by name",
    )
    groups = edge(
        groups.groups_of,
        lazy("app.graphql.training.groups", "GroupNode"),
        many=True,
        keys="unit_ids",
        arguments={"first": First},
        defaults={"first": 50},
        description="教研组 / research groups that the unit owns, by name",
    )
    credit_summary = edge(
        summaries.summaries_of,
        lazy("app.graphql.credits.summaries", "CreditSummaryNode"),
        many=False,
        keys="unit_ids",
        description="学分汇总 / credit of the unit and all below it",
    )


@strawberry.pydantic.input(name="NewUnit")
class NewUnitInput(NewUnit):
    """A unit to be set up."""


@strawberry.type
class UnitQueries:
    """What may be asked about units."""

    @strawberry.field(description="一个单位 / one unit", graphql_type=UnitNode)
    async def unit(self, info: Info[Context], id: UUID) -> Any:
        """One unit."""
        actor = info.context.actor
        return await info.context.read(lambda db: units.get_unit(db, actor, unit_id=id))

    @strawberry.field(description="单位列表 / units", graphql_type=Connection[UnitNode])
    async def units(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        level: Level | None = None,
        parent_id: UUID | None = None,
        stage: Stage | None = None,
        code: str | None = None,
    ) -> Any:
        """A page of units."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: units.list_units(
                db, actor, page=page, level=level, parent_id=parent_id, stage=stage, code=code
            ),
        )

    @strawberry.field(description="下级单位 / units below one", graphql_type=Connection[UnitNode])
    async def children(
        self,
        info: Info[Context],
        unit_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """A page of the units directly below one."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: units.list_children(db, actor, unit_id=unit_id, page=page),
        )


@strawberry.type
class UnitMutations:
    """What may be done with units."""

    @strawberry.mutation(description="设立单位 / set up a unit", graphql_type=UnitNode)
    async def create_unit(self, info: Info[Context], new: NewUnitInput) -> Any:
        """Set up a county-level unit or a school."""
        async with info.context.transaction() as db:
            return await units.create_unit(db, info.context.actor, new=new, now=now())
