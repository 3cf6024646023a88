"""The table of contents of the GraphQL face: every noun's queries and mutations."""

import logging
import operator
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.extensions import MaxTokensLimiter
from strawberry.schema.config import StrawberryConfig

from app.graphql.access.accounts import AccountMutations, AccountQueries
from app.graphql.access.audit import AuditQueries
from app.graphql.access.clients import ClientMutations, ClientQueries
from app.graphql.access.consents import ConsentMutations, ConsentQueries
from app.graphql.access.delegations import DelegationMutations, DelegationQueries
from app.graphql.access.grants import GrantMutations, GrantQueries
from app.graphql.access.profile import ProfileMutations, ProfileQueries
from app.graphql.access.sign_ins import SignInMutations, SignInQueries
from app.graphql.credits.entries import CreditEntryQueries
from app.graphql.credits.explanations import ExplanationQueries
from app.graphql.credits.packs import RulePackMutations, RulePackQueries
from app.graphql.credits.recognition import RecognitionMutations
from app.graphql.credits.reversals import ReversalMutations
from app.graphql.credits.standings import StandingQueries
from app.graphql.credits.summaries import CreditSummaryQueries
from app.graphql.exchange.batches import BatchMutations, BatchQueries
from app.graphql.exchange.changes import ChangeQueries
from app.graphql.exchange.records import RecordQueries
from app.graphql.inputs import finish_inputs
from app.graphql.limits import MOST_TOKENS
from app.graphql.nodes import SCALARS, NodeQueries
from app.graphql.organisation.assignments import AssignmentMutations, AssignmentQueries
from app.graphql.organisation.attachments import AttachmentMutations, AttachmentQueries
from app.graphql.organisation.committee_members import (
    CommitteeMemberMutations,
    CommitteeMemberQueries,
)
from app.graphql.organisation.committees import CommitteeMutations, CommitteeQueries
from app.graphql.organisation.departments import DepartmentMutations, DepartmentQueries
from app.graphql.organisation.designations import DesignationMutations, DesignationQueries
from app.graphql.organisation.guidance_visits import (
    GuidanceVisitMutations,
    GuidanceVisitQueries,
)
from app.graphql.organisation.network_members import NetworkMemberMutations, NetworkMemberQueries
from app.graphql.organisation.networks import NetworkMutations, NetworkQueries
from app.graphql.organisation.providers import ProviderMutations, ProviderQueries
from app.graphql.organisation.reorganisations import ReorganisationMutations, ReorganisationQueries
from app.graphql.organisation.responsibilities import (
    ResponsibilityMutations,
    ResponsibilityQueries,
)
from app.graphql.organisation.statistics import StatisticMutations, StatisticQueries
from app.graphql.organisation.targets import TargetMutations, TargetQueries
from app.graphql.organisation.unit_codes import UnitCodeMutations, UnitCodeQueries
from app.graphql.organisation.unit_names import UnitNameMutations, UnitNameQueries
from app.graphql.organisation.units import UnitMutations, UnitQueries
from app.graphql.people.careers import (
    CareerMutations,
    CareerQueries,
    FactMutations,
    FactQueries,
)
from app.graphql.people.corrections import CorrectionMutations, CorrectionQueries
from app.graphql.people.goals import GoalMutations, GoalQueries
from app.graphql.people.growth import GrowthMutations, GrowthQueries
from app.graphql.people.optional_data import OptionalDataMutations, OptionalDataQueries
from app.graphql.people.pairs import PairMutations, PairQueries
from app.graphql.people.personal_data import PersonalDataMutations, PersonalDataQueries
from app.graphql.people.principals import PrincipalQueries
from app.graphql.people.provisions import ProvisionQueries
from app.graphql.people.retention import RetentionQueries
from app.graphql.people.search import SearchQueries
from app.graphql.people.serving_teachers import ServingTeacherQueries
from app.graphql.people.strata import StratumQueries
from app.graphql.people.teachers import TeacherMutations, TeacherQueries
from app.graphql.people.transfers import TransferMutations, TransferQueries
from app.graphql.recording import record_operations
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
    SignInQueries,
    ConsentQueries,
    DelegationQueries,
    AccountQueries,
    GrantQueries,
    ClientQueries,
    AuditQueries,
    UnitQueries,
    DepartmentQueries,
    NetworkQueries,
    NetworkMemberQueries,
    AssignmentQueries,
    TargetQueries,
    UnitNameQueries,
    UnitCodeQueries,
    ReorganisationQueries,
    AttachmentQueries,
    DesignationQueries,
    ResponsibilityQueries,
    CommitteeQueries,
    CommitteeMemberQueries,
    GuidanceVisitQueries,
    ProviderQueries,
    StatisticQueries,
    TeacherQueries,
    SearchQueries,
    TransferQueries,
    GoalQueries,
    PairQueries,
    CareerQueries,
    FactQueries,
    StratumQueries,
    GrowthQueries,
    PrincipalQueries,
    ServingTeacherQueries,
    PersonalDataQueries,
    OptionalDataQueries,
    CorrectionQueries,
    ProvisionQueries,
    RetentionQueries,
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
    RecordQueries,
    NodeQueries,
):
    """What may be asked."""


@strawberry.type(description="可以执行的操作 / what may be done")
class Mutation(
    ProfileMutations,
    SignInMutations,
    ConsentMutations,
    DelegationMutations,
    AccountMutations,
    GrantMutations,
    ClientMutations,
    UnitMutations,
    DepartmentMutations,
    NetworkMutations,
    NetworkMemberMutations,
    AssignmentMutations,
    TargetMutations,
    UnitNameMutations,
    UnitCodeMutations,
    ReorganisationMutations,
    AttachmentMutations,
    DesignationMutations,
    ResponsibilityMutations,
    CommitteeMutations,
    CommitteeMemberMutations,
    GuidanceVisitMutations,
    ProviderMutations,
    StatisticMutations,
    TeacherMutations,
    TransferMutations,
    GoalMutations,
    PairMutations,
    CareerMutations,
    FactMutations,
    GrowthMutations,
    PersonalDataMutations,
    OptionalDataMutations,
    CorrectionMutations,
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
        default_resolver=operator.getitem,
        disable_field_suggestions=True,
        relay_max_results=100,
        scalar_map=SCALARS,
    ),
)
finish_inputs(schema)
record_operations(schema)
