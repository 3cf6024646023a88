"""Transfers (调动): a personnel relation goes to another school, leaves the city, or begins anew in it.

One side proposes, the other accepts, and the side that takes the person in says when it has happened.
Read `transfer` (what it is, who sees it), then `arranging` (proposing and answering) and `completing`
(what follows).
"""

from app.domain.people.transfers.arranging import (
    TransferOpen,
    TransferPersonUnknown,
    TransferToSameSchool,
    WithoutRelation,
    accept_transfer,
    decline_transfer,
    propose_transfer,
    withdraw_transfer,
)
from app.domain.people.transfers.completing import (
    RelationNotEarlier,
    TransferCompletion,
    TransferOvertaken,
    complete_transfer,
)
from app.domain.people.transfers.steps import OtherSideActs, TransferNotThere
from app.domain.people.transfers.transfer import (
    TRANSFERS,
    NewTransfer,
    Transfer,
    TransferAnswer,
    TransferKind,
    TransferNotFound,
    TransferSide,
    TransferState,
    TransferView,
    get_transfer,
    list_transfers,
)

__all__ = [
    "TRANSFERS",
    "NewTransfer",
    "OtherSideActs",
    "RelationNotEarlier",
    "Transfer",
    "TransferAnswer",
    "TransferCompletion",
    "TransferKind",
    "TransferNotFound",
    "TransferNotThere",
    "TransferOpen",
    "TransferOvertaken",
    "TransferPersonUnknown",
    "TransferSide",
    "TransferState",
    "TransferToSameSchool",
    "TransferView",
    "WithoutRelation",
    "accept_transfer",
    "complete_transfer",
    "decline_transfer",
    "get_transfer",
    "list_transfers",
    "propose_transfer",
    "withdraw_transfer",
]
