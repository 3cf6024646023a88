"""Questions (题目) of a survey, and what an answer to each must be: pure, without a database.

An answer is kept as texts whatever its kind: the codes of the options that were chosen, in the order of
a ranking; a number as digits; a text as it was written.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.domain.base import Command
from app.domain.errors import Invalid, Unfit

CODE = r"^[a-z][a-z0-9_]{0,31}$"
"""The form of the code of a question or an option."""
MOST_QUESTIONS = 60


class QuestionKind(StrEnum):
    """What is asked for (题型)."""

    SINGLE_CHOICE = "single_choice"
    """单选"""
    MULTIPLE_CHOICE = "multiple_choice"
    """多选"""
    SCALE = "scale"
    """量表"""
    NUMBER = "number"
    """数值"""
    TEXT = "text"
    """文字"""
    RANKING = "ranking"
    """排序"""


CHOICES = (QuestionKind.SINGLE_CHOICE, QuestionKind.MULTIPLE_CHOICE, QuestionKind.RANKING)
"""The kinds that are answered with options."""
BOUNDED = (QuestionKind.SCALE, QuestionKind.NUMBER)
"""The kinds that are answered with a number."""


class OptionView(BaseModel):
    """An option of a question."""

    code: str = Field(pattern=CODE, description="选项代码 / code of the option")
    text: str = Field(min_length=1, max_length=200, description="选项内容 / option")


class QuestionFields(BaseModel):
    """What is asked. The code stays the same when a survey is held again, and so compares them."""

    code: str = Field(
        pattern=CODE, description="题目代码，周期性调查中保持不变 / code of the question"
    )
    kind: QuestionKind = Field(description="题型 / kind")
    text: str = Field(min_length=1, max_length=500, description="题目 / question")
    required: bool = Field(default=True, description="是否必答 / whether it must be answered")
    minimum: int | None = Field(
        default=None,
        ge=-1_000_000,
        le=1_000_000,
        description="最小值：量表、数值题 / least, of a scale or a number",
    )
    maximum: int | None = Field(
        default=None,
        ge=-1_000_000,
        le=1_000_000,
        description="最大值：量表、数值题 / greatest, of a scale or a number",
    )
    most_choices: int | None = Field(
        default=None, ge=1, le=30, description="最多可选项数：多选题 / most options that are chosen"
    )


class QuestionView(QuestionFields):
    """A question as both faces show it."""

    options: list[OptionView] = Field(description="选项 / options, in their order")


class NewOption(OptionView):
    """An option to be offered."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class NewQuestion(QuestionFields, Command):
    """A question to be asked."""

    options: list[NewOption] = Field(
        default_factory=list, max_length=30, description="选项：单选、多选、排序题 / options"
    )

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        codes = {option.code for option in self.options}
        if len(codes) != len(self.options):
            raise Unfit("选项代码不能重复。", "Each option has a code of its own.")
        if (self.kind in CHOICES) != (len(codes) >= 2) or (codes and self.kind not in CHOICES):
            raise Unfit(
                "单选、多选、排序题须有两个以上选项，其他题型没有选项。",
                "Choices and rankings have at least two options, other questions have none.",
            )
        bounds = (self.minimum, self.maximum)
        if (self.kind is QuestionKind.SCALE) and None in bounds:
            raise Unfit("量表题须有最小值和最大值。", "A scale has a least and a greatest value.")
        if self.kind not in BOUNDED and bounds != (None, None):
            raise Unfit("只有量表、数值题有取值范围。", "Only scales and numbers have bounds.")
        if self.minimum is not None and self.maximum is not None and self.minimum >= self.maximum:
            raise Unfit("最小值须小于最大值。", "The least value lies below the greatest.")
        if self.kind is QuestionKind.SCALE and (self.maximum or 0) - (self.minimum or 0) > 10:
            raise Unfit("量表至多十一级。", "A scale has at most eleven steps.")
        if self.most_choices is not None and self.kind is not QuestionKind.MULTIPLE_CHOICE:
            raise Unfit("只有多选题有最多可选项数。", "Only multiple choices have a most.")
        return self


def check_codes(questions: Sequence[NewQuestion]) -> None:
    """Refuse two questions with one code."""
    if len({question.code for question in questions}) != len(questions):
        raise Unfit("题目代码不能重复。", "Each question has a code of its own.")


class GivenAnswer(Command):
    """The answer to one question: options, a number or a text, by the question's kind."""

    question: str = Field(pattern=CODE, description="题目代码 / code of the question")
    choices: list[str] | None = Field(
        default=None, max_length=30, description="所选选项代码，排序题按次序 / codes of the options"
    )
    number: Decimal | None = Field(
        default=None, max_digits=12, decimal_places=2, description="数值 / number"
    )
    text: str | None = Field(default=None, min_length=1, max_length=2000, description="文字 / text")


# What can be refused.


class QuestionUnknown(Invalid):
    """The survey does not ask this."""

    code = "survey_question_unknown"
    zh = "问卷中没有题目“{question}”。"
    en = "The survey has no question '{question}'."


class QuestionAnsweredTwice(Invalid):
    """One question is answered once."""

    code = "survey_question_answered_twice"
    zh = "题目“{question}”被重复作答。"
    en = "The question '{question}' is answered twice."


class AnswerMissing(Invalid):
    """A question that must be answered was not."""

    code = "survey_answer_missing"
    zh = "必答题“{question}”未作答。"
    en = "The question '{question}' must be answered."


class AnswerOfWrongKind(Invalid):
    """A question is answered with what its kind asks for, and with nothing else."""

    code = "survey_answer_of_wrong_kind"
    zh = "题目“{question}”的题型为 {kind}，作答内容与题型不符。"
    en = "The question '{question}' is a {kind}: the answer is of another kind."


class OptionUnknown(Invalid):
    """The question does not offer this."""

    code = "survey_option_unknown"
    zh = "题目“{question}”没有所选的选项。"
    en = "The question '{question}' has no such option."


class ChoicesWrongNumber(Invalid):
    """Too few or too many options were chosen, or one of them twice."""

    code = "survey_choices_wrong_number"
    zh = "题目“{question}”须选 {least} 至 {most} 项，且不重复。"
    en = "Of the question '{question}', {least} to {most} different options are chosen."


class AnswerOutOfRange(Invalid):
    """A number lies outside the bounds of its question, or is no step of its scale."""

    code = "survey_answer_out_of_range"
    zh = "题目“{question}”的数值超出范围，或不是量表的一级。"
    en = "The number for '{question}' lies out of its range, or is no step of the scale."


# What may be asked.

Question = Mapping[str, Any]
"""A question as a row has it."""


def read_answers(
    questions: Sequence[Question], given: Sequence[GivenAnswer]
) -> dict[str, list[str]]:
    """The answers as they are kept, by the codes of their questions; refused where one does not fit."""
    asked = {question["code"]: question for question in questions}
    answers: dict[str, list[str]] = {}
    for each in given:
        if each.question not in asked:
            raise QuestionUnknown(question=each.question)
        if each.question in answers:
            raise QuestionAnsweredTwice(question=each.question)
        answers[each.question] = _read(asked[each.question], each)
    for code, question in asked.items():
        if question["required"] and code not in answers:
            raise AnswerMissing(question=code)
    return answers


def _read(question: Question, given: GivenAnswer) -> list[str]:
    kind = QuestionKind(question["kind"])
    field, read = _READERS[kind]
    values = {name: getattr(given, name) for name in ("choices", "number", "text")}
    if values.pop(field) is None or any(value is not None for value in values.values()):
        raise AnswerOfWrongKind(question=given.question, kind=kind.value)
    return read(question, given)


def _read_choices(question: Question, given: GivenAnswer) -> list[str]:
    chosen, kind = given.choices or [], question["kind"]
    options = {option["code"] for option in question["options"]}
    if not options.issuperset(chosen):
        raise OptionUnknown(question=given.question)
    least, most = 1, question["most_choices"] or len(options)
    if kind == QuestionKind.SINGLE_CHOICE:
        most = 1
    elif kind == QuestionKind.RANKING:
        least = most = len(options)
    if not least <= len(chosen) <= most or len(set(chosen)) != len(chosen):
        raise ChoicesWrongNumber(question=given.question, least=least, most=most)
    return chosen


def _read_number(question: Question, given: GivenAnswer) -> list[str]:
    number = given.number or Decimal(0)
    least, most = question["minimum"], question["maximum"]
    is_step = question["kind"] != QuestionKind.SCALE or number == number.to_integral_value()
    below, above = least is not None and number < least, most is not None and number > most
    if below or above or not is_step:
        raise AnswerOutOfRange(question=given.question)
    return [f"{number.normalize() + 0:f}"]  # nought has no sign


def _read_text(_: Question, given: GivenAnswer) -> list[str]:
    return [given.text or ""]


_READERS: dict[QuestionKind, tuple[str, Callable[[Question, GivenAnswer], list[str]]]] = {
    **dict.fromkeys(CHOICES, ("choices", _read_choices)),
    **dict.fromkeys(BOUNDED, ("number", _read_number)),
    QuestionKind.TEXT: ("text", _read_text),
}
