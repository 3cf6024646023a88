"""A question bank, tests and attempts for tests, made by what those do who give a test and take it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from app.domain.access.doors import PLACE
from app.domain.learning.answer_marks import NewAnswerMark, mark_test_answer
from app.domain.learning.answer_rechecks import NewAnswerRecheck, ask_answer_recheck
from app.domain.learning.bank_questions import NewBankQuestions, add_bank_questions
from app.domain.learning.course_tests import (
    CourseTest,
    NewCourseTest,
    draft_course_test,
    publish_course_test,
)
from app.domain.learning.test_attempts import (
    CourseTestAttempt,
    SavedAnswers,
    hand_in_test_attempt,
    list_paper_questions,
    save_test_answers,
    start_test_attempt,
)
from app.domain.paging import PageRequest
from app.domain.training.enrolments import enrol_oneself
from app.sql import Connection, Row, new_id
from tests import make_courses
from tests.made import Made
from tests.make import NOW, City, Person
from tests.make_choice import make_choice
from tests.make_self_studies import make_study

LONG_AGO = datetime(2001, 2, 3, 4, 5, tzinfo=UTC)
"""A moment at which whatever ended a little later is over, whatever the clock says."""
FAR_AWAY = datetime(2199, 2, 3, 4, 5, tzinfo=UTC)
"""A moment that is still to come, whatever the clock says."""
YES_NO = [{"code": "a", "text": "开放式提问"}, {"code": "b", "text": "封闭式提问"}]
SINGLE: dict[str, Any] = {
    "kind": "single_choice", "text": "哪一种提问更利于展开思考？", "points": "2", "options": YES_NO,
    "correct": ["a"], "explanation": "开放式提问没有唯一答案。", "content": ["instructional_design"],
}  # fmt: skip
MULTIPLE: dict[str, Any] = {
    "kind": "multiple_choice", "text": "以下哪些属于理答？", "points": "3", "difficulty": "hard",
    "options": [{"code": c, "text": t} for c, t in (("a", "追问"), ("b", "板书"), ("c", "转问"))],
    "correct": ["a", "c"],
}  # fmt: skip
TRUE_FALSE: dict[str, Any] = {
    "kind": "true_false", "text": "候答时间越短越好。", "points": "1", "correct": ["false"],
    "difficulty": "easy",
}  # fmt: skip
NUMBER: dict[str, Any] = {
    "kind": "number", "text": "一节课至少追问几次？", "points": "2", "correct": ["3.0"],
    "tolerance": "0.5",
}  # fmt: skip
SHORT: dict[str, Any] = {
    "kind": "short_text", "text": "布鲁姆把认知目标分为哪几层中的最高层？", "points": "2",
    "correct": ["创造", "Create"],
}  # fmt: skip
FREE: dict[str, Any] = {
    "kind": "free_text", "text": "设计一个追问，并说明理由。", "points": "10",
    "explanation": "有层次 5 分，有理由 5 分。",
}  # fmt: skip
QUESTIONS = [SINGLE, MULTIPLE, TRUE_FALSE, NUMBER, SHORT, FREE]
RIGHT: dict[int, dict[str, Any]] = {
    1: {"choices": ["a"]}, 2: {"choices": ["c", "a"]}, 3: {"is_true": False}, 4: {"number": "3.4"},
    5: {"text": " ＣＲＥＡＴＥ "},
}  # fmt: skip
"""What is right of the questions that a machine marks, by their places in `QUESTIONS`."""


async def add(db: Connection, by: Person, *questions: dict[str, Any], **given: Any) -> list[Row]:
    """Questions of a bank, of an owner by its key (`unit_id` and the like)."""
    new = NewBankQuestions.model_validate({"questions": questions or QUESTIONS} | given)
    return await add_bank_questions(db, by.actor, new=new, now=NOW)


async def make_bank(db: Connection, city: City, *questions: dict[str, Any]) -> list[Row]:
    """Questions of the school: by default one of each kind."""
    return await add(db, city.school_admin, *questions, unit_id=city.school["id"])


async def make_class(db: Connection, city: City) -> Row:
    """A published class of the school's course in which the teacher has a place."""
    run = await make_courses.make_run(
        db, city.school_admin, await make_courses.make_school_course(db, city)
    )
    made = await make_courses.make_published_class(db, city.school_admin, run)
    await enrol(db, city.teacher_account, made)
    return made


async def enrol(db: Connection, who: Person, made: Row) -> None:
    """A place in the class."""
    await enrol_oneself(db, who.actor, activity_id=made["activity_id"], now=NOW)


async def draft(db: Connection, by: Person, questions: list[Row], **given: Any) -> Row:
    """A test that has these questions, of an activity or a course by its key."""
    sections = [{"question_ids": [each["id"] for each in questions]}] if questions else []
    new = NewCourseTest.model_validate({"title": "结业测验", "sections": sections} | given)
    return await draft_course_test(db, by.actor, new=new, now=NOW)


async def publish(db: Connection, by: Person, test: Row, now: datetime = NOW) -> Row:
    """Let it be taken."""
    return await publish_course_test(db, by.actor, test_id=test["id"], now=now)


async def make_test(db: Connection, city: City, questions: list[Row], **given: Any) -> Row:
    """A published test of a class in which the teacher has a place."""
    if not {"activity_id", "course_id"} & given.keys():
        given["activity_id"] = (await make_class(db, city))["activity_id"]
    test = await draft(db, city.school_admin, questions, **given)
    return await publish(db, city.school_admin, test, LONG_AGO)


async def make_bare_test(db: Connection, activity: Row, by: Person) -> Row:
    """A published test of an activity, without questions."""
    test_id, account_id = new_id(), by.actor.account_id
    said = NewCourseTest(title="测验", activity_id=activity["id"]).model_dump()
    published = {"state": "published", "published_at": NOW, "published_by": account_id}
    created = {"created_at": NOW, "created_by": account_id}
    row = {"id": test_id, **said, **created, **published}
    await db.insert(CourseTest, row)
    return row


async def make_attempt(
    db: Connection, test: Row, teacher: Row, *, number: int = 1, at: datetime = NOW
) -> None:
    """An attempt of a teacher that was handed in, as it stands in the table."""
    own = {"teacher_id": teacher["id"], **{name: teacher[name] for name in PLACE}}
    of_test = {
        "test_id": test["id"],
        "activity_id": test["activity_id"],
        "number": number,
        "seed": 1,
    }
    over = {"points": 1, "started_at": at, "handed_in_at": at, "given": {}}
    await db.insert(CourseTestAttempt, {"id": new_id(), **own, **of_test, **over})


async def start(db: Connection, who: Person, test: Row, now: datetime = NOW) -> Row:
    """Begin an attempt."""
    return await start_test_attempt(db, who.actor, test_id=test["id"], now=now)


async def save(
    db: Connection,
    who: Person,
    attempt: Row,
    answers: dict[int, dict[str, Any]],
    *,
    revision: int = 1,
    now: datetime = NOW,
) -> Row:
    """Save answers by the numbers of their questions."""
    given = [{"ordinal": n, "revision": revision, **answer} for n, answer in answers.items()]
    new = SavedAnswers.model_validate({"answers": given})
    return await save_test_answers(db, who.actor, attempt_id=attempt["id"], new=new, now=now)


async def hand_in(db: Connection, who: Person, attempt: Row, now: datetime = NOW) -> Row:
    """Hand it in."""
    return await hand_in_test_attempt(db, who.actor, attempt_id=attempt["id"], now=now)


async def take(db: Connection, who: Person, test: Row, answers: dict[int, dict[str, Any]]) -> Row:
    """An attempt from its beginning to its end."""
    attempt = await start(db, who, test)
    await save(db, who, attempt, answers)
    return await hand_in(db, who, attempt)


async def paper_of(db: Connection, who: Person, attempt: Row) -> list[Row]:
    """The questions of one's paper."""
    page = PageRequest(limit=100)
    found = await list_paper_questions(db, who.actor, attempt_id=attempt["id"], page=page)
    return found.items


async def mark(db: Connection, by: Person, answer: Row, awarded: str, **more: Any) -> Row:
    """Give points for an answer."""
    new = NewAnswerMark.model_validate({"awarded": awarded} | more)
    return await mark_test_answer(db, by.actor, answer_id=answer["id"], new=new, now=NOW)


async def ask_recheck(db: Connection, who: Person, answer: Row) -> Row:
    """Doubt a mark."""
    new = NewAnswerRecheck(reason="写法等同于参考答案")
    return await ask_answer_recheck(db, who.actor, answer_id=answer["id"], new=new, now=NOW)


def with_role_of(who: Person, other: Person) -> Person:
    """The same teacher with the roles of another account besides."""
    grants = (*who.actor.grants, *other.actor.grants)
    return Person(actor=replace(who.actor, grants=grants), name=who.name)


async def make_taken(db: Connection, city: City, question: dict[str, Any], said: str) -> Row:
    """An attempt of the teacher at a test of one question that is answered in words."""
    test = await make_test(db, city, await make_bank(db, city, question))
    return await take(db, city.teacher_account, test, {1: {"text": said}})


async def make_doubted(db: Connection, city: City) -> Row:
    """A question of the teacher's paper, answered beside the point, whose recheck is asked for."""
    attempt = await make_taken(db, city, SHORT, "创造性")
    [question] = await paper_of(db, city.teacher_account, attempt)
    return await ask_recheck(db, city.teacher_account, question)


async def answers_to_mark(db: Connection, city: City) -> Made:
    """What waits for a person to mark."""
    attempt = await make_taken(db, city, FREE, "为什么？")
    return Made(attempt["id"], city.school_admin, city.school["id"])


async def answer_recheck_to_decide(db: Connection, city: City) -> Made:
    """What waits for a recheck."""
    question = await make_doubted(db, city)
    return Made(question["recheck_id"], city.school_admin, city.school["id"])


async def make_learning(db: Connection, by: Person, things: dict[str, Row], teacher: Row) -> None:
    """A self-study of a teacher, a choice, and an attempt at a test."""
    await make_study(db, by, teacher)
    await make_choice(db, things["round"], things["chosen"], teacher)
    await make_attempt(db, things["test"], teacher)
