"""The table of contents of the REST face: every router, in the order of the documentation."""

from app.api import health
from app.api.access import (
    accounts,
    audit,
    clients,
    consents,
    delegations,
    device_codes,
    grants,
    profile,
    sign_in,
    sign_ins,
)
from app.api.credits import (
    entries,
    explanations,
    packs,
    recognition,
    reversals,
    standings,
    summaries,
)
from app.api.exchange import batches, changes, records
from app.api.organisation import (
    assignments,
    attachments,
    committee_members,
    committees,
    departments,
    designations,
    guidance_visits,
    network_members,
    networks,
    providers,
    reorganisations,
    responsibilities,
    statistics,
    targets,
    unit_codes,
    unit_names,
    units,
)
from app.api.people import (
    careers,
    corrections,
    goals,
    growth,
    optional_data,
    pairs,
    personal_data,
    principals,
    provisions,
    retention,
    search,
    serving_teachers,
    strata,
    teachers,
    transfers,
)
from app.api.training import (
    activities,
    attendance,
    calendar_links,
    enrolments,
    group_defaults,
    groups,
    members,
    notes,
)

ROOT = (sign_in.router, device_codes.router, calendar_links.feed, health.router)
"""What lies beside the versioned address: tokens, calendars, health, metrics."""

ACCESS = (
    profile.router,
    sign_ins.router,
    consents.router,
    delegations.router,
    accounts.router,
    grants.router,
    clients.router,
    audit.router,
)
ORGANISATION = (
    units.router,
    departments.router,
    networks.router,
    network_members.router,
    assignments.router,
    targets.router,
    unit_names.router,
    unit_codes.router,
    reorganisations.router,
    attachments.router,
    designations.router,
    responsibilities.router,
    committees.router,
    committee_members.router,
    guidance_visits.router,
    providers.router,
    statistics.router,
)
PEOPLE = (
    search.router,
    teachers.router,
    transfers.router,
    goals.router,
    pairs.router,
    careers.router,
    strata.router,
    growth.router,
    principals.router,
    serving_teachers.router,
    personal_data.router,
    optional_data.router,
    corrections.router,
    provisions.router,
    retention.router,
)
TRAINING = (
    groups.router,
    members.router,
    group_defaults.router,
    activities.router,
    enrolments.router,
    attendance.router,
    notes.router,
    calendar_links.router,
)
CREDITS = (
    packs.router,
    recognition.router,
    entries.router,
    reversals.router,
    explanations.router,
    standings.router,
    summaries.router,
)
EXCHANGE = (
    changes.router,
    batches.router,
    records.router,
)

API = (*ACCESS, *ORGANISATION, *PEOPLE, *TRAINING, *CREDITS, *EXCHANGE)
"""What lies below `/api/v1`."""
