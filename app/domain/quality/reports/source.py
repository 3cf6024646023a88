"""A source (数据来源): the rows behind one figure of a report, from which alone the figure is counted.

A figure is never counted one way and shown another: the count is the sum over the same select that gives
the rows. A row has a key (`id`), a name, a day, the unit it is of, the part of the figure it belongs to,
whether it counts above the line (`counts`), and how much it is worth (`amount`).
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Select,
    cast,
    func,
    select,
)

from app.domain.access.roles import Permission
from app.domain.counts import Count, Fen, Persons, PersonTimes, Things
from app.domain.organisation.units import Level
from app.domain.quality.measures.happened import Key, key_of
from app.sql import Statement

EVERYWHERE = frozenset(Level)
OF_BUREAUX = frozenset({Level.CITY, Level.COUNTY})


class FigureCode(StrEnum):
    """What a report counts (报告数据项)."""

    SCHOOLS = "schools"
    """学校"""
    RURAL_SCHOOLS = "rural_schools"
    """乡村学校占比"""
    DESIGNATED_SCHOOLS = "designated_schools"
    """命名学校占比：每校按最高级别计一次"""
    STUDENTS = "students"
    """在校学生（学校填报）"""
    TEACHERS = "teachers"
    """在册教师"""
    ESTABLISHED_TEACHERS = "established_teachers"
    """在编教师占比"""
    TRAINING_ROOMS = "training_rooms"
    """研训用房"""
    CONNECTED_SCHOOLS = "connected_schools"
    """接入宽带的学校占比"""
    SPENT = "spent"
    """研训支出"""
    PLANNED_HELD = "planned_held"
    """计划项落实率"""
    ACTIVITIES_HELD = "activities_held"
    """举办的研修活动"""
    BUREAU_ACTIVITIES = "bureau_activities"
    """教育局组织的活动占比"""
    SESSIONS_HELD = "sessions_held"
    """研修场次"""
    ATTENDANCES = "attendances"
    """到会人次占比"""
    TRAINED_TEACHERS = "trained_teachers"
    """参训教师占比：每人计一次"""
    TRAINED_OTHERS = "trained_others"
    """参训的非教师学员"""
    CREDITED_TEACHERS = "credited_teachers"
    """取得学分的教师占比"""
    DEMONSTRATING_TEACHERS = "demonstrating_teachers"
    """承担公开课、示范课的教师占比"""
    CONTEST_WINNERS = "contest_winners"
    """教学竞赛获奖教师占比：每人按最高级别计一次"""
    TITLE_HOLDERS = "title_holders"
    """持有荣誉称号的教师占比：每人按最高级别计一次"""
    TITLES_CONFERRED = "titles_conferred"
    """期内新获荣誉称号的教师：每人按最高级别计一次"""
    TEACHING_EXPERTS = "teaching_experts"
    """期内新获教学能手称号的教师：每人按最高级别计一次"""
    MENTORSHIPS = "mentorships"
    """师徒结对"""
    TOPICS = "topics"
    """在研课题"""
    COURSES = "courses"
    """发布的课程"""
    RESOURCES = "resources"
    """共享的资源"""
    GUIDANCE_VISITS = "guidance_visits"
    """到校指导"""
    ASSESSMENTS = "assessments"
    """研修考核（学期、学年）"""


class Source(NamedTuple):
    """What one figure counts, in what, and by which rows; a share has rows that do not count, too."""

    kind: type[Count]
    is_share: bool
    zh: str
    en: str
    measured: str
    """The measure word behind the number: 所, 人, 人次, 项, …"""
    rows: Callable[[Key], Select[Any]]
    levels: frozenset[Level] = EVERYWHERE
    permission: Permission = Permission.SUMMARY_READ
    """What whoever asks for the rows themselves must hold over the unit."""


def counting_of(source: Source, place: str) -> Statement:
    """Above the line and below it, by part."""
    rows = source.rows(key_of(place)).subquery("behind")
    above = func.coalesce(func.sum(rows.c.amount).filter(rows.c.counts), 0)
    return Statement(
        select(
            rows.c.part,
            cast(above, BigInteger).label("numerator"),
            cast(func.sum(rows.c.amount), BigInteger).label("denominator"),
        )
        .group_by(rows.c.part)
        .order_by(rows.c.part)
    )


PERSONS, PERSON_TIMES, THINGS, MONEY = Persons, PersonTimes, Things, Fen
