"""The table of contents of the REST face: every router, in the order of the documentation."""

from fastapi import APIRouter

from app.api import health
from app.api.access import accounts, grants, profile, sign_in
from app.api.organisation import units
from app.api.people import teachers


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
    ]
