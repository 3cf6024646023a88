from datetime import date
from decimal import Decimal

import pytest

from app.domain.quality.outcomes import (
    TRACES,
    OutcomeMeasure,
    TracesCounted,
    check_no_traces,
    count_outcomes,
)
from app.domain.training.activities import ActivityState
from app.domain.training.attendance import AttendanceRole
from app.sql import Connection
from tests.make import City, make_activity, make_attendance, make_note
from tests.make_forms import make_staff
from tests.make_incentives import make_assessment
from tests.make_topics import confirm_output, make_output

DAYS = {"since": date(2026, 9, 1), "until": date(2027, 8, 31)}


async def test_outcomes_are_counted_and_what_was_filed_is_none(db: Connection, city: City) -> None:
    by = city.school_admin
    activity = await make_activity(db, city.school, by, sessions=2)
    first, second = activity["sessions"]
    await make_attendance(db, first, by, city.teacher, role=AttendanceRole.DEMONSTRATOR)
    await make_attendance(db, second, by, city.teacher, role=AttendanceRole.SPEAKER)
    await make_note(db, activity, city.teacher)
    output = await make_output(
        db, city.teacher_account, city.teacher, published_on=date(2026, 11, 1)
    )
    await confirm_output(db, by, output)
    await make_assessment(db, by, city.teacher, judgement="excellent")
    measures = [each for each in OutcomeMeasure if each not in TRACES]
    both = [city.teacher["id"], city.colleague["id"]]
    before = db.statements
    found = await count_outcomes(db, measures=measures, teacher_ids=both, **DAYS)
    assert db.statements - before == 1
    assert found[city.teacher["id"]] == {
        "hours": Decimal(4), "credits": 0, "talks": 1, "lessons": 1, "outputs": 1, "excellent": 1,
        "qualified": 1, "carried_hours": 0, "mentoring_hours": 0,
    }  # fmt: skip
    assert set(found[city.colleague["id"]].values()) == {0}


async def test_what_somebody_carried_counts_once_it_was_held(db: Connection, city: City) -> None:
    held = await make_activity(db, city.school, city.school_admin, state=ActivityState.HELD)
    planned = await make_activity(db, city.school, city.school_admin)
    for activity in (held, planned):
        await make_staff(db, activity, city.teacher)
    measure = OutcomeMeasure.CARRIED_HOURS
    found = await count_outcomes(db, measures=[measure], teacher_ids=[city.teacher["id"]], **DAYS)
    assert found[city.teacher["id"]][measure] == Decimal(held["hours"]) > 0


@pytest.mark.parametrize(
    "words",
    ["研修笔记不少于20篇", "上传照片 10 张", "打卡满三十天", "提交十篇反思", "全年30次签到"],
)
def test_a_number_of_traces_is_refused_in_words(words: str) -> None:
    with pytest.raises(TracesCounted) as refused:
        check_no_traces([], [None, words])
    assert refused.value.code == "traces_counted"


@pytest.mark.parametrize("measure", sorted(TRACES))
def test_a_measure_of_traces_is_refused(measure: OutcomeMeasure) -> None:
    with pytest.raises(TracesCounted):
        check_no_traces([measure], [])


@pytest.mark.parametrize(
    "words",
    ["示范课3节", "主讲2场", "论文1篇在省级刊物发表", "笔记质量高，示范课一节", "反思促进教学"],
)
def test_words_about_outcomes_are_not(words: str) -> None:
    check_no_traces([OutcomeMeasure.LESSONS, None], [words])
