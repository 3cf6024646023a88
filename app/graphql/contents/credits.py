"""What may be asked about credits and done with it."""

import strawberry

from app.graphql.credits.entries import CreditEntryQueries
from app.graphql.credits.explanations import ExplanationQueries
from app.graphql.credits.packs import RulePackMutations, RulePackQueries
from app.graphql.credits.recognition import RecognitionMutations
from app.graphql.credits.reversals import ReversalMutations
from app.graphql.credits.standings import StandingQueries
from app.graphql.credits.summaries import CreditSummaryQueries


@strawberry.type
class CreditsQueries(
    RulePackQueries,
    CreditEntryQueries,
    ExplanationQueries,
    StandingQueries,
    CreditSummaryQueries,
):
    """What may be asked about credits."""


@strawberry.type
class CreditsMutations(
    RulePackMutations,
    RecognitionMutations,
    ReversalMutations,
):
    """What may be done about credits."""
