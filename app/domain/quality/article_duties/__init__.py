"""Duties that articles lay on units (条款职责), and which unit has done them (落实情况).

`table` has what a duty is, `duty` who reads it and how it is laid down, `checks` the closed family of
ways in which the register shows that it was done, `counting` the statements that count
it, `fulfilment` the figures of each unit.
"""

from app.domain.quality.article_duties.duty import (
    DUTIES,
    MOST_DUTIES,
    ArticleDutiesFull,
    ArticleDutyView,
    DutyBearerAbove,
    DutyNotFound,
    DutyNotShown,
    NewArticleDuty,
    create_article_duty,
    list_article_duties,
    remove_article_duty,
)
from app.domain.quality.article_duties.fulfilment import (
    ArticleCoverageView,
    CoverageYearUnfit,
    DutyFulfilmentView,
    DutyNotOfUnit,
    FulfilmentRowView,
    list_article_coverage,
    list_duty_fulfilments,
    list_fulfilment_rows,
    list_unit_fulfilments,
)
from app.domain.quality.article_duties.table import (
    ArticleDuty,
    DutyCheck,
    DutyFields,
    DutyRhythm,
)

__all__ = [
    "DUTIES",
    "MOST_DUTIES",
    "ArticleCoverageView",
    "ArticleDutiesFull",
    "ArticleDuty",
    "ArticleDutyView",
    "CoverageYearUnfit",
    "DutyBearerAbove",
    "DutyCheck",
    "DutyFields",
    "DutyFulfilmentView",
    "DutyNotFound",
    "DutyNotOfUnit",
    "DutyNotShown",
    "DutyRhythm",
    "FulfilmentRowView",
    "NewArticleDuty",
    "create_article_duty",
    "list_article_coverage",
    "list_article_duties",
    "list_duty_fulfilments",
    "list_fulfilment_rows",
    "list_unit_fulfilments",
    "remove_article_duty",
]
