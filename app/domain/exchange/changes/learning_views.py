"""What the feed shows of learning: by keys, and nothing that lies elsewhere, as `views` says."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, Field

from app.domain.learning.choices.table import DeclineGround
from app.domain.learning.course_runs.table import CourseRunFields, RunRating, RunState
from app.domain.learning.mentoring_policies import ProbationPart
from app.domain.learning.mentorships.table import (
    MentorRole,
    MentorshipEnd,
    MentorshipFields,
    MentorshipState,
)
from app.domain.learning.resources.table import ResourceFields
from app.domain.learning.resources.vocabulary import ResourceSharing
from app.domain.learning.topics.topic import TopicFields
from app.domain.learning.topics.vocabulary import TopicDuty, TopicGrade, TopicState
from app.domain.learning.trainers.trainer import TrainerExit, TrainerFields, TrainerState


class CourseRunChangeView(CourseRunFields):
    """That a version of a course is given, by whom and when, and how it was judged."""

    id: UUID = Field(description="标识 / key")
    course_id: UUID = Field(description="课程 / course")
    version: int = Field(description="所开版本号 / number of the version that is given")
    unit_id: UUID = Field(description="开课单位 / unit that gives it, or within which one does")
    group_id: UUID | None = Field(description="开课教研组 / group, if one gives it")
    network_id: UUID | None = Field(description="开课片区、联盟 / network, if one gives it")
    department_id: UUID | None = Field(description="开课部门 / department, if one gives it")
    state: RunState = Field(description="状态 / state")
    ended_at: datetime | None = Field(
        description="结课或取消时间 / when it was concluded, or cancelled"
    )
    rating: RunRating | None = Field(description="绩效评估等级 / how it was judged")


class CourseClassChangeView(BaseModel):
    """That an activity is a class of a run; all else is the activity's."""

    id: UUID = Field(description="标识 / key")
    run_id: UUID = Field(description="开课 / run")
    course_id: UUID = Field(description="课程 / course")
    activity_id: UUID = Field(description="活动 / activity that the class is")
    name: str = Field(description="班名 / name")
    settled_at: datetime | None = Field(
        description="结业核定时间，未核定为空 / when it was settled who completed it; null before"
    )


class CourseVersionChangeView(BaseModel):
    """That a version of a course was declared; which one is in force, and what it says, the course tells."""

    id: UUID = Field(description="标识 / key")
    course_id: UUID = Field(description="课程 / course")
    number: int = Field(description="版本号，从1起 / number, from 1")
    submitted_at: datetime = Field(description="申报时间 / when it was declared")


class ChoiceChangeView(BaseModel):
    """That a teacher chose an activity in a round; whether there is a place, the enrolment says."""

    id: UUID = Field(description="标识 / key")
    round_id: UUID = Field(description="选课轮次 / round")
    activity_id: UUID = Field(description="活动（班） / activity")
    teacher_id: UUID = Field(description="教师 / teacher")
    preference: int = Field(description="志愿序，从 1 起 / preference, 1 is the first")
    chosen_at: datetime = Field(description="选报时间 / when it was chosen")
    withdrawn_at: datetime | None = Field(description="退选时间 / when it was withdrawn")
    accepted_at: datetime | None = Field(description="录取时间 / when it was accepted")
    declined_at: datetime | None = Field(description="未录取时间 / when it led to no place")
    ground: DeclineGround | None = Field(description="未录取原因 / why it led to no place")


class TrainerChangeView(TrainerFields):
    """Somebody in a library: a teacher by key, an outside expert by name; without what they answered."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="导师库所属单位 / unit whose library it is")
    teacher_id: UUID | None = Field(
        description="教师，库外专家为空 / teacher; null for an outside expert"
    )
    outside_name: str | None = Field(description="外聘专家姓名 / name of an outside expert")
    outside_unit: str | None = Field(description="外聘专家单位 / and where they work")
    provider_id: UUID | None = Field(description="所属培训机构 / provider they are of, if any")
    state: TrainerState = Field(description="状态 / state")
    entered_on: date | None = Field(description="入库日期 / first day in the library")
    left_on: date | None = Field(description="退出日期 / first day no longer in it")
    exit_kind: TrainerExit | None = Field(description="退出原因 / why they left")


class MentorshipChangeView(MentorshipFields):
    """What was agreed about one apprentice, and how far it has come."""

    id: UUID = Field(description="标识 / key")
    teacher_id: UUID = Field(description="徒弟 / the apprentice")
    unit_id: UUID = Field(description="安排单位 / school or bureau that arranged it")
    parts: list[ProbationPart] | None = Field(
        description="见习期的组成 / parts of the probation year, as they were when it was proposed"
    )
    state: MentorshipState = Field(description="状态 / state")
    signed_at: datetime | None = Field(description="徒弟签约时间 / when the apprentice signed")
    agreed_at: datetime | None = Field(description="协议生效时间 / when the last of them signed")
    concluded_on: date | None = Field(description="结业日 / when it was concluded")
    ended_on: date | None = Field(description="谢绝或终止日 / when it was declined or ended")
    end_kind: MentorshipEnd | None = Field(description="终止原因 / why it ended early")


class MentorChangeView(BaseModel):
    """That somebody mentors in a mentorship: a teacher, or an outside expert of a library."""

    id: UUID = Field(description="标识 / key")
    mentorship_id: UUID = Field(description="师徒结对 / mentorship")
    role: MentorRole = Field(description="导师身份 / as what")
    teacher_id: UUID | None = Field(description="教师，外聘专家为空 / teacher; null for an expert")
    trainer_id: UUID | None = Field(
        description="导师库中的外聘专家 / outside expert of a library, else null"
    )
    signed_at: datetime | None = Field(description="签约时间 / when they signed")


class TopicChangeView(TopicFields):
    """A topic, and how far it has come."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="承担单位 / unit that carries it")
    group_id: UUID | None = Field(description="教研组 / group, if one carries it")
    leader_id: UUID = Field(description="主持人 / teacher who leads it")
    state: TopicState = Field(description="状态 / state")
    number: str | None = Field(description="立项编号 / number under which it was approved")
    approved_on: date | None = Field(description="立项日期 / day on which it was approved")
    concluded_on: date | None = Field(description="结题日期 / day on which it was concluded")
    grade: TopicGrade | None = Field(description="结题等级 / grade of its conclusion")
    certificate_number: str | None = Field(description="结题证书编号 / number of the certificate")


class TopicMemberChangeView(BaseModel):
    """That a teacher takes part in a topic, as what and with which share."""

    id: UUID = Field(description="标识 / key")
    topic_id: UUID = Field(description="课题 / topic")
    teacher_id: UUID = Field(description="教师 / teacher")
    duty: TopicDuty = Field(description="分工 / duty")
    share: Decimal = Field(description="份额，百分数 / share, in hundredths")


class ResourceChangeView(ResourceFields):
    """An entry of the library of resources; where it stands, its versions say to whoever may open it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="所属单位 / unit that keeps it")
    teacher_id: UUID | None = Field(description="提供教师 / teacher who gave it, if one did")
    version: int = Field(description="现行版本号 / number of its present version")
    sharing: ResourceSharing = Field(description="共享范围 / how far it goes")
    network_id: UUID | None = Field(description="共享到的片区 / network that it goes to")
    added_at: datetime = Field(description="入库时间 / when it was added")
    retired_on: date | None = Field(description="下架日期 / day on which it was retired")


class ResourceVersionChangeView(BaseModel):
    """That a resource has another version; where that stands is read from it by whoever may open it."""

    id: UUID = Field(description="标识 / key")
    resource_id: UUID = Field(description="资源 / resource")
    number: int = Field(description="版本号 / number")
    changes: str | None = Field(description="改动说明 / what is new in it")
    added_at: datetime = Field(description="入库时间 / when it was added")
    refused_at: datetime | None = Field(
        description="审核未通过时间 / when it was not agreed to, if it was not"
    )
