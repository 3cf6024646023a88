"""Optional data (可选信息): what is kept of a person only with consent, and goes with it.

Read `consent` (what is allowed), `phone` (the telephone number), `withdrawal`. Photographs and places
are not kept by anything yet; what will keep them asks `hold_data_consent` first, as the number does.
"""

from app.domain.people.optional_data.consent import (
    DataConsent,
    DataConsentMissing,
    DataConsentNotFound,
    DataConsentView,
    NewDataConsent,
    OptionalData,
    give_data_consent,
    hold_data_consent,
    list_data_consents,
    require_oneself,
)
from app.domain.people.optional_data.phone import (
    NewPhone,
    PhoneBadForm,
    PhoneNotFound,
    PhoneView,
    TeacherPhone,
    check_phone,
    get_phone,
    mask_phone,
    phone_context,
    remove_phone,
    set_phone,
)
from app.domain.people.optional_data.withdrawal import withdraw_data_consent

__all__ = [
    "DataConsent",
    "DataConsentMissing",
    "DataConsentNotFound",
    "DataConsentView",
    "NewDataConsent",
    "NewPhone",
    "OptionalData",
    "PhoneBadForm",
    "PhoneNotFound",
    "PhoneView",
    "TeacherPhone",
    "check_phone",
    "get_phone",
    "give_data_consent",
    "hold_data_consent",
    "list_data_consents",
    "mask_phone",
    "phone_context",
    "remove_phone",
    "require_oneself",
    "set_phone",
    "withdraw_data_consent",
]
