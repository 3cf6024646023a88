"""Leave (请假): a teacher asks to be excused from a session, and the organiser decides.

The organiser decides and not the teacher's school, for the register of the session is the organiser's
to answer for, and what the session demands only the organiser knows: whoever keeps the register
(`attendance:write` at the activity) decides who is excused in it. The school sees it with the
teacher's records. In reading order: `leave`, `deciding`.
"""

from app.domain.training.leaves.deciding import (
    LATEST_DAYS,
    LeaveAttended,
    LeaveDecided,
    LeaveOfOneself,
    LeaveStanding,
    LeaveTooLate,
    approve_leave,
    decline_leave,
    request_leave,
    withdraw_leave,
)
from app.domain.training.leaves.leave import (
    LEAVES,
    PARTICIPANT_LEAVES,
    Leave,
    LeaveNotFound,
    LeaveOpinion,
    LeaveState,
    LeaveView,
    NewLeave,
    ParticipantLeaveView,
    get_leave,
    list_leaves,
    list_teacher_leaves,
)

__all__ = [
    "LATEST_DAYS",
    "LEAVES",
    "PARTICIPANT_LEAVES",
    "Leave",
    "LeaveAttended",
    "LeaveDecided",
    "LeaveNotFound",
    "LeaveOfOneself",
    "LeaveOpinion",
    "LeaveStanding",
    "LeaveState",
    "LeaveTooLate",
    "LeaveView",
    "NewLeave",
    "ParticipantLeaveView",
    "approve_leave",
    "decline_leave",
    "get_leave",
    "list_leaves",
    "list_teacher_leaves",
    "request_leave",
    "withdraw_leave",
]
