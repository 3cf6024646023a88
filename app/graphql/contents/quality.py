"""What may be asked about the quality of training and done for it."""

import strawberry


@strawberry.type
class QualityQueries:
    """What may be asked about quality."""


@strawberry.type
class QualityMutations:
    """What may be done for quality."""
