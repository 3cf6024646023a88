"""What-if (试算): who would gain and who would fall below if a draft pack were in force. Nothing is written.

    what_if    the question, who may see it, and how far its answer is
    asking     asking, and cancelling
    counting   the work: every teacher of the unit under the rules of today and under the draft
    answer     what may be asked of it: sums by county, school, rank and age, and the people themselves

The ledger keeps what was earned, so that a draft changes what counts of it and what is asked, and never
what was earned: its earning rules speak of what will be recognised once it is in force.
"""

from app.domain.credits.what_ifs.answer import (
    WHAT_IF_PEOPLE,
    WhatIfGrouping,
    WhatIfGroupView,
    WhatIfPersonView,
    list_what_if_groups,
    list_what_if_people,
)
from app.domain.credits.what_ifs.asking import NewWhatIf, cancel_what_if, request_what_if
from app.domain.credits.what_ifs.counting import Question, count_next_people, open_question
from app.domain.credits.what_ifs.what_if import (
    COUNT_WHAT_IF,
    WHAT_IFS,
    WhatIf,
    WhatIfChange,
    WhatIfView,
    get_what_if,
    list_what_ifs,
    tidy_what_ifs,
)

__all__ = [
    "COUNT_WHAT_IF",
    "WHAT_IFS",
    "WHAT_IF_PEOPLE",
    "NewWhatIf",
    "Question",
    "WhatIf",
    "WhatIfChange",
    "WhatIfGroupView",
    "WhatIfGrouping",
    "WhatIfPersonView",
    "WhatIfView",
    "cancel_what_if",
    "count_next_people",
    "get_what_if",
    "list_what_if_groups",
    "list_what_if_people",
    "list_what_ifs",
    "open_question",
    "request_what_if",
    "tidy_what_ifs",
]
