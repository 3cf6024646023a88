"""Publishing a test: from now on it draws out of these versions of questions, and withdrawing it again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, column, delete, exists, func, table
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.errors import Conflict
from app.domain.learning.course_tests.drawing import number_drawn
from app.domain.learning.course_tests.pooling import settle_pool
from app.domain.learning.course_tests.table import (
    MOST_DRAWN,
    CourseTest,
    CourseTestQuestion,
    CourseTestState,
)
from app.domain.learning.course_tests.test import COURSE_TESTS, check_test_state
from app.sql import Connection, Row, Statement

# What can be refused.


class CourseTestEmpty(Conflict):
    """A test without a part has no question."""

    code = "course_test_empty"
    zh = "测验还没有题目，请先设置组卷规则。"
    en = "The test has no part from which questions are drawn."


class CourseTestTooMany(Conflict):
    """A paper is saved and marked as a whole."""

    code = "course_test_too_many_questions"
    zh = "每份试卷至多 {most} 题，现为 {drawn} 题。"
    en = "A paper has at most {most} questions; this would have {drawn}."


class CourseTestOver(Conflict):
    """It would close before anybody could begin."""

    code = "course_test_over"
    zh = "测验的截止时间已过。"
    en = "The time at which the test closes has passed."


class CourseTestTaken(Conflict):
    """Once somebody has begun, a test stays what it is."""

    code = "course_test_taken"
    zh = "已有人开始作答，测验不能再撤回修改。"
    en = "Somebody has begun the test: it stays as it is."


# What may be done.

_OWNER = Statement(
    COURSE_TESTS.select(only=frozenset({"id"}))
    .add_columns(
        func.coalesce(
            *(COURSE_TESTS.placed()[name] for name in ("group_id", "school_id", "county_id"))
        ).label("owner_id")
    )
    .where(col(CourseTest.id) == bindparam("test_id", type_=Uuid))
)


async def publish_course_test(db: Connection, actor: Actor, *, test_id: UUID, now: datetime) -> Row:
    """Publish a draft: it draws out of the versions that its questions have now."""
    test = await COURSE_TESTS.get(db, actor, test_id, permission=Permission.COURSE_WRITE, lock=True)
    check_test_state(test, CourseTestState.DRAFT)
    if not test["sections"]:
        raise CourseTestEmpty
    if test["closes_at"] is not None and test["closes_at"] <= now:
        raise CourseTestOver
    drawn = sum(map(number_drawn, test["sections"]))
    if drawn > MOST_DRAWN:
        raise CourseTestTooMany(most=MOST_DRAWN, drawn=drawn)
    owner = await db.one(_OWNER, test_id=test_id) or {}
    await settle_pool(
        db, actor, test_id=test_id, sections=test["sections"], bank_id=owner["owner_id"]
    )
    values = {
        "state": CourseTestState.PUBLISHED, "published_at": now, "published_by": actor.account_id,
    }  # fmt: skip
    await db.change(CourseTest, test_id, values)
    return await COURSE_TESTS.get(db, actor, test_id)


# The noun above this one describes this table; here it is only asked whether there is one.
_ATTEMPTS = table("course_test_attempt", column("test_id", Uuid()))
_test_id = bindparam("test_id", type_=Uuid)
_IS_TAKEN = Statement(exists().where(_ATTEMPTS.c.test_id == _test_id).select())
_CLEAR = Statement(delete(CourseTestQuestion).where(col(CourseTestQuestion.test_id) == _test_id))


async def withdraw_course_test(db: Connection, actor: Actor, *, test_id: UUID) -> Row:
    """Make a draft again of a test that nobody has begun."""
    test = await COURSE_TESTS.get(db, actor, test_id, permission=Permission.COURSE_WRITE, lock=True)
    check_test_state(test, CourseTestState.PUBLISHED)
    if await db.value(_IS_TAKEN, test_id=test_id):
        raise CourseTestTaken
    await db.run(_CLEAR, test_id=test_id)
    values = {"state": CourseTestState.DRAFT, "published_at": None, "published_by": None}
    await db.change(CourseTest, test_id, values)
    return await COURSE_TESTS.get(db, actor, test_id)
