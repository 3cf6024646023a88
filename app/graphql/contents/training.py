"""What may be asked about training and done with it."""

import strawberry

from app.graphql.training.activities import ActivityMutations, ActivityQueries
from app.graphql.training.attendance import AttendanceMutations, AttendanceQueries
from app.graphql.training.calendar_links import CalendarLinkMutations, CalendarLinkQueries
from app.graphql.training.enrolments import EnrolmentMutations, EnrolmentQueries
from app.graphql.training.group_defaults import GroupDefaultMutations, GroupDefaultQueries
from app.graphql.training.groups import GroupMutations, GroupQueries
from app.graphql.training.members import MemberMutations, MemberQueries
from app.graphql.training.notes import NoteMutations, NoteQueries


@strawberry.type
class TrainingQueries(
    GroupQueries,
    MemberQueries,
    GroupDefaultQueries,
    ActivityQueries,
    EnrolmentQueries,
    AttendanceQueries,
    NoteQueries,
    CalendarLinkQueries,
):
    """What may be asked about training."""


@strawberry.type
class TrainingMutations(
    GroupMutations,
    MemberMutations,
    GroupDefaultMutations,
    ActivityMutations,
    EnrolmentMutations,
    AttendanceMutations,
    NoteMutations,
    CalendarLinkMutations,
):
    """What may be done about training."""
