"""Pairs of teachers over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.people import pairs, teachers
from app.domain.people.pairs import NewPair, PairEnd, PairKind, PairView
from app.graphql.context import Context
from app.graphql.edges import edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.people.teachers import TeacherNode
from app.request import now


def _partner(key: str, description: str) -> Any:
    return edge(
        teachers.teachers_by_id,
        TeacherNode,
        many=False,
        keys="teacher_ids",
        key=key,
        description=description,
    )


@node(pairs.PAIRS, name="Pair", description="结对 / two teachers who help each other")
class PairNode(Node, PairView):
    """A pair with its edges."""

    one = _partner("one_id", "一方 / one of the two")
    other = _partner("other_id", "另一方 / the other of the two")


@strawberry.pydantic.input(name="NewPair")
class NewPairInput(NewPair):
    """Two teachers to be paired."""


@strawberry.pydantic.input(name="PairEnd")
class PairEndInput(PairEnd):
    """What came of a pair."""


@strawberry.type
class PairQueries:
    """What may be asked about pairs."""

    @strawberry.field(description="一个结对 / one pair", graphql_type=PairNode)
    async def pair(self, info: Info[Context], id: UUID) -> Any:
        """One pair."""
        actor = info.context.actor
        return await info.context.read(lambda db: pairs.get_pair(db, actor, pair_id=id))

    @strawberry.field(description="结对列表 / pairs", graphql_type=Connection[PairNode])
    async def pairs(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        teacher_id: UUID | None = None,
        kind: PairKind | None = None,
        open: bool | None = None,
    ) -> Any:
        """A page of pairs."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: pairs.list_pairs(
                db,
                actor,
                page=page,
                unit_id=unit_id,
                teacher_id=teacher_id,
                kind=kind,
                open=open,
            ),
        )


@strawberry.type
class PairMutations:
    """How pairs are formed and ended."""

    @strawberry.mutation(description="结对 / pair two teachers", graphql_type=PairNode)
    async def form_pair(self, info: Info[Context], new: NewPairInput) -> Any:
        """Pair two teachers of a school or a bureau."""
        async with info.context.transaction() as db:
            return await pairs.form_pair(db, info.context.actor, new=new)

    @strawberry.mutation(description="结束结对 / end a pair", graphql_type=PairNode)
    async def end_pair(self, info: Info[Context], pair_id: UUID, end: PairEndInput) -> Any:
        """End a pair today."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await pairs.end_pair(db, actor, pair_id=pair_id, end=end, now=now())
