"""As whom an application is told: with its own grants, its ceiling, and the place of one webhook."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain.access.actors import Actor, Grant
from app.domain.access.clients import may_ask, read_client
from app.domain.access.roles import Permission, SubjectKind
from app.domain.access.sign_in import actor_of_account
from app.domain.access.subjects import place_of_subject
from app.domain.errors import NotAllowed, NotFound
from app.domain.exchange.changes import ChangeKind, Coverage
from app.domain.exchange.changes.coverage import coverage_of
from app.sql import Connection, Row


async def application_of(db: Connection, *, client_id: UUID, now: datetime) -> Actor | None:
    """The actor that a registered application is for itself; None where it may not ask for anything."""
    client = await read_client(db, client_id=client_id)
    if client is None or not may_ask(client, now=now):
        return None
    actor = await actor_of_account(db, account=client, now=now)
    scopes = frozenset(map(Permission, client["scopes"]))
    return replace(actor, client_id=client_id, scopes=scopes)


def in_place(actor: Actor, place: Mapping[str, Any]) -> Actor:
    """The same actor for one unit: its grants within the unit, or over the unit alone."""
    return replace(actor, grants=tuple(filter(None, (_part(g, place) for g in actor.grants))))


def _part(grant: Grant, place: Mapping[str, Any]) -> Grant | None:
    if grant.subject is not SubjectKind.UNIT:
        return None
    unit_id = place["school_id"] or place["county_id"]
    if unit_id in {grant.city_id, grant.county_id, grant.school_id}:
        return grant  # the grant's unit is the unit, or lies in it
    if grant.subject_id not in {place["city_id"], place["county_id"], place["school_id"]}:
        return None
    return replace(grant, subject_id=unit_id, **{name: place[name] for name in _PLACE})


_PLACE = ("city_id", "county_id", "school_id")


async def told_of(
    db: Connection,
    *,
    client_id: UUID,
    kinds: list[ChangeKind] | None,
    unit_id: UUID | None,
    now: datetime,
) -> tuple[Actor, Coverage] | None:
    """As whom and of what an application is told at an address; None where of nothing, or never."""
    actor = await application_of(db, client_id=client_id, now=now)
    if actor is None:
        return None
    try:
        if unit_id is not None:
            place = await place_of_subject(db, kind=SubjectKind.UNIT, subject_id=unit_id)
            actor = in_place(actor, place)
        coverage = coverage_of(actor, kinds)
    except (NotAllowed, NotFound):
        return None
    return None if coverage.is_empty else (actor, coverage)


def fields_of(webhook: Row) -> dict[str, Any]:
    """What of a webhook decides of what it is told."""
    kinds = webhook["kinds"]
    return {
        "client_id": webhook["client_id"],
        "kinds": None if kinds is None else [ChangeKind(kind) for kind in kinds],
        "unit_id": webhook["unit_id"],
    }
