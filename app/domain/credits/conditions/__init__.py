"""Conditions (培训条件): whether what counts of a person's training meets what a purpose asks.

Registration, appraisal, appointment, title review and the selection of backbone teachers have training
as one condition of several (岳市教发〔2013〕18号, article 25: 必备条件之一). Which requirements a purpose
asks, and over which time of the person, is in the pack. `frames` finds that time, `judging` asks the
rules, `changing` asks them again with one thing otherwise, `telling` puts it into the words of
`views`; `reading` has one person's conditions, `prechecks` the lists of a unit.
"""

from app.domain.credits.conditions.prechecks import list_prechecks
from app.domain.credits.conditions.reading import (
    PurposeNotAsked,
    get_condition,
    list_conditions,
)
from app.domain.credits.conditions.views import (
    ConditionExplanationView,
    ConditionView,
    ContributionView,
    Outcome,
    PrecheckView,
    RemedyView,
    UnmetView,
)

__all__ = [
    "ConditionExplanationView",
    "ConditionView",
    "ContributionView",
    "Outcome",
    "PrecheckView",
    "PurposeNotAsked",
    "RemedyView",
    "UnmetView",
    "get_condition",
    "list_conditions",
    "list_prechecks",
]
