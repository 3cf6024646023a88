"""The question bank (题库): questions of a unit, a group or a department, version by version.

What a version says never changes: a test that was published, and whoever takes it, keeps the versions of
that moment. With what is right a question is read by those who write tests there, and by nobody else. In
reading order: `table`, `question` (doors, reads), `writing`, `marking` (pure: what an answer is worth).
"""

from app.domain.learning.bank_questions.marking import (
    AnsweredOtherwise,
    ChoiceNotOffered,
    FilledInTooLong,
    GivenTestAnswer,
    read_test_answer,
    worth_of,
)
from app.domain.learning.bank_questions.question import (
    BANK_QUESTION_VERSIONS,
    BANK_QUESTIONS,
    BankQuestionNotFound,
    bank_question_versions_of,
    get_bank_question,
    list_bank_question_versions,
    list_bank_questions,
)
from app.domain.learning.bank_questions.table import (
    BankQuestion,
    BankQuestionKind,
    BankQuestionVersion,
    BankQuestionVersionView,
    BankQuestionView,
    Difficulty,
    WrittenBankQuestion,
)
from app.domain.learning.bank_questions.writing import (
    BankQuestionRetired,
    BankQuestionRetirement,
    BankQuestionsRepeated,
    NewBankQuestion,
    NewBankQuestions,
    add_bank_questions,
    retire_bank_question,
    revise_bank_question,
)

__all__ = [
    "BANK_QUESTIONS",
    "BANK_QUESTION_VERSIONS",
    "AnsweredOtherwise",
    "BankQuestion",
    "BankQuestionKind",
    "BankQuestionNotFound",
    "BankQuestionRetired",
    "BankQuestionRetirement",
    "BankQuestionVersion",
    "BankQuestionVersionView",
    "BankQuestionView",
    "BankQuestionsRepeated",
    "ChoiceNotOffered",
    "Difficulty",
    "FilledInTooLong",
    "GivenTestAnswer",
    "NewBankQuestion",
    "NewBankQuestions",
    "WrittenBankQuestion",
    "add_bank_questions",
    "bank_question_versions_of",
    "get_bank_question",
    "list_bank_question_versions",
    "list_bank_questions",
    "read_test_answer",
    "retire_bank_question",
    "revise_bank_question",
    "worth_of",
]
