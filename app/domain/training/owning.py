"""Where something lies that a unit, a group, a network or a department is to own."""

from uuid import UUID

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.organisation.departments import open_department
from app.domain.organisation.networks import open_network
from app.domain.organisation.units import hold_unit, place_of
from app.domain.training.groups import open_group
from app.sql import Connection, Row


async def place_of_owner(
    db: Connection,
    actor: Actor,
    *,
    permission: Permission,
    unit_id: UUID | None,
    group_id: UUID | None,
    network_id: UUID | None,
    department_id: UUID | None,
) -> Row:
    """The place columns of the one owner that is named, where the actor holds the permission over it."""
    if unit_id is not None:
        return place_of(await hold_unit(db, actor, unit_id=unit_id, permission=permission))
    if group_id is not None:
        owner = await open_group(db, actor, group_id=group_id, permission=permission)
    elif network_id is not None:
        owner = await open_network(db, actor, network_id=network_id, permission=permission)
    else:
        assert department_id is not None  # noqa: S101  the command's validator has seen to it
        owner = await open_department(db, actor, department_id=department_id, permission=permission)
    return {column: owner[column] for column in PLACE}
