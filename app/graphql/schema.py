"""The table of contents of the GraphQL face: every noun's queries and mutations."""

import logging
import operator
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.extensions import AddValidationRules, MaxTokensLimiter
from strawberry.schema.config import StrawberryConfig

from app.graphql.access.accounts import AccountMutations, AccountQueries
from app.graphql.access.grants import GrantMutations, GrantQueries
from app.graphql.access.profile import ProfileQueries
from app.graphql.inputs import tell_findings
from app.graphql.limits import MOST_TOKENS, Limits
from app.graphql.organisation.units import UnitMutations, UnitQueries
from app.graphql.people.teachers import TeacherMutations, TeacherQueries

log = logging.getLogger("yanxun")


@strawberry.type(description="可以查询的内容 / what may be asked")
class Query(ProfileQueries, AccountQueries, GrantQueries, UnitQueries, TeacherQueries):
    """What may be asked."""


@strawberry.type(description="可以执行的操作 / what may be done")
class Mutation(AccountMutations, GrantMutations, UnitMutations, TeacherMutations):
    """What may be done."""


class Schema(strawberry.Schema):
    """The schema; errors are logged where they are formatted, without what the client sent."""

    def process_errors(self, errors: list[GraphQLError], execution_context: Any = None) -> None:
        """Leave logging to `errors.format_error`."""


schema = Schema(
    query=Query,
    mutation=Mutation,
    extensions=[
        lambda: MaxTokensLimiter(max_token_count=MOST_TOKENS),
        lambda: AddValidationRules([Limits]),
    ],
    config=StrawberryConfig(
        default_resolver=operator.getitem, disable_field_suggestions=True, relay_max_results=100
    ),
)
tell_findings(schema)
