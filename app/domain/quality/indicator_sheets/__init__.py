"""Indicator sheets (指标表): by what schools and counties are evaluated, as published and cited data.

「加强过程评价和绩效评估」 (岳市教发〔2013〕18号 第二十六条). A bureau publishes version by version, and none is
ever changed, so that a result means what it meant. Most values need no form: they are computed. `shipped`
holds two that cite that document, and `offering` publishes one of them for a bureau.
"""

from app.domain.quality.indicator_sheets.indicator import (
    Indicator,
    IndicatorKind,
    IndicatorSource,
    NewIndicator,
    NewScoring,
    NewScoringStep,
    Scoring,
    ScoringKind,
    ScoringStep,
    points_of,
)
from app.domain.quality.indicator_sheets.offering import (
    ShippedIndicatorSheetView,
    ShippedSheetChoice,
    list_shipped_indicator_sheets,
    publish_shipped_indicator_sheet,
)
from app.domain.quality.indicator_sheets.publishing import (
    IndicatorRepeated,
    IndicatorSheetNeedsBureau,
    IndicatorSheetPublishedAlready,
    IndicatorSheetPublishedMeanwhile,
    IndicatorWeightsOff,
    NewIndicatorSheet,
    ShippedIndicatorSheetNotFound,
    check_lines,
    get_indicator_sheet_schema,
    publish_indicator_sheet,
)
from app.domain.quality.indicator_sheets.sheet import (
    INDICATOR_SHEETS,
    POINTS,
    EvaluatedKind,
    IndicatorSheet,
    IndicatorSheetNotFound,
    IndicatorSheetView,
    get_indicator_sheet,
    indicator_sheets_by_id,
    list_indicator_sheets,
)

__all__ = [
    "INDICATOR_SHEETS",
    "POINTS",
    "EvaluatedKind",
    "Indicator",
    "IndicatorKind",
    "IndicatorRepeated",
    "IndicatorSheet",
    "IndicatorSheetNeedsBureau",
    "IndicatorSheetNotFound",
    "IndicatorSheetPublishedAlready",
    "IndicatorSheetPublishedMeanwhile",
    "IndicatorSheetView",
    "IndicatorSource",
    "IndicatorWeightsOff",
    "NewIndicator",
    "NewIndicatorSheet",
    "NewScoring",
    "NewScoringStep",
    "Scoring",
    "ScoringKind",
    "ScoringStep",
    "ShippedIndicatorSheetNotFound",
    "ShippedIndicatorSheetView",
    "ShippedSheetChoice",
    "check_lines",
    "get_indicator_sheet",
    "get_indicator_sheet_schema",
    "indicator_sheets_by_id",
    "list_indicator_sheets",
    "list_shipped_indicator_sheets",
    "points_of",
    "publish_indicator_sheet",
    "publish_shipped_indicator_sheet",
]
