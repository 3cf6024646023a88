"""Ledger heads (台账日签): each day the ends of all chains of a city are put under one signature.

`head` is what a signed head is and what may be asked of it, `signing` how one is made. Who keeps a head
outside, or its signature alone, can show later that the ledger of that day was another one.
"""

from app.domain.credits.ledger_heads.head import (
    LEDGER_HEADS,
    LedgerHead,
    LedgerHeadView,
    LedgerKey,
    LedgerLeaf,
    get_ledger_head,
    list_ledger_heads,
    read_ledger_keys,
)
from app.domain.credits.ledger_heads.signing import HeadSigner, publish_key, sign_due_head

__all__ = [
    "LEDGER_HEADS",
    "HeadSigner",
    "LedgerHead",
    "LedgerHeadView",
    "LedgerKey",
    "LedgerLeaf",
    "get_ledger_head",
    "list_ledger_heads",
    "publish_key",
    "read_ledger_keys",
    "sign_due_head",
]
