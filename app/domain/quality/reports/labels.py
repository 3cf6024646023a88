"""The parts of figures in Chinese: stages, levels, kinds of activities and of rooms, terms."""

from app.domain.credits.assessment_requirements import AssessmentTerm
from app.domain.learning.courses import CourseLevel
from app.domain.learning.equipment import EquipmentKind
from app.domain.learning.resources import ResourceKind
from app.domain.learning.topics import TopicLevel
from app.domain.organisation.designations import DesignationLevel
from app.domain.organisation.guidance_visits import GuidanceKind
from app.domain.organisation.location_classes import LocationClass
from app.domain.organisation.units import Stage
from app.domain.people.trainees import TraineeCategory
from app.domain.training.plans import PlanKind
from app.domain.training.vocabulary import ActivityKind

_LABELS: dict[str, str] = {
    Stage.KINDERGARTEN: "幼儿园", Stage.PRIMARY: "小学", Stage.JUNIOR_SECONDARY: "初中",
    Stage.SENIOR_SECONDARY: "高中",
    LocationClass.URBAN: "城区", LocationClass.TOWN: "镇区", LocationClass.RURAL: "乡村",
    DesignationLevel.NATIONAL: "国家级", DesignationLevel.PROVINCIAL: "省级",
    DesignationLevel.CITY: "市级", DesignationLevel.COUNTY: "县级", DesignationLevel.SCHOOL: "校级",
    ActivityKind.LECTURE: "讲座", ActivityKind.LESSON_OBSERVATION: "听课评课",
    ActivityKind.COLLECTIVE_PLANNING: "集体备课", ActivityKind.SEMINAR: "专题研讨",
    ActivityKind.FORUM: "论坛", ActivityKind.SALON: "沙龙", ActivityKind.REMOTE_STUDY: "远程研修",
    ActivityKind.VISIT: "考察观摩", ActivityKind.OUTREACH: "送教下乡",
    ActivityKind.COMPETITION: "教学竞赛", ActivityKind.ACTION_RESEARCH: "行动研究",
    ActivityKind.MENTORING: "师徒结对", ActivityKind.MEETING: "会议",
    ActivityKind.ONLINE_COURSE: "网络课程", ActivityKind.READING: "读书活动",
    ActivityKind.WORKSHOP: "工作坊",
    EquipmentKind.NETWORK_ROOM: "计算机网络教室", EquipmentKind.MEDIA_ROOM: "多媒体教室",
    EquipmentKind.PREPARATION_ROOM: "电子备课室", EquipmentKind.RECORDING_ROOM: "录播教室",
    AssessmentTerm.SEMESTER: "学期", AssessmentTerm.YEAR: "学年",
    TraineeCategory.TECHNICAL: "专业技术人员", TraineeCategory.MANAGEMENT: "管理人员",
    TraineeCategory.SUPPORT: "工勤人员", TraineeCategory.STUDENT_TEACHER: "实习生、师范生",
    TraineeCategory.PROBATIONER: "见习教师", TraineeCategory.SHADOW_PRINCIPAL: "影子校长",
    TraineeCategory.VISITING_TEACHER: "外地教师", TraineeCategory.OTHER: "其他",
    GuidanceKind.GUIDE: "指导", GuidanceKind.INSPECT: "检查", GuidanceKind.EXCHANGE: "交流",
    GuidanceKind.EVALUATE: "评估", GuidanceKind.REVIEW: "审核",
    PlanKind.MULTI_YEAR: "多年规划", PlanKind.SCHEME: "实施方案",
    CourseLevel.GROUP: "教研组级", TopicLevel.PROVINCE: "省级",
    ResourceKind.BOOK: "图书、期刊", ResourceKind.AUDIO_VISUAL: "音像资料",
    ResourceKind.ELECTRONIC: "电子资源", ResourceKind.PLATFORM: "学习平台",
}  # fmt: skip


_MIXED = {
    f"{Stage.PRIMARY}+{Stage.JUNIOR_SECONDARY}": "九年一贯制学校",
    f"{Stage.JUNIOR_SECONDARY}+{Stage.SENIOR_SECONDARY}": "完全中学",
    f"{Stage.PRIMARY}+{Stage.JUNIOR_SECONDARY}+{Stage.SENIOR_SECONDARY}": "十二年一贯制学校",
}
"""What a school of several stages is called (GB/T 33782: 312, 341, 345)."""


def label_of(part: str | None) -> str:
    """A part in Chinese: a school of several stages by what it is called, what has no label by its own code.

    Parts are listed with 、 between them: within one of them none stands.
    """
    if part is None:
        return "未分类"
    return _MIXED.get(part) or "与".join(_LABELS.get(each, each) for each in part.split("+"))


_ORDER = {part: n for n, part in enumerate(_LABELS)}


def order_of(part: str | None) -> tuple[int, str]:
    """Where a part stands among the others: from the first stage on, from the highest level down."""
    first = (part or "").partition("+")[0]
    return _ORDER.get(first, len(_ORDER)), part or ""
