"""Consultations (在线指导): what a teacher asks an adviser, and the answer, between the two by default.

An adviser is a trainer of a library above the teacher, a mentor, or the head of a group of the teacher's.
What is not answered in a week is overdue; the adviser's school then sees that it waits, not what was asked.
In reading order: `table`, `consultation` (doors, reads), `asking`, `totals`.
"""

from app.domain.learning.consultations.asking import (
    ANSWER_WITHIN,
    AdviserUnfit,
    ConsultationClosed,
    ConsultationClosing,
    ConsultationOfAnother,
    ConsultationText,
    ConsultationUnanswered,
    NewConsultation,
    NothingAsked,
    answer_consultation,
    ask_consultation,
    ask_further,
    close_consultation,
)
from app.domain.learning.consultations.consultation import (
    CONSULTATION_MESSAGES,
    CONSULTATIONS,
    OWN_CONSULTATIONS,
    ConsultationMessageView,
    ConsultationNotFound,
    ConsultationView,
    OwnConsultationView,
    consultation_messages_of,
    get_consultation,
    list_consultation_messages,
    list_consultations,
    list_own_consultations,
)
from app.domain.learning.consultations.table import (
    Consultation,
    ConsultationMessage,
    ConsultationState,
)
from app.domain.learning.consultations.totals import (
    FEWEST_RATINGS,
    ConsultationTotals,
    ConsultationYearUnfit,
    get_consultation_totals,
)

__all__ = [
    "ANSWER_WITHIN",
    "CONSULTATIONS",
    "CONSULTATION_MESSAGES",
    "FEWEST_RATINGS",
    "OWN_CONSULTATIONS",
    "AdviserUnfit",
    "Consultation",
    "ConsultationClosed",
    "ConsultationClosing",
    "ConsultationMessage",
    "ConsultationMessageView",
    "ConsultationNotFound",
    "ConsultationOfAnother",
    "ConsultationState",
    "ConsultationText",
    "ConsultationTotals",
    "ConsultationUnanswered",
    "ConsultationView",
    "ConsultationYearUnfit",
    "NewConsultation",
    "NothingAsked",
    "OwnConsultationView",
    "answer_consultation",
    "ask_consultation",
    "ask_further",
    "close_consultation",
    "consultation_messages_of",
    "get_consultation",
    "get_consultation_totals",
    "list_consultation_messages",
    "list_consultations",
    "list_own_consultations",
]
