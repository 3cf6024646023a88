"""Regulations of schools over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import units
from app.domain.quality import regulations
from app.domain.quality.regulations import (
    MissingRegulationsView,
    NewRegulation,
    NewRegulationVersion,
    RegulationCoverageView,
    RegulationKind,
    RegulationRepeal,
    RegulationVersionView,
    RegulationView,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.training.files import FileLinkNode, NewFileLinkInput
from app.request import now


@node(regulations.REGULATIONS, name="Regulation", description="制度 / a regulation")
class RegulationNode(Node, RegulationView):
    """A regulation and its unit."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="制定单位 / unit that made it",
    )


@strawberry.pydantic.type(name="RegulationVersion", description="制度版本 / a text of a regulation")
class RegulationVersionNode(RegulationVersionView):
    """One text of a regulation."""


@strawberry.pydantic.type(name="MissingRegulations", description="缺少的制度 / what a school lacks")
class MissingRegulationsNode(MissingRegulationsView):
    """What a school lacks of the five sets."""


@strawberry.pydantic.type(
    name="RegulationCoverage", description="制度建立情况 / how many schools have them"
)
class RegulationCoverageNode(RegulationCoverageView):
    """How many schools of a bureau have regulations of a kind."""


@strawberry.pydantic.input(name="NewRegulation")
class NewRegulationInput(NewRegulation):
    """A regulation to be made."""


@strawberry.pydantic.input(name="NewRegulationVersion")
class NewRegulationVersionInput(NewRegulationVersion):
    """Another text of a regulation."""


@strawberry.pydantic.input(name="RegulationRepeal")
class RegulationRepealInput(RegulationRepeal):
    """From when a regulation no longer holds."""


@strawberry.type
class RegulationQueries:
    """What may be asked about regulations."""

    @strawberry.field(description="制度 / regulations", graphql_type=Connection[RegulationNode])
    async def regulations(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        kind: RegulationKind | None = None,
        in_force_on: date | None = None,
    ) -> Any:
        """The regulations of the units in the actor's place (`created`, `title`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: regulations.list_regulations(
                db, actor, page=page, unit_id=unit_id, kind=kind, in_force_on=in_force_on
            ),
        )

    @strawberry.field(
        description="本单位及上级制度 / regulations that hold for the actor",
        graphql_type=Connection[RegulationNode],
    )
    async def own_regulations(
        self, info: Info[Context], first: First = 50, after: After = None, sort: Sort = None
    ) -> Any:
        """The regulations of the actor's units, and of those above them (`created`, `title`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context, lambda db: regulations.list_own_regulations(db, actor, page=page)
        )

    @strawberry.field(description="一项制度 / one regulation", graphql_type=RegulationNode)
    async def regulation(self, info: Info[Context], id: UUID) -> Any:
        """One regulation of the actor's place or units."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: regulations.get_regulation(db, actor, regulation_id=id)
        )

    @strawberry.field(
        description="制度版本 / texts of a regulation", graphql_type=list[RegulationVersionNode]
    )
    async def regulation_versions(self, info: Info[Context], regulation_id: UUID) -> Any:
        """All the texts that a regulation has had, the first first."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: regulations.list_regulation_versions(db, actor, regulation_id=regulation_id)
        )

    @strawberry.field(
        description="缺少制度的学校 / schools that lack regulations",
        graphql_type=list[MissingRegulationsNode],
    )
    async def missing_regulations(self, info: Info[Context], unit_id: UUID) -> Any:
        """The schools at or below a unit that lack any of the five sets, each with what it lacks."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: regulations.list_missing_regulations(db, actor, unit_id=unit_id, now=now())
        )

    @strawberry.field(
        description="制度建立情况 / how many schools have regulations",
        graphql_type=list[RegulationCoverageNode],
    )
    async def regulation_coverage(self, info: Info[Context], unit_id: UUID) -> Any:
        """Of each bureau at or below a unit, how many of its schools have each of the five sets."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: regulations.list_regulation_coverage(db, actor, unit_id=unit_id, now=now())
        )


@strawberry.type
class RegulationMutations:
    """What may be done with regulations."""

    @strawberry.mutation(description="制定制度 / make a regulation", graphql_type=RegulationNode)
    async def create_regulation(self, info: Info[Context], new: NewRegulationInput) -> Any:
        """Make a regulation of a unit, with its first text."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await regulations.create_regulation(db, actor, new=new, now=now())

    @strawberry.mutation(description="修订制度 / add a text", graphql_type=RegulationNode)
    async def add_regulation_version(
        self, info: Info[Context], regulation_id: UUID, new: NewRegulationVersionInput
    ) -> Any:
        """Add a text to a regulation; those before stay."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await regulations.add_regulation_version(
                db, actor, regulation_id=regulation_id, new=new, now=now()
            )

    @strawberry.mutation(
        description="制度文本链接 / a link to the file of a text", graphql_type=FileLinkNode
    )
    async def create_regulation_file_link(
        self, info: Info[Context], regulation_id: UUID, number: int, new: NewFileLinkInput
    ) -> Any:
        """A link to the file of a text of a regulation, for ten minutes; that it was asked for is recorded."""
        actor, links = info.context.actor, info.context.held.archive.links
        async with info.context.transaction() as db:
            return await regulations.create_regulation_file_link(
                db,
                actor,
                regulation_id=regulation_id,
                number=number,
                new=new,
                links=links,
                now=now(),
            )

    @strawberry.mutation(description="废止制度 / repeal a regulation", graphql_type=RegulationNode)
    async def repeal_regulation(
        self, info: Info[Context], regulation_id: UUID, repeal: RegulationRepealInput
    ) -> Any:
        """Let a regulation end."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await regulations.repeal_regulation(
                db, actor, regulation_id=regulation_id, repeal=repeal, now=now()
            )
