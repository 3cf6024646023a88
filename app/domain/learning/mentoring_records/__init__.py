"""Mentoring records (带教记录): observation and guidance, written by either side, confirmed by the other.

Only what the other side has confirmed counts as hours of the mentorship, and of one mentor no more than 24 on a
day. In reading order: `record` (table, door, reads), `writing`.
"""

from app.domain.learning.mentoring_records.record import (
    MENTORING_RECORDS,
    MentoringKind,
    MentoringRecord,
    MentoringRecordFields,
    MentoringRecordNotFound,
    MentoringRecordView,
    get_mentoring_record,
    list_mentoring_records,
    mentoring_records_of,
)
from app.domain.learning.mentoring_records.writing import (
    MentoringDayFull,
    MentoringDayUnfit,
    MentoringRecordConfirmed,
    MentoringRecordOfOwnSide,
    MentoringSheetUnfit,
    NewMentoringRecord,
    confirm_mentoring_record,
    write_mentoring_record,
)

__all__ = [
    "MENTORING_RECORDS",
    "MentoringDayFull",
    "MentoringDayUnfit",
    "MentoringKind",
    "MentoringRecord",
    "MentoringRecordConfirmed",
    "MentoringRecordFields",
    "MentoringRecordNotFound",
    "MentoringRecordOfOwnSide",
    "MentoringRecordView",
    "MentoringSheetUnfit",
    "NewMentoringRecord",
    "confirm_mentoring_record",
    "get_mentoring_record",
    "list_mentoring_records",
    "mentoring_records_of",
    "write_mentoring_record",
]
