"""What may be asked about access and done with it."""

import strawberry

from app.graphql.access.accounts import AccountMutations, AccountQueries
from app.graphql.access.audit import AuditQueries
from app.graphql.access.clients import ClientMutations, ClientQueries
from app.graphql.access.consents import ConsentMutations, ConsentQueries
from app.graphql.access.delegations import DelegationMutations, DelegationQueries
from app.graphql.access.grants import GrantMutations, GrantQueries
from app.graphql.access.profile import ProfileMutations, ProfileQueries
from app.graphql.access.sign_ins import SignInMutations, SignInQueries


@strawberry.type
class AccessQueries(
    ProfileQueries,
    SignInQueries,
    ConsentQueries,
    DelegationQueries,
    AccountQueries,
    GrantQueries,
    ClientQueries,
    AuditQueries,
):
    """What may be asked about access."""


@strawberry.type
class AccessMutations(
    ProfileMutations,
    SignInMutations,
    ConsentMutations,
    DelegationMutations,
    AccountMutations,
    GrantMutations,
    ClientMutations,
):
    """What may be done about access."""
