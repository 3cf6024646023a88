"""Applications for a title over GraphQL: `asking` has the types and the questions, `acting` the acts."""

from app.graphql.quality.demonstrations.acting import DemonstrationMutations
from app.graphql.quality.demonstrations.asking import DemonstrationNode, DemonstrationQueries

__all__ = ["DemonstrationMutations", "DemonstrationNode", "DemonstrationQueries"]
