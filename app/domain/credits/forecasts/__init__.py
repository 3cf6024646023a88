"""Forecasts (学分预测): what will be met by the cycle's end, and what would close the gap most cheaply.

The present course is what is earned already and what the teacher is enrolled in. `planning` is pure and
asks the rules alone; `ahead` reads what lies ahead, `reading` puts both together.
"""

from app.domain.credits.forecasts.planning import Method
from app.domain.credits.forecasts.reading import get_forecast
from app.domain.credits.forecasts.views import (
    AheadView,
    ClosingPlanView,
    ForecastView,
    RequirementForecastView,
)

__all__ = [
    "AheadView",
    "ClosingPlanView",
    "ForecastView",
    "Method",
    "RequirementForecastView",
    "get_forecast",
]
