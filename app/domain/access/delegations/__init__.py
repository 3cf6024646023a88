"""Delegations (委托): somebody does a part of one's work for a while, under their own name.

Instead of a shared password: a few of one's own permissions, over one unit, for at most ninety days.
The delegate asks for a token that acts on one's behalf; every act is recorded with both names. What
may be done is decided anew with each such token: it never exceeds what the granter holds then. Who
decides who may do what, what is sealed and what is a person's own are not delegated, and nothing is
delegated further.
"""

from app.domain.access.delegations.acting import (
    NOT_DELEGATED,
    Acting,
    act_on_behalf,
    scope_of_late,
)
from app.domain.access.delegations.delegation import (
    DelegateUnfit,
    Delegation,
    DelegationEnded,
    DelegationNotFound,
    DelegationPeriod,
    DelegationView,
    NewDelegation,
    NotDelegable,
    TooManyDelegations,
    ended_delegations,
    list_delegations,
)
from app.domain.access.delegations.giving import (
    LONGEST,
    MOST_GIVEN,
    create_delegation,
    revoke_delegation,
)

__all__ = [
    "LONGEST",
    "MOST_GIVEN",
    "NOT_DELEGATED",
    "Acting",
    "DelegateUnfit",
    "Delegation",
    "DelegationEnded",
    "DelegationNotFound",
    "DelegationPeriod",
    "DelegationView",
    "NewDelegation",
    "NotDelegable",
    "TooManyDelegations",
    "act_on_behalf",
    "create_delegation",
    "ended_delegations",
    "list_delegations",
    "revoke_delegation",
    "scope_of_late",
]
