"""Partnerships (联合主办): inviting others to organise an activity jointly, and their answers.

Each answers for itself and says for whom of its own the activity is besides. Everybody is credited
once however many organisers address them, for attendance is one record for each session.
In reading order: `partnership`, `inviting`, `answering`.
"""

from app.domain.training.partnerships.answering import (
    PartnershipAnswered,
    accept_partnership,
    decline_partnership,
)
from app.domain.training.partnerships.inviting import (
    PartnersFull,
    PartnerUnfit,
    end_partnership,
    invite_partner,
)
from app.domain.training.partnerships.partnership import (
    PARTNERS,
    PARTNERSHIPS,
    PartnershipNotFound,
    list_partners,
    list_partnerships,
)

__all__ = [
    "PARTNERS",
    "PARTNERSHIPS",
    "PartnerUnfit",
    "PartnersFull",
    "PartnershipAnswered",
    "PartnershipNotFound",
    "accept_partnership",
    "decline_partnership",
    "end_partnership",
    "invite_partner",
    "list_partners",
    "list_partnerships",
]
