"""Recognition (学分认定): the act by which taking part becomes entries of the ledger.

A bureau recognises an activity that is closed. Everybody who qualified gets one entry, worth what the
pack in force on the activity's last day says; entries, chains, standings and sums are written in one
transaction, by a fixed number of statements however many people took part. What is not an activity goes the
same way: it is declared (`sources`), and offered (`Offered`, `Share`) to `recognise_source`; so are
mentorships, research topics and self-studies once they are concluded (`concluded`).
"""

from app.domain.credits.recognition.activities import (
    ActivityNotClosed,
    ActivityNotOver,
    RecognitionView,
    offer_of,
    recognise_activity,
)
from app.domain.credits.recognition.awards import (
    Hindrance,
    Offered,
    Share,
    entry_row,
    words_of,
)
from app.domain.credits.recognition.concluded import (
    MentorshipRecognitionView,
    RecognitionOfOneself,
    SelfStudyRecognitionView,
    SourceNotConcluded,
    TopicRecognitionView,
    recognise_mentorship,
    recognise_self_study,
    recognise_topic,
)
from app.domain.credits.recognition.recognising import (
    LeftOutView,
    RecognisedFields,
    recognise_source,
)
from app.domain.credits.recognition.sources import (
    ACTIVITY,
    MENTORSHIP,
    SELF_STUDY,
    SOURCES,
    TOPIC,
    SourceKind,
    hold_sources,
    title_of_source,
)

__all__ = [
    "ACTIVITY",
    "MENTORSHIP",
    "SELF_STUDY",
    "SOURCES",
    "TOPIC",
    "ActivityNotClosed",
    "ActivityNotOver",
    "Hindrance",
    "LeftOutView",
    "MentorshipRecognitionView",
    "Offered",
    "RecognisedFields",
    "RecognitionOfOneself",
    "RecognitionView",
    "SelfStudyRecognitionView",
    "Share",
    "SourceKind",
    "SourceNotConcluded",
    "TopicRecognitionView",
    "entry_row",
    "hold_sources",
    "offer_of",
    "recognise_activity",
    "recognise_mentorship",
    "recognise_self_study",
    "recognise_source",
    "recognise_topic",
    "title_of_source",
    "words_of",
]
