"""What may be asked about people and done with it."""

import strawberry

from app.graphql.people.careers import (
    CareerMutations,
    CareerQueries,
    FactMutations,
    FactQueries,
)
from app.graphql.people.cohort_members import CohortMemberMutations, CohortMemberQueries
from app.graphql.people.cohort_trainees import CohortTraineeMutations, CohortTraineeQueries
from app.graphql.people.cohorts import CohortMutations, CohortQueries
from app.graphql.people.corrections import CorrectionMutations, CorrectionQueries
from app.graphql.people.duplicates import DuplicateMutations, DuplicateQueries
from app.graphql.people.goals import GoalMutations, GoalQueries
from app.graphql.people.growth import GrowthMutations, GrowthQueries
from app.graphql.people.optional_data import OptionalDataMutations, OptionalDataQueries
from app.graphql.people.pairs import PairMutations, PairQueries
from app.graphql.people.personal_data import PersonalDataMutations, PersonalDataQueries
from app.graphql.people.principals import PrincipalQueries
from app.graphql.people.programmes import ProgrammeMutations, ProgrammeQueries
from app.graphql.people.provisions import ProvisionQueries
from app.graphql.people.retention import RetentionQueries
from app.graphql.people.search import SearchQueries
from app.graphql.people.serving_teachers import ServingTeacherQueries
from app.graphql.people.strata import StratumQueries
from app.graphql.people.teachers import TeacherMutations, TeacherQueries
from app.graphql.people.trainees import TraineeMutations, TraineeQueries
from app.graphql.people.transfers import TransferMutations, TransferQueries


@strawberry.type
class PeopleQueries(
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
    DuplicateQueries,
    ProgrammeQueries,
    CohortQueries,
    CohortMemberQueries,
    TraineeQueries,
    CohortTraineeQueries,
):
    """What may be asked about people."""


@strawberry.type
class PeopleMutations(
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
    DuplicateMutations,
    ProgrammeMutations,
    CohortMutations,
    CohortMemberMutations,
    TraineeMutations,
    CohortTraineeMutations,
):
    """What may be done about people."""
