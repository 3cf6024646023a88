from typing import Any

import pytest

from app.domain.access.roles import Role
from app.domain.learning.answer_marks import MarkTooHigh
from app.domain.learning.answer_rechecks import (
    RecheckAsked,
    RecheckDecided,
    RecheckDecision,
    RecheckOfOwnMark,
    RecheckTooEarly,
    decide_answer_recheck,
    list_answer_rechecks,
)
from app.domain.learning.test_attempts import AttemptAnswerNotFound, get_test_attempt
from app.domain.paging import PageRequest
from app.sql import Connection, Row
from tests import make_tests as making
from tests.make import NOW, City, Person, make_account

PAGE = PageRequest(limit=100)


async def decide(db: Connection, by: Person, recheck_id: Any, **said: Any) -> Row:
    decision = RecheckDecision.model_validate({"reply": "已核对"} | said)
    return await decide_answer_recheck(
        db, by.actor, recheck_id=recheck_id, decision=decision, now=NOW
    )


async def test_a_recheck_gives_other_points(db: Connection, city: City) -> None:
    asked = await making.make_doubted(db, city)
    attempt = await get_test_attempt(db, city.teacher_account.actor, attempt_id=asked["attempt_id"])
    assert (attempt["score"], attempt["passed"]) == (0, False)
    test = {"id": attempt["test_id"]}
    found = await list_answer_rechecks(
        db, city.school_admin.actor, test_id=test["id"], page=PAGE, waits=True
    )
    assert [row["id"] for row in found.items] == [asked["recheck_id"]]
    with pytest.raises(MarkTooHigh):
        await decide(db, city.school_admin, asked["recheck_id"], awarded="3")
    before = db.statements
    done = await decide(db, city.school_admin, asked["recheck_id"], awarded="2")
    assert db.statements - before == 8
    assert (done["reply"], done["decided_at"]) == ("已核对", NOW)
    attempt = await get_test_attempt(db, city.teacher_account.actor, attempt_id=asked["attempt_id"])
    assert (attempt["score"], attempt["passed"]) == (2, True)
    [question] = await making.paper_of(db, city.teacher_account, attempt)
    assert (question["awarded"], question["recheck_reply"]) == (2, "已核对")
    with pytest.raises(RecheckDecided):
        await decide(db, city.school_admin, asked["recheck_id"])
    waiting = await list_answer_rechecks(
        db, city.school_admin.actor, test_id=test["id"], page=PAGE, waits=True
    )
    assert waiting.items == []


async def test_it_is_asked_for_once_by_whose_answer_it_is_when_the_result_is_shown(
    db: Connection, city: City
) -> None:
    asked = await making.make_doubted(db, city)
    with pytest.raises(RecheckAsked):
        await making.ask_recheck(db, city.teacher_account, asked)
    with pytest.raises(AttemptAnswerNotFound):
        await making.ask_recheck(db, city.colleague_account, asked)
    bank = await making.make_bank(db, city, making.FREE)
    test = await making.make_test(db, city, bank, activity_id=(await _activity_of(db, city, asked)))
    attempt = await making.take(db, city.teacher_account, test, {1: {"text": "为什么？"}})
    [question] = await making.paper_of(db, city.teacher_account, attempt)
    with pytest.raises(RecheckTooEarly):
        await making.ask_recheck(db, city.teacher_account, question)


async def test_the_trail_tells_neither_what_was_given_nor_what_was_said(
    db: Connection, city: City
) -> None:
    asked = await making.make_doubted(db, city)
    await decide(db, city.school_admin, asked["recheck_id"], awarded="2")
    changes = await db._driver.fetch(
        "SELECT before, after FROM audit_change WHERE table_name = ANY ($1)",
        ["course_test_mark", "course_test_recheck"],
    )
    told = [each for row in changes for each in (row["before"], row["after"]) if each]
    assert len(told) >= 3
    for name in ("before", "awarded", "comment", "reason", "reply"):
        assert {str(each[name]) for each in told if name in each} <= {"None", "hidden", "***"}, name


async def _activity_of(db: Connection, city: City, question: Row) -> Any:
    actor = city.teacher_account.actor
    return (await get_test_attempt(db, actor, attempt_id=question["attempt_id"]))["activity_id"]


async def test_somebody_else_than_who_marked_it_decides(db: Connection, city: City) -> None:
    test = await making.make_test(db, city, await making.make_bank(db, city, making.FREE))
    attempt = await making.take(db, city.teacher_account, test, {1: {"text": "为什么？"}})
    [question] = await making.paper_of(db, city.teacher_account, attempt)
    await making.mark(db, city.school_admin, question, "3")
    asked = await making.ask_recheck(db, city.teacher_account, question)
    with pytest.raises(RecheckOfOwnMark):
        await decide(db, city.school_admin, asked["recheck_id"], awarded="4")
    other = await make_account(db, "other_admin", Role.SCHOOL_ADMIN, city.school)
    assert (await decide(db, other, asked["recheck_id"]))["reply"] == "已核对"
    [question] = await making.paper_of(db, city.teacher_account, attempt)
    assert question["awarded"] == 3
