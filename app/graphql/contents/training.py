"""What may be asked about training and done with it."""

import strawberry

from app.graphql.training.activities import ActivityMutations, ActivityQueries
from app.graphql.training.activity_trainees import (
    ActivityTraineeMutations,
    ActivityTraineeQueries,
)
from app.graphql.training.attendance import AttendanceMutations, AttendanceQueries
from app.graphql.training.calendar_links import CalendarLinkMutations, CalendarLinkQueries
from app.graphql.training.citations import CitationMutations, CitationQueries
from app.graphql.training.clashes import ClashQueries
from app.graphql.training.content_kinds import ContentKindQueries
from app.graphql.training.content_shares import ContentShareQueries
from app.graphql.training.contest_results import ContestResultMutations, ContestResultQueries
from app.graphql.training.destinations import DestinationMutations, DestinationQueries
from app.graphql.training.diagnoses import DiagnosisMutations, DiagnosisQueries
from app.graphql.training.doubts import DoubtMutations, DoubtQueries
from app.graphql.training.enrolments import EnrolmentMutations, EnrolmentQueries
from app.graphql.training.evaluations import EvaluationMutations, EvaluationQueries
from app.graphql.training.evidence import EvidenceMutations, EvidenceQueries
from app.graphql.training.evidence_checks import EvidenceCheckMutations, EvidenceCheckQueries
from app.graphql.training.files import FileMutations, FileQueries
from app.graphql.training.forms import FormMutations, FormQueries
from app.graphql.training.group_defaults import GroupDefaultMutations, GroupDefaultQueries
from app.graphql.training.group_inspections import (
    GroupInspectionMutations,
    GroupInspectionQueries,
)
from app.graphql.training.groups import GroupMutations, GroupQueries
from app.graphql.training.leaves import LeaveMutations, LeaveQueries
from app.graphql.training.members import MemberMutations, MemberQueries
from app.graphql.training.notes import NoteMutations, NoteQueries
from app.graphql.training.notices import NoticeMutations, NoticeQueries
from app.graphql.training.observation_quotas import (
    ObservationQuotaMutations,
    ObservationQuotaQueries,
)
from app.graphql.training.observation_sheets import (
    ObservationSheetMutations,
    ObservationSheetQueries,
)
from app.graphql.training.occurrences import OccurrenceMutations, OccurrenceQueries
from app.graphql.training.outside_training import (
    OutsideTrainingMutations,
    OutsideTrainingQueries,
)
from app.graphql.training.partnerships import PartnershipMutations, PartnershipQueries
from app.graphql.training.plan_deadlines import PlanDeadlineMutations, PlanDeadlineQueries
from app.graphql.training.plan_items import PlanItemMutations, PlanItemQueries
from app.graphql.training.plan_reviews import PlanReviewMutations, PlanReviewQueries
from app.graphql.training.plans import PlanMutations, PlanQueries
from app.graphql.training.problems import ProblemMutations, ProblemQueries
from app.graphql.training.repeating import RepeatingMutations
from app.graphql.training.rubrics import RubricMutations, RubricQueries
from app.graphql.training.school_calendars import (
    SchoolCalendarMutations,
    SchoolCalendarQueries,
)
from app.graphql.training.series import SeriesMutations, SeriesQueries
from app.graphql.training.session_plans import SessionPlanMutations, SessionPlanQueries
from app.graphql.training.staff import StaffMutations, StaffQueries
from app.graphql.training.steps import StepQueries
from app.graphql.training.study_items import StudyItemQueries
from app.graphql.training.survey_links import SurveyLinkMutations, SurveyLinkQueries
from app.graphql.training.surveys import SurveyMutations, SurveyQueries
from app.graphql.training.timetables import TimetableMutations, TimetableQueries


@strawberry.type
class TrainingQueries(
    GroupQueries,
    MemberQueries,
    GroupDefaultQueries,
    FormQueries,
    ContentKindQueries,
    ContentShareQueries,
    PlanQueries,
    PlanItemQueries,
    PlanReviewQueries,
    CitationQueries,
    PlanDeadlineQueries,
    StudyItemQueries,
    SchoolCalendarQueries,
    TimetableQueries,
    ClashQueries,
    SessionPlanQueries,
    ActivityQueries,
    SeriesQueries,
    OccurrenceQueries,
    StepQueries,
    StaffQueries,
    DestinationQueries,
    ContestResultQueries,
    EnrolmentQueries,
    AttendanceQueries,
    LeaveQueries,
    DoubtQueries,
    NoteQueries,
    CalendarLinkQueries,
    RubricQueries,
    ObservationSheetQueries,
    PartnershipQueries,
    ActivityTraineeQueries,
    OutsideTrainingQueries,
    FileQueries,
    EvidenceQueries,
    EvidenceCheckQueries,
    EvaluationQueries,
    SurveyQueries,
    SurveyLinkQueries,
    ProblemQueries,
    DiagnosisQueries,
    NoticeQueries,
    ObservationQuotaQueries,
    GroupInspectionQueries,
):
    """What may be asked about training."""


@strawberry.type
class TrainingMutations(
    GroupMutations,
    MemberMutations,
    GroupDefaultMutations,
    FormMutations,
    PlanMutations,
    PlanItemMutations,
    PlanReviewMutations,
    CitationMutations,
    PlanDeadlineMutations,
    SchoolCalendarMutations,
    TimetableMutations,
    SessionPlanMutations,
    ActivityMutations,
    SeriesMutations,
    RepeatingMutations,
    OccurrenceMutations,
    StaffMutations,
    DestinationMutations,
    ContestResultMutations,
    EnrolmentMutations,
    AttendanceMutations,
    LeaveMutations,
    DoubtMutations,
    NoteMutations,
    CalendarLinkMutations,
    RubricMutations,
    ObservationSheetMutations,
    PartnershipMutations,
    ActivityTraineeMutations,
    OutsideTrainingMutations,
    FileMutations,
    EvidenceMutations,
    EvidenceCheckMutations,
    EvaluationMutations,
    SurveyMutations,
    SurveyLinkMutations,
    ProblemMutations,
    DiagnosisMutations,
    NoticeMutations,
    ObservationQuotaMutations,
    GroupInspectionMutations,
):
    """What may be done about training."""
