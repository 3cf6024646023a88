"""Entries (学分记录): the ledger of credits, one line for each thing that was earned or reversed.

`table` is what an entry is, `chain` how entries are linked by hashes, `ledger` how they are added
and read for counting, `reading` what may be asked of them.
"""

from app.domain.credits.entries.reading import (
    ENTRIES,
    CreditEntryView,
    EntryNotFound,
    entries_of,
    get_entry,
    list_credit_entries,
    list_entries,
    teachers_credited,
)
from app.domain.credits.entries.table import CreditChain, CreditEntry

__all__ = [
    "ENTRIES",
    "CreditChain",
    "CreditEntry",
    "CreditEntryView",
    "EntryNotFound",
    "entries_of",
    "get_entry",
    "list_credit_entries",
    "list_entries",
    "teachers_credited",
]
