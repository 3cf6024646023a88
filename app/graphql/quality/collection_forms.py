"""Collection forms over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import units
from app.domain.quality import collection_forms
from app.domain.quality.collection_forms import (
    CollectionFormView,
    FormCell,
    FormCellAnswer,
    FormCellValueView,
    FormConfirmation,
    FormReturnCellView,
    FormReturnState,
    FormReturnView,
    FormSendingBack,
    FormTotalView,
    NewCollectionForm,
    NewFormCell,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy, paged_edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now

# The cells of a form have no edges: they are the types themselves.
strawberry.pydantic.type(name="FormCell", description=FormCell.__doc__)(FormCell)
strawberry.pydantic.input(name="NewFormCell", description=NewFormCell.__doc__)(NewFormCell)
strawberry.pydantic.input(name="FormCellAnswer", description=FormCellAnswer.__doc__)(FormCellAnswer)


@node(collection_forms.FORM_RETURNS, name="FormReturn", description="报表填报 / a return")
class FormReturnNode(Node, FormReturnView):
    """A return with its form and its school."""

    form = edge(
        collection_forms.collection_forms_by_id,
        lazy("app.graphql.quality.collection_forms", "CollectionFormNode"),
        many=False,
        keys="form_ids",
        key="form_id",
        description="报表 / form",
    )
    school = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="school_id",
        description="学校 / school",
    )


@node(collection_forms.COLLECTION_FORMS, name="CollectionForm", description="报表 / a form")
class CollectionFormNode(Node, CollectionFormView):
    """A form with its returns."""

    returns = paged_edge(
        collection_forms.form_returns_of,
        FormReturnNode,
        keys="form_ids",
        first=50,
        description="各校填报 / returns of schools",
    )


@strawberry.pydantic.type(name="FormReturnCell", description=FormReturnCellView.__doc__)
class FormReturnCellNode(FormReturnCellView):
    """A cell of a return."""


@strawberry.pydantic.type(name="FormTotal", description=FormTotalView.__doc__)
class FormTotalNode(FormTotalView):
    """A cell over all schools."""


@strawberry.pydantic.type(name="FormCellValue", description=FormCellValueView.__doc__)
class FormCellValueNode(FormCellValueView):
    """What one school has in a cell."""


@strawberry.pydantic.input(name="NewCollectionForm")
class NewCollectionFormInput(NewCollectionForm):
    """A form to be issued."""


@strawberry.pydantic.input(name="FormConfirmation")
class FormConfirmationInput(FormConfirmation):
    """That a return is right."""


@strawberry.pydantic.input(name="FormSendingBack")
class FormSendingBackInput(FormSendingBack):
    """Why a return is to be looked at again."""


@strawberry.type
class CollectionFormQueries:
    """What may be asked about collection forms."""

    @strawberry.field(description="报表 / a form", graphql_type=CollectionFormNode)
    async def collection_form(self, info: Info[Context], form_id: UUID) -> Any:
        """One form, and which cell of it holds what."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: collection_forms.get_collection_form(db, actor, form_id=form_id)
        )

    @strawberry.field(description="报表 / forms", graphql_type=Connection[CollectionFormNode])
    async def collection_forms(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        closed: bool | None = None,
    ) -> Any:
        """The forms of the bureaux at and above the actor (`due_on`, `created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: collection_forms.list_collection_forms(
                db, actor, page=page, unit_id=unit_id, closed=closed
            ),
        )

    @strawberry.field(description="报表汇总 / a form added up", graphql_type=list[FormTotalNode])
    async def form_totals(
        self, info: Info[Context], form_id: UUID, county_id: UUID | None = None
    ) -> Any:
        """Each cell over all schools of a form, or those of a county."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: collection_forms.list_form_totals(
                db, actor, form_id=form_id, county_id=county_id
            )
        )

    @strawberry.field(
        description="单元格的各校数值 / what each school has in a cell",
        graphql_type=Connection[FormCellValueNode],
    )
    async def form_cell_values(
        self,
        info: Info[Context],
        form_id: UUID,
        cell: str,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        county_id: UUID | None = None,
    ) -> Any:
        """What each school has in one cell, with the address of the rows behind it (`school_name`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: collection_forms.list_form_cell_values(
                db, actor, form_id=form_id, cell=cell, page=page, county_id=county_id
            ),
        )

    @strawberry.field(description="报表填报 / a return", graphql_type=FormReturnNode)
    async def form_return(self, info: Info[Context], return_id: UUID) -> Any:
        """One return."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: collection_forms.get_form_return(db, actor, return_id=return_id)
        )

    @strawberry.field(description="报表填报 / returns", graphql_type=Connection[FormReturnNode])
    async def form_returns(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        form_id: UUID | None = None,
        school_id: UUID | None = None,
        state: FormReturnState | None = None,
    ) -> Any:
        """The returns of the schools in the actor's place (`created`, `due_on`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: collection_forms.list_form_returns(
                db, actor, page=page, form_id=form_id, school_id=school_id, state=state
            ),
        )

    @strawberry.field(
        description="填报的单元格 / cells of a return", graphql_type=list[FormReturnCellNode]
    )
    async def form_return_cells(self, info: Info[Context], return_id: UUID) -> Any:
        """The cells of a return, computed and stated side by side."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: collection_forms.list_form_return_cells(db, actor, return_id=return_id)
        )


@strawberry.type
class CollectionFormMutations:
    """What may be done about collection forms."""

    @strawberry.mutation(description="下达报表 / issue a form", graphql_type=CollectionFormNode)
    async def issue_collection_form(self, info: Info[Context], new: NewCollectionFormInput) -> Any:
        """Issue a bureau's own form to all schools below it, filled from the register."""
        actor, store = info.context.actor, info.context.held.archive.store
        async with info.context.transaction() as db:
            return await collection_forms.issue_collection_form(
                db, actor, new=new, store=store, now=now()
            )

    @strawberry.mutation(description="截止汇总 / close a form", graphql_type=CollectionFormNode)
    async def close_collection_form(self, info: Info[Context], form_id: UUID) -> Any:
        """Close a form: what is not confirmed by then stays unconfirmed."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await collection_forms.close_collection_form(
                db, actor, form_id=form_id, now=now()
            )

    @strawberry.mutation(description="确认填报 / confirm a return", graphql_type=FormReturnNode)
    async def confirm_form_return(
        self, info: Info[Context], return_id: UUID, said: FormConfirmationInput
    ) -> Any:
        """Confirm for the school; cells that are not named are as computed."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await collection_forms.confirm_form_return(
                db, actor, return_id=return_id, said=said, now=now()
            )

    @strawberry.mutation(description="退回填报 / send back", graphql_type=FormReturnNode)
    async def send_back_form_return(
        self, info: Info[Context], return_id: UUID, said: FormSendingBackInput
    ) -> Any:
        """Send a confirmed return back, to be looked at again."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await collection_forms.send_back_form_return(
                db, actor, return_id=return_id, said=said, now=now()
            )
