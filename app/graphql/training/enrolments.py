"""Enrolments over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import activities, enrolments
from app.domain.training.enrolments import EnrolledView, EnrolmentView
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(enrolments.ENROLMENTS, name="Enrolment", description="报名 / an enrolment")
class EnrolmentNode(Node, EnrolmentView):
    """An enrolment with its edge."""

    activity = edge(
        activities.activities_by_id,
        lazy("app.graphql.training.activities", "ActivityNode"),
        many=False,
        keys="activity_ids",
        key="activity_id",
        description="活动 / the activity, null where the actor may not see it",
    )


@strawberry.pydantic.type(name="Enrolled", description="报名者 / who is enrolled, narrowly")
class EnrolledNode(EnrolledView):
    """An enrolment as the organiser sees it."""


@strawberry.type
class EnrolmentQueries:
    """What may be asked about enrolments."""

    @strawberry.field(
        description="活动报名 / who is enrolled", graphql_type=Connection[EnrolledNode]
    )
    async def enrolments(
        self,
        info: Info[Context],
        activity_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """A page of those who are enrolled in an activity."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: enrolments.list_enrolments(db, actor, activity_id=activity_id, page=page),
        )

    @strawberry.field(
        description="教师的报名 / of one teacher", graphql_type=Connection[EnrolmentNode]
    )
    async def teacher_enrolments(
        self,
        info: Info[Context],
        teacher_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """A page of a teacher's enrolments."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: enrolments.list_teacher_enrolments(
                db, actor, teacher_id=teacher_id, page=page
            ),
        )


@strawberry.type
class EnrolmentMutations:
    """What may be done with enrolments."""

    @strawberry.mutation(description="报名 / enrol", graphql_type=EnrolmentNode)
    async def enrol_oneself(self, info: Info[Context], activity_id: UUID) -> Any:
        """Enrol in an activity that is offered to the actor."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await enrolments.enrol_oneself(db, actor, activity_id=activity_id, now=now())

    @strawberry.mutation(description="退出报名 / withdraw", graphql_type=EnrolmentNode)
    async def withdraw_enrolment(self, info: Info[Context], activity_id: UUID) -> Any:
        """Withdraw the actor's own enrolment."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await enrolments.withdraw_enrolment(
                db, actor, activity_id=activity_id, now=now()
            )
