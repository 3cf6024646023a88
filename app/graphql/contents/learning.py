"""What may be asked about learning and done with it."""

import strawberry


@strawberry.type
class LearningQueries:
    """What may be asked about learning."""


@strawberry.type
class LearningMutations:
    """What may be done about learning."""
