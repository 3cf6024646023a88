import asyncio
from typing import Any

import pytest
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.errors import NotAllowed
from app.domain.learning.bank_questions import (
    BankQuestionNotFound,
    BankQuestionRetired,
    BankQuestionRetirement,
    BankQuestionsRepeated,
    NewBankQuestion,
    bank_question_versions_of,
    get_bank_question,
    list_bank_question_versions,
    list_bank_questions,
    retire_bank_question,
    revise_bank_question,
)
from app.domain.paging import PageRequest
from app.request import Resources
from app.sql import Connection, Row
from tests import make_courses
from tests import make_tests as making
from tests.domain.credits.making import until_somebody_waits
from tests.make import NOW, City, make_city, make_group

PAGE = PageRequest(limit=100)
REASON = BankQuestionRetirement(reason="内容已过时")


async def test_questions_are_added_together(db: Connection, city: City) -> None:
    before = db.statements
    made = await making.make_bank(db, city)
    assert db.statements - before == 7
    assert [row["kind"] for row in made] == [each["kind"] for each in making.QUESTIONS]
    assert {(row["version"], row["owner_id"]) for row in made} == {(1, city.school["id"])}
    assert made[3]["correct"] == ["3"]  # as numbers are kept
    assert (
        await get_bank_question(db, city.school_admin.actor, question_id=made[0]["id"]) == made[0]
    )


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"kind": "number"}, [3]),
        ({"difficulty": "hard"}, [1]),
        ({"content": "instructional_design"}, [0]),
        ({"text": "追问"}, [3, 5]),
        ({"is_retired": False}, [0, 1, 2, 3, 4, 5]),
        ({"subject": "chinese"}, []),
    ],
)
async def test_the_bank_is_filtered(
    db: Connection, city: City, filters: dict[str, Any], found: list[int]
) -> None:
    made = await making.make_bank(db, city)
    rows = await list_bank_questions(db, city.school_admin.actor, page=PAGE, **filters)
    assert [row["id"] for row in rows.items] == [made[n]["id"] for n in found]


async def test_what_is_asked_already_is_named_line_by_line_and_nothing_is_added(
    db: Connection, city: City
) -> None:
    await making.make_bank(db, city)
    new = making.TRUE_FALSE | {"text": "提问须面向全体。"}
    again = making.SINGLE | {"text": f" {making.SINGLE['text']} ", "points": "5"}
    with pytest.raises(BankQuestionsRepeated) as refused:
        await making.make_bank(db, city, new, again, new)
    assert refused.value.details == {"lines": "2, 3"}
    rows = await list_bank_questions(db, city.school_admin.actor, page=PAGE)
    assert len(rows.items) == len(making.QUESTIONS)
    # The bank of a group in it is another.
    group = await make_group(db, city.school, city.teacher)
    [of_group] = await making.add(db, city.school_admin, making.SINGLE, group_id=group["id"])
    assert (of_group["owner_id"], of_group["unit_id"]) == (group["id"], city.school["id"])


@pytest.mark.parametrize(
    "unfit",
    [
        making.SINGLE | {"correct": ["z"]},
        making.SINGLE | {"correct": ["a", "b"]},
        making.SINGLE | {"options": making.YES_NO[:1]},
        making.MULTIPLE | {"correct": []},
        making.TRUE_FALSE | {"correct": ["maybe"]},
        making.NUMBER | {"correct": ["drei"]},
        making.NUMBER | {"correct": ["NaN"]},
        making.NUMBER | {"correct": ["1e-999999"]},
        making.NUMBER | {"tolerance": None},
        making.SHORT | {"correct": ["！？"]},
        making.SHORT | {"correct": ["！" * 200 + "创造"]},
        making.FREE | {"correct": ["a"]},
        making.FREE | {"points": "0"},
        making.FREE | {"options": making.YES_NO},
    ],
)
def test_a_question_that_cannot_be_marked_is_refused(unfit: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        NewBankQuestion.model_validate(unfit)


async def test_a_revision_is_the_next_version(db: Connection, city: City) -> None:
    actor, made = city.school_admin.actor, (await making.make_bank(db, city))[0]
    new = NewBankQuestion.model_validate(making.SINGLE | {"text": "哪一种提问更开放？"})
    revised = await revise_bank_question(db, actor, question_id=made["id"], new=new, now=NOW)
    assert (revised["version"], revised["text"]) == (2, "哪一种提问更开放？")
    found = await list_bank_question_versions(db, actor, question_id=made["id"], page=PAGE)
    assert [(row["number"], row["document"]["text"]) for row in found.items] == [
        (1, making.SINGLE["text"]), (2, "哪一种提问更开放？")
    ]  # fmt: skip
    of = await bank_question_versions_of(db, actor, question_ids=[made["id"]], page=PAGE)
    assert of[made["id"]].items == found.items


async def test_a_retired_question_is_written_no_more(db: Connection, city: City) -> None:
    actor, made = city.school_admin.actor, (await making.make_bank(db, city))[0]
    gone = await retire_bank_question(db, actor, question_id=made["id"], retirement=REASON, now=NOW)
    assert (gone["retired_at"], gone["retired_because"]) == (NOW, REASON.reason)
    again = await retire_bank_question(
        db, actor, question_id=made["id"], retirement=BankQuestionRetirement(reason="又停"), now=NOW
    )
    assert again == gone
    new = NewBankQuestion.model_validate(making.SINGLE)
    with pytest.raises(BankQuestionRetired):
        await revise_bank_question(db, actor, question_id=made["id"], new=new, now=NOW)
    # It may be asked anew.
    await making.make_bank(db, city, making.SINGLE)


async def test_only_those_who_write_tests_read_questions(db: Connection, city: City) -> None:
    """A teacher, an auditor and an application that reads everything else do not."""
    made = (await making.make_bank(db, city))[0]
    for who in (city.auditor, city.teacher_account):
        with pytest.raises(NotAllowed):
            await list_bank_questions(db, who.actor, page=PAGE)
    with pytest.raises(NotAllowed):
        await get_bank_question(db, city.auditor.actor, question_id=made["id"])
    for who in (city.teacher_account, city.sibling_admin):
        with pytest.raises(BankQuestionNotFound):
            await get_bank_question(db, who.actor, question_id=made["id"])


async def test_questions_are_written_for_a_course_of_ones_own(db: Connection, city: City) -> None:
    course = await make_courses.make_school_course(db, city)
    given = {"unit_id": city.school["id"], "course_id": course["id"]}
    [made] = await making.add(db, city.school_admin, making.SINGLE, **given)
    assert made["course_id"] == course["id"]
    found = await list_bank_questions(
        db, city.school_admin.actor, page=PAGE, course_id=course["id"]
    )
    assert found.items == [made]


async def test_of_the_same_added_twice_at_once_one_stands(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)

    async def add() -> list[Row]:
        async with real_pool.transaction() as db:
            return await making.make_bank(db, city)

    async with real_pool.transaction() as db:
        made = await making.make_bank(db, city)
        second = asyncio.create_task(add())
        await until_somebody_waits(db)
    with pytest.raises(BankQuestionsRepeated):
        await second
    async with real_pool.transaction(read_only=True) as db:
        found = await list_bank_questions(db, city.school_admin.actor, page=PAGE)
    assert [row["id"] for row in found.items] == [row["id"] for row in made]
    assert {row["version"] for row in found.items} == {1}
