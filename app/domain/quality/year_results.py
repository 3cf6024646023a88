"""Results of a teacher's school year (学年考核结果): what goes into the file, and into the year-end appraisal.

「考核情况应纳入教师本人业务档案」 (岳市教发〔2013〕18号 第三十一条), 「纳入年终考核」. Nothing is entered here,
and nothing is added up to a verdict: the assessments of the year and of its semesters, rewards and
penalties, hours and credits, and how far the checklists are, each from where it is kept.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import civil_date
from app.domain.credits.assessment_requirements import AssessmentTerm
from app.domain.credits.assessments import Judgement, assessments_of, days_of_term
from app.domain.organisation.statistics import school_year_of
from app.domain.organisation.units import UNITS, Level, NotASchool
from app.domain.people.teachers import OF_SCHOOL, TEACHERS, PersonName, teachers_within
from app.domain.quality.checklists import checklist_progress_of
from app.domain.quality.evaluation_results import check_school_year
from app.domain.quality.incentive_rules import IncentiveForm, IncentiveKind
from app.domain.quality.incentives import incentives_of
from app.domain.quality.outcomes import OutcomeMeasure, count_outcomes
from app.sql import Connection, Row

_SPRING = 2
"""The second semester is taken to begin on 1 February, where a checklist asks for something in each."""


class YearAssessment(BaseModel):
    """How a term of the year was judged."""

    assessment_id: UUID = Field(description="研修考核 / assessment")
    term: AssessmentTerm = Field(description="学年或学期 / of the year or of a semester")
    starts_on: date = Field(description="起始日 / first day")
    ends_on: date = Field(description="终止日（含） / last day")
    judgement: Judgement = Field(description="考核等次 / judgement")
    asked: int = Field(description="考核要求项数 / how many things were asked")
    met: int = Field(description="达到的项数 / how many of them were met")


class YearIncentive(BaseModel):
    """A reward that was given in the year, or a penalty that held in it."""

    incentive_id: UUID = Field(description="奖惩事项 / incentive")
    kind: IncentiveKind = Field(description="奖励或惩处 / reward or penalty")
    form: IncentiveForm = Field(description="形式 / form")
    title: str = Field(description="名称 / what it is called")
    given_on: date = Field(description="生效日期 / day on which it took effect")
    expires_on: date | None = Field(description="影响期届满日 / first day on which it is over")


class YearChecklist(BaseModel):
    """How far a checklist was done in the year, or in one of its semesters."""

    checklist_id: UUID = Field(description="清单 / checklist")
    name: str = Field(description="清单名称 / its name")
    term: AssessmentTerm = Field(description="完成周期 / term")
    starts_on: date = Field(description="统计起始日 / first day counted")
    ends_on: date = Field(description="统计终止日（含） / last day counted")
    items: int = Field(description="事项数 / items asked")
    done: int = Field(description="完成数 / items done")


class YearResultView(BaseModel):
    """What a school year gave one teacher."""

    teacher_id: UUID = Field(description="教师 / teacher")
    name: PersonName = Field(description="姓名 / name")
    school_id: UUID = Field(description="学校 / school of today")
    school_year: int = Field(description="学年（起始年） / school year, by the year it begins in")
    hours: Decimal = Field(description="参加研修学时 / hours attended")
    credits: Decimal = Field(description="取得学分 / credits earned")
    assessments: list[YearAssessment] = Field(description="研修考核 / assessments")
    incentives: list[YearIncentive] = Field(
        description="奖励和影响期内的惩处，无权查看者为空；查阅他人惩处留有记录，导出文件不含惩处 /"
        " rewards and penalties, for those who may see them: of others' penalties a look is left"
    )
    checklists: list[YearChecklist] = Field(description="研修清单 / checklists")


# What may be asked.


async def results_of(
    db: Connection,
    actor: Actor,
    *,
    teacher_ids: Sequence[UUID],
    school_year: int,
    now: datetime,
    for_file: bool = False,
) -> dict[UUID, Row | None]:
    """What a school year gave each of these teachers; None for whom the actor may not see so.

    A fixed number of statements, however many teachers there are. Whoever reads of a penalty of somebody
    else leaves a look; in a file (`for_file`) no penalty is named.
    """
    first, last = days_of_school_year(school_year)
    found: dict[UUID, Row | None] = dict.fromkeys(teacher_ids)
    people = await teachers_within(
        db, actor, teacher_ids=list(found), permission=Permission.ASSESSMENT_READ
    )
    if not people:
        return found
    keys = list(people)
    measures = (OutcomeMeasure.HOURS, OutcomeMeasure.CREDITS)
    counted = await count_outcomes(db, measures=measures, teacher_ids=keys, since=first, until=last)
    days: dict[str, Any] = {"teacher_ids": keys, "since": first, "until": last}
    assessments = await assessments_of(db, actor, **days)
    incentives = await incentives_of(db, actor, **days, now=now, for_file=for_file)
    checklists = await _checklists(db, actor, keys, first, last)
    for key, person in people.items():
        found[key] = {
            "teacher_id": key,
            "name": person["name"],
            "school_id": person["school_id"],
            "school_year": school_year,
            "hours": counted[key][OutcomeMeasure.HOURS],
            "credits": counted[key][OutcomeMeasure.CREDITS],
            "assessments": [
                _shown(YearAssessment, each, assessment_id=each["id"]) for each in assessments[key]
            ],
            "incentives": [
                _shown(YearIncentive, each, incentive_id=each["id"]) for each in incentives[key]
            ],
            "checklists": checklists[key],
        }
    return found


def days_of_school_year(school_year: int) -> tuple[date, date]:
    """The first and the last day of a school year; refused where it is none."""
    check_school_year(school_year)
    return days_of_term(None, None, date(school_year, 9, 1))


def _shown(view: type[BaseModel], row: Row, **more: Any) -> Row:
    return {name: more[name] if name in more else row[name] for name in view.model_fields}


async def _checklists(
    db: Connection, actor: Actor, teacher_ids: list[UUID], first: date, last: date
) -> dict[UUID, list[Row]]:
    """How far each checklist is: those of the year over it, those of semesters in each of the two."""
    spring = date(last.year, _SPRING, 1)
    terms = [
        (AssessmentTerm.YEAR, first, last),
        (AssessmentTerm.SEMESTER, first, spring - timedelta(days=1)),
        (AssessmentTerm.SEMESTER, spring, last),
    ]
    progress = await checklist_progress_of(db, actor, teacher_ids=teacher_ids, terms=terms)
    found: dict[UUID, list[Row]] = {teacher_id: [] for teacher_id in teacher_ids}
    for (term, since, until), items in zip(terms, progress, strict=True):
        lists: dict[tuple[UUID, UUID], Row] = {}
        for item in items:
            known = lists.setdefault(
                (item["teacher_id"], item["checklist_id"]),
                {
                    "checklist_id": item["checklist_id"], "name": item["checklist"],
                    "term": term, "starts_on": since, "ends_on": until, "items": 0, "done": 0,
                },
            )  # fmt: skip
            known["items"] += 1
            known["done"] += bool(item["done"])
        for (teacher_id, _), known in lists.items():
            found[teacher_id].append(known)
    return found


async def get_year_result(
    db: Connection,
    actor: Actor,
    *,
    teacher_id: UUID,
    now: datetime,
    school_year: int | None = None,
) -> Row:
    """What a school year gave one teacher, this one unless said otherwise; teachers see their own."""
    await TEACHERS.get(db, actor, teacher_id, permission=Permission.ASSESSMENT_READ)
    year = school_year or school_year_of(civil_date(now))
    found = await results_of(db, actor, teacher_ids=[teacher_id], school_year=year, now=now)
    return found[teacher_id] or {}


async def list_year_results(
    db: Connection,
    actor: Actor,
    *,
    unit_id: UUID,
    now: datetime,
    school_year: int | None = None,
    for_file: bool = False,
) -> list[Row]:
    """What a school year gave each teacher of a school, by name: for the year-end appraisal."""
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.ASSESSMENT_READ)
    if unit["level"] != Level.SCHOOL:
        raise NotASchool
    year = school_year or school_year_of(civil_date(now))
    teachers = [each["id"] for each in await db.all(OF_SCHOOL, school_id=unit_id)]
    found = await results_of(
        db, actor, teacher_ids=teachers, school_year=year, now=now, for_file=for_file
    )
    return [row for row in found.values() if row is not None]
