"""Forms of activities over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import activities, forms
from app.domain.training.activities import ActivityKind
from app.domain.training.forms import (
    FormEvidence,
    FormSource,
    FormStep,
    FormView,
    NewForm,
    NewFormEvidence,
    NewFormSource,
    NewFormStep,
)
from app.graphql.context import Context
from app.graphql.edges import lazy, paged_edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now

# The parts of a form have no edges: they are the types and the inputs themselves.
for _part in (FormStep, FormEvidence, FormSource):
    strawberry.pydantic.type(name=_part.__name__, description=_part.__doc__)(_part)
for _given in (NewFormStep, NewFormEvidence, NewFormSource):
    strawberry.pydantic.input(name=_given.__name__, description=_given.__doc__)(_given)


@node(forms.FORMS, name="ActivityForm", description="活动样式 / a version of a form of activities")
class FormNode(Node, FormView):
    """A version of a form with its edge."""

    activities = paged_edge(
        activities.activities_of_forms,
        lazy("app.graphql.training.activities", "ActivityNode"),
        keys="form_ids",
        first=10,
        description="采用该版本的活动，最近的在前 / the activities held by it, the latest first",
    )


@strawberry.pydantic.input(name="NewForm")
class NewFormInput(NewForm):
    """A form to be published."""


@strawberry.type
class FormQueries:
    """What may be asked about forms."""

    @strawberry.field(description="一个活动样式 / one version of a form", graphql_type=FormNode)
    async def form(self, info: Info[Context], id: UUID) -> Any:
        """One version of a form."""
        actor = info.context.actor
        return await info.context.read(lambda db: forms.get_form(db, actor, form_id=id))

    @strawberry.field(
        description="本市的活动样式 / forms of the city", graphql_type=Connection[FormNode]
    )
    async def forms(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        kind: ActivityKind | None = None,
        code: str | None = None,
        in_force: bool | None = None,
    ) -> Any:
        """A page of the forms of the actor's city."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: forms.list_forms(
                db, actor, page=page, kind=kind, code=code, in_force=in_force
            ),
        )


@strawberry.type
class FormMutations:
    """What may be done with forms."""

    @strawberry.mutation(description="发布活动样式 / publish a form", graphql_type=FormNode)
    async def publish_form(self, info: Info[Context], new: NewFormInput) -> Any:
        """Publish the first or the next version of a form."""
        async with info.context.transaction() as db:
            return await forms.publish_form(db, info.context.actor, new=new, now=now())

    @strawberry.mutation(description="停用活动样式 / retire a form", graphql_type=FormNode)
    async def retire_form(self, info: Info[Context], form_id: UUID) -> Any:
        """Retire a form."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await forms.retire_form(db, actor, form_id=form_id, now=now())
