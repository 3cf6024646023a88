"""What may be asked about access and done with it."""

import strawberry

from app.graphql.access.accounts import AccountMutations, AccountQueries
from app.graphql.access.audit import AuditQueries
from app.graphql.access.clients import ClientMutations, ClientQueries
from app.graphql.access.consents import ConsentMutations, ConsentQueries
from app.graphql.access.delegations import DelegationMutations, DelegationQueries
from app.graphql.access.grants import GrantMutations, GrantQueries
from app.graphql.access.identities import IdentityMutations, IdentityQueries
from app.graphql.access.identity_providers import (
    IdentityProviderMutations,
    IdentityProviderQueries,
)
from app.graphql.access.profile import ProfileMutations, ProfileQueries
from app.graphql.access.second_factors import SecondFactorMutations
from app.graphql.access.sign_ins import SignInMutations, SignInQueries


@strawberry.type
class AccessQueries(
    ProfileQueries,
    SignInQueries,
    ConsentQueries,
    DelegationQueries,
    AccountQueries,
    GrantQueries,
    IdentityQueries,
    ClientQueries,
    IdentityProviderQueries,
    AuditQueries,
):
    """What may be asked about access."""


@strawberry.type
class AccessMutations(
    ProfileMutations,
    SecondFactorMutations,
    SignInMutations,
    ConsentMutations,
    DelegationMutations,
    AccountMutations,
    GrantMutations,
    IdentityMutations,
    ClientMutations,
    IdentityProviderMutations,
):
    """What may be done about access."""
