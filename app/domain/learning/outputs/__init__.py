"""Research outputs (研究成果): papers, books, shows and what else came of research, with or without a topic.

「成果展示与交流活动；项目和专著出版资助」. An author or the unit states an output with what shows it; the unit
confirms it. The same title, DOI, ISBN or file elsewhere in the city is found and shown to who confirms;
it is a finding for a person to judge, not a verdict: authors of two schools state one paper twice.

In reading order: `numbers` (pure), `output` (tables, door, reads), `duplicates`, `stating`.
"""

from app.domain.learning.outputs.duplicates import (
    DuplicateGround,
    OutputDuplicate,
    list_output_duplicates,
)
from app.domain.learning.outputs.numbers import (
    BookNumberWrong,
    DoiWrong,
    book_number,
    doi_of,
)
from app.domain.learning.outputs.output import (
    OUTPUTS,
    OutputAuthor,
    OutputKind,
    OutputNotFound,
    OutputState,
    OutputView,
    ResearchOutput,
    get_output,
    list_outputs,
    outputs_by_id,
    outputs_of,
)
from app.domain.learning.outputs.stating import (
    NewOutput,
    OutputAuthorMissing,
    OutputChanges,
    OutputDecision,
    OutputDuplicated,
    OutputOfOneself,
    OutputSettled,
    decide_output,
    state_output,
    update_output,
    withdraw_output,
)

__all__ = [
    "OUTPUTS",
    "BookNumberWrong",
    "DoiWrong",
    "DuplicateGround",
    "NewOutput",
    "OutputAuthor",
    "OutputAuthorMissing",
    "OutputChanges",
    "OutputDecision",
    "OutputDuplicate",
    "OutputDuplicated",
    "OutputKind",
    "OutputNotFound",
    "OutputOfOneself",
    "OutputSettled",
    "OutputState",
    "OutputView",
    "ResearchOutput",
    "book_number",
    "decide_output",
    "doi_of",
    "get_output",
    "list_output_duplicates",
    "list_outputs",
    "outputs_by_id",
    "outputs_of",
    "state_output",
    "update_output",
    "withdraw_output",
]
