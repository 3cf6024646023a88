"""Provisions (对外提供记录): read `provision` (what went to whom), then `recording`."""

from app.domain.people.provisions.provision import (
    CATEGORIES,
    IMPERSONAL,
    PROVISIONS,
    DataCategory,
    LegalBasis,
    Provision,
    ProvisionNotFound,
    ProvisionView,
    Reader,
    Recipient,
    categories_of,
    list_provisions,
)
from app.domain.people.provisions.recording import (
    PROVINCE_NAME,
    record_batch_provision,
    record_growth_provision,
    record_reads,
)

__all__ = [
    "CATEGORIES",
    "IMPERSONAL",
    "PROVINCE_NAME",
    "PROVISIONS",
    "DataCategory",
    "LegalBasis",
    "Provision",
    "ProvisionNotFound",
    "ProvisionView",
    "Reader",
    "Recipient",
    "categories_of",
    "list_provisions",
    "record_batch_provision",
    "record_growth_provision",
    "record_reads",
]
