"""Recognition (学分认定): the act by which attendance becomes entries of the ledger.

A bureau recognises an activity that is closed. Everybody who qualified gets one entry, worth what the
pack in force on the activity's last day says; entries, chains, standings and sums are written in one
transaction, by a fixed number of statements however many people took part.
"""

from app.domain.credits.recognition.awards import ACTIVITY, entry_row, source_of, words_of
from app.domain.credits.recognition.recognising import (
    ActivityNotClosed,
    ActivityNotOver,
    LeftOutView,
    RecognitionView,
    recognise_activity,
)

__all__ = [
    "ACTIVITY",
    "ActivityNotClosed",
    "ActivityNotOver",
    "LeftOutView",
    "RecognitionView",
    "entry_row",
    "recognise_activity",
    "source_of",
    "words_of",
]
