"""What is tested at each place: a question of the bank, a draft, a published test; what a teacher answered."""

from typing import Any
from uuid import UUID

from app.domain.learning.bank_questions import BankQuestion, BankQuestionVersion
from app.domain.learning.course_tests import CourseTest, CourseTestQuestion
from app.domain.learning.test_attempts import (
    CourseTestAnswer,
    CourseTestAttempt,
    CourseTestMark,
    CourseTestRecheck,
)
from app.sql import Connection, Row, new_id
from tests.faces.world import Thing, World, add_row, place_of
from tests.make import NOW, City

_ASKS: dict[str, Any] = {
    "kind": "true_false", "text": "候答时间越短越好。", "points": 1, "difficulty": "easy",
    "subject": None, "stage": None, "content": [], "correct": ["false"], "tolerance": None,
    "explanation": None, "options": [],
}  # fmt: skip
_SAYS: dict[str, Any] = {
    "title": "测验", "pass_percent": 60, "attempts_allowed": 3, "counted": "best",
    "shuffled": False, "result_shown": "at_once", "solutions_shown": "never", "sections": [],
    "created_at": NOW,
}  # fmt: skip


async def add_things(db: Connection, world: World, city: City) -> None:
    """Tests of what is offered at the place; the attempts are those of its teacher, if there is one."""
    by = city.city_admin.actor.account_id
    for name, units in world.units.items():
        things, path, unit = world.places[name], tuple(each["id"] for each in units), units[-1]
        question, version = await _add_question(db, unit, by)
        things["bank_question"] = Thing(question, path)
        offered = things["offered"]
        common = {**_SAYS, "activity_id": offered.id, "created_by": by}
        things["course_test"] = Thing(await add_row(db, CourseTest, **common, state="draft"), path)
        published = {"state": "published", "published_at": NOW, "published_by": by}
        test = await add_row(db, CourseTest, **common, **published)
        things["course_test_offered"] = Thing(test, path, audience=offered.audience)
        await db.insert(
            CourseTestQuestion, {"test_id": test, "version_id": version, "section": 0, "ordinal": 0}
        )
        if name in world.teachers:
            of_test = {"test_id": test, "activity_id": offered.id, "version_id": version, "by": by}
            made = await _add_attempts(db, world.teachers[name], **of_test)
            teacher_id = world.teachers[name]["id"]
            for kind in ("test_attempt", "test_attempt_over", "own_answer"):
                things[kind] = Thing(made[kind], path, teacher_id=teacher_id)
            for kind in ("attempt_answer", "answer_mark", "answer_recheck"):
                things[kind] = Thing(made[kind], path)


async def _add_question(db: Connection, unit: Row, by: UUID) -> tuple[UUID, UUID]:
    question = await add_row(
        db, BankQuestion, **place_of(unit), **_ASKS, digest=new_id().hex, version=1,
        created_at=NOW, created_by=by,
    )  # fmt: skip
    version = await add_row(
        db, BankQuestionVersion, question_id=question, number=1,
        document=_ASKS | {"points": "1.00"}, written_at=NOW, written_by=by,
    )  # fmt: skip
    return question, version


async def _add_attempts(
    db: Connection, teacher: Row, *, test_id: UUID, activity_id: UUID, version_id: UUID, by: UUID
) -> dict[str, UUID]:
    common = {
        **place_of(teacher), "teacher_id": teacher["id"], "test_id": test_id,
        "activity_id": activity_id, "seed": 1, "points": 2, "started_at": NOW, "given": {},
    }  # fmt: skip
    over = await add_row(db, CourseTestAttempt, **common, number=1, handed_in_at=NOW)
    asked = {"attempt_id": over, "version_id": version_id, "options": [], "points": 1, "awarded": 0}
    own = await add_row(db, CourseTestAnswer, **asked, ordinal=1)
    answer = await add_row(db, CourseTestAnswer, **asked, ordinal=2)
    open_ = await add_row(db, CourseTestAttempt, **common, number=2)
    await add_row(db, CourseTestAnswer, **asked | {"attempt_id": open_}, ordinal=1)
    given = {"answer_id": answer, "awarded": 0, "marked_at": NOW, "marked_by": by}
    return {
        "test_attempt": open_,
        "test_attempt_over": over,
        "own_answer": own,
        "attempt_answer": answer,
        "answer_mark": await add_row(db, CourseTestMark, **given),
        "answer_recheck": await add_row(
            db, CourseTestRecheck, answer_id=answer, reason="请复核", asked_at=NOW, asked_by=by
        ),
    }
