"""What is sealed of a teacher over GraphQL: mutations alone, so that no list ever holds it."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.people import personal_data
from app.domain.people.personal_data import LookView, NumberSought, RevealedView, RevealRequest
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.people.teachers import TeacherNode
from app.request import now


@node(personal_data.LOOKS, name="Look", description="查阅记录 / that somebody saw what is sealed")
class LookNode(Node, LookView):
    """A look at the record of the one who asks."""


@strawberry.pydantic.type(name="Revealed", description="明文信息 / what was sealed, in full")
class RevealedNode(RevealedView):
    """What is sealed of a teacher, in full."""


@strawberry.pydantic.input(name="RevealRequest")
class RevealRequestInput(RevealRequest):
    """What is to be shown, and why."""


@strawberry.pydantic.input(name="NumberSought")
class NumberSoughtInput(NumberSought):
    """A whole number, and why it is looked for."""


@strawberry.type
class PersonalDataQueries:
    """What may be asked about looks."""

    @strawberry.field(
        description="谁查阅过本人信息 / who saw what is sealed of oneself",
        graphql_type=Connection[LookNode],
    )
    async def looks(
        self, info: Info[Context], first: First = 50, after: After = None, sort: Sort = None
    ) -> Any:
        """A page of the looks at one's own record."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context, lambda db: personal_data.list_looks(db, actor, page=page)
        )


@strawberry.type
class PersonalDataMutations:
    """What may be done with what is sealed."""

    @strawberry.mutation(
        description="查看明文，须说明理由 / what is sealed, in full, for a reason",
        graphql_type=RevealedNode,
    )
    async def reveal_personal_data(
        self, info: Info[Context], teacher_id: UUID, request: RevealRequestInput
    ) -> Any:
        """What is sealed of a teacher, in full."""
        context = info.context
        async with context.transaction() as db:
            return await personal_data.reveal_personal_data(
                db,
                context.actor,
                teacher_id=teacher_id,
                request=request,
                cipher=context.held.cipher,
                now=now(),
            )

    @strawberry.mutation(
        description="按完整号码查找教师 / whose a whole number is", graphql_type=list[TeacherNode]
    )
    async def find_teachers(self, info: Info[Context], sought: NumberSoughtInput) -> Any:
        """Whose a whole number is, within one's own place."""
        context = info.context
        async with context.transaction() as db:
            return await personal_data.find_teachers(
                db, context.actor, sought=sought, cipher=context.held.cipher, now=now()
            )
