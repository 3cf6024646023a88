"""Model cases over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import units
from app.domain.quality import model_adoptions, model_cases
from app.domain.quality.model_cases import (
    ModelCasePublication,
    ModelCaseReturn,
    ModelCaseVersionView,
    ModelCaseView,
    ModelCaseWithdrawal,
    NewModelCase,
    NewModelCaseVersion,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy, paged_edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(model_cases.MODEL_CASES, name="ModelCase", description="典型案例 / a model case")
class ModelCaseNode(Node, ModelCaseView):
    """A case with its unit and who has adopted it."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="案例单位 / unit from whose work it was drawn",
    )
    adoptions = paged_edge(
        model_adoptions.model_adoptions_of,
        lazy("app.graphql.quality.model_adoptions", "ModelAdoptionNode"),
        keys="case_ids",
        first=20,
        description="推广应用 / adoptions that the actor may see",
    )


@node(
    model_cases.MODEL_CASE_VERSIONS,
    name="ModelCaseVersion",
    description="案例版本 / a version of a model case",
)
class ModelCaseVersionNode(Node, ModelCaseVersionView):
    """A version of a case."""


@strawberry.pydantic.input(name="NewModelCase")
class NewModelCaseInput(NewModelCase):
    """A case to be drawn from the work of a unit."""


@strawberry.pydantic.input(name="NewModelCaseVersion")
class NewModelCaseVersionInput(NewModelCaseVersion):
    """What a version is to say."""


@strawberry.pydantic.input(name="ModelCaseReturn")
class ModelCaseReturnInput(ModelCaseReturn):
    """Why it goes back."""


@strawberry.pydantic.input(name="ModelCasePublication")
class ModelCasePublicationInput(ModelCasePublication):
    """To whom a case is published."""


@strawberry.pydantic.input(name="ModelCaseWithdrawal")
class ModelCaseWithdrawalInput(ModelCaseWithdrawal):
    """Why a case is withdrawn."""


@strawberry.type
class ModelCaseQueries:
    """What may be asked about model cases."""

    @strawberry.field(description="典型案例 / model cases", graphql_type=Connection[ModelCaseNode])
    async def model_cases(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        published: bool | None = None,
        withdrawn: bool | None = None,
    ) -> Any:
        """The cases that were drawn from the work of the units in the actor's place (`created`, `title`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: model_cases.list_model_cases(
                db, actor, page=page, unit_id=unit_id, published=published, withdrawn=withdrawn
            ),
        )

    @strawberry.field(
        description="可供借鉴的典型案例 / cases to follow", graphql_type=Connection[ModelCaseNode]
    )
    async def published_model_cases(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
    ) -> Any:
        """The cases that are published to the actor (`created`, `title`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: model_cases.list_published_model_cases(
                db, actor, page=page, unit_id=unit_id
            ),
        )

    @strawberry.field(description="一个典型案例 / one case", graphql_type=ModelCaseNode)
    async def model_case(
        self,
        info: Info[Context],
        id: UUID,
    ) -> Any:
        """One case of the actor's place, or published to the actor."""
        actor = info.context.actor
        return await info.context.read(lambda db: model_cases.get_model_case(db, actor, case_id=id))

    @strawberry.field(
        description="案例版本 / versions", graphql_type=Connection[ModelCaseVersionNode]
    )
    async def model_case_versions(
        self,
        info: Info[Context],
        case_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """The versions of a case that the actor may read (`number`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: model_cases.list_model_case_versions(db, actor, case_id=case_id, page=page),
        )


@strawberry.type
class ModelCaseMutations:
    """What may be done about model cases."""

    @strawberry.mutation(description="提炼案例 / draw a case", graphql_type=ModelCaseNode)
    async def create_model_case(
        self,
        info: Info[Context],
        new: NewModelCaseInput,
    ) -> Any:
        """Draw a case from the work of a unit."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await model_cases.create_model_case(db, actor, new=new, now=now())

    @strawberry.mutation(description="修改案例 / write it", graphql_type=ModelCaseNode)
    async def write_model_case(
        self,
        info: Info[Context],
        case_id: UUID,
        new: NewModelCaseVersionInput,
    ) -> Any:
        """Write the latest version anew, or begin the next one."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await model_cases.write_model_case(db, actor, case_id=case_id, new=new)

    @strawberry.mutation(description="送审 / submit it", graphql_type=ModelCaseNode)
    async def submit_model_case(
        self,
        info: Info[Context],
        case_id: UUID,
    ) -> Any:
        """Submit the latest version to the bureau above."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await model_cases.submit_model_case(db, actor, case_id=case_id, now=now())

    @strawberry.mutation(description="退回 / return it", graphql_type=ModelCaseNode)
    async def return_model_case(
        self,
        info: Info[Context],
        case_id: UUID,
        said: ModelCaseReturnInput,
    ) -> Any:
        """Return what was submitted, with what is to be written otherwise."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await model_cases.return_model_case(
                db, actor, case_id=case_id, said=said, now=now()
            )

    @strawberry.mutation(description="发布 / publish it", graphql_type=ModelCaseNode)
    async def publish_model_case(
        self,
        info: Info[Context],
        case_id: UUID,
        new: ModelCasePublicationInput,
    ) -> Any:
        """Publish a case to all or some below a bureau."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await model_cases.publish_model_case(
                db, actor, case_id=case_id, new=new, now=now()
            )

    @strawberry.mutation(description="撤回 / withdraw it", graphql_type=ModelCaseNode)
    async def withdraw_model_case(
        self,
        info: Info[Context],
        case_id: UUID,
        said: ModelCaseWithdrawalInput,
    ) -> Any:
        """Withdraw a published case with a reason."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await model_cases.withdraw_model_case(
                db, actor, case_id=case_id, said=said, now=now()
            )
