"""Learning records (学习记录): what players outside tell of who learns, as statements of xAPI 1.0.3.

In reading order: `values`, `things` and `grammar` (what a statement must be), `naming` (what it names, and
when two say the same), `table`, `looking_up` (whom and which class it is about), `keeping` (taking
statements in), `record` (what of them both faces show) and `asking` (the statements themselves, as the
standard has them asked for).
"""

from app.domain.learning.learning_records.asking import (
    MOST,
    SETTLED_AFTER,
    STATEMENTS,
    Asked,
    StatementText,
    get_statement,
    list_statements,
    only_identifiers,
)
from app.domain.learning.learning_records.grammar import (
    AttachmentsNotKept,
    Statement,
    TooManyStatements,
    read_statements,
)
from app.domain.learning.learning_records.keeping import (
    StatementDiffers,
    StatementReferenceUnknown,
    StatementVoided,
    VoidOfVoid,
    keep_statements,
    mark_due,
)
from app.domain.learning.learning_records.looking_up import (
    LearnerNotEnrolled,
    LearnerUnknown,
    LearningClassNotOpen,
    LearningClassUnknown,
)
from app.domain.learning.learning_records.record import (
    LEARNING_RECORDS,
    LearningRecordNotFound,
    LearningRecordView,
    get_learning_record,
    is_voided,
    list_learning_records,
)
from app.domain.learning.learning_records.table import SCORE, LearningDue, LearningRecord
from app.domain.learning.learning_records.values import (
    Rule,
    StatementUnfit,
    check_uuid,
    moment_of,
    refuse,
)

__all__ = [
    "LEARNING_RECORDS",
    "MOST",
    "SCORE",
    "SETTLED_AFTER",
    "STATEMENTS",
    "Asked",
    "AttachmentsNotKept",
    "LearnerNotEnrolled",
    "LearnerUnknown",
    "LearningClassNotOpen",
    "LearningClassUnknown",
    "LearningDue",
    "LearningRecord",
    "LearningRecordNotFound",
    "LearningRecordView",
    "Rule",
    "Statement",
    "StatementDiffers",
    "StatementReferenceUnknown",
    "StatementText",
    "StatementUnfit",
    "StatementVoided",
    "TooManyStatements",
    "VoidOfVoid",
    "check_uuid",
    "get_learning_record",
    "get_statement",
    "is_voided",
    "keep_statements",
    "list_learning_records",
    "list_statements",
    "mark_due",
    "moment_of",
    "only_identifiers",
    "read_statements",
    "refuse",
]
