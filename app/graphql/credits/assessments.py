"""Assessments of teachers over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.credits import assessments
from app.domain.credits.assessment_requirements import AssessmentTerm
from app.domain.credits.assessments import AssessmentView, Judgement, NewAssessment, ReachedView
from app.domain.people import teachers
from app.domain.quality import follow_ups
from app.graphql.context import Context
from app.graphql.edges import edge, lazy, paged_edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    assessments.ASSESSMENTS, name="Assessment", description="考核结果 / the result of an assessment"
)
class AssessmentNode(Node, AssessmentView):
    """A result, whose it is, and what was told after it."""

    teacher = edge(
        teachers.teachers_by_id,
        lazy("app.graphql.people.teachers", "TeacherNode"),
        many=False,
        keys="teacher_ids",
        key="teacher_id",
        description="教师 / teacher",
    )
    follow_ups = paged_edge(
        follow_ups.follow_ups_of,
        lazy("app.graphql.quality.follow_ups", "FollowUpNode"),
        keys="assessment_ids",
        first=20,
        description="考核跟进指导 / what the teacher was told after it",
    )


@strawberry.pydantic.type(
    name="AssessmentFigure", description="完成情况 / what of a requirement was reached"
)
class ReachedNode(ReachedView):
    """What of a requirement was reached."""


@strawberry.pydantic.input(name="NewAssessment")
class NewAssessmentInput(NewAssessment):
    """How a term is judged."""


@strawberry.type
class AssessmentQueries:
    """What may be asked about assessments of teachers."""

    @strawberry.field(
        description="考核结果 / results of assessments", graphql_type=Connection[AssessmentNode]
    )
    async def assessments(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        teacher_id: UUID | None = None,
        school_id: UUID | None = None,
        term: AssessmentTerm | None = None,
        starts_on: date | None = None,
        judgement: Judgement | None = None,
    ) -> Any:
        """The results in the actor's place, and one's own (`starts_on`, `created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: assessments.list_assessments(
                db,
                actor,
                page=page,
                teacher_id=teacher_id,
                school_id=school_id,
                term=term,
                starts_on=starts_on,
                judgement=judgement,
            ),
        )

    @strawberry.field(
        description="考核时的各项数据 / what was counted for a result",
        graphql_type=list[ReachedNode],
    )
    async def assessment_figures(self, info: Info[Context], assessment_id: UUID) -> Any:
        """What was counted when a result was recorded."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: assessments.list_assessment_figures(db, actor, assessment_id=assessment_id)
        )

    @strawberry.field(
        description="全校教师完成情况 / what the teachers of a school reached",
        graphql_type=list[ReachedNode],
    )
    async def school_reached(
        self,
        info: Info[Context],
        unit_id: UUID,
        term: AssessmentTerm = AssessmentTerm.YEAR,
        starts_on: date | None = None,
        ends_on: date | None = None,
    ) -> Any:
        """What each teacher of a school reached of what it asks."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: assessments.list_school_reached(
                db,
                actor,
                unit_id=unit_id,
                term=term,
                starts_on=starts_on,
                ends_on=ends_on,
                now=now(),
            )
        )

    @strawberry.field(
        description="教师完成情况 / what a teacher reached", graphql_type=list[ReachedNode]
    )
    async def teacher_reached(
        self,
        info: Info[Context],
        teacher_id: UUID,
        term: AssessmentTerm = AssessmentTerm.YEAR,
        starts_on: date | None = None,
        ends_on: date | None = None,
    ) -> Any:
        """What one teacher reached of what the school asks."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: assessments.list_teacher_reached(
                db,
                actor,
                teacher_id=teacher_id,
                term=term,
                starts_on=starts_on,
                ends_on=ends_on,
                now=now(),
            )
        )


@strawberry.type
class AssessmentMutations:
    """What may be done about assessments of teachers."""

    @strawberry.mutation(description="登记考核结果 / record a result", graphql_type=AssessmentNode)
    async def record_assessment(
        self, info: Info[Context], teacher_id: UUID, new: NewAssessmentInput
    ) -> Any:
        """Enter into the file how a teacher's term is judged."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await assessments.record_assessment(
                db, actor, teacher_id=teacher_id, new=new, now=now()
            )
