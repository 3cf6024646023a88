"""Publishing a test: from now on it draws out of these versions of questions, and withdrawing it again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Uuid, bindparam, column, delete, exists, func, select, table
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.errors import Conflict, Invalid
from app.domain.learning.bank_questions import (
    BANK_QUESTIONS,
    BankQuestion,
    BankQuestionVersion,
)
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


class CourseTestQuestionUnfit(Invalid):
    """A part names a question that is retired, or not where the actor writes tests."""

    code = "course_test_question_unfit"
    zh = "第 {section} 部分指定的题目有 {questions} 题已停用或不在您可用的题库中。"
    en = "Of the questions named in part {section}, {questions} are retired or in no bank of yours."


class CourseTestTooFew(Conflict):
    """Fewer questions fit a part than it is to draw; each question serves one part alone."""

    code = "course_test_too_few_questions"
    zh = "第 {section} 部分须抽 {needed} 题，题库中符合条件且未用于前面部分的只有 {found} 题。"
    en = "Part {section} draws {needed} questions, but {found} fit that no earlier part has."


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

_FITTING = ("kind", "difficulty", "subject", "stage")
_READ = frozenset(
    {"id", "owner_id", "version", "retired_at", "content", *_FITTING},
)


def _fits(question: Mapping[str, Any], section: Mapping[str, Any]) -> bool:
    alike = all(section[name] in (None, question[name]) for name in _FITTING)
    return alike and (section["content"] is None or section["content"] in question["content"])


def _drawn_from(
    section: Mapping[str, Any],
    number: int,
    named: Mapping[UUID, Row | None],
    fitting: Sequence[Mapping[str, Any]],
) -> list[Mapping[str, Any]]:
    """The questions of a part; refused where one that is named is not to be had."""
    if not section["question_ids"]:
        return [each for each in fitting if _fits(each, section)]
    found = [named[UUID(str(key))] for key in section["question_ids"]]
    fit = [each for each in found if each is not None and each["retired_at"] is None]
    if len(fit) < len(found):
        raise CourseTestQuestionUnfit(section=number, questions=len(found) - len(fit))
    return list(fit)


async def _pool_of(db: Connection, actor: Actor, test: Row, bank_id: UUID) -> list[dict[str, Any]]:
    """Which question serves which part: each the first that has it."""
    sections = test["sections"]
    keys = [UUID(str(key)) for section in sections for key in section["question_ids"]]
    banks = {
        UUID(str(section["owner_id"])) if section["owner_id"] else bank_id
        for section in sections
        if not section["question_ids"]
    }
    named = await BANK_QUESTIONS.by_id(db, actor, keys, columns=_READ)
    owned = await BANK_QUESTIONS.rows_of(
        db, actor, col(BankQuestion.owner_id), list(banks),
        filters={"is_retired": False}, columns=_READ,
    )  # fmt: skip
    pool: list[dict[str, Any]] = []
    used: set[UUID] = set()
    for number, section in enumerate(sections, start=1):
        bank = UUID(str(section["owner_id"])) if section["owner_id"] else bank_id
        found = _drawn_from(section, number, named, owned.get(bank, []))
        free = [each for each in found if each["id"] not in used]
        needed = section["draw"] or len(section["question_ids"])
        if len(free) < needed:
            raise CourseTestTooFew(section=number, needed=needed, found=len(free))
        used.update(each["id"] for each in free)
        pool += [
            {"section": number - 1, "ordinal": n, "id": each["id"], "number": each["version"]}
            for n, each in enumerate(free)
        ]
    return pool


_OWNER = Statement(
    COURSE_TESTS.select(only=frozenset({"id"}))
    .add_columns(
        func.coalesce(
            *(COURSE_TESTS.placed()[name] for name in ("group_id", "school_id", "county_id"))
        ).label("owner_id")
    )
    .where(col(CourseTest.id) == bindparam("test_id", type_=Uuid))
)
_given = func.unnest(
    bindparam("question_ids", type_=ARRAY(Uuid)),
    bindparam("numbers", type_=ARRAY(Integer)),
    bindparam("sections", type_=ARRAY(Integer)),
    bindparam("ordinals", type_=ARRAY(Integer)),
).table_valued("question_id", "number", "section", "ordinal").render_derived()  # fmt: skip
_VERSIONS = Statement(
    select(col(BankQuestionVersion.id).label("version_id"), _given.c.section, _given.c.ordinal)
    .join_from(
        _given,
        BankQuestionVersion,
        (col(BankQuestionVersion.question_id) == _given.c.question_id)
        & (col(BankQuestionVersion.number) == _given.c.number),
    )
    .order_by(_given.c.section, _given.c.ordinal)
)


async def publish_course_test(db: Connection, actor: Actor, *, test_id: UUID, now: datetime) -> Row:
    """Publish a draft: it draws out of the versions that its questions have now."""
    test = await COURSE_TESTS.get(db, actor, test_id, permission=Permission.COURSE_WRITE, lock=True)
    check_test_state(test, CourseTestState.DRAFT)
    if not test["sections"]:
        raise CourseTestEmpty
    if test["closes_at"] is not None and test["closes_at"] <= now:
        raise CourseTestOver
    drawn = sum(each["draw"] or len(each["question_ids"]) for each in test["sections"])
    if drawn > MOST_DRAWN:
        raise CourseTestTooMany(most=MOST_DRAWN, drawn=drawn)
    owner = await db.one(_OWNER, test_id=test_id) or {}
    pool = await _pool_of(db, actor, test, owner["owner_id"])
    columns = {
        f"{name}s": [each[name] for each in pool] for name in ("number", "section", "ordinal")
    }
    rows = await db.all(_VERSIONS, question_ids=[each["id"] for each in pool], **columns)
    await db.insert_all(CourseTestQuestion, [{"test_id": test_id, **row} for row in rows])
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
