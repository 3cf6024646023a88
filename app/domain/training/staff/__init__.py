"""Staff (活动承担者): who carries an activity or one of its sessions: speaker, host, demonstrator.

It is a teacher, or somebody from outside by name. Whoever sees the activity sees a name and a unit,
no more; a teacher's own record tells of what the teacher carried.

In reading order: `carrier` (table, the two doors, reads), `naming`.
"""

from app.domain.training.staff.carrier import (
    CARRIED,
    STAFF,
    ActivityStaff,
    StaffNotFound,
    StaffView,
    TeacherStaffView,
    list_staff,
    list_teacher_staff,
    staff_of,
    staff_of_sessions,
)
from app.domain.training.staff.naming import (
    MOST_STAFF,
    NewStaff,
    RoleOutsideForm,
    StaffFull,
    StaffNamed,
    add_staff,
    remove_staff,
)

__all__ = [
    "CARRIED",
    "MOST_STAFF",
    "STAFF",
    "ActivityStaff",
    "NewStaff",
    "RoleOutsideForm",
    "StaffFull",
    "StaffNamed",
    "StaffNotFound",
    "StaffView",
    "TeacherStaffView",
    "add_staff",
    "list_staff",
    "list_teacher_staff",
    "remove_staff",
    "staff_of",
    "staff_of_sessions",
]
