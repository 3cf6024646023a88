"""Units over GraphQL."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.credits import summaries
from app.domain.organisation import (
    attachments,
    committees,
    departments,
    designations,
    guidance_visits,
    responsibilities,
    statistics,
    units,
)
from app.domain.organisation.units import (
    Level,
    LocationClass,
    NewUnit,
    Stage,
    UnitChanges,
    UnitView,
)
from app.domain.people import teachers
from app.domain.training import groups
from app.graphql.context import Context
from app.graphql.edges import edge, lazy, paged_edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(units.UNITS, name="Unit", description="单位：市、县、校 / a bureau or a school")
class UnitNode(Node, UnitView):
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
    teachers = paged_edge(
        teachers.teachers_of,
        lazy("app.graphql.people.teachers", "TeacherNode"),
        keys="unit_ids",
        first=50,
        description="教师（学校） / teachers of a school, by name",
    )
    groups = paged_edge(
        groups.groups_of,
        lazy("app.graphql.training.groups", "GroupNode"),
        keys="unit_ids",
        first=50,
        description="教研组 / research groups that the unit owns, by name",
    )
    designations = edge(
        designations.designations_of,
        lazy("app.graphql.organisation.designations", "DesignationNode"),
        many=True,
        keys="unit_ids",
        description="命名与挂牌（学校） / titles that the school bears or bore, by first day",
    )
    responsibilities = edge(
        responsibilities.responsibilities_of,
        lazy("app.graphql.organisation.responsibilities", "ResponsibilityNode"),
        many=True,
        keys="unit_ids",
        description="职责分工（学校） / who answers for what, or did",
    )
    attachments = edge(
        attachments.attachments_of,
        lazy("app.graphql.organisation.attachments", "AttachmentNode"),
        many=True,
        keys="unit_ids",
        description="附属关系（学校） / the schools to which it belongs, or did",
    )
    departments = edge(
        departments.departments_of,
        lazy("app.graphql.organisation.departments", "DepartmentNode"),
        many=True,
        keys="unit_ids",
        description="部门 / the departments that the unit has today, by name",
    )
    committees = edge(
        committees.committees_of,
        lazy("app.graphql.organisation.committees", "CommitteeNode"),
        many=True,
        keys="unit_ids",
        description="委员会与领导小组 / the committees that the unit has or had, by name",
    )
    guidance_visits = paged_edge(
        guidance_visits.guidance_visits_of,
        lazy("app.graphql.organisation.guidance_visits", "GuidanceVisitNode"),
        keys="unit_ids",
        first=20,
        description="接受的指导 / guidance that the unit was given, the latest first",
    )
    statistics = paged_edge(
        statistics.statistics_of,
        lazy("app.graphql.organisation.statistics", "StatisticNode"),
        keys="unit_ids",
        first=50,
        description="年度统计 / what the unit ever stated, the latest school year first",
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


@strawberry.pydantic.input(name="UnitChanges")
class UnitChangesInput(UnitChanges):
    """What of a school is to be changed."""


AsOf = Annotated[date | None, strawberry.argument(description="该日有效 / that held on this day")]
KnownOn = Annotated[
    date | None, strawberry.argument(description="该日终了时系统所知 / as believed at its end")
]


@strawberry.type
class UnitQueries:
    """What may be asked about units."""

    @strawberry.field(description="一个单位 / one unit", graphql_type=UnitNode)
    async def unit(
        self, info: Info[Context], id: UUID, as_of: AsOf = None, known_on: KnownOn = None
    ) -> Any:
        """One unit."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: units.get_unit(db, actor, unit_id=id, as_of=as_of, known_on=known_on)
        )

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
        location: LocationClass | None = None,
        known_as: str | None = None,
        closed: bool | None = None,
    ) -> Any:
        """A page of units."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: units.list_units(
                db,
                actor,
                page=page,
                level=level,
                parent_id=parent_id,
                stage=stage,
                code=code,
                location=location,
                known_as=known_as,
                closed=bool(closed),
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

    @strawberry.mutation(description="修改学校信息 / change a school", graphql_type=UnitNode)
    async def update_unit(
        self, info: Info[Context], unit_id: UUID, changes: UnitChangesInput
    ) -> Any:
        """Change a school's stages and location."""
        async with info.context.transaction() as db:
            return await units.update_unit(
                db, info.context.actor, unit_id=unit_id, changes=changes, now=now()
            )
