"""Runs of courses over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import course_classes, course_runs, courses
from app.domain.learning.course_runs import (
    CourseRunChanges,
    CourseRunFigures,
    CourseRunView,
    NewCourseRun,
    RunConclusion,
    RunJudgement,
    RunState,
)
from app.domain.organisation import units
from app.domain.people import cohorts
from app.domain.training.school_calendars import Semester
from app.graphql.context import Context
from app.graphql.edges import edge, lazy, paged_edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(course_runs.COURSE_RUNS, name="CourseRun", description="开课 / a run of a course")
class CourseRunNode(Node, CourseRunView):
    """A run with its edges."""

    course = edge(
        courses.courses_by_id,
        lazy("app.graphql.learning.courses", "CourseNode"),
        many=False,
        keys="course_ids",
        key="course_id",
        description="课程 / course",
    )
    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="开课单位 / unit",
    )
    cohort = edge(
        cohorts.cohorts_by_id,
        lazy("app.graphql.people.cohorts", "CohortNode"),
        many=False,
        keys="cohort_ids",
        key="cohort_id",
        description="培训项目期次 / cohort that it is given for",
    )
    classes = paged_edge(
        course_classes.classes_of_runs,
        lazy("app.graphql.learning.course_classes", "CourseClassNode"),
        keys="run_ids",
        first=20,
        description="班 / classes",
    )


@strawberry.pydantic.type(
    name="CourseRunFigures", description="开课绩效数据 / what a run has come to"
)
class CourseRunFiguresNode(CourseRunFigures):
    """The figures of a run."""


@strawberry.pydantic.input(name="NewCourseRun")
class NewCourseRunInput(NewCourseRun):
    """A run to be opened."""


@strawberry.pydantic.input(name="CourseRunChanges")
class CourseRunChangesInput(CourseRunChanges):
    """What of a run is to be changed."""


@strawberry.pydantic.input(name="RunConclusion")
class RunConclusionInput(RunConclusion):
    """What came of a run."""


@strawberry.pydantic.input(name="RunJudgement")
class RunJudgementInput(RunJudgement):
    """How a run is judged."""


@strawberry.type
class CourseRunQueries:
    """What may be asked about runs of courses."""

    @strawberry.field(description="开课列表 / runs", graphql_type=Connection[CourseRunNode])
    async def course_runs(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        course_id: UUID | None = None,
        unit_id: UUID | None = None,
        cohort_id: UUID | None = None,
        state: RunState | None = None,
        school_year: int | None = None,
        semester: Semester | None = None,
    ) -> Any:
        """The runs in the actor's place, by first day unless sorted otherwise (`starts_on`, `created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: course_runs.list_course_runs(
                db,
                actor,
                page=page,
                course_id=course_id,
                unit_id=unit_id,
                cohort_id=cohort_id,
                state=state,
                school_year=school_year,
                semester=semester,
            ),
        )

    @strawberry.field(
        description="有班向本人发布的开课 / runs of which a class is published to the one who asks",
        graphql_type=Connection[CourseRunNode],
    )
    async def offered_course_runs(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        course_id: UUID | None = None,
        unit_id: UUID | None = None,
        state: RunState | None = None,
    ) -> Any:
        """The runs of which a class is published to the actor, by first day (`starts_on`, `created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: course_runs.list_offered_course_runs(
                db, actor, page=page, course_id=course_id, unit_id=unit_id, state=state
            ),
        )

    @strawberry.field(description="一次开课 / one run", graphql_type=CourseRunNode)
    async def course_run(self, info: Info[Context], id: UUID) -> Any:
        """One run, in the actor's place or of which a class is published to the actor."""
        actor = info.context.actor
        return await info.context.read(lambda db: course_runs.get_course_run(db, actor, run_id=id))

    @strawberry.field(
        description="开课绩效数据 / what a run has come to", graphql_type=CourseRunFiguresNode
    )
    async def course_run_figures(self, info: Info[Context], run_id: UUID) -> Any:
        """What a run has come to: places, people, hours, satisfaction."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: course_runs.get_course_run_figures(db, actor, run_id=run_id)
        )


@strawberry.type
class CourseRunMutations:
    """What may be done about runs of courses."""

    @strawberry.mutation(description="开课 / open a run", graphql_type=CourseRunNode)
    async def open_course_run(
        self, info: Info[Context], course_id: UUID, new: NewCourseRunInput
    ) -> Any:
        """Open a run of the approved version of a course."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await course_runs.open_course_run(
                db, actor, course_id=course_id, new=new, now=now()
            )

    @strawberry.mutation(description="修改开课 / change a run", graphql_type=CourseRunNode)
    async def update_course_run(
        self, info: Info[Context], run_id: UUID, changes: CourseRunChangesInput
    ) -> Any:
        """Change what an open run is called and when it is."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await course_runs.update_course_run(db, actor, run_id=run_id, changes=changes)

    @strawberry.mutation(description="结课 / conclude a run", graphql_type=CourseRunNode)
    async def conclude_course_run(
        self, info: Info[Context], run_id: UUID, conclusion: RunConclusionInput
    ) -> Any:
        """Say what came of a run all of whose classes have ended."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await course_runs.conclude_course_run(
                db, actor, run_id=run_id, conclusion=conclusion, now=now()
            )

    @strawberry.mutation(description="取消开课 / cancel a run", graphql_type=CourseRunNode)
    async def cancel_course_run(
        self, info: Info[Context], run_id: UUID, conclusion: RunConclusionInput
    ) -> Any:
        """Say why a run is not given."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await course_runs.cancel_course_run(
                db, actor, run_id=run_id, conclusion=conclusion, now=now()
            )

    @strawberry.mutation(description="绩效评估 / judge a run", graphql_type=CourseRunNode)
    async def judge_course_run(
        self, info: Info[Context], run_id: UUID, judgement: RunJudgementInput
    ) -> Any:
        """Judge a concluded run, for the superior of who gave it."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await course_runs.judge_course_run(
                db, actor, run_id=run_id, judgement=judgement, now=now()
            )
