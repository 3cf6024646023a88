"""Providers (培训机构与基地): bases, professional institutions and universities that train for schools.

Schools rely on base schools and on professional institutions (依托基地校力量和专业机构). A bureau keeps the
register, approves for a time and withdraws; its schools see whom they may rely on today. Whom one calls
there is personal data: kept sealed, shown masked, and told in full to the bureau alone, each time as an
act of the audit trail.
"""

from app.domain.organisation.providers.approving import (
    ApprovalEnd,
    NewApproval,
    ProviderApproved,
    ProviderNotApproved,
    ProviderNotQualified,
    approve_provider,
    list_provider_approvals,
    provider_approvals_of,
    withdraw_provider,
)
from app.domain.organisation.providers.credit_code import CreditCodeWrong, check_credit_code
from app.domain.organisation.providers.provider import (
    PROVIDERS,
    Provider,
    ProviderApproval,
    ProviderApprovalView,
    ProviderKind,
    ProviderNotFound,
    ProviderView,
    get_provider,
    list_available_providers,
    list_providers,
)
from app.domain.organisation.providers.register import (
    ContactCipher,
    ContactView,
    NewProvider,
    ProviderChanges,
    ProviderExists,
    ProviderOfBureau,
    ProviderWithoutContact,
    register_provider,
    reveal_provider_contact,
    update_provider,
)

__all__ = [
    "PROVIDERS",
    "ApprovalEnd",
    "ContactCipher",
    "ContactView",
    "CreditCodeWrong",
    "NewApproval",
    "NewProvider",
    "Provider",
    "ProviderApproval",
    "ProviderApprovalView",
    "ProviderApproved",
    "ProviderChanges",
    "ProviderExists",
    "ProviderKind",
    "ProviderNotApproved",
    "ProviderNotFound",
    "ProviderNotQualified",
    "ProviderOfBureau",
    "ProviderView",
    "ProviderWithoutContact",
    "approve_provider",
    "check_credit_code",
    "get_provider",
    "list_available_providers",
    "list_provider_approvals",
    "list_providers",
    "provider_approvals_of",
    "register_provider",
    "reveal_provider_contact",
    "update_provider",
    "withdraw_provider",
]
