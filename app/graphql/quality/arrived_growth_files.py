"""Growth files from elsewhere over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.people import teachers
from app.domain.quality import arrived_growth_files
from app.domain.quality.arrived_growth_files import (
    ArrivedGrowthFileView,
    ArrivedPieceView,
    GrowthIssuerView,
    GrowthKey,
    NewArrivedGrowthFile,
    NewGrowthIssuer,
    NewGrowthKey,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now
from app.security.tokens import open_signed

# Keys have no edges: they are the types themselves.
strawberry.pydantic.type(name="GrowthKey", description=GrowthKey.__doc__)(GrowthKey)
strawberry.pydantic.input(name="NewGrowthKey", description=NewGrowthKey.__doc__)(NewGrowthKey)


@node(
    arrived_growth_files.ARRIVED_GROWTH_FILES,
    name="ArrivedGrowthFile",
    description="外来成长档案 / a growth file from elsewhere",
)
class ArrivedGrowthFileNode(Node, ArrivedGrowthFileView):
    """A record that arrived, and beside whom it is kept."""

    teacher = edge(
        teachers.teachers_by_id,
        lazy("app.graphql.people.teachers", "TeacherNode"),
        many=False,
        keys="teacher_ids",
        key="teacher_id",
        description="教师 / teacher",
    )


@node(
    arrived_growth_files.GROWTH_ISSUERS,
    name="GrowthIssuer",
    description="外来档案签发方 / an issuer",
)
class GrowthIssuerNode(Node, GrowthIssuerView):
    """An issuer whose records a city takes in."""


@strawberry.pydantic.type(
    name="ArrivedPiece", description="外来档案件 / a piece of a foreign record"
)
class ArrivedPieceNode(ArrivedPieceView):
    """A piece of a foreign record."""


@strawberry.pydantic.input(name="NewGrowthIssuer")
class NewGrowthIssuerInput(NewGrowthIssuer):
    """An issuer whose records are to be taken in."""


@strawberry.pydantic.input(name="NewArrivedGrowthFile")
class NewArrivedGrowthFileInput(NewArrivedGrowthFile):
    """The file in which a record came."""


@strawberry.type
class ArrivedGrowthFileQueries:
    """What may be asked about growth files from elsewhere."""

    @strawberry.field(
        description="外来档案签发方 / issuers", graphql_type=Connection[GrowthIssuerNode]
    )
    async def growth_issuers(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """Whose records the actor's city takes in, and did (`created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: arrived_growth_files.list_growth_issuers(db, actor, page=page),
        )

    @strawberry.field(description="外来成长档案 / one", graphql_type=ArrivedGrowthFileNode)
    async def arrived_growth_file(self, info: Info[Context], arrival_id: UUID) -> Any:
        """One record that arrived."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: arrived_growth_files.get_arrived_growth_file(
                db, actor, arrival_id=arrival_id
            )
        )

    @strawberry.field(description="外来档案内容 / pieces", graphql_type=list[ArrivedPieceNode])
    async def arrived_pieces(self, info: Info[Context], arrival_id: UUID) -> Any:
        """What a foreign record says, piece by piece."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: arrived_growth_files.list_arrived_pieces(db, actor, arrival_id=arrival_id)
        )

    @strawberry.field(
        description="外来成长档案 / records", graphql_type=Connection[ArrivedGrowthFileNode]
    )
    async def arrived_growth_files(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        teacher_id: UUID | None = None,
    ) -> Any:
        """The records that arrived for people in the actor's place, and for oneself (`created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: arrived_growth_files.list_arrived_growth_files(
                db, actor, page=page, teacher_id=teacher_id
            ),
        )


@strawberry.type
class ArrivedGrowthFileMutations:
    """What may be done about growth files from elsewhere."""

    @strawberry.mutation(description="认可签发方 / trust", graphql_type=GrowthIssuerNode)
    async def trust_growth_issuer(
        self, info: Info[Context], unit_id: UUID, new: NewGrowthIssuerInput
    ) -> Any:
        """Take in what this issuer signs."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await arrived_growth_files.trust_growth_issuer(
                db, actor, unit_id=unit_id, new=new, now=now()
            )

    @strawberry.mutation(description="终止认可 / end", graphql_type=GrowthIssuerNode)
    async def end_growth_issuer(self, info: Info[Context], issuer_id: UUID) -> Any:
        """Take nothing in any more from an issuer."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await arrived_growth_files.end_growth_issuer(
                db, actor, issuer_id=issuer_id, now=now()
            )

    @strawberry.mutation(description="接收外来档案 / take in", graphql_type=ArrivedGrowthFileNode)
    async def take_in_growth_file(
        self, info: Info[Context], teacher_id: UUID, new: NewArrivedGrowthFileInput
    ) -> Any:
        """Keep a signed record of another city beside a teacher."""
        actor, held = info.context.actor, info.context.held
        async with info.context.transaction() as db:
            return await arrived_growth_files.take_in_growth_file(
                db,
                actor,
                teacher_id=teacher_id,
                new=new,
                archive=held.archive,
                opens=open_signed,
                now=now(),
            )
