"""The table of contents of the GraphQL face: every noun's queries and mutations."""

import logging
import operator
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.extensions import MaxTokensLimiter
from strawberry.schema.config import StrawberryConfig

from app.graphql.access.accounts import AccountMutations, AccountQueries
from app.graphql.access.grants import GrantMutations, GrantQueries
from app.graphql.access.profile import ProfileMutations, ProfileQueries
from app.graphql.credits.entries import CreditEntryQueries
from app.graphql.credits.explanations import ExplanationQueries
from app.graphql.credits.packs import RulePackMutations, RulePackQueries
from app.graphql.credits.recognition import RecognitionMutations
from app.graphql.credits.reversals import ReversalMutations
from app.graphql.credits.standings import StandingQueries
from app.graphql.credits.summaries import CreditSummaryQueries
from app.graphql.exchange.batches import BatchMutations, BatchQueries
from app.graphql.exchange.changes import ChangeQueries
from app.graphql.inputs import finish_inputs
from app.graphql.limits import MOST_TOKENS
from app.graphql.nodes import NodeQueries
from app.graphql.organisation.units import UnitMutations, UnitQueries
from app.graphql.people.teachers import TeacherMutations, TeacherQueries
from app.graphql.training.activities import ActivityMutations, ActivityQueries
from app.graphql.training.attendance import AttendanceMutations, AttendanceQueries
from app.graphql.training.enrolments import EnrolmentMutations, EnrolmentQueries
from app.graphql.training.groups import GroupMutations, GroupQueries
from app.graphql.training.members import MemberMutations, MemberQueries
from app.graphql.training.notes import NoteMutations, NoteQueries

log = logging.getLogger("yanxun")


@strawberry.type(description="可以查询的内容 / what may be asked")
class Query(
    ProfileQueries,
    AccountQueries,
    GrantQueries,
    UnitQueries,
    TeacherQueries,
    GroupQueries,
    MemberQueries,
    ActivityQueries,
    EnrolmentQueries,
    AttendanceQueries,
    NoteQueries,
    RulePackQueries,
    CreditEntryQueries,
    ExplanationQueries,
    StandingQueries,
    CreditSummaryQueries,
    ChangeQueries,
    BatchQueries,
    NodeQueries,
):
    """What may be asked."""


@strawberry.type(description="可以执行的操作 / what may be done")
class Mutation(
    ProfileMutations,
    AccountMutations,
    GrantMutations,
    UnitMutations,
    TeacherMutations,
    GroupMutations,
    MemberMutations,
    ActivityMutations,
    EnrolmentMutations,
    AttendanceMutations,
    NoteMutations,
    RulePackMutations,
    RecognitionMutations,
    ReversalMutations,
    BatchMutations,
):
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
    ],
    config=StrawberryConfig(
        default_resolver=operator.getitem, disable_field_suggestions=True, relay_max_results=100
    ),
)
finish_inputs(schema)
