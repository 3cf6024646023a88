"""Enrolments over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import activities, enrolments, no_shows
from app.domain.training.enrolments import (
    EnrolledView,
    EnrolmentView,
    NewPlaces,
    Nomination,
    Placement,
    PlacesView,
    SchoolQuota,
    SchoolQuotaView,
    Withdrawal,
)
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


# The parts have no edges: their views are the types themselves.
strawberry.pydantic.type(name="SchoolQuota", description=SchoolQuotaView.__doc__)(SchoolQuotaView)
strawberry.pydantic.input(name="NewSchoolQuota", description=SchoolQuota.__doc__)(SchoolQuota)


@strawberry.pydantic.type(name="Places", description="活动名额 / places of an activity")
class PlacesNode(PlacesView):
    """How the places of an activity are given."""


@strawberry.pydantic.input(name="NewPlaces")
class NewPlacesInput(NewPlaces):
    """How places are to be given."""


@strawberry.pydantic.input(name="Nomination")
class NominationInput(Nomination):
    """Whom a school nominates."""


@strawberry.pydantic.input(name="Placement")
class PlacementInput(Placement):
    """To whom a place is given."""


@strawberry.pydantic.input(name="Withdrawal")
class WithdrawalInput(Withdrawal):
    """Why a place is given back, or taken."""


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

    @strawberry.field(description="活动名额 / how places are given", graphql_type=PlacesNode)
    async def places(self, info: Info[Context], activity_id: UUID) -> Any:
        """How the places of an activity are given."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: enrolments.get_places(db, actor, activity_id=activity_id)
        )

    @strawberry.field(
        description="活动候补名单 / who waits for a place", graphql_type=Connection[EnrolledNode]
    )
    async def waiting(
        self,
        info: Info[Context],
        activity_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """A page of those who wait for a place in an activity."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: enrolments.list_waiting(db, actor, activity_id=activity_id, page=page),
        )

    @strawberry.field(
        description="报名未到者 / who had a place and did not come",
        graphql_type=Connection[EnrolledNode],
    )
    async def no_shows(
        self,
        info: Info[Context],
        activity_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """A page of those who had a place and did not come."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: no_shows.list_no_shows(db, actor, activity_id=activity_id, page=page),
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

    @strawberry.mutation(description="谢绝推荐 / decline", graphql_type=EnrolmentNode)
    async def decline_nomination(
        self, info: Info[Context], activity_id: UUID, why: WithdrawalInput
    ) -> Any:
        """Decline the place for which the actor's school asked."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await enrolments.decline_nomination(
                db, actor, activity_id=activity_id, why=why, now=now()
            )

    @strawberry.mutation(
        description="设定名额 / decide how places are given", graphql_type=PlacesNode
    )
    async def set_places(self, info: Info[Context], activity_id: UUID, new: NewPlacesInput) -> Any:
        """Decide how the places of an activity are given."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await enrolments.set_places(
                db, actor, activity_id=activity_id, new=new, now=now()
            )

    @strawberry.mutation(description="推荐教师 / nominate", graphql_type=list[EnrolmentNode])
    async def nominate_teachers(
        self, info: Info[Context], school_id: UUID, nomination: NominationInput
    ) -> Any:
        """Enrol teachers of a school in an activity."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await enrolments.nominate_teachers(
                db, actor, school_id=school_id, nomination=nomination, now=now()
            )

    @strawberry.mutation(description="安排教师参加 / give a place", graphql_type=EnrolmentNode)
    async def enrol_teacher(
        self, info: Info[Context], activity_id: UUID, placement: PlacementInput
    ) -> Any:
        """Give a teacher a place before those who wait."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await enrolments.enrol_teacher(
                db, actor, activity_id=activity_id, placement=placement, now=now()
            )

    @strawberry.mutation(description="取消报名 / take a place back", graphql_type=EnrolmentNode)
    async def remove_enrolment(
        self, info: Info[Context], activity_id: UUID, teacher_id: UUID, why: WithdrawalInput
    ) -> Any:
        """Take back the place or the turn of a teacher."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await enrolments.remove_enrolment(
                db, actor, activity_id=activity_id, teacher_id=teacher_id, why=why, now=now()
            )
