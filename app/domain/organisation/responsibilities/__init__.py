"""Responsibilities (职责分工): who answers for teacher training in a school.

One department and one person in charge are required of each school (岳市教发〔2013〕18号 第三十一条:
落实具体负责部门和责任人，建立教师培训专人负责制度). The principal is the first person responsible
(第一责任人); what the vice principals, the academic office (教导处) and the general office do is told in words.
"""

from app.domain.organisation.responsibilities.naming import (
    RESPONSIBILITIES,
    end_responsibility,
    list_responsibilities,
    list_schools_without_responsible,
    name_responsible,
    responsibilities_of,
)
from app.domain.organisation.responsibilities.responsibility import (
    NewResponsibility,
    Responsibility,
    ResponsibilityEnd,
    ResponsibilityNotFound,
    ResponsibilityTaken,
    ResponsibilityView,
    ResponsibleElsewhere,
    SchoolDuty,
)

__all__ = [
    "RESPONSIBILITIES",
    "NewResponsibility",
    "Responsibility",
    "ResponsibilityEnd",
    "ResponsibilityNotFound",
    "ResponsibilityTaken",
    "ResponsibilityView",
    "ResponsibleElsewhere",
    "SchoolDuty",
    "end_responsibility",
    "list_responsibilities",
    "list_schools_without_responsible",
    "name_responsible",
    "responsibilities_of",
]
