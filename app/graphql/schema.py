"""The table of contents of the GraphQL face: every noun's queries and mutations."""

import logging
import operator
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.extensions import MaxTokensLimiter
from strawberry.schema.config import StrawberryConfig

from app.graphql.contents.access import AccessMutations, AccessQueries
from app.graphql.contents.credits import CreditsMutations, CreditsQueries, CreditsSubscriptions
from app.graphql.contents.exchange import (
    ExchangeMutations,
    ExchangeQueries,
    ExchangeSubscriptions,
)
from app.graphql.contents.learning import LearningMutations, LearningQueries
from app.graphql.contents.organisation import OrganisationMutations, OrganisationQueries
from app.graphql.contents.people import PeopleMutations, PeopleQueries
from app.graphql.contents.quality import QualityMutations, QualityQueries
from app.graphql.contents.training import TrainingMutations, TrainingQueries
from app.graphql.inputs import finish_inputs
from app.graphql.limits import MOST_TOKENS
from app.graphql.nodes import SCALARS, NodeQueries
from app.graphql.recording import record_operations

log = logging.getLogger("yanxun")


@strawberry.type(description="可以查询的内容 / what may be asked")
class Query(
    AccessQueries,
    OrganisationQueries,
    PeopleQueries,
    TrainingQueries,
    LearningQueries,
    CreditsQueries,
    QualityQueries,
    ExchangeQueries,
    NodeQueries,
):
    """What may be asked."""


@strawberry.type(description="可以执行的操作 / what may be done")
class Mutation(
    AccessMutations,
    OrganisationMutations,
    PeopleMutations,
    TrainingMutations,
    LearningMutations,
    CreditsMutations,
    QualityMutations,
    ExchangeMutations,
):
    """What may be done."""


@strawberry.type(description="可以实时跟踪的内容 / what may be followed as it happens")
class Subscription(
    CreditsSubscriptions,
    ExchangeSubscriptions,
):
    """What may be followed."""


class Schema(strawberry.Schema):
    """The schema; errors are logged where they are formatted, without what the client sent."""

    def process_errors(self, errors: list[GraphQLError], execution_context: Any = None) -> None:
        """Leave logging to `errors.format_error`."""


schema = Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    extensions=[
        lambda: MaxTokensLimiter(max_token_count=MOST_TOKENS),
    ],
    config=StrawberryConfig(
        default_resolver=operator.getitem,
        disable_field_suggestions=True,
        relay_max_results=100,
        scalar_map=SCALARS,
    ),
)
finish_inputs(schema)
record_operations(schema)
