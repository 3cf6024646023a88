"""GraphQL, executed level by level over declared edges.

A document is read once (`documents`: parsed, measured by `cost`, validated) and planned once (`plan`:
what is asked of each type). A run goes down the plan (`levels`): each field of a level once for all
its rows, its values from a column, a resolver or one read of an edge (`sources`, `arguments`), leaves
written by the column (`leaves`), errors told where they are (`places`). `engine` puts this together, and hands
what is not planned to graphql-core. `expansion` follows the same edges for rows that REST has read.

Nothing here knows what is asked about. Rows are mappings; a row of an interface or a union says its
type under `__typename`; an edge is whatever has a `key` and a `load`, kept in the field's metadata.
"""

from app.graphql.execution.arguments import DECLARED, direct_resolver
from app.graphql.execution.cost import Cost, Limits
from app.graphql.execution.documents import Operation, Refused
from app.graphql.execution.engine import Answer, Engine
from app.graphql.execution.expansion import Expansion, Tree
from app.graphql.execution.plan import EDGE, Link
from app.graphql.execution.refusals import Refusal

__all__ = [
    "DECLARED",
    "EDGE",
    "Answer",
    "Cost",
    "Engine",
    "Expansion",
    "Limits",
    "Link",
    "Operation",
    "Refusal",
    "Refused",
    "Tree",
    "direct_resolver",
]
