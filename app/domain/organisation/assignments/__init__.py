"""Assignments (包片、包校): which schools somebody of a bureau is answerable for, for a term.

An assignment names schools, or a network and with it the schools that belong to it. Its holder has the
role `school_adviser` over it: reads at exactly these schools, and reviews what was agreed with them
(`targets`). To be answerable for other schools is another assignment.

In reading order: `assignment` (tables, door, reads), `administration` (writes).
"""

from app.domain.organisation.assignments.administration import (
    AssignmentEnded,
    AssignmentHolderAtSchool,
    AssignmentOutsideBureau,
    AssignmentTermEmpty,
    NewAssignment,
    check_not_ended,
    create_assignment,
    end_assignment,
)
from app.domain.organisation.assignments.assignment import (
    ASSIGNMENT_PLACES,
    ASSIGNMENTS,
    Assignment,
    AssignmentNotFound,
    AssignmentSchool,
    AssignmentView,
    assignments_by_id,
    get_assignment,
    list_assignments,
)

__all__ = [
    "ASSIGNMENTS",
    "ASSIGNMENT_PLACES",
    "Assignment",
    "AssignmentEnded",
    "AssignmentHolderAtSchool",
    "AssignmentNotFound",
    "AssignmentOutsideBureau",
    "AssignmentSchool",
    "AssignmentTermEmpty",
    "AssignmentView",
    "NewAssignment",
    "assignments_by_id",
    "check_not_ended",
    "create_assignment",
    "end_assignment",
    "get_assignment",
    "list_assignments",
]
