"""Writing the bank: many questions at once, a new version of one, retiring one."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from hashlib import blake2b
from typing import Any, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import ARRAY, Text, Uuid, any_, bindparam, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict, Unfit
from app.domain.learning.bank_questions.question import BANK_QUESTIONS
from app.domain.learning.bank_questions.table import (
    BankQuestion,
    BankQuestionFields,
    BankQuestionKind,
    BankQuestionVersion,
    WrittenBankQuestion,
)
from app.domain.learning.courses import COURSES
from app.domain.plain_text import plain_text
from app.domain.training.owning import place_of_owner
from app.domain.training.surveys import NewOption
from app.domain.turns import take_turn
from app.sql import Connection, Row, Statement, new_id

MOST_AT_ONCE = 500
"""How many questions are added together at most."""
_CHOICES = (BankQuestionKind.SINGLE_CHOICE, BankQuestionKind.MULTIPLE_CHOICE)


def plain_number(number: Decimal) -> str:
    """A number as it is kept and compared: no sign of nought, no idle places."""
    return f"{number.normalize() + 0:f}"


class NewBankQuestion(BankQuestionFields, Command):
    """A question as it is to stand in the bank."""

    options: list[NewOption] = Field(
        default_factory=list,
        max_length=30,
        description="选项：单选、多选 / options, in their order",
    )

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        codes = {option.code for option in self.options}
        if len(codes) != len(self.options):
            raise Unfit("选项代码不能重复。", "Each option has a code of its own.")
        if (self.kind in _CHOICES) != (len(codes) >= 2) or (codes and self.kind not in _CHOICES):
            raise Unfit(
                "单选、多选题须有两个以上选项，其他题型没有选项。",
                "Choices have at least two options, other questions have none.",
            )
        if (self.tolerance is not None) != (self.kind is BankQuestionKind.NUMBER):
            raise Unfit(
                "数值题须填允许误差（可为 0），其他题型不填。",
                "A number says how far off it may be (0 for not at all), other kinds do not.",
            )
        self.correct = _read_correct(self.kind, self.correct, codes)
        return self


def _read_correct(kind: BankQuestionKind, correct: list[str], codes: set[str]) -> list[str]:
    """What is right, as it is kept; refused where it is none for this kind of question."""
    number = len(correct)
    match kind:
        case BankQuestionKind.FREE_TEXT:
            fits = number == 0
        case BankQuestionKind.SHORT_TEXT:
            fits = number > 0 and all(len(each) <= 200 for each in correct)
            fits = fits and all(0 < len(plain_text(each)) <= 200 for each in correct)
        case BankQuestionKind.TRUE_FALSE:
            fits = number == 1 and correct[0] in {"true", "false"}
        case BankQuestionKind.NUMBER:
            fits = number == 1 and (correct := _read_number(correct[0])) != []
        case BankQuestionKind.SINGLE_CHOICE:
            fits = number == 1 and correct[0] in codes
        case _:
            fits = 0 < number == len(set(correct)) and codes.issuperset(correct)
    if not fits:
        raise Unfit("答案与题型不符。", "What is said to be right does not fit the kind.")
    return correct


def _read_number(text: str) -> list[str]:
    if len(text) > 24:
        return []
    try:
        number = Decimal(text)
    except InvalidOperation:
        return []
    # Written out, what is too small or too large by its exponent would fill the memory.
    is_plain = number.is_finite() and (not number or -24 <= number.adjusted() < 10)
    return [plain_number(number)] if is_plain else []


class NewBankQuestions(Command):
    """Questions to be added to the bank of a unit, a group or a department: all of them, or none."""

    unit_id: UUID | None = Field(default=None, description="单位，或以下之一 / the unit, or")
    group_id: UUID | None = Field(default=None, description="教研组 / the group, or")
    department_id: UUID | None = Field(default=None, description="部门 / the department")
    course_id: UUID | None = Field(
        default=None, description="所属课程 / course that they are written for, if any"
    )
    questions: list[NewBankQuestion] = Field(
        min_length=1, max_length=MOST_AT_ONCE, description="题目 / questions"
    )

    @model_validator(mode="after")
    def _is_owned_once(self) -> Self:
        owners = (self.unit_id, self.group_id, self.department_id)
        if sum(each is not None for each in owners) != 1:
            raise Unfit(
                "题目须属于一个单位、教研组或部门。",
                "Questions are of one unit, one group or one department.",
            )
        return self


class BankQuestionRetirement(Command):
    """Why a question is drawn no more."""

    reason: str = Field(min_length=2, max_length=500, description="停用原因 / why")


# What can be refused.


class BankQuestionsRepeated(Conflict):
    """Some of the questions are in the bank already, or stand twice among those sent."""

    code = "bank_questions_repeated"
    zh = "以下题目与题库中的或本次提交的其他题目重复（序号从 1 起）：{lines}。"
    en = "These questions stand in the bank, or twice in what was sent (counted from 1): {lines}."


class BankQuestionRetired(Conflict):
    """A retired question is not written any more."""

    code = "bank_question_retired"
    zh = "该题目已停用。"
    en = "This question is retired."


# What may be done.


def digest_of(question: NewBankQuestion) -> str:
    """The same for two questions that ask the same and offer the same."""
    asked = [question.kind, plain_text(question.text) or question.text]
    asked += sorted(plain_text(option.text) or option.text for option in question.options)
    return blake2b("\n".join(asked).encode(), digest_size=16).hexdigest()


_KNOWN = Statement(
    select(col(BankQuestion.digest)).where(
        col(BankQuestion.owner_id) == bindparam("owner_id", type_=Uuid),
        col(BankQuestion.digest) == any_(bindparam("digests", type_=ARRAY(Text))),
        col(BankQuestion.retired_at).is_(None),
    )
)


async def _check_new(db: Connection, owner_id: UUID, digests: Sequence[str]) -> None:
    """Refuse what the owner's bank asks already, naming each by its place in the list."""
    known = {row["digest"] for row in await db.all(_KNOWN, owner_id=owner_id, digests=digests)}
    lines: list[str] = []
    for line, digest in enumerate(digests, start=1):
        if digest in known:
            lines.append(str(line))
        known.add(digest)
    if lines:
        raise BankQuestionsRepeated(lines=", ".join(lines))


async def add_bank_questions(
    db: Connection, actor: Actor, *, new: NewBankQuestions, now: datetime
) -> list[Row]:
    """Add questions to the bank of a unit, a group or a department, in the order given; all or none."""
    place = await place_of_owner(
        db, actor, permission=Permission.COURSE_WRITE, unit_id=new.unit_id,
        group_id=new.group_id, network_id=None, department_id=new.department_id,
    )  # fmt: skip
    if new.course_id is not None:
        await COURSES.get(db, actor, new.course_id, permission=Permission.COURSE_WRITE)
    owner_id = new.group_id or new.department_id or place["school_id"] or place["county_id"]
    digests = [digest_of(question) for question in new.questions]
    # Two who add the same at once: the second sees what the first has added.
    await take_turn(db, f"bank questions of {owner_id}")
    await _check_new(db, owner_id, digests)
    owned = {name: getattr(new, name) for name in ("group_id", "department_id", "course_id")}
    rows = [
        {
            "id": new_id(), **place, **owned, **_columns(question), "digest": digest,
            "version": 1, "created_at": now, "created_by": actor.account_id,
        }
        for question, digest in zip(new.questions, digests, strict=True)
    ]  # fmt: skip
    await db.insert_all(BankQuestion, rows)
    await db.insert_all(
        BankQuestionVersion,
        [
            _version(row["id"], 1, question, actor, now)
            for row, question in zip(rows, new.questions, strict=True)
        ],
    )
    found = await BANK_QUESTIONS.by_id(db, actor, [row["id"] for row in rows])
    return [row for row in found.values() if row is not None]


def _columns(question: NewBankQuestion) -> dict[str, Any]:
    return question.model_dump(include=set(WrittenBankQuestion.model_fields))


def _version(
    question_id: UUID, number: int, question: NewBankQuestion, actor: Actor, now: datetime
) -> dict[str, Any]:
    return {
        "id": new_id(), "question_id": question_id, "number": number,
        "document": question.model_dump(mode="json"), "written_at": now,
        "written_by": actor.account_id,
    }  # fmt: skip


async def revise_bank_question(
    db: Connection, actor: Actor, *, question_id: UUID, new: NewBankQuestion, now: datetime
) -> Row:
    """Let a question say this from now on; tests that were published and attempts keep their version."""
    question = await BANK_QUESTIONS.get(db, actor, question_id, lock=True)
    if question["retired_at"] is not None:
        raise BankQuestionRetired
    number = question["version"] + 1
    await db.insert(BankQuestionVersion, _version(question_id, number, new, actor, now))
    values = _columns(new) | {"digest": digest_of(new), "version": number}
    await db.change(BankQuestion, question_id, values)
    return await BANK_QUESTIONS.get(db, actor, question_id)


async def retire_bank_question(
    db: Connection,
    actor: Actor,
    *,
    question_id: UUID,
    retirement: BankQuestionRetirement,
    now: datetime,
) -> Row:
    """Let a question be in no test that is published from now on; a repeat changes nothing."""
    question = await BANK_QUESTIONS.get(db, actor, question_id, lock=True)
    if question["retired_at"] is None:
        values = {"retired_at": now, "retired_because": retirement.reason}
        await db.change(BankQuestion, question_id, values)
    return await BANK_QUESTIONS.get(db, actor, question_id)
