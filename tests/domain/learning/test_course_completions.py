from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.access.roles import Role
from app.domain.credits.recognition import recognise_activity
from app.domain.credits.recognition.activities import CompletionsUnsettled
from app.domain.errors import NotAllowed
from app.domain.learning.course_completions import (
    CompletionAlreadySettled,
    CompletionCorrection,
    CompletionOfOneself,
    CompletionPending,
    CompletionUnchanged,
    CourseCompletionNotFound,
    CourseCompletionUndeclared,
    JudgedTwice,
    JudgementUndeclared,
    NewCourseJudgements,
    NotTakingPart,
    correct_course_completion,
    get_course_completion,
    get_course_progress,
    judge_course_participants,
    list_class_progress,
    list_course_completions,
    list_teacher_course_completions,
)
from app.domain.learning.course_reviews import revise_course
from app.domain.learning.course_runs import (
    RunCompletionsOpen,
    RunConclusion,
    conclude_course_run,
    get_course_run_figures,
)
from app.domain.learning.courses import CourseRevision, get_course_comparison
from app.domain.learning.exercises import withdraw_exercise
from app.domain.paging import PageRequest
from app.domain.people.teachers import TeacherNotFound
from app.domain.training.activities import ActivityNotFound, WrongState
from app.domain.training.attendance import AttendanceRole
from app.sql import Connection, Row
from tests import make_tests
from tests.domain.credits.making import make_pack
from tests.make import NOW, City, Person, make_account, make_activity, make_attendance
from tests.make_completions import (
    ATTENDANCE,
    EXERCISES,
    JUDGEMENT,
    LATER,
    TEST,
    attend,
    close_class,
    hand_in,
    judge,
    make_class_with,
    make_exercise,
    review,
    settle,
)
from tests.make_courses import make_course, make_published_class, make_run, make_school_course

PAGE = PageRequest(limit=100)


async def progress(db: Connection, by: Person, made: Row, teacher: Row) -> Row:
    return await get_course_progress(
        db, by.actor, activity_id=made["activity_id"], teacher_id=teacher["id"]
    )


async def correct(db: Connection, by: Person, row: Row, *, completed: bool) -> Row:
    correction = CompletionCorrection(completed=completed, reason="补交了签到表")
    return await correct_course_completion(
        db, by.actor, completion_id=row["id"], correction=correction, now=LATER
    )


async def settled(db: Connection, by: Person, made: Row, **filters: Any) -> dict[Any, Row]:
    page = await list_course_completions(
        db, by.actor, activity_id=made["activity_id"], page=PAGE, **filters
    )
    return {row["teacher_id"]: row for row in page.items}


@pytest.mark.parametrize(
    "conditions",
    [
        [{"kind": "attendance"}],
        [{"kind": "attendance", "least": 101}],
        [{"kind": "exercises", "least": 0}],
        [{"kind": "judgement", "least": 1}],
        [{"kind": "test", "least": 60}],
        [ATTENDANCE, ATTENDANCE],
        [{"kind": "presence"}],
    ],
)
async def test_conditions_say_what_can_be_counted(
    db: Connection, city: City, conditions: list[Row]
) -> None:
    with pytest.raises(ValidationError):
        await make_course(db, city.school_admin, unit_id=city.school["id"], completion=conditions)


async def test_conditions_are_kept_with_the_version_and_compared(
    db: Connection, city: City
) -> None:
    course = await make_school_course(db, city, completion=[ATTENDANCE])
    assert course["completion"] == [ATTENDANCE]
    revision = CourseRevision.model_validate(
        {"completion": [{"kind": "attendance", "least": 90}, JUDGEMENT]}
    )
    actor = city.school_admin.actor
    await revise_course(db, actor, course_id=course["id"], revision=revision, now=NOW)
    told = await get_course_comparison(db, actor, course_id=course["id"])
    assert told["field_differences"] == [
        {"field": "completion[attendance]", "before": "80", "after": "90"},
        {"field": "completion[judgement]", "before": None, "after": ""},
    ]


async def test_progress_is_counted_from_what_happened(db: Connection, city: City) -> None:
    made = await make_class_with(db, city, ATTENDANCE, EXERCISES, JUDGEMENT)
    by = city.school_admin
    await attend(db, made, by, city.teacher, 1)
    await attend(db, made, by, city.colleague, 2)
    exercise = await make_exercise(db, by, made)
    before = db.statements
    rows = await list_class_progress(db, by.actor, activity_id=made["activity_id"])
    assert db.statements - before == 2, "the class's door, and everybody at once"
    assert [row["teacher_id"] for row in rows] == [city.teacher["id"], city.colleague["id"]]
    assert rows[0]["conditions"] == [
        {"kind": "attendance", "required": "80", "reached": "50", "is_met": False},
        {"kind": "exercises", "required": "1", "reached": "0", "is_met": False},
        {"kind": "judgement", "required": "1", "reached": None, "is_met": False},
    ]
    await review(db, by, await hand_in(db, city.colleague_account, exercise))
    await judge(db, by, made, **{city.colleague["id"].hex: True})
    own = await progress(db, city.colleague_account, made, city.colleague)
    assert [each["reached"] for each in own["conditions"]] == ["100", "1", "1"]
    assert (own["is_met"], own["completed"], own["name"]) == (True, None, "测试乙")
    assert set(own) == {
        "activity_id", "teacher_id", "name", "school", "conditions", "is_met", "opinion",
        "completed",
    }  # fmt: skip


async def test_of_classmates_nobody_sees_anything(db: Connection, city: City) -> None:
    made = await make_class_with(db, city, ATTENDANCE)
    await attend(db, made, city.school_admin, city.teacher)
    with pytest.raises(NotAllowed):
        await list_class_progress(db, city.colleague_account.actor, activity_id=made["activity_id"])
    with pytest.raises(TeacherNotFound):
        await progress(db, city.colleague_account, made, city.teacher)
    with pytest.raises(NotTakingPart):
        await progress(db, city.colleague_account, made, city.colleague)
    with pytest.raises(ActivityNotFound):
        await settle(db, city.sibling_admin, made)


async def test_a_closed_class_is_settled_once_for_everybody(db: Connection, city: City) -> None:
    made = await make_class_with(db, city, ATTENDANCE)
    by = city.school_admin
    await attend(db, made, by, city.teacher, 2)
    await attend(db, made, by, city.colleague, 1)
    await make_attendance(
        db, made["sessions"][0], by, city.sibling_teacher, role=AttendanceRole.SPEAKER
    )
    with pytest.raises(WrongState):
        await settle(db, by, made)
    await close_class(db, by, made)
    conclusion = RunConclusion(summary="完成")
    with pytest.raises(RunCompletionsOpen):
        await conclude_course_run(
            db, by.actor, run_id=made["run_id"], conclusion=conclusion, now=LATER
        )
    before = db.statements
    done = await settle(db, by, made)
    assert db.statements - before == 5
    assert (done["settled"], done["completed"], done["already_settled"]) == (2, 1, 0)
    rows = await settled(db, by, made)
    assert {key: row["completed"] for key, row in rows.items()} == {
        city.teacher["id"]: True, city.colleague["id"]: False,
    }  # fmt: skip
    again = await settle(db, by, made)
    assert (again["settled"], again["already_settled"]) == (0, 2)
    figures = await get_course_run_figures(db, by.actor, run_id=made["run_id"])
    assert figures["completed"] == 1
    run = await conclude_course_run(
        db, by.actor, run_id=made["run_id"], conclusion=conclusion, now=LATER
    )
    assert run["state"] == "concluded"


async def test_what_is_still_to_be_decided_is_decided_before(db: Connection, city: City) -> None:
    made = await make_class_with(db, city, EXERCISES, JUDGEMENT)
    by = city.school_admin
    await attend(db, made, by, city.teacher)
    exercise = await make_exercise(db, by, made)
    handed_in = await hand_in(db, city.teacher_account, exercise)
    await close_class(db, by, made)
    with pytest.raises(CompletionPending) as refused:
        await settle(db, by, made)
    assert refused.value.details == {"submissions": 1, "judgements": 1}
    assert await settled(db, by, made) == {}
    await review(db, by, handed_in, accepted=False)
    await judge(db, by, made, **{city.teacher["id"].hex: True})
    taken_back = await make_exercise(db, by, made)
    await hand_in(db, city.teacher_account, taken_back)
    await withdraw_exercise(db, by.actor, exercise_id=taken_back["id"], now=NOW)
    assert (await settle(db, by, made))["completed"] == 0


async def test_who_passes_the_tests_of_the_class_completes_it(db: Connection, city: City) -> None:
    made, by, own = await make_class_with(db, city, TEST), city.school_admin, city.teacher_account
    await attend(db, made, by, city.colleague)
    await make_tests.enrol(db, own, made)

    async def reached() -> list[tuple[str | None, bool]]:
        rows = await list_class_progress(db, by.actor, activity_id=made["activity_id"])
        return [(row["conditions"][0]["reached"], row["is_met"]) for row in rows]

    assert await reached() == [("0", False), ("0", False)], "there is no test to pass"
    bank = await make_tests.make_bank(db, city, make_tests.SINGLE, make_tests.FREE)
    test = await make_tests.make_test(db, city, bank, activity_id=made["activity_id"])
    said: dict[int, Any] = {1: {"choices": ["a"]}, 2: {"text": "为什么？"}}
    attempt = await make_tests.take(db, own, test, said)
    assert await reached() == [(None, False), ("0", False)]
    await close_class(db, by, made)
    with pytest.raises(CompletionPending) as refused:
        await settle(db, by, made)
    assert refused.value.details == {"submissions": 0, "judgements": 1}
    paper = await make_tests.paper_of(db, own, attempt)
    await make_tests.mark(db, by, paper[1], "8")
    assert await reached() == [("1", True), ("0", False)]
    done = await settle(db, by, made)
    assert (done["settled"], done["completed"]) == (2, 1)
    await make_pack(db, city.city)
    over = LATER.replace(year=2027)
    recognised = await recognise_activity(
        db, city.county_admin.actor, activity_id=made["activity_id"], now=over
    )
    assert [(each["code"], each["zh"]) for each in recognised["left_out"]] == [
        ("course_test_insufficient", "测验未合格（0 / 1）。")
    ]


async def test_a_test_that_nobody_could_take_is_not_asked_for(db: Connection, city: City) -> None:
    course = await make_school_course(db, city, completion=[TEST])
    by, own = city.school_admin, city.teacher_account
    made = await make_published_class(db, by, await make_run(db, by, course))
    await make_tests.enrol(db, own, made)
    bank = await make_tests.make_bank(db, city, make_tests.SINGLE, make_tests.TRUE_FALSE)
    test = await make_tests.make_test(db, city, bank[:1], activity_id=made["activity_id"])
    await make_tests.take(db, own, test, {1: {"choices": ["a"]}})
    await close_class(db, by, made)
    later = await make_tests.draft(db, by, bank[1:], course_id=course["id"])
    await make_tests.publish(db, by, later, make_tests.FAR_AWAY)
    assert (await settle(db, by, made))["completed"] == 1


async def test_participants_are_judged_by_others_until_it_is_settled(
    db: Connection, city: City
) -> None:
    made = await make_class_with(db, city, JUDGEMENT)
    by, teacher = city.school_admin, city.teacher["id"].hex
    await attend(db, made, by, city.teacher)
    assert (await judge(db, by, made, **{teacher: True}))["judged"] == 1
    await judge(db, by, made, **{teacher: False})
    row = await progress(db, by, made, city.teacher)
    assert row["conditions"][0]["reached"] == "0"
    with pytest.raises(NotTakingPart):
        await judge(db, by, made, **{teacher: True, city.colleague["id"].hex: True})
    twice = [{"teacher_id": teacher, "is_sufficient": each} for each in (True, False)]
    with pytest.raises(JudgedTwice):
        await judge_course_participants(
            db, by.actor, activity_id=made["activity_id"], now=NOW,
            new=NewCourseJudgements.model_validate({"judgements": twice}),
        )  # fmt: skip
    assert (await progress(db, by, made, city.teacher))["conditions"][0]["reached"] == "0"
    await close_class(db, by, made)
    await settle(db, by, made)
    with pytest.raises(CompletionAlreadySettled):
        await judge(db, by, made, **{teacher: True})
    other = await make_class_with(db, city, ATTENDANCE)
    await attend(db, other, by, city.teacher)
    with pytest.raises(JudgementUndeclared):
        await judge(db, by, other, **{teacher: True})


async def test_nobody_decides_on_the_own_completion(db: Connection, city: City) -> None:
    made = await make_class_with(db, city, JUDGEMENT)
    both = await make_account(db, "both", Role.SCHOOL_ADMIN, city.school)
    oneself = Person(actor=replace(both.actor, teacher_id=city.colleague["id"]), name=both.name)
    await attend(db, made, city.school_admin, city.colleague)
    with pytest.raises(CompletionOfOneself):
        await judge(db, oneself, made, **{city.colleague["id"].hex: True})
    await judge(db, city.school_admin, made, **{city.colleague["id"].hex: False})
    await close_class(db, city.school_admin, made)
    await settle(db, oneself, made)
    (row,) = (await settled(db, oneself, made)).values()
    with pytest.raises(CompletionOfOneself):
        await correct(db, oneself, row, completed=True)


async def test_what_was_settled_is_corrected_with_a_reason_and_kept(
    db: Connection, city: City
) -> None:
    made = await make_class_with(db, city, ATTENDANCE)
    by = city.school_admin
    await attend(db, made, by, city.teacher, 1)
    await close_class(db, by, made)
    await settle(db, by, made)
    row = (await settled(db, by, made))[city.teacher["id"]]
    with pytest.raises(CompletionUnchanged):
        await correct(db, by, row, completed=False)
    with pytest.raises(CourseCompletionNotFound):
        await correct(db, city.sibling_admin, row, completed=True)
    now = await correct(db, by, row, completed=True)
    assert (now["completed"], now["reason"], now["superseded_at"]) == (True, "补交了签到表", None)
    with pytest.raises(CourseCompletionNotFound):
        await correct(db, by, row, completed=True)  # that one holds no more
    actor = city.teacher_account.actor
    page = await list_teacher_course_completions(
        db, actor, teacher_id=city.teacher["id"], page=PAGE
    )
    assert [(each["completed"], each["superseded_at"]) for each in page.items] == [
        (False, LATER), (True, None),
    ]  # fmt: skip
    assert (await get_course_completion(db, actor, completion_id=now["id"]))["completed"]
    assert list(await settled(db, by, made, completed=False)) == []


async def test_who_was_corrected_to_have_completed_nothing_is_told_so(
    db: Connection, city: City
) -> None:
    made, by = await make_class_with(db, city, ATTENDANCE), city.school_admin
    await attend(db, made, by, city.teacher, 2)
    await close_class(db, by, made)
    await settle(db, by, made)
    (row,) = (await settled(db, by, made)).values()
    await correct(db, by, row, completed=False)
    done = await recognise_activity(
        db, city.county_admin.actor, activity_id=made["activity_id"], now=LATER.replace(year=2027)
    )
    assert [each["code"] for each in done["left_out"]] == ["course_completion_withdrawn"]


async def test_without_conditions_nothing_is_settled(db: Connection, city: City) -> None:
    made = await make_class_with(db, city)
    with pytest.raises(CourseCompletionUndeclared):
        await settle(db, city.school_admin, made)
    activity = await make_activity(db, city.school, city.school_admin)
    with pytest.raises(CourseCompletionUndeclared):
        await settle(db, city.school_admin, {"activity_id": activity["id"]})
    assert await list_class_progress(
        db, city.school_admin.actor, activity_id=made["activity_id"]
    ) == []  # fmt: skip


async def test_credit_goes_to_who_completed_and_the_others_are_told_why(
    db: Connection, city: City
) -> None:
    await make_pack(db, city.city)
    made = await make_class_with(db, city, ATTENDANCE)
    by, bureau = city.school_admin, city.county_admin
    await attend(db, made, by, city.teacher, 2)
    await attend(db, made, by, city.colleague, 1)
    await close_class(db, by, made)
    over = LATER.replace(year=2027)
    key = {"activity_id": made["activity_id"], "now": over}
    with pytest.raises(CompletionsUnsettled):
        await recognise_activity(db, bureau.actor, **key)
    await settle(db, by, made)
    before = db.statements
    done = await recognise_activity(db, bureau.actor, **key)
    with_conditions = db.statements - before
    assert (done["entered"], done["not_qualified"]) == (1, 1)
    (left_out,) = done["left_out"]
    assert left_out == {
        "teacher_id": city.colleague["id"], "code": "course_attendance_insufficient",
        "zh": "出勤率未达到结业要求（50 / 80）。", "en": "Attendance does not suffice (50 / 80).",
    }  # fmt: skip
    (row,) = (await settled(db, by, made, completed=False)).values()
    await correct(db, by, row, completed=True)
    assert (await recognise_activity(db, bureau.actor, **key))["entered"] == 1
    plain = await make_class_with(db, city)
    await attend(db, plain, by, city.teacher, 2)
    await attend(db, plain, by, city.colleague, 1)
    await close_class(db, by, plain)
    before = db.statements
    await recognise_activity(db, bureau.actor, activity_id=plain["activity_id"], now=over)
    assert db.statements - before == with_conditions - 1
