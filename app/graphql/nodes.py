"""`node(id)`: one thing by its key, whatever it is."""

from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.access.accounts import ACCOUNTS
from app.domain.access.doors import Door
from app.domain.access.nodes import get_node
from app.domain.credits.entries import ENTRIES
from app.domain.credits.packs.published import RULE_PACKS
from app.domain.organisation.units import UNITS
from app.domain.people.teachers import TEACHERS
from app.domain.training.activities import ACTIVITIES
from app.domain.training.groups import GROUPS
from app.graphql.access.accounts import AccountNode
from app.graphql.context import Context
from app.graphql.credits.entries import CreditEntryNode
from app.graphql.credits.packs import RulePackNode
from app.graphql.organisation.units import UnitNode
from app.graphql.people.teachers import TeacherNode
from app.graphql.training.activities import ActivityNode
from app.graphql.training.groups import GroupNode

_KINDS: dict[Any, Door] = {
    AccountNode: ACCOUNTS,
    ActivityNode: ACTIVITIES,
    CreditEntryNode: ENTRIES,
    GroupNode: GROUPS,
    RulePackNode: RULE_PACKS,
    TeacherNode: TEACHERS,
    UnitNode: UNITS,
}
DOORS = {kind.__strawberry_definition__.name: door for kind, door in _KINDS.items()}
"""The door of each type that has keys of its own, by the name of the type."""

Node = Annotated[
    AccountNode
    | ActivityNode
    | CreditEntryNode
    | GroupNode
    | RulePackNode
    | TeacherNode
    | UnitNode,
    strawberry.union("Node", description="有标识的对象 / anything with a key of its own"),
]


def _tell_apart(name: str) -> Any:
    """How graphql-core sees that a row is of this type: it says so, or nobody asked."""
    return lambda row, _info: row.get("__typename", name) == name


for _kind in _KINDS:
    _definition = _kind.__strawberry_definition__
    _definition.is_type_of = _tell_apart(_definition.name)


@strawberry.type
class NodeQueries:
    """What may be asked about anything."""

    @strawberry.field(description="按标识查找任意对象 / anything by its key", graphql_type=Node)
    async def node(self, info: Info[Context], id: UUID) -> Any:
        """One thing by its key."""
        actor = info.context.actor
        name, row = await info.context.read(lambda db: get_node(db, actor, doors=DOORS, row_id=id))
        return {"__typename": name, **row}
