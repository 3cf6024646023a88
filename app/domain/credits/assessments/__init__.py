"""Assessments (研修考核): what teachers reached of what their school asks, and how it judged them.

Every year and every semester. Read `reached` (what is counted), then `assessment` (what is in the file).
"""

from app.domain.credits.assessments.assessment import (
    ASSESSMENTS,
    Assessment,
    AssessmentNotFound,
    AssessmentOfOneself,
    AssessmentOverlaps,
    AssessmentTooEarly,
    AssessmentView,
    Judgement,
    NewAssessment,
    assessments_of,
    list_assessment_figures,
    list_assessments,
    record_assessment,
)
from app.domain.credits.assessments.reached import (
    AssessmentDaysDisagree,
    ReachedView,
    check_term,
    days_of_term,
    list_school_reached,
    list_teacher_reached,
)

__all__ = [
    "ASSESSMENTS",
    "Assessment",
    "AssessmentDaysDisagree",
    "AssessmentNotFound",
    "AssessmentOfOneself",
    "AssessmentOverlaps",
    "AssessmentTooEarly",
    "AssessmentView",
    "Judgement",
    "NewAssessment",
    "ReachedView",
    "assessments_of",
    "check_term",
    "days_of_term",
    "list_assessment_figures",
    "list_assessments",
    "list_school_reached",
    "list_teacher_reached",
    "record_assessment",
]
