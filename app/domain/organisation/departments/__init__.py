"""Departments (部门) of bureaux and schools: who within a unit organises, guides, reviews, evaluates.

What a department may do is its duties: an account of the role `department_officer` over it does what
they permit (`roles.BY_DUTY`). A bureau's department may read in its bureau's whole place, a school's
never reaches beyond what it owns itself.

In reading order: `kinds`, `department` (fields, table, door, reads), `administration` (writes).
"""

from app.domain.organisation.departments.administration import (
    DepartmentChanges,
    DepartmentClosed,
    DepartmentExists,
    DepartmentKindUnfit,
    NewDepartment,
    close_department,
    create_department,
    open_department,
    update_department,
)
from app.domain.organisation.departments.department import (
    DEPARTMENTS,
    Department,
    DepartmentNotFound,
    DepartmentView,
    departments_by_id,
    departments_of,
    get_department,
    list_departments,
)
from app.domain.organisation.departments.kinds import DepartmentKind

__all__ = [
    "DEPARTMENTS",
    "Department",
    "DepartmentChanges",
    "DepartmentClosed",
    "DepartmentExists",
    "DepartmentKind",
    "DepartmentKindUnfit",
    "DepartmentNotFound",
    "DepartmentView",
    "NewDepartment",
    "close_department",
    "create_department",
    "departments_by_id",
    "departments_of",
    "get_department",
    "list_departments",
    "open_department",
    "update_department",
]
