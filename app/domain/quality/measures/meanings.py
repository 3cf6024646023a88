"""What each measure means, in words, and where the rows behind it are."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from app.domain.quality.measures.measure import IndicatorMeasure, MeasureUnit

_ROWS = "/api/v1/units/{unit_id}/measure-rows?measure={measure}&since={since}&until={until}"
_PERSONS, _TIMES, _THINGS = MeasureUnit.PERSONS, MeasureUnit.PERSON_TIMES, MeasureUnit.THINGS


class Meaning(NamedTuple):
    """In what a measure is counted, and what it counts."""

    unit: MeasureUnit
    is_share: bool
    zh: str
    en: str


MEANINGS: dict[IndicatorMeasure, Meaning] = {
    IndicatorMeasure.ACTIVITIES_HELD: Meaning(
        _THINGS, False, "考察期内开始并已举办的活动", "activities that began in the period and were held"
    ),
    IndicatorMeasure.ACTIVITIES_CLOSED: Meaning(
        _THINGS, True, "已办结的活动占已举办的活动", "of the activities held, those that are closed"
    ),
    IndicatorMeasure.PLANNED_ACTIVITIES_HELD: Meaning(
        _THINGS, True, "已举办活动的计划项占审定计划在考察期内开始的计划项",
        "of the items of agreed plans that begin in the period, those with an activity that was held",
    ),
    IndicatorMeasure.PLANS_IN_TIME: Meaning(
        _THINGS, True, "按期报送且已审定的计划占上级在考察期内规定期限的计划",
        "of the plans that a superior asked for by a day of the period, those handed in by it and agreed",
    ),
    IndicatorMeasure.ATTENDANCE_SHARE: Meaning(
        _TIMES, True, "到会（含迟到、早退）人次占应到人次，请假不计",
        "of those asked for at a session, those who came; whoever had leave is not counted",
    ),
    IndicatorMeasure.NO_SHOWS: Meaning(
        _TIMES, False, "报名未到且未请假的人次", "places in activities held whose holders did not come"
    ),
    IndicatorMeasure.NOTES_SHARE: Meaning(
        _TIMES, True, "提交笔记或反思的人次占须交笔记活动的到会人次",
        "of those who came to activities that ask for a note, those who wrote one",
    ),
    IndicatorMeasure.CREDITED_TEACHERS_SHARE: Meaning(
        _PERSONS, True, "考察期内取得学分的教师占取数日在册教师，每人计一次",
        "of the teachers on the register on the day of counting, those with credit of the period",
    ),
    IndicatorMeasure.GROUPS_LED_SHARE: Meaning(
        _THINGS, True, "取数日有组长的教研组占未撤销的教研组",
        "of the open groups, those that have a head on the day of counting",
    ),
    IndicatorMeasure.DEMONSTRATIONS_SHARE: Meaning(
        _THINGS, True, "有教师执教示范的活动占已举办的活动",
        "of the activities held, those at which somebody demonstrated",
    ),
    IndicatorMeasure.MENTORSHIPS: Meaning(
        _THINGS, False, "协议期与考察期相交的师徒结对（按徒弟所在学校）",
        "mentorships whose term meets the period, by the school of the apprentice",
    ),
    IndicatorMeasure.TOPICS: Meaning(
        _THINGS, False, "考察期内在研或结题的课题", "topics that were studied in the period",
    ),
    IndicatorMeasure.COURSES: Meaning(
        _THINGS, False, "截至考察期末已发布、取数日仍在用的课程",
        "courses published by the end of the period that are still in use",
    ),
    IndicatorMeasure.RESOURCES: Meaning(
        _THINGS, False, "截至考察期末提供、取数日仍共享到本单位以外的资源",
        "resources added by the end of the period that are shared beyond the unit",
    ),
    IndicatorMeasure.EVALUATIONS_ANSWERED_SHARE: Meaning(
        _TIMES, True, "填写活动评价的人次占有评价问卷活动的到会人次",
        "of those who came to activities with an evaluation, those who answered it",
    ),
    IndicatorMeasure.REGULATIONS_SHARE: Meaning(
        _THINGS, True, "取数日五类制度均在施行的学校占在用学校",
        "of the open schools, those with all five sets of regulations on the day of counting",
    ),
    IndicatorMeasure.RESPONSIBLE_SHARE: Meaning(
        _THINGS, True, "取数日有培训专管人员的学校占在用学校",
        "of the open schools, those where somebody is in charge of training on the day of counting",
    ),
    IndicatorMeasure.SUMMARISED_SHARE: Meaning(
        _THINGS, True, "考察期内总结了本校计划的学校占在用学校",
        "of the open schools, those that summarised a plan of theirs in the period",
    ),
    IndicatorMeasure.ARCHIVED_SHARE: Meaning(
        _THINGS, True, "考察期内封存了学校研训档案的学校占在用学校",
        "of the open schools, those that sealed an archive of training in the period",
    ),
    IndicatorMeasure.EVALUATED_SHARE: Meaning(
        _THINGS, True, "考察期内公布过评估结果的学校占在用学校",
        "of the open schools, those of which an evaluation was published in the period",
    ),
    IndicatorMeasure.VISITED_SHARE: Meaning(
        _THINGS, True, "考察期内接受过到校指导、检查的学校占在用学校",
        "of the open schools, those that were visited for guidance in the period",
    ),
    IndicatorMeasure.FUNDED_SHARE: Meaning(
        _THINGS, True, "考察期内收到主管教育局拨付经费的学校占在用学校",
        "of the open schools, those that received money from their bureau in the period",
    ),
}  # fmt: skip


_STANDING = frozenset(
    {
        IndicatorMeasure.GROUPS_LED_SHARE,
        IndicatorMeasure.REGULATIONS_SHARE,
        IndicatorMeasure.RESPONSIBLE_SHARE,
    }
)
"""What is so on the day of counting, whatever the period."""
_OF_REGISTER = frozenset(
    {
        IndicatorMeasure.CREDITED_TEACHERS_SHARE,
        IndicatorMeasure.SUMMARISED_SHARE,
        IndicatorMeasure.ARCHIVED_SHARE,
        IndicatorMeasure.EVALUATED_SHARE,
        IndicatorMeasure.VISITED_SHARE,
        IndicatorMeasure.FUNDED_SHARE,
    }
)
"""Shares of those who are on the register on the day of counting: these are there, whatever the period."""


def tell_of_period(measured: Iterable[Mapping[str, Any]]) -> bool:
    """Whether anything of what was counted over a period happened in it; true of nothing that could have."""
    telling = [row for row in measured if row["measure"] not in _STANDING]
    happened = (
        row["numerator"] or (row["measure"] not in _OF_REGISTER and row["denominator"])
        for row in telling
    )
    return not telling or any(happened)


def rows_behind(
    measure: IndicatorMeasure,
    *,
    unit_id: UUID | str,
    since: date | str,
    until: date | str,
    as_of: date | None = None,
) -> str:
    """The address of the rows behind a measure of a unit over a period, as of the day of counting."""
    address = _ROWS.format(measure=measure.value, unit_id=unit_id, since=since, until=until)
    return address if as_of is None else f"{address}&as_of={as_of}"
