"""The lists of the wing people that can be exported."""

from app.domain.exchange.exports.listed.listing import Listed
from app.domain.people import (
    cohort_members,
    cohort_trainees,
    cohorts,
    corrections,
    duplicates,
    goals,
    growth,
    optional_data,
    pairs,
    personal_data,
    principals,
    programmes,
    provisions,
    retention,
    serving_teachers,
    strata,
    teachers,
    trainees,
    transfers,
)
from app.domain.people.cohort_members import CohortMemberView
from app.domain.people.cohort_trainees import CohortTraineeView, TraineeCountView
from app.domain.people.cohorts import CohortQuotaView, CohortView
from app.domain.people.corrections import CorrectionView
from app.domain.people.duplicates import DuplicateView
from app.domain.people.goals import GoalView
from app.domain.people.growth import DueGrowthView, GrowthTargetView, GrowthView
from app.domain.people.optional_data import DataConsentView
from app.domain.people.pairs import PairView
from app.domain.people.personal_data import LookView
from app.domain.people.principals import PrincipalView
from app.domain.people.programmes import ProgrammeView
from app.domain.people.provisions import ProvisionView
from app.domain.people.retention import RetentionPeriod
from app.domain.people.serving_teachers import ServingTeacherView
from app.domain.people.strata import StratumView
from app.domain.people.teachers import TeacherView
from app.domain.people.trainees import TraineeView
from app.domain.people.transfers import TransferView

LISTS = (
    Listed(cohort_members.list_cohort_members, CohortMemberView),
    Listed(cohort_members.list_nominations, CohortMemberView),
    Listed(cohort_trainees.list_cohort_trainees, CohortTraineeView),
    Listed(cohort_trainees.list_trainee_counts, TraineeCountView),
    Listed(cohorts.list_cohort_quotas, CohortQuotaView),
    Listed(cohorts.list_cohorts, CohortView),
    Listed(corrections.list_corrections, CorrectionView),
    Listed(duplicates.list_duplicates, DuplicateView),
    Listed(goals.list_goals, GoalView),
    Listed(growth.list_due_growth, DueGrowthView),
    Listed(growth.list_growth, GrowthView),
    Listed(growth.list_growth_targets, GrowthTargetView),
    Listed(optional_data.list_data_consents, DataConsentView),
    Listed(pairs.list_pairs, PairView),
    Listed(personal_data.list_looks, LookView),
    Listed(principals.list_principals, PrincipalView),
    Listed(programmes.list_programmes, ProgrammeView),
    Listed(provisions.list_provisions, ProvisionView),
    Listed(retention.list_retention_periods, RetentionPeriod),
    Listed(serving_teachers.list_serving_teachers, ServingTeacherView),
    Listed(strata.list_strata, StratumView),
    Listed(strata.list_teacher_strata, StratumView),
    Listed(teachers.list_teachers, TeacherView),
    Listed(trainees.list_trainees, TraineeView),
    Listed(transfers.list_transfers, TransferView),
)
