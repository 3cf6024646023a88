"""The lists of the wing training that can be exported."""

from app.domain.exchange.exports.listed.listing import Listed
from app.domain.organisation.units import UnitView
from app.domain.training import (
    activities,
    activity_trainees,
    attendance,
    calendar_links,
    citations,
    clashes,
    content_kinds,
    content_shares,
    contest_results,
    destinations,
    diagnoses,
    doubts,
    enrolments,
    evaluations,
    evidence,
    evidence_checks,
    files,
    forms,
    group_defaults,
    group_inspections,
    groups,
    leaves,
    members,
    no_shows,
    notes,
    notices,
    observation_quotas,
    observation_sheets,
    occurrences,
    outside_training,
    partnerships,
    plan_deadlines,
    plan_items,
    plan_reviews,
    plans,
    problems,
    rubrics,
    school_calendars,
    series,
    session_plans,
    staff,
    steps,
    study_items,
    survey_links,
    surveys,
    timetables,
)
from app.domain.training.activities import ActivityView, SessionView
from app.domain.training.activities.joint import PartnershipView
from app.domain.training.activity_trainees import ActivityTraineeView, TraineeParticipationView
from app.domain.training.attendance import (
    AttendanceChangeView,
    AttendanceView,
    ParticipantChangeView,
    ParticipantView,
)
from app.domain.training.calendar_links import CalendarLinkView
from app.domain.training.citations import CitationView
from app.domain.training.clashes import FreeTime
from app.domain.training.content_kinds import ContentKindView
from app.domain.training.content_shares import ContentShareView
from app.domain.training.contest_results import ContestantView, ResultView
from app.domain.training.destinations import DestinationView
from app.domain.training.diagnoses import DiagnosisDue, DiagnosisView
from app.domain.training.doubts import DoubtView
from app.domain.training.enrolments import EnrolledView, EnrolmentView
from app.domain.training.evaluations import EvaluationView
from app.domain.training.evidence import EvidenceView, MissingEvidence
from app.domain.training.evidence_checks import CheckView
from app.domain.training.files import FileView
from app.domain.training.forms import FormView
from app.domain.training.group_defaults import GroupDefaultView
from app.domain.training.group_inspections import InspectionCountView, InspectionView
from app.domain.training.groups import GroupView
from app.domain.training.leaves import LeaveView, ParticipantLeaveView
from app.domain.training.members import MemberView
from app.domain.training.notes import (
    NoteResemblanceView,
    NoteVersionView,
    NoteView,
    SubmittedNoteView,
)
from app.domain.training.notices import NoticeView, UnitReceiptView
from app.domain.training.observation_quotas import ObservationsDueView, QuotaView
from app.domain.training.observation_sheets import OrganisedSheetView, SheetView
from app.domain.training.occurrences import OccurrenceView
from app.domain.training.outside_training import OutsideTrainingView
from app.domain.training.plan_deadlines import DeadlineView, OwedView
from app.domain.training.plan_items import PlanItemView
from app.domain.training.plan_reviews import PlanReviewView
from app.domain.training.plans import CoverageView, PlanVersionView, PlanView
from app.domain.training.problems import ProblemCount, ProblemView
from app.domain.training.rubrics import RubricView
from app.domain.training.school_calendars import CalendarDayView, HalfDayView, TermView
from app.domain.training.series import SeriesView
from app.domain.training.session_plans import SessionPlanView
from app.domain.training.staff import StaffView, TeacherStaffView
from app.domain.training.steps import StepView
from app.domain.training.study_items import StudyItemView
from app.domain.training.survey_links import SurveyLinkView
from app.domain.training.surveys import SurveyView
from app.domain.training.timetables import GivenLesson, LessonChangeView, LessonView, TimetableView

LISTS = (
    Listed(activities.list_activities, ActivityView),
    Listed(activities.list_offered_activities, ActivityView),
    Listed(activities.list_sessions, SessionView),
    Listed(activity_trainees.list_activity_trainees, ActivityTraineeView),
    Listed(activity_trainees.list_trainee_participation, TraineeParticipationView),
    Listed(attendance.list_attendance, ParticipantView),
    Listed(attendance.list_attendance_changes, ParticipantChangeView),
    Listed(attendance.list_teacher_attendance, AttendanceView),
    Listed(attendance.list_teacher_attendance_changes, AttendanceChangeView),
    Listed(calendar_links.list_calendar_links, CalendarLinkView),
    Listed(citations.list_citations, CitationView),
    Listed(clashes.list_free_times, FreeTime),
    Listed(clashes.list_group_free_times, FreeTime),
    Listed(content_kinds.list_content_kinds, ContentKindView),
    Listed(content_shares.list_content_shares, ContentShareView),
    Listed(contest_results.list_contest_results, ContestantView),
    Listed(contest_results.list_teacher_contest_results, ResultView),
    Listed(destinations.list_destinations, DestinationView),
    Listed(diagnoses.list_diagnoses, DiagnosisView),
    Listed(diagnoses.list_diagnosis_dues, DiagnosisDue),
    Listed(doubts.list_doubts, DoubtView),
    Listed(enrolments.list_enrolments, EnrolledView),
    Listed(enrolments.list_teacher_enrolments, EnrolmentView),
    Listed(enrolments.list_waiting, EnrolledView),
    Listed(evaluations.list_evaluations, EvaluationView),
    Listed(evidence.list_activity_evidence, EvidenceView),
    Listed(evidence.list_missing_evidence, MissingEvidence),
    Listed(evidence.list_teacher_evidence, EvidenceView),
    Listed(evidence_checks.list_evidence_checks, CheckView),
    Listed(evidence_checks.list_note_checks, CheckView),
    Listed(evidence_checks.list_observation_sheet_checks, CheckView),
    Listed(files.list_files, FileView),
    Listed(forms.list_forms, FormView),
    Listed(group_defaults.list_group_defaults, GroupDefaultView),
    Listed(group_defaults.list_schools_without_default_group, UnitView),
    Listed(group_inspections.list_group_inspection_counts, InspectionCountView),
    Listed(group_inspections.list_group_inspections, InspectionView),
    Listed(groups.list_groups, GroupView),
    Listed(leaves.list_leaves, ParticipantLeaveView),
    Listed(leaves.list_teacher_leaves, LeaveView),
    Listed(members.list_group_history, MemberView),
    Listed(members.list_members, MemberView),
    Listed(no_shows.list_no_shows, EnrolledView),
    Listed(notes.list_note_resemblances, NoteResemblanceView),
    Listed(notes.list_note_versions, NoteVersionView),
    Listed(notes.list_notes, SubmittedNoteView),
    Listed(notes.list_teacher_notes, NoteView),
    Listed(notices.list_notice_receipts, UnitReceiptView),
    Listed(notices.list_notices, NoticeView),
    Listed(notices.list_own_notices, NoticeView),
    Listed(observation_quotas.list_observation_quotas, QuotaView),
    Listed(observation_quotas.list_observations_due, ObservationsDueView),
    Listed(observation_quotas.list_own_observation_quotas, QuotaView),
    Listed(observation_sheets.list_observation_sheets, OrganisedSheetView),
    Listed(observation_sheets.list_own_observations, SheetView),
    Listed(observation_sheets.list_teacher_observation_sheets, SheetView),
    Listed(occurrences.list_occurrences, OccurrenceView),
    Listed(outside_training.list_outside_trainings, OutsideTrainingView),
    Listed(outside_training.list_teacher_outside_trainings, OutsideTrainingView),
    Listed(partnerships.list_partners, PartnershipView),
    Listed(partnerships.list_partnerships, PartnershipView),
    Listed(plan_deadlines.list_plan_deadlines, DeadlineView),
    Listed(plan_deadlines.list_plans_owed, OwedView),
    Listed(plan_deadlines.list_upcoming_plan_deadlines, DeadlineView),
    Listed(plan_items.list_plan_items, PlanItemView),
    Listed(plan_reviews.list_plan_reviews, PlanReviewView),
    Listed(plans.list_plan_coverage, CoverageView),
    Listed(plans.list_plan_versions, PlanVersionView),
    Listed(plans.list_plans, PlanView),
    Listed(plans.list_published_plans, PlanView),
    Listed(problems.list_problem_counts, ProblemCount),
    Listed(problems.list_problems, ProblemView),
    Listed(rubrics.list_rubrics, RubricView),
    Listed(school_calendars.list_calendar_days, CalendarDayView),
    Listed(school_calendars.list_half_days, HalfDayView),
    Listed(school_calendars.list_terms, TermView),
    Listed(series.list_organised_series, SeriesView),
    Listed(session_plans.list_session_plans, SessionPlanView),
    Listed(staff.list_staff, StaffView),
    Listed(staff.list_teacher_staff, TeacherStaffView),
    Listed(steps.list_steps, StepView),
    Listed(study_items.list_study_items, StudyItemView),
    Listed(survey_links.list_survey_links, SurveyLinkView),
    Listed(surveys.list_offered_surveys, SurveyView),
    Listed(surveys.list_surveys, SurveyView),
    Listed(timetables.list_lesson_changes, LessonChangeView),
    Listed(timetables.list_lessons, LessonView),
    Listed(timetables.list_teacher_lessons, GivenLesson),
    Listed(timetables.list_timetables, TimetableView),
)
