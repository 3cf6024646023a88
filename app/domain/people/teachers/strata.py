"""Strata (分层、分类、分岗): in which groups of a plan of training a teacher counts on a day.

A stratum is data: what it asks of age, service, rank, posts, subject and honours. It is computed, so that it
is never out of date, and somebody may count in several: the source sorts by age and by rank side by
side. 「对全校教师分层分类分岗制订校本研修培训考核要求」 (岳市教发〔2013〕18号 第31条); which strata there are
is said by 宝山区实验小学《十二五教师培训总结》二、1.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, cast, exists, func, literal_column, select
from sqlmodel import col

from app.domain.base import holds_on
from app.domain.people.facts.engagement import (
    Employment,
    Establishment,
    ServiceState,
    TeacherEstablishment,
    TeacherState,
)
from app.domain.people.facts.fact import Fact
from app.domain.people.facts.merits import Honour, TeacherHonour
from app.domain.people.facts.posts import AUXILIARY_POSTS, SCHOOL_CADRES, Post, TeacherPost
from app.domain.people.facts.ranks import Rank, TeacherRank
from app.domain.people.teachers.teacher import Subject, Teacher

SHORTAGE_SUBJECTS = (
    Subject.COUNSELLING, Subject.SPECIAL_EDUCATION, Subject.HEALTH_CARE,
    Subject.PHYSICAL_EDUCATION, Subject.MUSIC, Subject.FINE_ARTS,
)  # fmt: skip
"""紧缺学科: 心理辅导、特殊教育、卫生保健、体育艺术类."""


class Dimension(StrEnum):
    """By what teachers are sorted."""

    REGISTER = "register"
    """在册情况"""
    LAYER = "layer"
    """分层"""
    CATEGORY = "category"
    """分类"""
    POST = "post"
    """分岗"""


class Stratum(StrEnum):
    """A group of teachers for whom training is planned."""

    ESTABLISHED = "established"
    IN_SERVICE = "in_service"
    NEW_TEACHER = "new_teacher"
    YOUNG_TEACHER = "young_teacher"
    MATURE_TEACHER = "mature_teacher"
    JUNIOR_OR_MIDDLE_RANK = "junior_or_middle_rank"
    SENIOR_RANK = "senior_rank"
    CLASS_HEAD = "class_head"
    SHORTAGE_SUBJECT = "shortage_subject"
    BACKBONE_TEACHER = "backbone_teacher"
    LEADING_TEACHER = "leading_teacher"
    DEGREE_STUDY = "degree_study"
    TRAINER = "trainer"
    SCHOOL_CADRE = "school_cadre"
    MIDDLE_LEADER = "middle_leader"
    NEW_MIDDLE_LEADER = "new_middle_leader"
    AUXILIARY_STAFF = "auxiliary_staff"


@dataclass(frozen=True, kw_only=True)
class StratumRule:
    """What a stratum asks; all that is given must hold on the day.

    Ages are completed years and include their number. `service_under` and `post_under` are years
    since the first day of service, and since the post was taken up.
    """

    dimension: Dimension
    name: str
    age_from: int | None = None
    age_to: int | None = None
    service_under: int | None = None
    post_under: int | None = None
    ranks: tuple[Rank, ...] = ()
    posts: tuple[Post, ...] = ()
    subjects: tuple[Subject, ...] = ()
    honours: tuple[Honour, ...] = ()
    establishments: tuple[Establishment, ...] = ()
    states: tuple[ServiceState, ...] = ()


STRATA: dict[Stratum, StratumRule] = {
    Stratum.ESTABLISHED: StratumRule(
        dimension=Dimension.REGISTER, name="在编 / established",
        establishments=(Establishment.ESTABLISHED,),
    ),
    Stratum.IN_SERVICE: StratumRule(
        dimension=Dimension.REGISTER, name="在岗 / in service",
        states=(ServiceState.IN_SERVICE,),
    ),
    Stratum.NEW_TEACHER: StratumRule(
        # 对新任教师进行为期一年的规范化见习培训
        dimension=Dimension.LAYER, name="新任教师 / new teachers", service_under=1,
    ),
    Stratum.YOUNG_TEACHER: StratumRule(
        dimension=Dimension.LAYER, name="青年教师（35岁以下） / young teachers", age_to=35,
    ),
    Stratum.MATURE_TEACHER: StratumRule(
        # 35岁以上 and 35岁以下 both include 35. Who is 35 counts as young until the 36th birthday, as
        # in the rule packs, so that nobody is in both bands or in neither.
        dimension=Dimension.LAYER, name="成熟教师（35岁以上） / mature teachers", age_from=36,
    ),
    Stratum.JUNIOR_OR_MIDDLE_RANK: StratumRule(
        dimension=Dimension.LAYER, name="初级和中级职务 / junior and middle ranks",
        ranks=(Rank.THIRD_GRADE, Rank.SECOND_GRADE, Rank.FIRST_GRADE),
    ),
    Stratum.SENIOR_RANK: StratumRule(
        dimension=Dimension.LAYER, name="高级职务 / senior ranks",
        ranks=(Rank.SENIOR, Rank.PRINCIPAL_SENIOR),
    ),
    Stratum.CLASS_HEAD: StratumRule(
        dimension=Dimension.CATEGORY, name="班主任 / class heads", posts=(Post.CLASS_HEAD,),
    ),
    Stratum.SHORTAGE_SUBJECT: StratumRule(
        dimension=Dimension.CATEGORY, name="紧缺学科教师 / shortage subjects",
        subjects=SHORTAGE_SUBJECTS,
    ),
    Stratum.BACKBONE_TEACHER: StratumRule(
        # 各级骨干教师……其中全国骨干校长、市名师、市双名工程培养对象、区级骨干、校级骨干
        dimension=Dimension.CATEGORY, name="骨干教师 / backbone teachers",
        honours=(
            Honour.BACKBONE_PRINCIPAL, Honour.MASTER_TEACHER, Honour.DUAL_MASTER_CANDIDATE,
            Honour.BACKBONE_TEACHER, Honour.TEACHING_EXPERT,
        ),
    ),
    Stratum.LEADING_TEACHER: StratumRule(
        # 学科领军人物……以特级教师、区首席教师、学科带头人为重点
        dimension=Dimension.CATEGORY, name="学科领军人物 / leading teachers",
        honours=(Honour.SPECIAL_GRADE_TEACHER, Honour.CHIEF_TEACHER, Honour.SUBJECT_LEADER),
    ),
    Stratum.DEGREE_STUDY: StratumRule(
        # 鼓励45岁以下中小学教师攻读教育硕士、博士学位
        dimension=Dimension.CATEGORY, name="学历提升对象（45岁以下） / for degree study", age_to=45,
    ),
    Stratum.TRAINER: StratumRule(
        dimension=Dimension.CATEGORY, name="培训者 / trainers", posts=(Post.TRAINER,),
    ),
    Stratum.SCHOOL_CADRE: StratumRule(
        dimension=Dimension.POST, name="校级干部 / school cadres", posts=SCHOOL_CADRES,
    ),
    Stratum.MIDDLE_LEADER: StratumRule(
        dimension=Dimension.POST, name="中层领导 / middle leaders", posts=(Post.MIDDLE_LEADER,),
    ),
    Stratum.NEW_MIDDLE_LEADER: StratumRule(
        # 新任: the source names no time; a year is taken, as with new teachers.
        dimension=Dimension.POST, name="新任中层领导 / new middle leaders",
        posts=(Post.MIDDLE_LEADER,), post_under=1,
    ),
    Stratum.AUXILIARY_STAFF: StratumRule(
        dimension=Dimension.POST, name="其他专业技术人员及教辅人员 / technical and auxiliary staff",
        posts=AUXILIARY_POSTS,
    ),
}  # fmt: skip


def counts_in(stratum: Stratum, day: Any) -> ColumnElement[bool]:
    """The predicate 'this row of teachers counts in the stratum on that day', as now known."""
    return and_(col(Teacher.merged_into_id).is_(None), *_conditions(STRATA[stratum], day))


def holds_any(
    fact: type[Fact], values: Any, day: Any, *more: ColumnElement[bool]
) -> ColumnElement[bool]:
    """The predicate 'on that day a fact holds about this row of teachers, with such values'."""
    held = select(col(fact.id)).where(
        col(fact.teacher_id) == col(Teacher.id), holds_on(fact, day), values, *more
    )
    return exists(held.correlate(Teacher))


def is_among(column: Any, values: Iterable[StrEnum]) -> ColumnElement[bool]:
    """The predicate 'this column has one of these values', which the planner sees."""
    among: ColumnElement[bool] = column.in_(
        [literal_column(f"'{value.value}'") for value in values]
    )
    return among


def _conditions(rule: StratumRule, day: Any) -> Iterator[ColumnElement[bool]]:
    born = col(Teacher.birth_date)
    if rule.age_from is not None:
        yield born <= _years_before(day, rule.age_from)
    if rule.age_to is not None:
        yield born > _years_before(day, rule.age_to + 1)
    if rule.subjects:
        yield is_among(col(Teacher.subject), rule.subjects)
    if rule.service_under is not None:
        yield _served_by(day)
        yield ~_served_by(_years_before(day, rule.service_under))
    if rule.posts:
        recent = (
            [col(TeacherPost.valid_from) > _years_before(day, rule.post_under)]
            if rule.post_under is not None
            else []
        )
        yield holds_any(TeacherPost, is_among(col(TeacherPost.post), rule.posts), day, *recent)
    for fact, column, values in (
        (TeacherRank, col(TeacherRank.rank), rule.ranks),
        (TeacherHonour, col(TeacherHonour.honour), rule.honours),
        (TeacherEstablishment, col(TeacherEstablishment.establishment), rule.establishments),
        (TeacherState, col(TeacherState.state), rule.states),
    ):
        if values:
            yield holds_any(fact, is_among(column, values), day)


def _years_before(day: Any, years: int) -> Any:
    return cast(day - func.make_interval(years), Date)


def _served_by(day: Any) -> ColumnElement[bool]:
    """Whether a relation of this row of teachers had begun by that day."""
    begun = select(col(Employment.id)).where(
        col(Employment.teacher_id) == col(Teacher.id),
        col(Employment.superseded_at).is_(None),
        col(Employment.valid_from) <= day,
    )
    return exists(begun.correlate(Teacher))
