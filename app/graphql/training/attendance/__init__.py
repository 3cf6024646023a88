"""Attendance over GraphQL: codes, checking in and out, the register, corrections."""

from app.graphql.training.attendance.mutations import AttendanceMutations
from app.graphql.training.attendance.queries import AttendanceQueries
from app.graphql.training.attendance.types import AttendanceNode

__all__ = ["AttendanceMutations", "AttendanceNode", "AttendanceQueries"]
