"""A change as it is told: the thing as it is now, under the name of its kind."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from app.domain.credits.certificates import CertificateView
from app.domain.credits.entries import CreditEntryView
from app.domain.credits.packs.published import RulePackView
from app.domain.exchange.changes.learning_views import (
    ChoiceChangeView,
    CourseClassChangeView,
    CourseRunChangeView,
    CourseVersionChangeView,
    MentorChangeView,
    MentorshipChangeView,
    ResourceChangeView,
    ResourceVersionChangeView,
    TopicChangeView,
    TopicMemberChangeView,
    TrainerChangeView,
)
from app.domain.exchange.changes.quality_views import (
    DocumentChangeView,
    RegulationChangeView,
    UnitEvaluationChangeView,
)
from app.domain.exchange.changes.source import ChangeKind
from app.domain.exchange.changes.views import (
    ClaimChangeView,
    EnrolmentChangeView,
    MembershipView,
    StaffChangeView,
)
from app.domain.learning.course_completions import CourseCompletionView
from app.domain.learning.courses import CourseView
from app.domain.learning.outputs import OutputView
from app.domain.organisation.units import UnitView
from app.domain.people.teachers import TeacherView
from app.domain.quality.campaigns import CampaignView
from app.domain.quality.indicator_sheets import IndicatorSheetView
from app.domain.training.activities.activity import ActivityView
from app.domain.training.activities.sessions import SessionView
from app.domain.training.attendance import AttendanceView
from app.domain.training.groups import GroupView


class ChangeView(BaseModel):
    """A change: the thing as it is now, under the name of its kind."""

    kind: ChangeKind = Field(description="类别 / kind of thing")
    id: UUID = Field(description="标识 / key of the thing")
    change: str = Field(description="此变更之后的游标 / cursor after this change")
    gone: bool = Field(
        description="已离开读取者的范围，连同其全部内容 / it has left the reader's scope or is no more: it"
        " goes, and with it whatever lies in it"
    )
    became: UUID | None = Field(
        default=None,
        description="并入的记录 / key of the record that one which is gone was merged into",
    )
    lies_in: list[UUID] = Field(
        description="所在的单位、教师、教研组 / units, teacher or group in which it lies: when one of these"
        " is told as gone, it is gone too"
    )
    unit: UnitView | None = Field(default=None, description="单位 / unit")
    teacher: TeacherView | None = Field(default=None, description="教师（脱敏） / teacher, masked")
    group: GroupView | None = Field(default=None, description="教研组 / group")
    group_member: MembershipView | None = Field(
        default=None, description="教研组成员 / membership of a group"
    )
    activity: ActivityView | None = Field(default=None, description="活动 / activity")
    attendance: AttendanceView | None = Field(default=None, description="考勤记录 / attendance")
    credit_entry: CreditEntryView | None = Field(
        default=None, description="台账记录，含冲销 / entry of the ledger, reversals included"
    )
    session: SessionView | None = Field(default=None, description="场次 / session of an activity")
    enrolment: EnrolmentChangeView | None = Field(default=None, description="报名 / enrolment")
    claim: ClaimChangeView | None = Field(
        default=None, description="学分申报（已提交的） / claim that was handed in"
    )
    certificate: CertificateView | None = Field(default=None, description="证书 / certificate")
    pack: RulePackView | None = Field(
        default=None, description="规则包 / published pack, without its document"
    )
    staff: StaffChangeView | None = Field(default=None, description="活动承担者 / staff")
    course: CourseView | None = Field(default=None, description="课程 / course")
    course_run: CourseRunChangeView | None = Field(default=None, description="开课 / run")
    course_class: CourseClassChangeView | None = Field(default=None, description="班 / class")
    choice: ChoiceChangeView | None = Field(default=None, description="选课 / choice")
    course_completion: CourseCompletionView | None = Field(
        default=None, description="结业核定，含已更正的 / completion, corrected ones included"
    )
    trainer: TrainerChangeView | None = Field(default=None, description="导师 / trainer")
    mentorship: MentorshipChangeView | None = Field(
        default=None, description="师徒结对 / mentorship"
    )
    mentor: MentorChangeView | None = Field(default=None, description="带教导师 / mentor")
    topic: TopicChangeView | None = Field(default=None, description="课题 / topic")
    topic_member: TopicMemberChangeView | None = Field(
        default=None, description="课题组成员 / member of a topic"
    )
    output: OutputView | None = Field(default=None, description="成果 / output of research")
    resource: ResourceChangeView | None = Field(default=None, description="资源 / resource")
    official_document: DocumentChangeView | None = Field(
        default=None, description="公文（已印发的） / document that was issued"
    )
    regulation: RegulationChangeView | None = Field(default=None, description="制度 / regulation")
    campaign: CampaignView | None = Field(default=None, description="专项活动 / campaign")
    unit_evaluation: UnitEvaluationChangeView | None = Field(
        default=None, description="评估结果（已公布的） / published result of an evaluation"
    )
    indicator_sheet: IndicatorSheetView | None = Field(
        default=None, description="指标表 / indicator sheet"
    )
    course_version: CourseVersionChangeView | None = Field(
        default=None, description="课程版本 / version of a course"
    )
    resource_version: ResourceVersionChangeView | None = Field(
        default=None, description="资源版本 / version of a resource"
    )


class ChangesView(BaseModel):
    """What a read of the feed answers."""

    items: list[ChangeView] = Field(description="变更，按先后 / changes in their order")
    next: str = Field(description="下次从此处继续 / where to go on, now or later; never null")
    more: bool = Field(description="是否还有 / whether more can be read at once")
    filling: bool = Field(
        description="是否仍在快照中 / whether the snapshot, of everything or of what has newly come into"
        " the reader's scope, goes on: until then not all is there"
    )
    through: datetime | None = Field(
        description="截至此刻的提交均已包含 / everything committed before this moment has been told; null"
        " while there is more, or where it is not known"
    )
    kinds: list[ChangeKind] = Field(
        description="所含类别 / kinds that are told of: what is held of any other is kept up no longer"
    )
