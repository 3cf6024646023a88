"""Mentorships over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import mentoring_records, mentorships
from app.domain.learning.mentorships import (
    EarlyEnd,
    MentorshipJudgementView,
    MentorshipRefusal,
    MentorshipState,
    MentorshipView,
    MentorView,
    NewMentorship,
    NewMentorshipJudgement,
)
from app.domain.people import teachers
from app.graphql.context import Context
from app.graphql.edges import edge, lazy, paged_edge
from app.graphql.learning import mentoring_policies as _parts  # noqa: F401
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.people.teachers import TeacherNode
from app.request import now


@node(mentorships.MENTORS, name="Mentor", description="带教导师 / a mentor")
class MentorNode(Node, MentorView):
    """A mentor."""


@node(
    mentorships.JUDGEMENTS,
    name="MentorshipJudgement",
    description="带教评价 / how a mentorship was judged",
)
class MentorshipJudgementNode(Node, MentorshipJudgementView):
    """How a mentorship was judged."""


@node(
    mentorships.MENTORSHIPS,
    name="Mentorship",
    description="师徒结对 / an apprentice and who mentors them",
)
class MentorshipNode(Node, MentorshipView):
    """An apprentice and who mentors them."""

    apprentice = edge(
        teachers.teachers_by_id,
        TeacherNode,
        many=False,
        keys="teacher_ids",
        key="teacher_id",
        description="徒弟 / the apprentice, null where the actor may not see them",
    )
    named_mentors = edge(
        mentorships.mentors_of,
        MentorNode,
        many=True,
        keys="mentorship_ids",
        description="导师 / mentors, in the order of naming",
    )
    judgements = edge(
        mentorships.mentorship_judgements_of,
        MentorshipJudgementNode,
        many=True,
        keys="mentorship_ids",
        description="评价 / how it was judged",
    )
    records = paged_edge(
        mentoring_records.mentoring_records_of,
        lazy("app.graphql.learning.mentoring_records", "MentoringRecordNode"),
        keys="mentorship_ids",
        first=10,
        description="带教记录 / observation and guidance",
    )


@strawberry.pydantic.input(name="NewMentorship")
class NewMentorshipInput(NewMentorship):
    """A mentorship to be proposed."""


@strawberry.pydantic.input(name="MentorshipRefusal")
class MentorshipRefusalInput(MentorshipRefusal):
    """Why somebody does not sign."""


@strawberry.pydantic.input(name="NewMentorshipJudgement")
class NewMentorshipJudgementInput(NewMentorshipJudgement):
    """A judgement at mid-term or at the end."""


@strawberry.pydantic.input(name="EarlyEnd")
class EarlyEndInput(EarlyEnd):
    """Why a mentorship ends before its term."""


@strawberry.type
class MentorshipQueries:
    """What may be asked: mentorships."""

    @strawberry.field(
        description="师徒结对列表 / mentorships", graphql_type=Connection[MentorshipNode]
    )
    async def mentorships(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        teacher_id: UUID | None = None,
        mentor_id: UUID | None = None,
        school_id: UUID | None = None,
        unit_id: UUID | None = None,
        state: MentorshipState | None = None,
        is_probation: bool | None = None,
        as_of: date | None = None,
    ) -> Any:
        """The mentorships in which one is, and those of apprentices in one's place."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: mentorships.list_mentorships(
                db,
                actor,
                page=page,
                teacher_id=teacher_id,
                mentor_id=mentor_id,
                school_id=school_id,
                unit_id=unit_id,
                state=state,
                is_probation=is_probation,
                as_of=as_of,
            ),
        )

    @strawberry.field(description="一个师徒结对 / one mentorship", graphql_type=MentorshipNode)
    async def mentorship(self, info: Info[Context], id: UUID) -> Any:
        """One mentorship."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: mentorships.get_mentorship(db, actor, mentorship_id=id)
        )

    @strawberry.field(description="导师 / mentors of a mentorship", graphql_type=list[MentorNode])
    async def mentors(self, info: Info[Context], mentorship_id: UUID) -> Any:
        """The mentors of a mentorship, in the order of naming."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: mentorships.list_mentors(db, actor, mentorship_id=mentorship_id)
        )

    @strawberry.field(
        description="带教评价 / how a mentorship was judged",
        graphql_type=list[MentorshipJudgementNode],
    )
    async def mentorship_judgements(self, info: Info[Context], mentorship_id: UUID) -> Any:
        """How a mentorship was judged, the mid-term first."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: mentorships.list_mentorship_judgements(
                db, actor, mentorship_id=mentorship_id
            )
        )


@strawberry.type
class MentorshipMutations:
    """What may be done: mentorships."""

    @strawberry.mutation(
        description="提议师徒结对 / propose a mentorship", graphql_type=MentorshipNode
    )
    async def propose_mentorship(self, info: Info[Context], new: NewMentorshipInput) -> Any:
        """Propose that somebody is mentored for a term; it holds once all have signed."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await mentorships.propose_mentorship(db, actor, new=new, now=now())

    @strawberry.mutation(description="签约 / sign", graphql_type=MentorshipNode)
    async def sign_mentorship(self, info: Info[Context], mentorship_id: UUID) -> Any:
        """Sign as the apprentice, or as a mentor who is a teacher."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await mentorships.sign_mentorship(
                db, actor, mentorship_id=mentorship_id, now=now()
            )

    @strawberry.mutation(
        description="登记外聘专家签约 / record an outside expert's signature",
        graphql_type=MentorshipNode,
    )
    async def sign_for_expert(self, info: Info[Context], mentor_id: UUID) -> Any:
        """Record that an outside expert has signed."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await mentorships.sign_for_expert(db, actor, mentor_id=mentor_id, now=now())

    @strawberry.mutation(description="谢绝 / decline", graphql_type=MentorshipNode)
    async def decline_mentorship(
        self, info: Info[Context], mentorship_id: UUID, refusal: MentorshipRefusalInput
    ) -> Any:
        """Decline as the apprentice or as a mentor, with the reason."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await mentorships.decline_mentorship(
                db, actor, mentorship_id=mentorship_id, refusal=refusal, now=now()
            )

    @strawberry.mutation(
        description="带教评价 / judge; the final judgement concludes",
        graphql_type=MentorshipJudgementNode,
    )
    async def judge_mentorship(
        self, info: Info[Context], mentorship_id: UUID, new: NewMentorshipJudgementInput
    ) -> Any:
        """Judge a mentorship at mid-term, or at its end, which concludes it."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await mentorships.judge_mentorship(
                db, actor, mentorship_id=mentorship_id, new=new, now=now()
            )

    @strawberry.mutation(description="提前终止 / end early", graphql_type=MentorshipNode)
    async def end_mentorship(
        self, info: Info[Context], mentorship_id: UUID, end: EarlyEndInput
    ) -> Any:
        """End a mentorship before its term, or withdraw a proposal."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await mentorships.end_mentorship(
                db, actor, mentorship_id=mentorship_id, end=end, now=now()
            )
