"""Programmes over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation.designations import DesignationLevel
from app.domain.people import programmes
from app.domain.people.programmes import NewProgramme, ProgrammeKind, ProgrammeView
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request


@node(programmes.PROGRAMMES, name="Programme", description="人才培养工程 / a talent programme")
class ProgrammeNode(Node, ProgrammeView):
    """A programme."""


@strawberry.pydantic.input(name="NewProgramme")
class NewProgrammeInput(NewProgramme):
    """A programme to be set up."""


@strawberry.type
class ProgrammeQueries:
    """What may be asked about programmes."""

    @strawberry.field(description="一项培养工程 / one programme", graphql_type=ProgrammeNode)
    async def programme(self, info: Info[Context], id: UUID) -> Any:
        """One programme."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: programmes.get_programme(db, actor, programme_id=id)
        )

    @strawberry.field(
        description="培养工程列表 / programmes", graphql_type=Connection[ProgrammeNode]
    )
    async def programmes(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        kind: ProgrammeKind | None = None,
        level: DesignationLevel | None = None,
        offered: bool | None = None,
    ) -> Any:
        """A page of programmes."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: programmes.list_programmes(
                db, actor, page=page, unit_id=unit_id, kind=kind, level=level, offered=offered
            ),
        )


@strawberry.type
class ProgrammeMutations:
    """What may be done with programmes."""

    @strawberry.mutation(
        description="设立培养工程 / set up a programme", graphql_type=ProgrammeNode
    )
    async def create_programme(self, info: Info[Context], new: NewProgrammeInput) -> Any:
        """Set up a programme of a unit."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await programmes.create_programme(db, actor, new=new)
