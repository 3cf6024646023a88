"""Self-study courses over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import self_studies
from app.domain.learning.self_studies import (
    MilestoneReport,
    MilestoneView,
    NewMilestone,
    NewSelfStudy,
    SelfStudyChanges,
    SelfStudyConclusion,
    SelfStudyDecision,
    SelfStudyEnd,
    SelfStudyState,
    SelfStudyView,
)
from app.domain.people import teachers
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    self_studies.MILESTONES,
    name="SelfStudyMilestone",
    description="学习节点 / a milestone of a self-study",
)
class SelfStudyMilestoneNode(Node, MilestoneView):
    """A milestone and its self-study."""

    study = edge(
        self_studies.self_studies_by_id,
        lazy("app.graphql.learning.self_studies", "SelfStudyNode"),
        many=False,
        keys="study_ids",
        key="study_id",
        description="自主学习课程 / self-study",
    )


@node(self_studies.SELF_STUDIES, name="SelfStudy", description="自主学习课程 / a self-study course")
class SelfStudyNode(Node, SelfStudyView):
    """A self-study with its edges."""

    teacher = edge(
        teachers.teachers_by_id,
        lazy("app.graphql.people.teachers", "TeacherNode"),
        many=False,
        keys="teacher_ids",
        key="teacher_id",
        description="教师 / teacher",
    )
    milestones = edge(
        self_studies.milestones_of,
        SelfStudyMilestoneNode,
        many=True,
        keys="study_ids",
        description="学习节点，按顺序 / milestones in their order",
    )


# Milestones as they are planned have no edges: they are the type itself.
strawberry.pydantic.input(name="NewMilestone", description=NewMilestone.__doc__)(NewMilestone)


@strawberry.pydantic.input(name="NewSelfStudy")
class NewSelfStudyInput(NewSelfStudy):
    """A self-study to be drafted."""


@strawberry.pydantic.input(name="SelfStudyChanges")
class SelfStudyChangesInput(SelfStudyChanges):
    """What of a self-study is to be changed."""


@strawberry.pydantic.input(name="SelfStudyDecision")
class SelfStudyDecisionInput(SelfStudyDecision):
    """Whether the school agrees."""


@strawberry.pydantic.input(name="MilestoneReport")
class MilestoneReportInput(MilestoneReport):
    """What was done for a milestone."""


@strawberry.pydantic.input(name="SelfStudyConclusion")
class SelfStudyConclusionInput(SelfStudyConclusion):
    """What came of a self-study."""


@strawberry.pydantic.input(name="SelfStudyEnd")
class SelfStudyEndInput(SelfStudyEnd):
    """Why a self-study is given up."""


@strawberry.type
class SelfStudyQueries:
    """What may be asked about self-studies."""

    @strawberry.field(
        description="自主学习课程列表 / self-studies", graphql_type=Connection[SelfStudyNode]
    )
    async def self_studies(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        teacher_id: UUID | None = None,
        school_id: UUID | None = None,
        state: SelfStudyState | None = None,
    ) -> Any:
        """The self-studies in the actor's place, by first day unless sorted otherwise."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: self_studies.list_self_studies(
                db, actor, page=page, teacher_id=teacher_id, school_id=school_id, state=state
            ),
        )

    @strawberry.field(description="一门自主学习课程 / one self-study", graphql_type=SelfStudyNode)
    async def self_study(self, info: Info[Context], id: UUID) -> Any:
        """One self-study: one's own, or of a teacher in the actor's place."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: self_studies.get_self_study(db, actor, study_id=id)
        )

    @strawberry.field(
        description="学习节点 / milestones of a self-study",
        graphql_type=Connection[SelfStudyMilestoneNode],
    )
    async def self_study_milestones(
        self,
        info: Info[Context],
        study_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """The milestones of a self-study in their order (`ordinal`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: self_studies.list_self_study_milestones(
                db, actor, page=page, study_id=study_id
            ),
        )


@strawberry.type
class SelfStudyMutations:
    """What may be done about self-studies."""

    @strawberry.mutation(
        description="起草自主学习课程 / draft a self-study", graphql_type=SelfStudyNode
    )
    async def draft_self_study(
        self, info: Info[Context], teacher_id: UUID, new: NewSelfStudyInput
    ) -> Any:
        """Draft a self-study of a teacher, with its milestones."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await self_studies.draft_self_study(
                db, actor, teacher_id=teacher_id, new=new, now=now()
            )

    @strawberry.mutation(
        description="修改自主学习课程 / change a self-study", graphql_type=SelfStudyNode
    )
    async def update_self_study(
        self, info: Info[Context], study_id: UUID, changes: SelfStudyChangesInput
    ) -> Any:
        """Change a self-study that is being written."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await self_studies.update_self_study(
                db, actor, study_id=study_id, changes=changes
            )

    @strawberry.mutation(
        description="提交自主学习课程 / submit a self-study", graphql_type=SelfStudyNode
    )
    async def submit_self_study(self, info: Info[Context], study_id: UUID) -> Any:
        """Hand the plan of a self-study to the school."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await self_studies.submit_self_study(db, actor, study_id=study_id, now=now())

    @strawberry.mutation(
        description="审定自主学习课程 / decide on a self-study", graphql_type=SelfStudyNode
    )
    async def decide_self_study(
        self, info: Info[Context], study_id: UUID, decision: SelfStudyDecisionInput
    ) -> Any:
        """Agree to the plan or the conclusion that waits, or give it back."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await self_studies.decide_self_study(
                db, actor, study_id=study_id, decision=decision, now=now()
            )

    @strawberry.mutation(
        description="填报学习节点 / report a milestone", graphql_type=SelfStudyMilestoneNode
    )
    async def report_self_study_milestone(
        self, info: Info[Context], milestone_id: UUID, report: MilestoneReportInput
    ) -> Any:
        """Report what was done for a milestone, with what shows it."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await self_studies.report_self_study_milestone(
                db, actor, milestone_id=milestone_id, report=report, now=now()
            )

    @strawberry.mutation(description="提交结题 / report a self-study", graphql_type=SelfStudyNode)
    async def report_self_study(
        self, info: Info[Context], study_id: UUID, conclusion: SelfStudyConclusionInput
    ) -> Any:
        """Hand the conclusion to the school, once all milestones were reported."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await self_studies.report_self_study(
                db, actor, study_id=study_id, conclusion=conclusion, now=now()
            )

    @strawberry.mutation(
        description="终止自主学习课程 / give a self-study up", graphql_type=SelfStudyNode
    )
    async def end_self_study(
        self, info: Info[Context], study_id: UUID, end: SelfStudyEndInput
    ) -> Any:
        """Give a self-study up, and say why."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await self_studies.end_self_study(
                db, actor, study_id=study_id, end=end, now=now()
            )
