"""Acting on somebody's behalf: what a delegate may do, decided anew with each token."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Date, Uuid, bindparam, or_, select
from sqlmodel import col

from app.domain.access.actors import Actor, Grant, Scope
from app.domain.access.delegations.delegation import (
    Delegation,
    DelegationEnded,
    DelegationNotFound,
    get_delegation,
)
from app.domain.access.roles import NOT_FOR_CLIENTS, PERSONAL, Permission, SubjectKind
from app.domain.access.sign_in import actor_of_account, read_credentials
from app.domain.access.subjects import PLACES, place_of_subject
from app.domain.base import MOMENT, civil_date
from app.sql import Connection, Row, Statement

NOT_DELEGATED = NOT_FOR_CLIENTS | PERSONAL
"""What one does oneself: to decide who may do what, to see what is sealed, what is a person's own."""

OF_THE_UNIT_ITSELF = frozenset({Permission.GUIDANCE_ANSWER})
"""What a unit answers for itself: who is above it does not, and so lets nobody do it for them."""


class Acting(NamedTuple):
    """By what a delegate acts: the delegation, and who gave it, at which security version."""

    delegation_id: UUID
    granter_id: UUID
    granter_version: int


def narrowed(actor: Actor, place: Mapping[str, Any]) -> tuple[Grant, ...]:
    """What an actor holds over a unit by its roles at or above it, as grants over that unit alone."""
    here = {name: place[name] for name in ("city_id", "county_id", "school_id")}
    roles = dict.fromkeys(
        grant.role
        for grant in actor.grants
        if grant.subject is SubjectKind.UNIT and place[grant.column] == grant.subject_id
    )
    return tuple(
        Grant(role=role, subject=SubjectKind.UNIT, subject_id=place["id"], **here) for role in roles
    )


def permitted_over(actor: Actor, place: Mapping[str, Any]) -> frozenset[Permission]:
    """What an actor's roles at or above a unit permit there of what can be delegated."""
    permitted = _permitted_by(narrowed(actor, place)) - NOT_DELEGATED
    own = _permitted_by([each for each in actor.grants if each.subject_id == place["id"]])
    return permitted - (OF_THE_UNIT_ITSELF - own)


def _permitted_by(grants: Sequence[Grant]) -> frozenset[Permission]:
    return frozenset().union(*(grant.permissions for grant in grants))


_UNIT = PLACES[SubjectKind.UNIT]
_LET_DO = Statement(
    select(
        col(Delegation.permissions),
        *(_UNIT.c[name] for name in ("id", "city_id", "county_id", "school_id")),
    )
    .join_from(Delegation, _UNIT, _UNIT.c.id == col(Delegation.subject_id))
    .where(
        col(Delegation.delegate_id) == bindparam("account_id", type_=Uuid),
        or_(
            col(Delegation.revoked_at).is_(None),
            col(Delegation.revoked_at) > bindparam("since", type_=MOMENT),
        ),
        col(Delegation.valid_to) > bindparam("day", type_=Date),
    )
)


async def scope_of_late(
    db: Connection, actor: Actor, *, permission: Permission, since: datetime
) -> Scope:
    """Where the actor's roles permit this, and where others let them do it at any time since a moment.

    For whoever must not have seen something: what was given back meanwhile counts, and so does what the
    granter lost meanwhile. An application's ceiling is not looked at.
    """
    scope = Scope(actor.grants, permission)
    let = await db.all(_LET_DO, account_id=actor.account_id, since=since, day=civil_date(since))
    for unit in let:
        if permission in unit["permissions"]:
            scope.values.setdefault(_column_of(unit), []).append(unit["id"])
    scope.shape = tuple(sorted(scope.values))
    return scope


def _column_of(unit: Row) -> str:
    """The column in which those placed in a unit have its key."""
    names = ("city_id", "county_id", "school_id")
    return next(name for name in names if unit[name] == unit["id"])


async def act_on_behalf(
    db: Connection, actor: Actor, *, delegation_id: UUID, now: datetime
) -> tuple[Actor, Acting]:
    """The actor that a delegate is under a delegation, with no more than its granter holds now.

    It keeps the sign-in and the security version of the delegate's own token, and so ends with them.
    """
    actor.require_free()
    row = await get_delegation(db, actor, delegation_id=delegation_id)
    if row["delegate_id"] != actor.account_id:
        raise DelegationNotFound
    # The version first: whatever changes between these reads outdates the token that follows.
    granter = await read_credentials(db, account_id=row["granter_id"])
    over = row["revoked_at"] is not None or row["valid_to"] <= civil_date(now)
    if granter is None or granter["suspended_at"] is not None or over:
        raise DelegationEnded
    place = await place_of_subject(db, kind=SubjectKind.UNIT, subject_id=row["subject_id"])
    behind = await actor_of_account(db, account=granter, now=now)
    permitted = permitted_over(behind, place) & {Permission(each) for each in row["permissions"]}
    if not permitted:
        raise DelegationEnded
    acting = Acting(delegation_id, granter["id"], granter["security_version"])
    return (
        Actor(
            account_id=actor.account_id,
            grants=narrowed(behind, place),
            scopes=permitted,
            on_behalf_of=granter["id"],
            sign_in_id=actor.sign_in_id,
            security_version=actor.security_version,
        ),
        acting,
    )
