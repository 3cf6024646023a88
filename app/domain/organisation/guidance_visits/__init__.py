"""Guidance (指导): what a bureau, an expert or somebody assigned found in a unit, and what the unit answered.

The city guides, inspects, exchanges with and evaluates its counties (岳市教发〔2013〕18号 第二十八条:
指导、检查、交流和评估), a county its schools, somebody assigned exactly the schools of the assignment,
against the targets agreed for it. Nobody guides or evaluates themselves, and no county another.
"""

from app.domain.organisation.guidance_visits.recording import (
    GuidanceAnsweredElsewhere,
    GuidanceClosed,
    GuidanceWithoutStanding,
    answer_guidance_visit,
    close_guidance_visit,
    record_guidance_visit,
)
from app.domain.organisation.guidance_visits.visit import (
    GUIDANCE_VISITS,
    RIGHTS,
    GuidanceAnswer,
    GuidanceConclusion,
    GuidanceKind,
    GuidanceVisit,
    GuidanceVisitNotFound,
    GuidanceVisitView,
    NewGuidanceVisit,
    get_guidance_visit,
    guidance_visits_of,
    list_guidance_visits,
)

__all__ = [
    "GUIDANCE_VISITS",
    "RIGHTS",
    "GuidanceAnswer",
    "GuidanceAnsweredElsewhere",
    "GuidanceClosed",
    "GuidanceConclusion",
    "GuidanceKind",
    "GuidanceVisit",
    "GuidanceVisitNotFound",
    "GuidanceVisitView",
    "GuidanceWithoutStanding",
    "NewGuidanceVisit",
    "answer_guidance_visit",
    "close_guidance_visit",
    "get_guidance_visit",
    "guidance_visits_of",
    "list_guidance_visits",
    "record_guidance_visit",
]
