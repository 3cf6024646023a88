"""The table of contents of the REST face: every router, in the order of the documentation."""

from fastapi import APIRouter

from app.api import health
from app.api.access import accounts, grants, profile, sign_in
from app.api.credits import (
    entries,
    explanations,
    packs,
    recognition,
    reversals,
    standings,
    summaries,
)
from app.api.exchange import batches, changes
from app.api.organisation import units
from app.api.people import teachers
from app.api.training import activities, attendance, enrolments, groups, members, notes


def root_routers() -> list[APIRouter]:
    """What lies beside the versioned address: tokens, health, metrics."""
    return [sign_in.router, health.router]


def api_routers() -> list[APIRouter]:
    """What lies below `/api/v1`."""
    return [
        profile.router,
        accounts.router,
        grants.router,
        units.router,
        teachers.router,
        groups.router,
        members.router,
        activities.router,
        enrolments.router,
        attendance.router,
        notes.router,
        packs.router,
        recognition.router,
        entries.router,
        reversals.router,
        explanations.router,
        standings.router,
        summaries.router,
        changes.router,
        batches.router,
    ]
