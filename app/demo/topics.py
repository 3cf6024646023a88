"""What the activities of the demo city are about."""

from dataclasses import dataclass

from app.domain.people.teachers import Subject
from app.domain.training.vocabulary import (
    ActivityChannel,
    ActivityContent,
    ActivityKind,
    ActivityMode,
)


@dataclass(frozen=True)
class Topic:
    """A title with its form and the words that rules of credit may ask for."""

    title: str
    form: str | None
    """The code of the shipped form that it has: one that asks for nothing of each participant."""
    kind: ActivityKind
    content: tuple[ActivityContent, ...]
    mode: ActivityMode = ActivityMode.CONCENTRATED
    channel: ActivityChannel = ActivityChannel.SCHOOL_BASED
    speaker: str | None = None


TOPICS = (
    Topic(
        "师德规范专题学习",
        None,
        ActivityKind.LECTURE,
        (ActivityContent.ETHICS,),
        speaker="测试主讲人",
    ),
    Topic(
        "班主任工作沙龙", "academic_salon", ActivityKind.SALON, (ActivityContent.CLASS_MANAGEMENT,)
    ),
    Topic(
        "大单元教学设计集体备课",
        "collective_planning",
        ActivityKind.COLLECTIVE_PLANNING,
        (ActivityContent.INSTRUCTIONAL_DESIGN, ActivityContent.TEACHING_METHODS),
    ),
    Topic(
        "同课异构听课评课",
        None,
        ActivityKind.LESSON_OBSERVATION,
        (ActivityContent.TEACHING_METHODS, ActivityContent.PROCESS_CONTROL),
    ),
    Topic(
        "学业质量评价研讨",
        None,
        ActivityKind.SEMINAR,
        (ActivityContent.TEACHING_EVALUATION, ActivityContent.LEARNING_GUIDANCE),
    ),
    Topic(
        "信息技术与课堂融合工作坊",
        None,
        ActivityKind.WORKSHOP,
        (ActivityContent.INFORMATION_TECHNOLOGY,),
        speaker="测试主讲人",
    ),
    Topic(
        "教育经典共读",
        None,
        ActivityKind.READING,
        (ActivityContent.EDUCATION_RESEARCH,),
        mode=ActivityMode.SELF_DIRECTED,
    ),
    Topic(
        "校本课题行动研究",
        "topic_research",
        ActivityKind.ACTION_RESEARCH,
        (ActivityContent.TEACHING_RESEARCH,),
    ),
    Topic(
        "学生心理辅导案例研讨",
        None,
        ActivityKind.SEMINAR,
        (ActivityContent.STUDENT_PSYCHOLOGY,),
    ),
    Topic(
        "网络研修课程",
        None,
        ActivityKind.ONLINE_COURSE,
        (ActivityContent.CURRICULUM_DEVELOPMENT,),
        mode=ActivityMode.SELF_DIRECTED,
        channel=ActivityChannel.ONLINE,
    ),
)

SUBJECT_NAMES: dict[Subject, str] = {
    Subject.CHINESE: "语文",
    Subject.MATHEMATICS: "数学",
    Subject.ENGLISH: "英语",
    Subject.MORALITY_AND_LAW: "道德与法治",
    Subject.HISTORY: "历史",
    Subject.GEOGRAPHY: "地理",
    Subject.PHYSICS: "物理",
    Subject.CHEMISTRY: "化学",
    Subject.BIOLOGY: "生物",
    Subject.SCIENCE: "科学",
    Subject.INFORMATION_TECHNOLOGY: "信息技术",
    Subject.MUSIC: "音乐",
    Subject.FINE_ARTS: "美术",
    Subject.PHYSICAL_EDUCATION: "体育",
    Subject.PRESCHOOL: "学前教育",
}
"""The subjects that are taught in the demo city, by the names that groups are called after."""
