from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.errors import DomainError
from app.domain.training.surveys import (
    AnswerMissing,
    AnswerOfWrongKind,
    AnswerOutOfRange,
    ChoicesWrongNumber,
    GivenAnswer,
    OptionUnknown,
    QuestionAnsweredTwice,
    QuestionUnknown,
    read_answers,
)
from tests.domain.training.surveys.asking import TWO, question

# Questions and answers.


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "single_choice"},
        {"kind": "ranking", "options": TWO[:1]},
        {"kind": "text", "options": TWO},
        {"kind": "multiple_choice", "options": [TWO[0], TWO[0]]},
        {"kind": "scale"},
        {"kind": "scale", "minimum": 1, "maximum": 12},
        {"kind": "number", "minimum": 5, "maximum": 5},
        {"kind": "text", "minimum": 1},
        {"kind": "single_choice", "options": TWO, "most_choices": 2},
        {"kind": "text", "code": "Ä"},
        {"kind": "text", "answer": "x"},
    ],
)
def test_a_question_that_does_not_fit_its_kind_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        question(**given)


@pytest.mark.parametrize(
    ("asked", "given", "kept"),
    [
        ({"kind": "single_choice", "options": TWO}, {"choices": ["b"]}, ["b"]),
        ({"kind": "multiple_choice", "options": TWO}, {"choices": ["b", "a"]}, ["b", "a"]),
        ({"kind": "ranking", "options": TWO}, {"choices": ["b", "a"]}, ["b", "a"]),
        ({"kind": "scale", "minimum": 1, "maximum": 5}, {"number": "5.00"}, ["5"]),
        ({"kind": "number"}, {"number": "-12.50"}, ["-12.5"]),
        ({"kind": "number"}, {"number": "1200"}, ["1200"]),
        ({"kind": "scale", "minimum": 0, "maximum": 5}, {"number": "-0"}, ["0"]),
        ({"kind": "text"}, {"text": " 好 "}, ["好"]),
    ],
)
def test_an_answer_is_kept_as_texts(
    asked: dict[str, Any], given: dict[str, Any], kept: list[str]
) -> None:
    found = read_answers(
        [question(**asked).model_dump()], [GivenAnswer.model_validate({"question": "q"} | given)]
    )
    assert found == {"q": kept}


@pytest.mark.parametrize(
    ("asked", "given", "refusal"),
    [
        ({"kind": "text"}, [], AnswerMissing),
        ({"kind": "text"}, [{"question": "r", "text": "x"}], QuestionUnknown),
        ({"kind": "text"}, [{"question": "q", "text": "x"}] * 2, QuestionAnsweredTwice),
        ({"kind": "text"}, [{"question": "q", "number": "1"}], AnswerOfWrongKind),
        ({"kind": "text"}, [{"question": "q", "text": "x", "number": "1"}], AnswerOfWrongKind),
        (
            {"kind": "single_choice", "options": TWO},
            [{"question": "q", "choices": ["c"]}],
            OptionUnknown,
        ),
        (
            {"kind": "single_choice", "options": TWO},
            [{"question": "q", "choices": ["a", "b"]}],
            ChoicesWrongNumber,
        ),
        (
            {"kind": "multiple_choice", "options": TWO},
            [{"question": "q", "choices": ["a", "a"]}],
            ChoicesWrongNumber,
        ),
        (
            {"kind": "multiple_choice", "options": TWO, "most_choices": 1},
            [{"question": "q", "choices": ["a", "b"]}],
            ChoicesWrongNumber,
        ),
        (
            {"kind": "ranking", "options": TWO},
            [{"question": "q", "choices": ["a"]}],
            ChoicesWrongNumber,
        ),
        (
            {"kind": "scale", "minimum": 1, "maximum": 5},
            [{"question": "q", "number": "6"}],
            AnswerOutOfRange,
        ),
        (
            {"kind": "scale", "minimum": 1, "maximum": 5},
            [{"question": "q", "number": "2.5"}],
            AnswerOutOfRange,
        ),
    ],
)
def test_an_answer_that_does_not_fit_says_which(
    asked: dict[str, Any], given: list[dict[str, Any]], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal) as found:
        read_answers(
            [question(**asked).model_dump()], [GivenAnswer.model_validate(each) for each in given]
        )
    assert found.value.details["question"] in {"q", "r"}


def test_what_need_not_be_answered_may_be_left_out() -> None:
    assert read_answers([question(required=False).model_dump()], []) == {}
