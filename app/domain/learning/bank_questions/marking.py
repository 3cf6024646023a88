"""What an answer to a question must be, and what it is worth: pure, without a database.

An answer is kept as texts whatever its kind: the codes of the options chosen; `true` or `false`; a number
as digits; a text as it was written. A choice of several is worth its points where it is right as a whole.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Self

from pydantic import Field, model_validator

from app.domain.base import Command
from app.domain.errors import Invalid, Unfit
from app.domain.learning.bank_questions.table import BankQuestionKind
from app.domain.learning.bank_questions.writing import plain_number
from app.domain.plain_text import plain_text

Question = Mapping[str, Any]
"""What a version of a question says (its document)."""
NOTHING = Decimal(0)


class GivenTestAnswer(Command):
    """The answer to one question of a paper, by the question's kind; without any it is taken back."""

    ordinal: int = Field(ge=1, le=500, description="题号，从 1 起 / which question, from 1")
    revision: int = Field(
        ge=1, le=2_000_000_000,
        description="本题第几次作答，由客户端递增；不大于已保存的将被忽略，因此可放心重发"
        " / which answer to this question it is, raised by the client: what is no later than what was"
        " saved is passed over, so that it may be sent again",
    )  # fmt: skip
    choices: list[str] | None = Field(
        default=None, max_length=30, description="所选选项代码 / codes of the options"
    )
    is_true: bool | None = Field(default=None, description="判断 / true or false")
    number: Decimal | None = Field(
        default=None, max_digits=14, decimal_places=4, description="数值 / number"
    )
    text: str | None = Field(
        default=None, min_length=1, max_length=20_000, description="文字 / text"
    )

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> Self:
        given = (self.choices, self.is_true, self.number, self.text)
        if sum(each is not None for each in given) > 1:
            raise Unfit("一题只能以一种方式作答。", "A question is answered in one way.")
        return self


# What can be refused.


class AnsweredOtherwise(Invalid):
    """A question is answered with what its kind asks for."""

    code = "test_answer_of_wrong_kind"
    zh = "第 {ordinal} 题的题型为 {kind}，作答内容与题型不符。"
    en = "Question {ordinal} is a {kind}: the answer is of another kind."


class ChoiceNotOffered(Invalid):
    """The question does not offer this, or it was chosen twice, or too many were."""

    code = "test_option_unknown"
    zh = "第 {ordinal} 题没有所选的选项，或选项重复、超出可选数。"
    en = "Question {ordinal} offers no such choice, or it was made twice, or there are too many."


class FilledInTooLong(Invalid):
    """What is filled in is short."""

    code = "test_answer_too_long"
    zh = "第 {ordinal} 题为填空题，不超过 {most} 字。"
    en = "Question {ordinal} takes {most} characters at most."


MOST_FILLED_IN = 200
"""How long the answer to a short text is at most."""
_FIELD = {
    BankQuestionKind.SINGLE_CHOICE: "choices",
    BankQuestionKind.MULTIPLE_CHOICE: "choices",
    BankQuestionKind.TRUE_FALSE: "is_true",
    BankQuestionKind.NUMBER: "number",
    BankQuestionKind.SHORT_TEXT: "text",
    BankQuestionKind.FREE_TEXT: "text",
}


# What may be asked.


def read_test_answer(question: Question, given: GivenTestAnswer) -> list[str]:
    """An answer as it is kept, none where it is taken back; refused where it is of another kind."""
    kind = BankQuestionKind(question["kind"])
    values = given.model_dump(include={"choices", "is_true", "number", "text"})
    value = values.pop(_FIELD[kind])
    if any(other is not None for other in values.values()):
        raise AnsweredOtherwise(ordinal=given.ordinal, kind=kind.value)
    if value is None:
        return []
    if given.choices is not None:
        return _read_choices(question, given.choices, given.ordinal)
    if given.number is not None:
        return [plain_number(given.number)]
    if given.is_true is not None:
        return ["true" if given.is_true else "false"]
    if kind is BankQuestionKind.SHORT_TEXT and len(value) > MOST_FILLED_IN:
        raise FilledInTooLong(ordinal=given.ordinal, most=MOST_FILLED_IN)
    return [value]


def _read_choices(question: Question, chosen: list[str], ordinal: int) -> list[str]:
    offered = {option["code"] for option in question["options"]}
    most = 1 if question["kind"] == BankQuestionKind.SINGLE_CHOICE else len(offered)
    if not offered.issuperset(chosen) or len(chosen) != len(set(chosen)) or len(chosen) > most:
        raise ChoiceNotOffered(ordinal=ordinal)
    return sorted(chosen)


def worth_of(question: Question, said: Sequence[str]) -> Decimal | None:
    """What an answer is worth; None where a person has to say."""
    if not said:
        return NOTHING
    correct, kind = question["correct"], BankQuestionKind(question["kind"])
    match kind:
        case BankQuestionKind.FREE_TEXT:
            return None
        case BankQuestionKind.SHORT_TEXT:
            right = plain_text(said[0]) in {plain_text(each) for each in correct}
        case BankQuestionKind.NUMBER:
            off = abs(Decimal(said[0]) - Decimal(correct[0]))
            right = off <= Decimal(question["tolerance"])
        case _:
            right = set(said) == set(correct)
    return Decimal(question["points"]) if right else NOTHING
