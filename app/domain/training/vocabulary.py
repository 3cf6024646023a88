"""The closed words of activities, each with its Chinese name: what rules of credit may ask about them.

What of a kind an activity is more closely (同课异构, 五步集体备课 …) is said by its form, which each city
writes itself (`forms`).
"""

from enum import StrEnum


class ActivityKind(StrEnum):
    """What is done (活动形式)."""

    LECTURE = "lecture"
    """讲座"""
    LESSON_OBSERVATION = "lesson_observation"
    """听课评课"""
    COLLECTIVE_PLANNING = "collective_planning"
    """集体备课"""
    SEMINAR = "seminar"
    """专题研讨"""
    FORUM = "forum"
    """论坛"""
    SALON = "salon"
    """沙龙"""
    REMOTE_STUDY = "remote_study"
    """远程研修"""
    VISIT = "visit"
    """考察观摩"""
    OUTREACH = "outreach"
    """送教下乡"""
    COMPETITION = "competition"
    """教学竞赛"""
    ACTION_RESEARCH = "action_research"
    """行动研究"""
    MENTORING = "mentoring"
    """师徒结对"""
    MEETING = "meeting"
    """会议"""
    ONLINE_COURSE = "online_course"
    """网络课程"""
    READING = "reading"
    """读书活动"""
    WORKSHOP = "workshop"
    """工作坊"""


class ActivityMode(StrEnum):
    """How time is spent on it (研修方式)."""

    CONCENTRATED = "concentrated"
    """集中研修"""
    SELF_DIRECTED = "self_directed"
    """自主研修"""
    OFF_JOB = "off_job"
    """脱产研修"""


class ActivityChannel(StrEnum):
    """By which way it reaches the teacher (培训渠道)."""

    SCHOOL_BASED = "school_based"
    """校本研修"""
    ONLINE = "online"
    """网络研修"""
    OFF_JOB = "off_job"
    """脱产培训"""
    SUMMER_INTENSIVE = "summer_intensive"
    """暑期集中培训"""
    POST_PRACTICE = "post_practice"
    """跟岗实践"""
    MENTOR = "mentor"
    """导师带教"""
    FORUM = "forum"
    """论坛交流"""
    OVERSEAS = "overseas"
    """境外研修"""


class ActivityContent(StrEnum):
    """What it is about (研修内容); `content_kinds` has each one's source and place in the taxonomies."""

    ETHICS = "ethics"
    """师德修养"""
    CLASS_MANAGEMENT = "class_management"
    """班级管理"""
    FAMILY_EDUCATION = "family_education"
    """家庭教育指导"""
    STUDENT_PSYCHOLOGY = "student_psychology"
    """学生心理"""
    SUBJECT_MORAL_EDUCATION = "subject_moral_education"
    """学科德育"""
    CURRICULUM_DEVELOPMENT = "curriculum_development"
    """课程开发"""
    INSTRUCTIONAL_DESIGN = "instructional_design"
    """教学设计"""
    TEACHING_METHODS = "teaching_methods"
    """教学方法"""
    PROCESS_CONTROL = "process_control"
    """过程调控"""
    TEACHING_EVALUATION = "teaching_evaluation"
    """教学评价"""
    LEARNING_GUIDANCE = "learning_guidance"
    """学习指导"""
    TEACHING_RESEARCH = "teaching_research"
    """教学研究"""
    EDUCATION_RESEARCH = "education_research"
    """教育科研"""
    LANGUAGE_AND_SCRIPT = "language_and_script"
    """语言文字"""
    SCIENTIFIC_LITERACY = "scientific_literacy"
    """科学素养"""
    INFORMATION_TECHNOLOGY = "information_technology"
    """信息技术"""
    POST_QUALIFICATION = "post_qualification"
    """岗位资格"""
    TRAINER_TRAINING = "trainer_training"
    """培训者培训"""
    CURRICULUM_STANDARDS = "curriculum_standards"
    """新课程标准与新教材"""
    LESSON_REVIEW = "lesson_review"
    """课堂评析"""
    ACADEMIC_ASSESSMENT = "academic_assessment"
    """学业评价"""
    EDUCATIONAL_THEORY = "educational_theory"
    """教育理论与教育思想"""
    TEACHING_SKILLS = "teaching_skills"
    """教学基本功"""


class StaffRole(StrEnum):
    """As what somebody carries an activity or one of its sessions (任务), rather than taking part."""

    SPEAKER = "speaker"
    """主讲人"""
    PERSON_IN_CHARGE = "person_in_charge"
    """活动负责人"""
    DEMONSTRATOR = "demonstrator"
    """示范者、执教人"""
    HOST = "host"
    """主持人"""
    REVIEWER = "reviewer"
    """点评人、评课专家"""


class Delivery(StrEnum):
    """How people come together in a session (举行方式)."""

    IN_PERSON = "in_person"
    """线下"""
    ONLINE = "online"
    """线上"""
    HYBRID = "hybrid"
    """线上线下结合"""


class ActivityState(StrEnum):
    """Where an activity stands (状态): draft → published → held → closed, or cancelled on the way."""

    DRAFT = "draft"
    """草稿"""
    PUBLISHED = "published"
    """已发布"""
    HELD = "held"
    """已举办"""
    CLOSED = "closed"
    """已结束"""
    CANCELLED = "cancelled"
    """已取消"""


HELD_STATES = (ActivityState.HELD, ActivityState.CLOSED)
"""Where an activity stands that took place."""
