"""Credit transfers (学分转移): what was earned under another authority comes in, what goes there leaves.

Each follows from a document of the authority that gives it away, and is registered once. What comes in
becomes entries (`transfer_in`), each with the day on which it was earned there. What leaves is struck
by reversals that name the document, for it counts there from then on and not in both places.
"""

from app.domain.credits.credit_transfers.moving import transfer_credit_in, transfer_credit_out
from app.domain.credits.credit_transfers.transfer import (
    CREDIT_TRANSFERS,
    CreditTransfer,
    CreditTransferNotFound,
    CreditTransferView,
    DocumentRegistered,
    EntryNotInForce,
    NewTransferIn,
    NewTransferOut,
    NothingToTransfer,
    TransferDirection,
    TransferFromTheFuture,
    TransferredCredit,
    get_credit_transfer,
    list_credit_transfers,
)

__all__ = [
    "CREDIT_TRANSFERS",
    "CreditTransfer",
    "CreditTransferNotFound",
    "CreditTransferView",
    "DocumentRegistered",
    "EntryNotInForce",
    "NewTransferIn",
    "NewTransferOut",
    "NothingToTransfer",
    "TransferDirection",
    "TransferFromTheFuture",
    "TransferredCredit",
    "get_credit_transfer",
    "list_credit_transfers",
    "transfer_credit_in",
    "transfer_credit_out",
]
