"""Whether somebody may still do what they might when a long work began."""

from collections.abc import Iterable
from uuid import UUID

from app.domain.access.actors import Actor, Grant
from app.domain.access.roles import Permission

__all__ = ["keeps_rights"]


def keeps_rights(earlier: Actor, later: Actor) -> bool:
    """Whether an actor may later do all that the earlier one of the same account might."""
    if earlier.scopes is None:
        has_ceiling = later.scopes is None
    else:
        has_ceiling = later.scopes is None or earlier.scopes <= later.scopes
    if not has_ceiling or later.grants == earlier.grants:
        return has_ceiling
    return _permitted(earlier.grants) <= _permitted(later.grants)


def _permitted(grants: Iterable[Grant]) -> set[tuple[str, UUID, Permission]]:
    """What these grants permit, and where, one by one."""
    return {
        (column, value, permission)
        for column, values, permissions in (reach for grant in grants for reach in grant.reaches)
        for value in values
        for permission in permissions
    }
