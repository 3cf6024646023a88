from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from app.domain.errors import NotAllowed
from app.domain.learning.answer_marks import (
    AttemptUnderWay,
    MarkOfOneself,
    MarkTooHigh,
    MarkWithoutReason,
    NewAnswerMark,
    list_answer_marks,
    list_attempt_answers,
    mark_test_answer,
)
from app.domain.learning.test_attempts import AttemptAnswerNotFound, get_test_attempt
from app.domain.paging import PageRequest
from app.sql import Connection, Row
from tests import make_tests as making
from tests.make import NOW, City

PAGE = PageRequest(limit=100)


async def answers_of(db: Connection, city: City, test: Row, **asked: Any) -> list[Row]:
    found = await list_attempt_answers(
        db, city.school_admin.actor, test_id=test["id"], page=PAGE, **asked
    )
    return found.items


async def make_written(db: Connection, city: City) -> tuple[Row, Row]:
    """A test with a written question, which the teacher has answered, and the attempt."""
    test = await making.make_test(db, city, await making.make_bank(db, city), pass_percent=75)
    answers = making.RIGHT | {6: {"text": "为什么这样想？因为要听到过程。"}}
    return test, await making.take(db, city.teacher_account, test, answers)


async def test_a_person_marks_what_was_written(db: Connection, city: City) -> None:
    test, attempt = await make_written(db, city)
    assert (attempt["state"], attempt["score"], attempt["passed"]) == ("marking", None, None)
    [answer] = await answers_of(db, city, test, waits=True)
    assert (answer["kind"], answer["explanation"]) == ("free_text", making.FREE["explanation"])
    assert answer["answer"] == ["为什么这样想？因为要听到过程。"]
    assert "teacher_id" not in answer
    before = db.statements
    marked = await making.mark(db, city.school_admin, answer, "6.5", comment="层次清楚")
    assert db.statements - before == 5
    assert marked["awarded"] == 6.5
    assert await answers_of(db, city, test, waits=True) == []
    done = await get_test_attempt(db, city.teacher_account.actor, attempt_id=attempt["id"])
    assert (done["state"], done["score"], done["passed"]) == ("marked", 16.5, True)
    last = (await making.paper_of(db, city.teacher_account, done))[5]
    assert (last["awarded"], last["comment"]) == (6.5, "层次清楚")


async def test_a_correction_says_why_and_the_mark_before_stays_on_record(
    db: Connection, city: City
) -> None:
    test, attempt = await make_written(db, city)
    [answer] = await answers_of(db, city, test, waits=True)
    await making.mark(db, city.school_admin, answer, "4")
    with pytest.raises(MarkWithoutReason):
        await making.mark(db, city.school_admin, answer, "8")
    await making.mark(db, city.school_admin, answer, "8", comment="漏看了理由")
    found = await list_answer_marks(db, city.school_admin.actor, answer_id=answer["id"], page=PAGE)
    assert [(row["before"], row["awarded"], row["comment"]) for row in found.items] == [
        (None, 4, None), (4, 8, "漏看了理由")
    ]  # fmt: skip
    # What a machine marked is corrected in the same way.
    first = (await answers_of(db, city, test, attempt_id=attempt["id"]))[0]
    with pytest.raises(MarkWithoutReason):
        await making.mark(db, city.school_admin, first, "0")
    await making.mark(db, city.school_admin, first, "0", comment="题目有误")


async def test_what_is_no_mark_is_refused(db: Connection, city: City) -> None:
    test, _ = await make_written(db, city)
    [answer] = await answers_of(db, city, test, waits=True)
    with pytest.raises(MarkTooHigh) as refused:
        await making.mark(db, city.school_admin, answer, "10.01")
    assert refused.value.details == {"points": "10.00"}
    with pytest.raises(AttemptAnswerNotFound):
        await making.mark(db, city.sibling_admin, answer, "1")
    with pytest.raises(NotAllowed):
        await making.mark(db, city.auditor, answer, "1")
    assert (await answers_of(db, city, test, waits=True))[0]["awarded"] is None


async def test_nobody_marks_their_own_and_nobody_marks_what_goes_on(
    db: Connection, city: City
) -> None:
    test, attempt = await make_written(db, city)
    [answer] = await answers_of(db, city, test, waits=True)
    admin, own = city.school_admin.actor, city.teacher_account.actor.account_id
    for oneself in (
        replace(admin, teacher_id=city.teacher["id"]),
        replace(admin, account_id=own, on_behalf_of=admin.account_id),
    ):
        with pytest.raises(MarkOfOneself):
            await mark_test_answer(
                db, oneself, answer_id=answer["id"], new=NewAnswerMark(awarded=Decimal(9)), now=NOW
            )
    again = await making.make_test(
        db, city, (await making.make_bank(db, city, making.FREE | {"text": "再设计一个追问。"})),
        activity_id=attempt["activity_id"],
    )  # fmt: skip
    open_ = await making.start(db, city.teacher_account, again)
    await making.save(db, city.teacher_account, open_, {1: {"text": "为什么？"}})
    assert await answers_of(db, city, again, waits=True) == []
    [answer] = await answers_of(db, city, again)
    with pytest.raises(AttemptUnderWay):
        await making.mark(db, city.school_admin, answer, "1")
