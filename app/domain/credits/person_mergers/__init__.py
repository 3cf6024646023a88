"""Mergers of two records (重复登记合并): one person who was entered twice becomes one, for good.

`merger` says what it is and who sees it, `arranging` how it is proposed and declined, `merging` what
accepting it does; `ledger` carries the credit over, `following` everything else, table by table, and
`numbering` lets what is numbered for each person go along with it.
"""

from app.domain.credits.person_mergers.arranging import (
    MergerAcrossCities,
    MergerNotOpen,
    MergerOpen,
    MergerPersonUnknown,
    decline_person_merger,
    propose_person_merger,
)
from app.domain.credits.person_mergers.merger import (
    PERSON_MERGERS,
    MergerConsent,
    MergerRefusal,
    MergerSide,
    MergerState,
    NewPersonMerger,
    PersonMerger,
    PersonMergerNotFound,
    PersonMergerView,
    get_person_merger,
    list_person_mergers,
)
from app.domain.credits.person_mergers.merging import (
    MergedAccountAbove,
    MergerWaits,
    OtherAdministratorAccepts,
    accept_person_merger,
)

__all__ = [
    "PERSON_MERGERS",
    "MergedAccountAbove",
    "MergerAcrossCities",
    "MergerConsent",
    "MergerNotOpen",
    "MergerOpen",
    "MergerPersonUnknown",
    "MergerRefusal",
    "MergerSide",
    "MergerState",
    "MergerWaits",
    "NewPersonMerger",
    "OtherAdministratorAccepts",
    "PersonMerger",
    "PersonMergerNotFound",
    "PersonMergerView",
    "accept_person_merger",
    "decline_person_merger",
    "get_person_merger",
    "list_person_mergers",
    "propose_person_merger",
]
