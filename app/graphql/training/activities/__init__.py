"""Activities and their sessions over GraphQL."""

from app.graphql.training.activities.mutations import ActivityMutations
from app.graphql.training.activities.queries import ActivityQueries
from app.graphql.training.activities.types import ActivityNode, SessionNode

__all__ = ["ActivityMutations", "ActivityNode", "ActivityQueries", "SessionNode"]
