"""Goals over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.people import goals, teachers
from app.domain.people.goals import GoalAppraisal, GoalReport, GoalView, NewGoal
from app.graphql.context import Context
from app.graphql.edges import edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.people.teachers import TeacherNode
from app.request import now


@node(goals.GOALS, name="Goal", description="个人发展目标 / a goal of a teacher")
class GoalNode(Node, GoalView):
    """A goal with its edge."""

    teacher = edge(
        teachers.teachers_by_id,
        TeacherNode,
        many=False,
        keys="teacher_ids",
        key="teacher_id",
        description="教师 / whose goal it is",
    )


@strawberry.pydantic.input(name="NewGoal")
class NewGoalInput(NewGoal):
    """A goal to be set for oneself."""


@strawberry.pydantic.input(name="GoalReport")
class GoalReportInput(GoalReport):
    """What came of it."""


@strawberry.pydantic.input(name="GoalAppraisal")
class GoalAppraisalInput(GoalAppraisal):
    """What the school says to it."""


@strawberry.type
class GoalQueries:
    """What may be asked about goals."""

    @strawberry.field(description="一项发展目标 / one goal", graphql_type=GoalNode)
    async def goal(self, info: Info[Context], id: UUID) -> Any:
        """One goal."""
        actor = info.context.actor
        return await info.context.read(lambda db: goals.get_goal(db, actor, goal_id=id))

    @strawberry.field(description="发展目标列表 / goals", graphql_type=Connection[GoalNode])
    async def goals(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        teacher_id: UUID | None = None,
        school_id: UUID | None = None,
        reported: bool | None = None,
    ) -> Any:
        """A page of goals."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: goals.list_goals(
                db,
                actor,
                page=page,
                teacher_id=teacher_id,
                school_id=school_id,
                reported=reported,
            ),
        )


@strawberry.type
class GoalMutations:
    """How goals are set, reported on and answered."""

    @strawberry.mutation(description="设定本人发展目标 / set oneself a goal", graphql_type=GoalNode)
    async def set_goal(self, info: Info[Context], new: NewGoalInput) -> Any:
        """Set oneself a goal."""
        async with info.context.transaction() as db:
            return await goals.set_goal(db, info.context.actor, new=new, now=now())

    @strawberry.mutation(description="自评 / report on one's own goal", graphql_type=GoalNode)
    async def report_goal(self, info: Info[Context], goal_id: UUID, report: GoalReportInput) -> Any:
        """Say what came of one's own goal."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await goals.report_goal(db, actor, goal_id=goal_id, report=report, now=now())

    @strawberry.mutation(description="学校意见 / the school's opinion", graphql_type=GoalNode)
    async def appraise_goal(
        self, info: Info[Context], goal_id: UUID, appraisal: GoalAppraisalInput
    ) -> Any:
        """Say what the school thinks of it."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await goals.appraise_goal(
                db, actor, goal_id=goal_id, appraisal=appraisal, now=now()
            )
