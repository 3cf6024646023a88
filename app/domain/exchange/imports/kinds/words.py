"""The words that files use, and the values of the domain that they stand for."""

from typing import Final

from app.domain.credits.claims.table import ClaimKind
from app.domain.exchange.imports.kind import Words
from app.domain.learning.courses.vocabulary import CourseOrigin
from app.domain.learning.resources.vocabulary import ResourceKind, ResourceLicence
from app.domain.learning.topics.vocabulary import TopicLevel
from app.domain.learning.trainers.trainer import TrainerEngagement
from app.domain.organisation.units import Level, LocationClass, Stage
from app.domain.people.facts.engagement import Establishment
from app.domain.people.facts.fact import FactName
from app.domain.people.facts.merits import EducationLevel, StudyState
from app.domain.people.facts.posts import Post
from app.domain.people.facts.qualifications import QualificationKind, RegistrationConclusion
from app.domain.people.facts.ranks import Rank
from app.domain.people.identity import IdKind
from app.domain.people.teachers import Subject
from app.domain.people.teachers.strata import STRATA as STRATA_RULES
from app.domain.quality.budgets import FundSource, SpendClass
from app.domain.quality.indicator_sheets import (
    EvaluatedKind,
    IndicatorKind,
    IndicatorSource,
    ScoringKind,
)
from app.domain.quality.measures import IndicatorMeasure
from app.domain.quality.official_documents import DocumentKind
from app.domain.training.attendance import AttendanceRole, AttendanceStatus
from app.domain.training.destinations import HostLevel
from app.domain.training.groups import GroupDuty, GroupKind
from app.domain.training.vocabulary import (
    ActivityChannel,
    ActivityContent,
    ActivityKind,
    ActivityMode,
)

SUBJECTS: Final = Words({
    "语文": Subject.CHINESE, "数学": Subject.MATHEMATICS, "英语": Subject.ENGLISH,
    "道德与法治": Subject.MORALITY_AND_LAW, "思想政治": Subject.MORALITY_AND_LAW,
    "政治": Subject.MORALITY_AND_LAW, "历史": Subject.HISTORY, "地理": Subject.GEOGRAPHY,
    "物理": Subject.PHYSICS, "化学": Subject.CHEMISTRY, "生物": Subject.BIOLOGY,
    "生物学": Subject.BIOLOGY, "科学": Subject.SCIENCE,
    "信息科技": Subject.INFORMATION_TECHNOLOGY, "信息技术": Subject.INFORMATION_TECHNOLOGY,
    "音乐": Subject.MUSIC, "美术": Subject.FINE_ARTS, "体育": Subject.PHYSICAL_EDUCATION,
    "体育与健康": Subject.PHYSICAL_EDUCATION, "心理健康": Subject.COUNSELLING,
    "特殊教育": Subject.SPECIAL_EDUCATION, "卫生保健": Subject.HEALTH_CARE,
    "学前教育": Subject.PRESCHOOL, "幼儿教育": Subject.PRESCHOOL, "其他": Subject.OTHER,
})  # fmt: skip
STAGES: Final = Words({
    "幼儿园": Stage.KINDERGARTEN, "学前": Stage.KINDERGARTEN, "小学": Stage.PRIMARY,
    "初中": Stage.JUNIOR_SECONDARY, "高中": Stage.SENIOR_SECONDARY,
})  # fmt: skip
ID_KINDS: Final = Words({
    "居民身份证": IdKind.RESIDENT_CARD, "身份证": IdKind.RESIDENT_CARD,
    "港澳台居民居住证": IdKind.RESIDENCE_PERMIT,
    "外国人永久居留身份证": IdKind.FOREIGNER_PERMIT,
    "港澳居民来往内地通行证": IdKind.HOME_RETURN_PERMIT,
    "台湾居民来往大陆通行证": IdKind.TAIWAN_PERMIT, "护照": IdKind.PASSPORT,
})  # fmt: skip
RANKS: Final = Words({
    "未评": Rank.UNRANKED, "未定级": Rank.UNRANKED, "三级教师": Rank.THIRD_GRADE,
    "二级教师": Rank.SECOND_GRADE, "一级教师": Rank.FIRST_GRADE, "高级教师": Rank.SENIOR,
    "正高级教师": Rank.PRINCIPAL_SENIOR,
})  # fmt: skip
"""The names in force; of the former ones some say nothing certain (`ranks.FORMER_NAMES`)."""
ESTABLISHMENTS: Final = Words({
    "在编": Establishment.ESTABLISHED, "聘用": Establishment.CONTRACTED,
    "特岗": Establishment.SPECIAL_POST, "代课": Establishment.SUBSTITUTE,
    "其他": Establishment.OTHER,
})  # fmt: skip
LOCATIONS: Final = Words({
    "城区": LocationClass.URBAN, "城市": LocationClass.URBAN, "镇区": LocationClass.TOWN,
    "乡镇": LocationClass.TOWN, "乡村": LocationClass.RURAL, "农村": LocationClass.RURAL,
})  # fmt: skip
POSTS: Final = Words({
    "任课教师": Post.TEACHER, "教师": Post.TEACHER, "班主任": Post.CLASS_HEAD,
    "校长": Post.PRINCIPAL, "园长": Post.PRINCIPAL, "副校长": Post.VICE_PRINCIPAL,
    "书记": Post.PARTY_SECRETARY, "校级干部": Post.SCHOOL_CADRE, "中层领导": Post.MIDDLE_LEADER,
    "培训者": Post.TRAINER, "图书管理员": Post.LIBRARIAN, "师训专管员": Post.TRAINING_OFFICER,
    "语言文字专管员": Post.LANGUAGE_OFFICER, "科技辅导员": Post.SCIENCE_COUNSELLOR,
    "艺术专职教师": Post.ARTS_TEACHER, "信息技术专管员": Post.INFORMATION_OFFICER,
    "其他专业技术人员": Post.OTHER_TECHNICAL,
})  # fmt: skip
LEVELS: Final = Words(
    {"县级": Level.COUNTY, "区县": Level.COUNTY, "县区": Level.COUNTY, "学校": Level.SCHOOL}
)
FACTS: Final = Words({
    "岗位": FactName.POST, "职称": FactName.RANK, "学历": FactName.EDUCATION,
    "教师资格": FactName.QUALIFICATION, "定期注册": FactName.REGISTRATION,
})  # fmt: skip
EDUCATION_LEVELS: Final = Words({
    "中专": EducationLevel.SECONDARY, "高中": EducationLevel.SECONDARY,
    "高中及以下": EducationLevel.SECONDARY, "大学专科": EducationLevel.COLLEGE,
    "大专": EducationLevel.COLLEGE, "大学本科": EducationLevel.BACHELOR,
    "本科": EducationLevel.BACHELOR, "研究生课程班": EducationLevel.POSTGRADUATE_COURSE,
    "硕士研究生": EducationLevel.MASTER, "硕士": EducationLevel.MASTER,
    "博士研究生": EducationLevel.DOCTOR, "博士": EducationLevel.DOCTOR,
})  # fmt: skip
STUDIES: Final = Words({
    "在读": StudyState.IN_PROGRESS, "毕业": StudyState.GRADUATED, "结业": StudyState.COMPLETED,
})  # fmt: skip
QUALIFICATIONS: Final = Words({
    "幼儿园教师资格": QualificationKind.KINDERGARTEN, "小学教师资格": QualificationKind.PRIMARY,
    "初级中学教师资格": QualificationKind.JUNIOR_MIDDLE,
    "初中教师资格": QualificationKind.JUNIOR_MIDDLE,
    "高级中学教师资格": QualificationKind.SENIOR_MIDDLE,
    "高中教师资格": QualificationKind.SENIOR_MIDDLE,
    "中等职业学校教师资格": QualificationKind.SECONDARY_VOCATIONAL,
    "中等职业学校实习指导教师资格": QualificationKind.VOCATIONAL_INSTRUCTOR,
    "高等学校教师资格": QualificationKind.HIGHER,
})  # fmt: skip
REGISTRATIONS: Final = Words({
    "合格": RegistrationConclusion.QUALIFIED, "注册合格": RegistrationConclusion.QUALIFIED,
    "暂缓": RegistrationConclusion.DEFERRED, "暂缓注册": RegistrationConclusion.DEFERRED,
    "不合格": RegistrationConclusion.UNQUALIFIED,
    "注册不合格": RegistrationConclusion.UNQUALIFIED,
})  # fmt: skip
YES_AND_NO: Final = Words(
    {"是": "yes", "否": "no", "在编": "yes", "在编在岗": "yes", "不在编": "no", "非在编": "no"}
)
GROUP_KINDS: Final = Words({
    "教研组": GroupKind.TEACHING_RESEARCH, "备课组": GroupKind.LESSON_PLANNING,
    "年级组": GroupKind.GRADE, "主题组": GroupKind.THEME, "项目组": GroupKind.PROJECT,
    "校际共同体": GroupKind.CROSS_SCHOOL, "跨区域共同体": GroupKind.CROSS_REGION,
    "学习共同体": GroupKind.LEARNING_COMMUNITY, "导师团": GroupKind.MENTOR_TEAM,
})  # fmt: skip
DUTIES: Final = Words({
    "组长": GroupDuty.HEAD, "副组长": GroupDuty.DEPUTY_HEAD, "组员": GroupDuty.MEMBER,
    "成员": GroupDuty.MEMBER,
})  # fmt: skip
ACTIVITY_KINDS: Final = Words({
    "讲座": ActivityKind.LECTURE, "听课评课": ActivityKind.LESSON_OBSERVATION,
    "听评课": ActivityKind.LESSON_OBSERVATION, "公开课": ActivityKind.LESSON_OBSERVATION,
    "集体备课": ActivityKind.COLLECTIVE_PLANNING, "专题研讨": ActivityKind.SEMINAR,
    "研讨": ActivityKind.SEMINAR, "论坛": ActivityKind.FORUM, "沙龙": ActivityKind.SALON,
    "远程研修": ActivityKind.REMOTE_STUDY, "考察观摩": ActivityKind.VISIT,
    "送教下乡": ActivityKind.OUTREACH, "教学竞赛": ActivityKind.COMPETITION,
    "行动研究": ActivityKind.ACTION_RESEARCH, "师徒结对": ActivityKind.MENTORING,
    "会议": ActivityKind.MEETING, "网络课程": ActivityKind.ONLINE_COURSE,
    "读书活动": ActivityKind.READING, "工作坊": ActivityKind.WORKSHOP,
})  # fmt: skip
MODES: Final = Words({
    "集中研修": ActivityMode.CONCENTRATED, "集中": ActivityMode.CONCENTRATED,
    "自主研修": ActivityMode.SELF_DIRECTED, "自主": ActivityMode.SELF_DIRECTED,
    "脱产研修": ActivityMode.OFF_JOB, "脱产": ActivityMode.OFF_JOB,
})  # fmt: skip
CHANNELS: Final = Words({
    "校本研修": ActivityChannel.SCHOOL_BASED, "网络研修": ActivityChannel.ONLINE,
    "脱产培训": ActivityChannel.OFF_JOB, "暑期集中培训": ActivityChannel.SUMMER_INTENSIVE,
    "跟岗实践": ActivityChannel.POST_PRACTICE, "导师带教": ActivityChannel.MENTOR,
    "论坛交流": ActivityChannel.FORUM, "境外研修": ActivityChannel.OVERSEAS,
})  # fmt: skip
CONTENT: Final = Words({
    "师德修养": ActivityContent.ETHICS, "班级管理": ActivityContent.CLASS_MANAGEMENT,
    "家庭教育指导": ActivityContent.FAMILY_EDUCATION,
    "学生心理": ActivityContent.STUDENT_PSYCHOLOGY,
    "学科德育": ActivityContent.SUBJECT_MORAL_EDUCATION,
    "课程开发": ActivityContent.CURRICULUM_DEVELOPMENT,
    "教学设计": ActivityContent.INSTRUCTIONAL_DESIGN,
    "教学方法": ActivityContent.TEACHING_METHODS, "过程调控": ActivityContent.PROCESS_CONTROL,
    "教学评价": ActivityContent.TEACHING_EVALUATION,
    "学习指导": ActivityContent.LEARNING_GUIDANCE,
    "教学研究": ActivityContent.TEACHING_RESEARCH,
    "教育科研": ActivityContent.EDUCATION_RESEARCH,
    "语言文字": ActivityContent.LANGUAGE_AND_SCRIPT,
    "科学素养": ActivityContent.SCIENTIFIC_LITERACY,
    "信息技术": ActivityContent.INFORMATION_TECHNOLOGY,
    "岗位资格": ActivityContent.POST_QUALIFICATION,
    "培训者培训": ActivityContent.TRAINER_TRAINING,
    "新课程标准与新教材": ActivityContent.CURRICULUM_STANDARDS,
    "课堂评析": ActivityContent.LESSON_REVIEW, "学业评价": ActivityContent.ACADEMIC_ASSESSMENT,
    "教育理论与教育思想": ActivityContent.EDUCATIONAL_THEORY,
    "教学基本功": ActivityContent.TEACHING_SKILLS,
})  # fmt: skip
ATTENDANCE: Final = Words({
    "出席": AttendanceStatus.PRESENT, "出勤": AttendanceStatus.PRESENT,
    "到": AttendanceStatus.PRESENT, "迟到": AttendanceStatus.LATE,
    "早退": AttendanceStatus.LEFT_EARLY, "缺席": AttendanceStatus.ABSENT,
    "缺勤": AttendanceStatus.ABSENT, "请假": AttendanceStatus.EXCUSED,
})  # fmt: skip
ATTENDANCE_ROLES: Final = Words({
    "参训者": AttendanceRole.PARTICIPANT, "主讲人": AttendanceRole.SPEAKER,
    "示范者": AttendanceRole.DEMONSTRATOR, "执教人": AttendanceRole.DEMONSTRATOR,
    "活动负责人": AttendanceRole.PERSON_IN_CHARGE, "组织者": AttendanceRole.ORGANISER,
})  # fmt: skip
CLAIM_KINDS: Final = Words({
    "自主申报": ClaimKind.DECLARATION, "折算": ClaimKind.CONVERSION, "冲抵": ClaimKind.OFFSET,
    "免修": ClaimKind.EXEMPTION,
})  # fmt: skip
HOST_LEVELS: Final = Words({
    "校级": HostLevel.SCHOOL, "县级": HostLevel.COUNTY, "县区级": HostLevel.COUNTY,
    "区级": HostLevel.COUNTY, "市级": HostLevel.CITY, "省级": HostLevel.PROVINCE,
    "国家级": HostLevel.NATIONAL, "境外": HostLevel.OVERSEAS,
})  # fmt: skip
COURSE_ORIGINS: Final = Words({
    "自主开发": CourseOrigin.OWN, "自主": CourseOrigin.OWN, "购买": CourseOrigin.BOUGHT,
    "引进": CourseOrigin.BROUGHT_IN, "合作开发": CourseOrigin.CO_DEVELOPED,
    "合作": CourseOrigin.CO_DEVELOPED,
})  # fmt: skip
STRATA: Final = Words({rule.name.split(" / ")[0]: each for each, rule in STRATA_RULES.items()})
ENGAGEMENTS: Final = Words(
    {"专职": TrainerEngagement.FULL_TIME, "兼职": TrainerEngagement.PART_TIME}
)
TOPIC_LEVELS: Final = Words({
    "校级": TopicLevel.SCHOOL, "县级": TopicLevel.COUNTY, "区县级": TopicLevel.COUNTY,
    "市级": TopicLevel.CITY, "省级": TopicLevel.PROVINCE,
})  # fmt: skip
RESOURCE_KINDS: Final = Words({
    "图书": ResourceKind.BOOK, "期刊": ResourceKind.BOOK, "音像资料": ResourceKind.AUDIO_VISUAL,
    "音像": ResourceKind.AUDIO_VISUAL, "电子资源": ResourceKind.ELECTRONIC,
    "学习平台": ResourceKind.PLATFORM,
})  # fmt: skip
RESOURCE_LICENCES: Final = Words({
    "可用于教学": ResourceLicence.TEACHING, "仅供查阅": ResourceLicence.OWN_USE,
    "可改编，须署名": ResourceLicence.ADAPTABLE, "可改编": ResourceLicence.ADAPTABLE,
    "采购，按合同使用": ResourceLicence.BOUGHT, "采购": ResourceLicence.BOUGHT,
})  # fmt: skip
DOCUMENT_KINDS: Final = Words({
    "意见": DocumentKind.OPINION, "通知": DocumentKind.NOTICE, "决定": DocumentKind.DECISION,
    "办法": DocumentKind.MEASURES, "规定": DocumentKind.PROVISIONS,
    "细则": DocumentKind.DETAILED_RULES, "规划": DocumentKind.OUTLINE,
    "纲要": DocumentKind.OUTLINE, "方案": DocumentKind.SCHEME, "批复": DocumentKind.REPLY,
    "函": DocumentKind.LETTER, "会议纪要": DocumentKind.MINUTES, "纪要": DocumentKind.MINUTES,
})  # fmt: skip
SPEND_CLASSES: Final = Words({
    "考察": SpendClass.VISITS, "培训": SpendClass.TRAINING, "奖励": SpendClass.REWARDS,
    "出版": SpendClass.PUBLICATIONS, "设备": SpendClass.EQUIPMENT,
})  # fmt: skip
FUND_SOURCES: Final = Words({
    "本级安排": FundSource.OWN, "本级": FundSource.OWN, "上级拨付": FundSource.SUPERIOR,
    "上级": FundSource.SUPERIOR,
})  # fmt: skip
YES_NO: Final = Words({"是": "true", "否": "false"})
EVALUATED: Final = Words({
    "学校": EvaluatedKind.SCHOOL, "县": EvaluatedKind.COUNTY, "县（市、区）": EvaluatedKind.COUNTY,
    "区县": EvaluatedKind.COUNTY,
})  # fmt: skip
INDICATOR_KINDS: Final = Words({
    "过程": IndicatorKind.PROCESS, "过程评价": IndicatorKind.PROCESS,
    "绩效": IndicatorKind.PERFORMANCE, "绩效评估": IndicatorKind.PERFORMANCE,
})  # fmt: skip
INDICATOR_SOURCES: Final = Words({
    "计算": IndicatorSource.COMPUTED, "自报": IndicatorSource.CLAIMED,
    "评定": IndicatorSource.VERIFIED, "核定": IndicatorSource.VERIFIED,
})  # fmt: skip
SCORINGS: Final = Words({
    "按比例": ScoringKind.LINEAR, "比例": ScoringKind.LINEAR, "分档": ScoringKind.STEPS,
    "有无": ScoringKind.YES_NO, "评分": ScoringKind.JUDGED,
})  # fmt: skip
MEASURES: Final = Words({
    "研修活动次数": IndicatorMeasure.ACTIVITIES_HELD,
    "活动办结率": IndicatorMeasure.ACTIVITIES_CLOSED,
    "计划落实率": IndicatorMeasure.PLANNED_ACTIVITIES_HELD,
    "计划按期率": IndicatorMeasure.PLANS_IN_TIME,
    "到会率": IndicatorMeasure.ATTENDANCE_SHARE, "无故缺席人次": IndicatorMeasure.NO_SHOWS,
    "笔记提交率": IndicatorMeasure.NOTES_SHARE,
    "取得学分教师占比": IndicatorMeasure.CREDITED_TEACHERS_SHARE,
    "教研组有负责人占比": IndicatorMeasure.GROUPS_LED_SHARE,
    "示范课占比": IndicatorMeasure.DEMONSTRATIONS_SHARE, "师徒结对数": IndicatorMeasure.MENTORSHIPS,
    "在研课题数": IndicatorMeasure.TOPICS, "课程数": IndicatorMeasure.COURSES,
    "共享资源数": IndicatorMeasure.RESOURCES,
    "活动评价答卷率": IndicatorMeasure.EVALUATIONS_ANSWERED_SHARE,
    "制度齐全率": IndicatorMeasure.REGULATIONS_SHARE,
    "责任人落实率": IndicatorMeasure.RESPONSIBLE_SHARE,
    "计划总结率": IndicatorMeasure.SUMMARISED_SHARE,
    "档案封存率": IndicatorMeasure.ARCHIVED_SHARE,
    "评估覆盖率": IndicatorMeasure.EVALUATED_SHARE,
    "到校指导覆盖率": IndicatorMeasure.VISITED_SHARE,
    "经费拨付到校率": IndicatorMeasure.FUNDED_SHARE,
})  # fmt: skip
