"""From which questions a test draws: settled by one statement when it is published, however large the bank."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    Integer,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlmodel import col

from app.domain.access.actors import Actor, Shape, within
from app.domain.errors import Conflict, Invalid
from app.domain.learning.bank_questions import BANK_QUESTIONS, BankQuestion, BankQuestionVersion
from app.domain.learning.course_tests.drawing import number_drawn
from app.domain.learning.course_tests.table import CourseTestQuestion
from app.sql import Connection, Row, Statement

# What can be refused.


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


# What may be done.

_RULE = ("kind", "difficulty", "subject", "stage")


def _rows(name: str, **columns: Any) -> Any:
    """Rows that are bound as arrays, one for each column."""
    arrays = (bindparam(f"{name}_{column}", type_=ARRAY(kind)) for column, kind in columns.items())
    return func.unnest(*arrays).table_valued(*columns, name=name).render_derived()


def _candidates(part: Any, shape: Shape) -> CTE:
    """The questions that fit each part, in the order in which they are named, or were added to the bank."""
    named = _rows("named", number=Integer, question_id=Uuid, place=Integer)
    alike: list[ColumnElement[bool]] = [
        or_(part.c[name].is_(None), part.c[name] == col(getattr(BankQuestion, name)))
        for name in _RULE
    ]
    content = or_(
        part.c.content.is_(None),
        func.jsonb_exists(col(BankQuestion.content), part.c.content),
    )

    def fit(number: Any, place: Any) -> Select[Any]:
        return select(
            number.label("number"), place.label("place"),
            col(BankQuestion.id), col(BankQuestion.version),
        ).where(
            col(BankQuestion.retired_at).is_(None), within(shape, BANK_QUESTIONS.placed())
        )  # fmt: skip

    of_bank = fit(part.c.number, literal(0)).join_from(
        part, BankQuestion, and_(col(BankQuestion.owner_id) == part.c.bank_id, content, *alike)
    )
    by_name = fit(named.c.number, named.c.place).join_from(
        named, BankQuestion, col(BankQuestion.id) == named.c.question_id
    )
    return union_all(of_bank, by_name).cte("candidate")


def _rows_of(first: CTE) -> Select[Any]:
    """What is kept of the questions that serve each part, in their order."""
    ordinal = func.row_number().over(
        partition_by=first.c.number, order_by=(first.c.place, first.c.id)
    )
    return select(
        bindparam("test_id", type_=Uuid),
        col(BankQuestionVersion.id),
        first.c.number - 1,
        ordinal - 1,
    ).join_from(
        first,
        BankQuestionVersion,
        and_(
            col(BankQuestionVersion.question_id) == first.c.id,
            col(BankQuestionVersion.number) == first.c.version,
        ),
    )


@lru_cache(maxsize=64)
def _settle(shape: Shape) -> Statement:
    """Keep which question serves which part, if each part has enough; and what there is for each."""
    part = _rows(
        "part", number=Integer, bank_id=Uuid, **dict.fromkeys((*_RULE, "content"), Text),
        needed=Integer, named=Integer,
    )  # fmt: skip
    candidate = _candidates(part, shape)
    # Each question serves the first part that has it.
    first = (
        select(candidate)
        .ext(distinct_on(candidate.c.id))
        .order_by(candidate.c.id, candidate.c.number)
        .cte("first")
    )
    found, free = (
        select(func.count()).where(rows.c.number == part.c.number).scalar_subquery()
        for rows in (candidate, first)
    )
    counted = select(
        part.c.number, part.c.needed, part.c.named, found.label("found"), free.label("free")
    ).cte("counted")
    lacks = or_(counted.c.free < counted.c.needed, counted.c.found < counted.c.named)
    drawn_from = _rows_of(first).where(~exists(select(counted.c.number).where(lacks)))
    columns = ["test_id", "version_id", "section", "ordinal"]
    written = insert(CourseTestQuestion).from_select(columns, drawn_from).cte("written")
    return Statement(select(counted).add_cte(written).order_by(counted.c.number))


def _columns_of(sections: Sequence[Mapping[str, Any]], bank_id: UUID) -> dict[str, list[Any]]:
    """The parts, and the questions that they name, as the statement takes them; parts count from one."""
    banks = [
        None if each["question_ids"] else UUID(str(each["owner_id"] or bank_id))
        for each in sections
    ]
    named = [
        (number, UUID(str(key)), place)
        for number, each in enumerate(sections, start=1)
        for place, key in enumerate(each["question_ids"])
    ]
    return {
        "part_number": list(range(1, len(sections) + 1)),
        "part_bank_id": banks,
        **{f"part_{name}": [each[name] for each in sections] for name in (*_RULE, "content")},
        "part_needed": [number_drawn(each) for each in sections],
        "part_named": [len(each["question_ids"]) for each in sections],
        **{
            f"named_{name}": [row[n] for row in named]
            for n, name in enumerate(("number", "question_id", "place"))
        },
    }


def _check_enough(part: Row) -> None:
    """Refuse a part of which a question is not to be had, or for which there are too few."""
    if part["found"] < part["named"]:
        missing = part["named"] - part["found"]
        raise CourseTestQuestionUnfit(section=part["number"], questions=missing)
    if part["free"] < part["needed"]:
        raise CourseTestTooFew(section=part["number"], needed=part["needed"], found=part["free"])


async def settle_pool(
    db: Connection,
    actor: Actor,
    *,
    test_id: UUID,
    sections: Sequence[Mapping[str, Any]],
    bank_id: UUID,
) -> None:
    """Keep from which versions of questions the parts of a test draw; refused where there are too few.

    A part without a bank of its own, and without questions that are named, draws from the bank given.
    """
    scope = actor.scope(BANK_QUESTIONS.read)
    columns = _columns_of(sections, bank_id) | scope.parameters(BANK_QUESTIONS.placed())
    for part in await db.all(_settle(scope.shape), test_id=test_id, **columns):
        _check_enough(part)
