"""Courses over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import course_citations, course_reviews, course_runs, courses
from app.domain.learning.courses import (
    CompletionCondition,
    CourseChanges,
    CourseComparison,
    CourseLevel,
    CourseOrigin,
    CourseState,
    CourseVersionView,
    CourseView,
    NewCompletionCondition,
    NewCourse,
    NewSyllabusUnit,
    SyllabusUnit,
)
from app.domain.organisation import units
from app.domain.people import teachers
from app.domain.people.teachers.strata import Stratum
from app.domain.training import groups
from app.domain.training.activities import ActivityContent, ActivityKind
from app.graphql.context import Context
from app.graphql.edges import edge, lazy, paged_edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now

# The units of a syllabus and the conditions have no edges: they are the types themselves.
strawberry.pydantic.type(name="SyllabusUnit", description=SyllabusUnit.__doc__)(SyllabusUnit)
strawberry.pydantic.input(name="NewSyllabusUnit", description=NewSyllabusUnit.__doc__)(
    NewSyllabusUnit
)
strawberry.pydantic.type(name="CompletionCondition", description=CompletionCondition.__doc__)(
    CompletionCondition
)
strawberry.pydantic.input(
    name="NewCompletionCondition", description=NewCompletionCondition.__doc__
)(NewCompletionCondition)


@node(courses.COURSES, name="Course", description="培训课程 / a course")
class CourseNode(Node, CourseView):
    """A course with its edges."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="单位 / unit",
    )
    group = edge(
        groups.groups_by_id,
        lazy("app.graphql.training.groups", "GroupNode"),
        many=False,
        keys="group_ids",
        key="group_id",
        description="教研组 / group that it is of",
    )
    responsible_teacher = edge(
        teachers.teachers_by_id,
        lazy("app.graphql.people.teachers", "TeacherNode"),
        many=False,
        keys="teacher_ids",
        key="responsible_id",
        description="课程负责人 / who answers for it",
    )
    reviews = paged_edge(
        course_reviews.reviews_of_courses,
        lazy("app.graphql.learning.course_reviews", "CourseReviewNode"),
        keys="course_ids",
        first=20,
        description="申报与审核记录 / what was done with it",
    )
    citations = paged_edge(
        course_citations.citations_of_courses,
        lazy("app.graphql.learning.course_citations", "CourseCitationNode"),
        keys="course_ids",
        first=20,
        description="依据 / what it answers",
    )
    runs = paged_edge(
        course_runs.runs_of_courses,
        lazy("app.graphql.learning.course_runs", "CourseRunNode"),
        keys="course_ids",
        first=20,
        description="开课，最近的在前 / runs, the latest first",
    )


@node(courses.COURSE_VERSIONS, name="CourseVersion", description="课程版本 / a version of a course")
class CourseVersionNode(Node, CourseVersionView):
    """A version of a course."""


@strawberry.pydantic.type(
    name="CourseComparison", description="课程版本差异 / how two versions of a course differ"
)
class CourseComparisonNode(CourseComparison):
    """How two versions differ."""


@strawberry.pydantic.input(name="NewCourse")
class NewCourseInput(NewCourse):
    """A course to be drafted."""


@strawberry.pydantic.input(name="CourseChanges")
class CourseChangesInput(CourseChanges):
    """What of a course is to be changed."""


@strawberry.type
class CourseQueries:
    """What may be asked about courses."""

    @strawberry.field(description="课程列表 / courses", graphql_type=Connection[CourseNode])
    async def courses(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        group_id: UUID | None = None,
        department_id: UUID | None = None,
        responsible_id: UUID | None = None,
        level: CourseLevel | None = None,
        origin: CourseOrigin | None = None,
        state: CourseState | None = None,
        kind: ActivityKind | None = None,
        content: ActivityContent | None = None,
        stratum: Stratum | None = None,
        is_practical: bool | None = None,
        title: str | None = None,
    ) -> Any:
        """The courses in the actor's place, by title unless sorted otherwise (`title`, `created`, `hours`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: courses.list_courses(
                db,
                actor,
                page=page,
                unit_id=unit_id,
                group_id=group_id,
                department_id=department_id,
                responsible_id=responsible_id,
                level=level,
                origin=origin,
                state=state,
                kind=kind,
                content=content,
                stratum=stratum,
                is_practical=is_practical,
                title=title,
            ),
        )

    @strawberry.field(
        description="课程目录：已向本人发布的课程 / the catalogue: courses published to the one who asks",
        graphql_type=Connection[CourseNode],
    )
    async def published_courses(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        level: CourseLevel | None = None,
        origin: CourseOrigin | None = None,
        kind: ActivityKind | None = None,
        content: ActivityContent | None = None,
        stratum: Stratum | None = None,
        is_practical: bool | None = None,
        title: str | None = None,
        least_hours: int | None = None,
        most_hours: int | None = None,
    ) -> Any:
        """The catalogue: what is published to the actor, by title (`title`, `created`, `hours`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: courses.list_published_courses(
                db,
                actor,
                page=page,
                unit_id=unit_id,
                level=level,
                origin=origin,
                kind=kind,
                content=content,
                stratum=stratum,
                is_practical=is_practical,
                title=title,
                least_hours=least_hours,
                most_hours=most_hours,
            ),
        )

    @strawberry.field(description="一门课程 / one course", graphql_type=CourseNode)
    async def training_course(self, info: Info[Context], id: UUID) -> Any:
        """One course, in the actor's place or published to the actor."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: courses.get_training_course(db, actor, course_id=id)
        )

    @strawberry.field(
        description="课程的各个版本 / versions of a course",
        graphql_type=Connection[CourseVersionNode],
    )
    async def course_versions(
        self,
        info: Info[Context],
        course_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """The versions of a course, the first declared first (`number`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: courses.list_course_versions(db, actor, page=page, course_id=course_id),
        )

    @strawberry.field(
        description="两个版本的差异 / how two versions differ", graphql_type=CourseComparisonNode
    )
    async def course_comparison(
        self,
        info: Info[Context],
        course_id: UUID,
        older: int | None = None,
        newer: int | None = None,
    ) -> Any:
        """How two versions of a course differ, by default the last two."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: courses.get_course_comparison(
                db, actor, course_id=course_id, older=older, newer=newer
            )
        )


@strawberry.type
class CourseMutations:
    """What may be done about courses."""

    @strawberry.mutation(description="起草课程 / draft a course", graphql_type=CourseNode)
    async def create_course(self, info: Info[Context], new: NewCourseInput) -> Any:
        """Draft a course for a unit, a group or a department."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await courses.create_course(db, actor, new=new, now=now())

    @strawberry.mutation(description="修改课程 / change a course", graphql_type=CourseNode)
    async def update_course(
        self, info: Info[Context], course_id: UUID, changes: CourseChangesInput
    ) -> Any:
        """Change a course that is being written."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await courses.update_course(db, actor, course_id=course_id, changes=changes)
