"""The change feed over GraphQL."""

from typing import Annotated, Any

import strawberry
from strawberry import Info

from app.domain.exchange import changes
from app.domain.exchange.changes import (
    ChangeKind,
    ChangesView,
    ChangeView,
    ChoiceChangeView,
    ClaimChangeView,
    CourseClassChangeView,
    CourseRunChangeView,
    CourseVersionChangeView,
    DocumentChangeView,
    EnrolmentChangeView,
    MembershipView,
    MentorChangeView,
    MentorshipChangeView,
    RegulationChangeView,
    ResourceChangeView,
    ResourceVersionChangeView,
    StaffChangeView,
    TopicChangeView,
    TopicMemberChangeView,
    TrainerChangeView,
    UnitEvaluationChangeView,
)
from app.graphql.context import Context
from app.graphql.credits.certificates import CertificateNode
from app.graphql.credits.entries import CreditEntryNode
from app.graphql.credits.packs import RulePackNode
from app.graphql.learning.course_completions import CourseCompletionNode
from app.graphql.learning.courses import CourseNode
from app.graphql.learning.outputs import OutputNode
from app.graphql.organisation.units import UnitNode
from app.graphql.people.teachers import TeacherNode
from app.graphql.quality.campaigns import CampaignNode
from app.graphql.quality.indicator_sheets import IndicatorSheetNode
from app.graphql.training.activities import ActivityNode
from app.graphql.training.activities.types import SessionNode
from app.graphql.training.attendance.types import AttendanceNode
from app.graphql.training.groups import GroupNode


@strawberry.pydantic.type(name="Membership", description="教研组成员 / membership of a group")
class MembershipNode(MembershipView):
    """A membership by its keys; the members of a group are read from the group."""


@strawberry.pydantic.type(name="EnrolmentChange", description="报名 / an enrolment")
class EnrolmentChangeNode(EnrolmentChangeView):
    """An enrolment by its keys; place in the waiting list and names are read from it."""


@strawberry.pydantic.type(name="ClaimChange", description="学分申报 / a claim")
class ClaimChangeNode(ClaimChangeView):
    """A claim without its evidence, which is read from the claim."""


@strawberry.pydantic.type(
    name="CourseVersionChange", description="课程版本 / a version of a course"
)
class CourseVersionChangeNode(CourseVersionChangeView):
    """A version by its number; what is in force, the course says."""


@strawberry.pydantic.type(name="CourseRunChange", description="开课 / a run of a course")
class CourseRunChangeNode(CourseRunChangeView):
    """A run by keys; its course and its classes are read from it."""


@strawberry.pydantic.type(name="CourseClassChange", description="班 / a class of a run")
class CourseClassChangeNode(CourseClassChangeView):
    """A class by keys; what is held is the activity's."""


@strawberry.pydantic.type(name="ChoiceChange", description="选课 / a choice")
class ChoiceChangeNode(ChoiceChangeView):
    """A choice by keys."""


@strawberry.pydantic.type(name="TrainerChange", description="导师 / a trainer")
class TrainerChangeNode(TrainerChangeView):
    """A trainer by keys; the name of a teacher is read from the teacher."""


@strawberry.pydantic.type(name="MentorshipChange", description="师徒结对 / a mentorship")
class MentorshipChangeNode(MentorshipChangeView):
    """A mentorship by keys; its mentors are told by themselves."""


@strawberry.pydantic.type(name="MentorChange", description="带教导师 / a mentor")
class MentorChangeNode(MentorChangeView):
    """A mentor by keys."""


@strawberry.pydantic.type(name="TopicChange", description="课题 / a topic")
class TopicChangeNode(TopicChangeView):
    """A topic by keys; its members are told by themselves."""


@strawberry.pydantic.type(name="TopicMemberChange", description="课题组成员 / a member of a topic")
class TopicMemberChangeNode(TopicMemberChangeView):
    """A member by keys."""


@strawberry.pydantic.type(name="ResourceChange", description="资源 / a resource")
class ResourceChangeNode(ResourceChangeView):
    """An entry of the library; its versions are told by themselves."""


@strawberry.pydantic.type(
    name="ResourceVersionChange", description="资源版本 / a version of a resource"
)
class ResourceVersionChangeNode(ResourceVersionChangeView):
    """A version by its number; where it stands is read from it."""


@strawberry.pydantic.type(name="DocumentChange", description="公文 / an official document")
class DocumentChangeNode(DocumentChangeView):
    """A document that was issued."""


@strawberry.pydantic.type(name="RegulationChange", description="制度 / a regulation")
class RegulationChangeNode(RegulationChangeView):
    """A regulation; its words are read from it."""


@strawberry.pydantic.type(
    name="UnitEvaluationChange", description="评估结果 / a result of an evaluation"
)
class UnitEvaluationChangeNode(UnitEvaluationChangeView):
    """A published result."""


@strawberry.pydantic.type(name="StaffChange", description="活动承担者 / who carries an activity")
class StaffChangeNode(StaffChangeView):
    """Staff by keys; names of teachers are read from them."""


@strawberry.pydantic.type(name="Change", description="变更 / a change")
class ChangeNode(ChangeView):
    """A change, with the thing as a node, so that its edges can be followed."""

    unit: UnitNode | None = None
    teacher: TeacherNode | None = None
    group: GroupNode | None = None
    group_member: MembershipNode | None = None
    activity: ActivityNode | None = None
    attendance: AttendanceNode | None = None
    credit_entry: CreditEntryNode | None = None
    session: SessionNode | None = None
    enrolment: EnrolmentChangeNode | None = None
    claim: ClaimChangeNode | None = None
    certificate: CertificateNode | None = None
    pack: RulePackNode | None = None
    staff: StaffChangeNode | None = None
    course: CourseNode | None = None
    course_run: CourseRunChangeNode | None = None
    course_class: CourseClassChangeNode | None = None
    choice: ChoiceChangeNode | None = None
    course_completion: CourseCompletionNode | None = None
    trainer: TrainerChangeNode | None = None
    mentorship: MentorshipChangeNode | None = None
    mentor: MentorChangeNode | None = None
    topic: TopicChangeNode | None = None
    topic_member: TopicMemberChangeNode | None = None
    output: OutputNode | None = None
    resource: ResourceChangeNode | None = None
    official_document: DocumentChangeNode | None = None
    regulation: RegulationChangeNode | None = None
    campaign: CampaignNode | None = None
    unit_evaluation: UnitEvaluationChangeNode | None = None
    indicator_sheet: IndicatorSheetNode | None = None
    course_version: CourseVersionChangeNode | None = None
    resource_version: ResourceVersionChangeNode | None = None


@strawberry.pydantic.type(name="Changes", description="变更流的一段 / a part of the change feed")
class ChangesNode(ChangesView):
    """A part of the feed."""

    items: list[ChangeNode]  # type: ignore[assignment]  # the same fields, as nodes


@strawberry.type
class ChangeQueries:
    """What may be asked of the feed."""

    @strawberry.field(description="变更流 / what changed, oldest first", graphql_type=ChangesNode)
    async def changes(
        self,
        info: Info[Context],
        first: Annotated[int, strawberry.argument(description="条数（1–500） / at most 500")] = 100,
        after: Annotated[
            str | None, strawberry.argument(description="上次的 next / `next` of the read before")
        ] = None,
        kinds: list[ChangeKind] | None = None,
    ) -> Any:
        """What changed after a cursor."""
        actor = info.context.actor
        async with info.context.held.pool.connection() as db:  # a query's own only reads
            await changes.keep_coverage(db, actor)
        return await info.context.read(
            lambda db: changes.list_changes(db, actor, after=after, limit=first, kinds=kinds)
        )
