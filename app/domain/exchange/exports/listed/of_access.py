"""The lists of the wing access that can be exported."""

from app.domain.access import (
    accounts,
    audit,
    clients,
    consents,
    delegations,
    grants,
    identities,
    identity_providers,
    sign_ins,
)
from app.domain.access.accounts import AccountView
from app.domain.access.audit import ActView
from app.domain.access.clients import ClientView
from app.domain.access.consents import ConsentView
from app.domain.access.delegations import DelegationView
from app.domain.access.grants import GrantView
from app.domain.access.identities import IdentityView
from app.domain.access.identity_providers import IdentityProviderView
from app.domain.access.sign_ins import SignInView
from app.domain.exchange.exports.listed.listing import Listed

LISTS = (
    Listed(accounts.list_accounts, AccountView),
    Listed(audit.list_acts, ActView),
    Listed(clients.list_clients, ClientView),
    Listed(consents.list_consents, ConsentView),
    Listed(delegations.list_delegations, DelegationView),
    Listed(grants.list_grants, GrantView),
    Listed(identities.list_identities, IdentityView),
    Listed(identity_providers.list_identity_providers, IdentityProviderView),
    Listed(sign_ins.list_sign_ins, SignInView),
)
