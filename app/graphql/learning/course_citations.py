"""Citations of courses over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import course_citations, courses
from app.domain.learning.course_citations import CourseCitationView
from app.domain.training.citations import CitedKind, NewCitation
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    course_citations.COURSE_CITATIONS,
    name="CourseCitation",
    description="课程依据 / something that a course answers",
)
class CourseCitationNode(Node, CourseCitationView):
    """A citation and its course."""

    course = edge(
        courses.courses_by_id,
        lazy("app.graphql.learning.courses", "CourseNode"),
        many=False,
        keys="course_ids",
        key="course_id",
        description="课程 / course",
    )


@strawberry.pydantic.input(name="NewCourseCitation")
class NewCourseCitationInput(NewCitation):
    """Something that a course answers."""


@strawberry.type
class CourseCitationQueries:
    """What may be asked about citations of courses."""

    @strawberry.field(
        description="课程依据 / citations of courses", graphql_type=Connection[CourseCitationNode]
    )
    async def course_citations(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        course_id: UUID | None = None,
        cited_id: UUID | None = None,
        kind: CitedKind | None = None,
    ) -> Any:
        """What a course answers, or which courses answer something (`created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: course_citations.list_course_citations(
                db, actor, page=page, course_id=course_id, cited_id=cited_id, kind=kind
            ),
        )


@strawberry.type
class CourseCitationMutations:
    """What may be done about citations of courses."""

    @strawberry.mutation(
        description="添加课程依据 / say what a course answers", graphql_type=CourseCitationNode
    )
    async def add_course_citation(
        self, info: Info[Context], course_id: UUID, new: NewCourseCitationInput
    ) -> Any:
        """Say what a course that is being written answers."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await course_citations.add_course_citation(
                db, actor, course_id=course_id, new=new, now=now()
            )

    @strawberry.mutation(
        description="删除课程依据 / remove a citation", graphql_type=CourseCitationNode
    )
    async def remove_course_citation(self, info: Info[Context], citation_id: UUID) -> Any:
        """Take a citation out of a course that is being written; what it was."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await course_citations.remove_course_citation(db, actor, citation_id=citation_id)
