"""Classes with conditions, exercises and what is handed in, made by what organisers and teachers do."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from app.domain.access.doors import PLACE
from app.domain.learning.course_completions import (
    CourseCompletion,
    NewCourseJudgements,
    judge_course_participants,
    settle_course_completions,
)
from app.domain.learning.exercise_submissions import (
    ExerciseReview,
    NewExerciseSubmission,
    review_exercise,
    submit_exercise,
)
from app.domain.learning.exercises import NewExercise, give_exercise
from app.domain.training.enrolments import enrol_oneself
from app.sql import Connection, Row, new_id
from tests.make import NOW, TODAY, City, Person, make_activity, make_attendance
from tests.make_courses import close, make_published_class, make_run, make_school_course

ATTENDANCE = {"kind": "attendance", "least": 80}
EXERCISES: Row = {"kind": "exercises"}
JUDGEMENT: Row = {"kind": "judgement"}
TEST: Row = {"kind": "test"}
LATER = NOW + timedelta(days=4)


async def make_class_with(db: Connection, city: City, *conditions: Row) -> Row:
    """A published class of two sessions of the school's course, which asks for these; with `sessions`."""
    course = await make_school_course(db, city, completion=list(conditions))
    run = await make_run(db, city.school_admin, course)
    made = await make_published_class(db, city.school_admin, run)
    found = await db._driver.fetch(
        "SELECT id, activity_id FROM activity_session WHERE activity_id = $1 ORDER BY ordinal",
        made["activity_id"],
    )
    return made | {"sessions": [dict(each) for each in found]}


async def attend(db: Connection, made: Row, by: Person, teacher: Row, sessions: int = 2) -> None:
    """Let a teacher attend so many of the sessions of a class, the first first."""
    for session in made["sessions"][:sessions]:
        await make_attendance(db, session, by, teacher)


async def close_class(db: Connection, by: Person, made: Row) -> None:
    """Close it."""
    await close(db, by, made["activity_id"])


async def settle(db: Connection, by: Person, made: Row) -> Row:
    """Settle who completed it."""
    return await settle_course_completions(db, by.actor, activity_id=made["activity_id"], now=LATER)


async def judge(db: Connection, by: Person, made: Row, **judged: bool) -> Row:
    """Judge these participants, named by the hexadecimal keys of the teachers."""
    lines = [{"teacher_id": key, "is_sufficient": given} for key, given in judged.items()]
    new = NewCourseJudgements.model_validate({"judgements": lines})
    return await judge_course_participants(
        db, by.actor, activity_id=made["activity_id"], new=new, now=NOW
    )


async def make_exercise(db: Connection, by: Person, made: Row, **given: Any) -> Row:
    """An exercise of a class or another activity, due in a week."""
    said = {
        "title": "设计三个追问",
        "text": "为一节课设计三个追问。",
        "due_on": TODAY + timedelta(7),
    }
    new = NewExercise.model_validate(said | given)
    activity_id: UUID = made["activity_id"] if "activity_id" in made else made["id"]
    return await give_exercise(db, by.actor, activity_id=activity_id, new=new, now=NOW)


async def hand_in(
    db: Connection, person: Person, exercise: Row, at: Any = NOW, **given: Any
) -> Row:
    """What a teacher hands in to it."""
    new = NewExerciseSubmission.model_validate({"text": "三个追问。"} | given)
    return await submit_exercise(db, person.actor, exercise_id=exercise["id"], new=new, now=at)


async def review(
    db: Connection, person: Person, submission: Row, *, accepted: bool = True, **given: Any
) -> Row:
    """Accept it, or return it."""
    said = {"accepted": accepted, "comment": "请结合课例。"} | given
    return await review_exercise(
        db, person.actor, submission_id=submission["id"],
        review=ExerciseReview.model_validate(said), now=NOW,
    )  # fmt: skip


async def make_handed_in(db: Connection, city: City) -> Row:
    """What a teacher handed in to an exercise of the school, which waits."""
    activity = await make_activity(db, city.school, city.school_admin)
    await enrol_oneself(db, city.teacher_account.actor, activity_id=activity["id"], now=NOW)
    exercise = await make_exercise(db, city.school_admin, activity)
    return await hand_in(db, city.teacher_account, exercise)


async def make_closed(db: Connection, city: City) -> Row:
    """A closed class of which it is not settled who completed it."""
    made = await make_class_with(db, city, ATTENDANCE)
    await close_class(db, city.school_admin, made)
    return made


async def make_busy_completions(db: Connection, city: City) -> None:
    """In each of two activities of the city an exercise, what two teachers handed in, their completions."""
    by = city.city_admin
    people = (
        (city.teacher_account, city.teacher),
        (city.sibling_teacher_account, city.sibling_teacher),
    )
    for title in ("三个追问", "一份教案"):
        activity = await make_activity(db, city.city, by)
        exercise = await make_exercise(db, by, activity, title=title)
        for account, teacher in people:
            await enrol_oneself(db, account.actor, activity_id=activity["id"], now=NOW)
            await hand_in(db, account, exercise)
            row = {
                "id": new_id(), "activity_id": activity["id"], "teacher_id": teacher["id"],
                **{name: teacher[name] for name in PLACE}, "completed": True, "conditions": [],
                "settled_at": NOW, "settled_by": by.actor.account_id,
            }  # fmt: skip
            await db.insert(CourseCompletion, row)
