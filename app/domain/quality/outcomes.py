"""Outcomes (成效): what a teacher did that a reward, or an input to performance pay, may rest on.

And what neither may rest on. The ministry's notice on relieving schools forbids judging teachers by the
traces that they leave (R212): how many notes, logs, photographs or check-ins there are says nothing of
what was learnt. Such counts have names here, so that asking for one gets an answer.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, func, select
from sqlmodel import col

from app.domain.credits.assessment_requirements import AssessmentMeasure
from app.domain.credits.assessments import Assessment, Judgement
from app.domain.credits.assessments.counted import COUNTED, FIRST, LAST, attended
from app.domain.errors import Invalid
from app.domain.learning.mentoring_records import MentoringRecord
from app.domain.learning.mentorships import Mentor
from app.domain.learning.outputs import OutputAuthor, OutputState, ResearchOutput
from app.domain.people.teachers import Teacher
from app.domain.people.teachers.strata import is_among
from app.domain.training.activities import Activity, ActivitySession, ActivityState
from app.domain.training.attendance import Attendance, AttendanceRole
from app.domain.training.staff import ActivityStaff
from app.sql import Connection, Statement


class OutcomeMeasure(StrEnum):
    """What is counted of a teacher in a period (成效指标); of the traces among them nothing ever is."""

    HOURS = "hours"
    """参加研修学时"""
    CREDITS = "credits"
    """取得学分"""
    TALKS = "talks"
    """主讲场次"""
    LESSONS = "lessons"
    """执教公开课、示范课节数"""
    OUTPUTS = "outputs"
    """已核实的论文、课例等成果数"""
    EXCELLENT = "excellent"
    """研修考核优秀次数"""
    QUALIFIED = "qualified"
    """研修考核合格及以上次数"""
    CARRIED_HOURS = "carried_hours"
    """承担培训任务的学时"""
    MENTORING_HOURS = "mentoring_hours"
    """经对方确认的带教学时"""
    NOTES = "notes"
    """笔记篇数：不得使用"""
    REFLECTIONS = "reflections"
    """反思篇数：不得使用"""
    LOGS = "logs"
    """研修日志、打卡次数：不得使用"""
    PHOTOS = "photos"
    """照片、截图张数：不得使用"""


TRACES = frozenset({
    OutcomeMeasure.NOTES, OutcomeMeasure.REFLECTIONS, OutcomeMeasure.LOGS, OutcomeMeasure.PHOTOS,
})  # fmt: skip
"""Counts of traces, by which nobody is rewarded, punished or paid."""

# A trace and a number of it, either first: “笔记不少于20篇”, “上传10张照片”.
_TRACE = "笔记|反思|日志|日记|心得|打卡|签到|照片|截图|图片|留痕|台账"
_NUMBER = "[0-9〇零一二两三四五六七八九十百]+"
_WORDS = re.compile(
    rf"(?:{_TRACE})[^。；;，,]{{0,12}}{_NUMBER}\s*(?:篇|张|次|条|份|本|个|幅|天)"
    rf"|{_NUMBER}\s*(?:篇|张|次|条|份|本|个|幅|天)[^。；;，,]{{0,8}}(?:{_TRACE})"
)

# What can be refused.


class TracesCounted(Invalid):
    """Whoever is rewarded, punished or paid is so for what was reached, not for how much was filed."""

    code = "traces_counted"
    zh = "奖惩和绩效不得以笔记、反思、日志、打卡、照片等留痕材料的数量为依据（教育部减负要求）：{what}。"
    en = (
        "Rewards, penalties and pay rest on outcomes, never on how many notes, logs or photographs there"
        " are: {what}."
    )


def check_no_traces(measures: Iterable[OutcomeMeasure | None], words: Iterable[str | None]) -> None:
    """Refuse a measure that counts traces, and words that ask for a number of them."""
    for measure in measures:
        if measure in TRACES:
            raise TracesCounted(what=measure)
    for text in words:
        found = _WORDS.search(text or "")
        if found is not None:
            raise TracesCounted(what=found.group(0))


# What may be asked.


def _assessed(*judgements: Judgement) -> Any:
    """How many terms that ended in the period were judged so, by what is believed now."""
    counted = select(func.count()).where(
        col(Assessment.teacher_id) == col(Teacher.id),
        col(Assessment.superseded_at).is_(None),
        col(Assessment.ends_on).between(FIRST, LAST),
        is_among(col(Assessment.judgement), judgements),
    )
    return counted.correlate(Teacher).scalar_subquery()


OUTPUTS = (
    select(func.count())
    .select_from(OutputAuthor)
    .join(ResearchOutput, col(ResearchOutput.id) == col(OutputAuthor.output_id))
    .where(
        col(OutputAuthor.teacher_id) == col(Teacher.id),
        col(ResearchOutput.state) == OutputState.CONFIRMED,
        col(ResearchOutput.published_on).between(FIRST, LAST),
    )
    .correlate(Teacher)
    .scalar_subquery()
)
"""The confirmed outputs of a row of teachers that appeared in the period."""
LESSONS = attended(func.count(), col(Attendance.role) == AttendanceRole.DEMONSTRATOR)
"""The lessons that a row of teachers gave for others in the period."""
_CARRIED = (
    select(func.sum(func.coalesce(col(ActivitySession.hours), col(Activity.hours))))
    .select_from(ActivityStaff)
    .join(Activity, col(ActivityStaff.activity_id) == col(Activity.id))
    .outerjoin(ActivitySession, col(ActivityStaff.session_id) == col(ActivitySession.id))
    .where(
        col(ActivityStaff.teacher_id) == col(Teacher.id),
        is_among(col(Activity.state), [ActivityState.HELD, ActivityState.CLOSED]),
        col(Activity.starts_on).between(FIRST, LAST),
    )
    .correlate(Teacher)
    .scalar_subquery()
)
_MENTORED = (
    select(func.sum(col(MentoringRecord.hours)))
    .select_from(MentoringRecord)
    .join(Mentor, col(MentoringRecord.mentor_id) == col(Mentor.id))
    .where(
        col(Mentor.teacher_id) == col(Teacher.id),
        col(MentoringRecord.confirmed_at).is_not(None),
        col(MentoringRecord.held_on).between(FIRST, LAST),
    )
    .correlate(Teacher)
    .scalar_subquery()
)
_OF_ASSESSMENTS = (AssessmentMeasure.HOURS, AssessmentMeasure.CREDITS, AssessmentMeasure.TALKS)
_COUNTED: dict[OutcomeMeasure, Any] = {
    **{OutcomeMeasure(each.value): COUNTED[each] for each in _OF_ASSESSMENTS},
    OutcomeMeasure.LESSONS: LESSONS,
    OutcomeMeasure.OUTPUTS: OUTPUTS,
    OutcomeMeasure.EXCELLENT: _assessed(Judgement.EXCELLENT),
    OutcomeMeasure.QUALIFIED: _assessed(Judgement.EXCELLENT, Judgement.QUALIFIED),
    OutcomeMeasure.CARRIED_HOURS: _CARRIED,
    OutcomeMeasure.MENTORING_HOURS: _MENTORED,
}
"""How each outcome is counted of a row of teachers; what assessments count too counts the same."""


@lru_cache(maxsize=64)
def _counting(measures: tuple[OutcomeMeasure, ...]) -> Statement:
    shown = (func.coalesce(_COUNTED[each], 0).label(each.value) for each in measures)
    return Statement(
        select(col(Teacher.id).label("teacher_id"), *shown).where(
            col(Teacher.id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid)))
        )
    )


async def count_outcomes(
    db: Connection,
    *,
    measures: Iterable[OutcomeMeasure],
    teacher_ids: Sequence[UUID],
    since: date,
    until: date,
) -> dict[UUID, dict[OutcomeMeasure, Decimal]]:
    """What each of these teachers reached in a period, both days included, by one statement.

    The caller has opened the teachers' doors.
    """
    wanted = tuple(sorted({OutcomeMeasure(each) for each in measures}))
    rows = await db.all(
        _counting(wanted), teacher_ids=list(teacher_ids), starts_on=since, ends_on=until
    )
    return {row["teacher_id"]: {each: Decimal(row[each.value]) for each in wanted} for row in rows}
