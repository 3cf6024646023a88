"""Regulations of schools (制度): the five sets of 岳市教发〔2013〕18号 第24条, in versions.

`table` has what a regulation is, `regulation` who reads it and which sets are missing where, `opening` its
texts that are files, `writing` what is done with it. Three texts under one title are three versions of one
regulation, or three regulations that a mark tells apart: who enters them says which.
"""

from app.domain.quality.regulations.opening import create_regulation_file_link
from app.domain.quality.regulations.regulation import (
    REGULATIONS,
    MissingRegulationsView,
    RegulationCoverageView,
    RegulationNotFound,
    RegulationVersionView,
    RegulationView,
    get_regulation,
    list_missing_regulations,
    list_own_regulations,
    list_regulation_coverage,
    list_regulation_versions,
    list_regulations,
)
from app.domain.quality.regulations.table import (
    Regulation,
    RegulationFields,
    RegulationKind,
    RegulationVersion,
    RegulationVersionFields,
)
from app.domain.quality.regulations.writing import (
    NewRegulation,
    NewRegulationVersion,
    RegulationRepeal,
    RegulationRepealed,
    RegulationTitleTaken,
    RegulationVersionEarlier,
    add_regulation_version,
    create_regulation,
    repeal_regulation,
)

__all__ = [
    "REGULATIONS",
    "MissingRegulationsView",
    "NewRegulation",
    "NewRegulationVersion",
    "Regulation",
    "RegulationCoverageView",
    "RegulationFields",
    "RegulationKind",
    "RegulationNotFound",
    "RegulationRepeal",
    "RegulationRepealed",
    "RegulationTitleTaken",
    "RegulationVersion",
    "RegulationVersionEarlier",
    "RegulationVersionFields",
    "RegulationVersionView",
    "RegulationView",
    "add_regulation_version",
    "create_regulation",
    "create_regulation_file_link",
    "get_regulation",
    "list_missing_regulations",
    "list_own_regulations",
    "list_regulation_coverage",
    "list_regulation_versions",
    "list_regulations",
    "repeal_regulation",
]
