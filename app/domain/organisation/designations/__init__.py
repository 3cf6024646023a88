"""Designations (命名与挂牌): titles that a school was given for a time, by whom and on which level.

A county's report names four municipal and eight county experimental schools of one programme, and
a municipal demonstration base; each is a dated fact with its issuer and its document.
"""

from app.domain.organisation.designations.awarding import (
    DesignationEndedByIssuer,
    DesignationOfCall,
    award_designation,
    end_designation,
    end_given_designation,
    extend_designation,
    give_designation,
    restore_designation,
)
from app.domain.organisation.designations.designation import (
    DESIGNATIONS,
    Designation,
    DesignationCountView,
    DesignationEnd,
    DesignationExists,
    DesignationKind,
    DesignationLevel,
    DesignationNotFound,
    DesignationView,
    NewDesignation,
    designations_of,
    list_designation_counts,
    list_designations,
)

__all__ = [
    "DESIGNATIONS",
    "Designation",
    "DesignationCountView",
    "DesignationEnd",
    "DesignationEndedByIssuer",
    "DesignationExists",
    "DesignationKind",
    "DesignationLevel",
    "DesignationNotFound",
    "DesignationOfCall",
    "DesignationView",
    "NewDesignation",
    "award_designation",
    "designations_of",
    "end_designation",
    "end_given_designation",
    "extend_designation",
    "give_designation",
    "list_designation_counts",
    "list_designations",
    "restore_designation",
]
