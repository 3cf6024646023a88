"""Observation sheets over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import observation_sheets
from app.domain.training.observation_sheets import (
    DimensionScore,
    NewSheet,
    ObservationKind,
    OrganisedSheetView,
    SheetAnswer,
    SheetScore,
    SheetView,
)
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now

strawberry.pydantic.type(name="SheetScore", description=SheetScore.__doc__)(SheetScore)
strawberry.pydantic.input(name="DimensionScore", description=DimensionScore.__doc__)(DimensionScore)


@node(
    observation_sheets.SHEETS,
    name="ObservationSheet",
    description="听课记录 / an observation sheet",
)
class SheetNode(Node, SheetView):
    """A sheet."""


@strawberry.pydantic.type(
    name="OrganisedObservationSheet", description="活动的听课记录 / as the organiser sees it"
)
class OrganisedSheetNode(OrganisedSheetView):
    """A sheet as the organiser sees it."""


@strawberry.pydantic.input(name="NewObservationSheet")
class NewSheetInput(NewSheet):
    """What somebody saw in a lesson."""


@strawberry.pydantic.input(name="ObservationSheetAnswer")
class SheetAnswerInput(SheetAnswer):
    """What the teacher says to it."""


@strawberry.type
class ObservationSheetQueries:
    """What may be asked about observation sheets."""

    @strawberry.field(description="一份听课记录 / one sheet", graphql_type=SheetNode)
    async def observation_sheet(self, info: Info[Context], id: UUID) -> Any:
        """One sheet."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: observation_sheets.get_observation_sheet(db, actor, sheet_id=id)
        )

    @strawberry.field(
        description="对一名教师的听课记录 / about one teacher", graphql_type=Connection[SheetNode]
    )
    async def teacher_observation_sheets(
        self,
        info: Info[Context],
        teacher_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        kind: ObservationKind | None = None,
    ) -> Any:
        """A page of the sheets about a teacher."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: observation_sheets.list_teacher_observation_sheets(
                db, actor, teacher_id=teacher_id, page=page, kind=kind
            ),
        )

    @strawberry.field(
        description="活动的听课记录 / of an activity", graphql_type=Connection[OrganisedSheetNode]
    )
    async def observation_sheets(
        self,
        info: Info[Context],
        activity_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        kind: ObservationKind | None = None,
    ) -> Any:
        """A page of the sheets of an activity."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: observation_sheets.list_observation_sheets(
                db, actor, activity_id=activity_id, page=page, kind=kind
            ),
        )

    @strawberry.field(
        description="本人的听课记录 / the sheets that one has written",
        graphql_type=Connection[SheetNode],
    )
    async def own_observations(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        kind: ObservationKind | None = None,
    ) -> Any:
        """A page of the sheets that one has written."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: observation_sheets.list_own_observations(db, actor, page=page, kind=kind),
        )


@strawberry.type
class ObservationSheetMutations:
    """What may be done with observation sheets."""

    @strawberry.mutation(description="提交听课记录 / submit a sheet", graphql_type=SheetNode)
    async def submit_observation_sheet(self, info: Info[Context], new: NewSheetInput) -> Any:
        """Submit what was seen in somebody else's lesson."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await observation_sheets.submit_observation_sheet(db, actor, new=new, now=now())

    @strawberry.mutation(description="回应听课记录 / answer a sheet", graphql_type=SheetNode)
    async def answer_observation_sheet(
        self, info: Info[Context], sheet_id: UUID, answer: SheetAnswerInput
    ) -> Any:
        """Say, as the teacher who gave the lesson, what one thinks of it."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await observation_sheets.answer_observation_sheet(
                db, actor, sheet_id=sheet_id, answer=answer, now=now()
            )
