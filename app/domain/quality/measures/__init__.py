"""Measures (计量项): what is computed of units from the register, so that nobody is asked for it again.

Read `measure` (what there is), `meanings` (what each says), `happened`, `of_schools` and `counting` (one
statement each over many units), `figure_row`, `behind` and `measured_rows` (what was counted, row by row),
`ranking` (each once, at the highest level), `periods` (over what is counted) and `reading` (what may be asked).
"""

from app.domain.quality.measures.figure_row import FigureRowView
from app.domain.quality.measures.meanings import (
    MEANINGS,
    Meaning,
    rows_behind,
    tell_of_period,
)
from app.domain.quality.measures.measure import (
    IndicatorMeasure,
    IndicatorMeasureView,
    MeasuredView,
    MeasureUnit,
)
from app.domain.quality.measures.reading import (
    OPEN_SCHOOLS,
    MeasuredPeriodUnfit,
    list_indicator_measures,
    list_measure_rows,
    list_measured_schools,
    list_unit_measures,
    measure_units,
)

__all__ = [
    "MEANINGS",
    "OPEN_SCHOOLS",
    "FigureRowView",
    "IndicatorMeasure",
    "IndicatorMeasureView",
    "Meaning",
    "MeasureUnit",
    "MeasuredPeriodUnfit",
    "MeasuredView",
    "list_indicator_measures",
    "list_measure_rows",
    "list_measured_schools",
    "list_unit_measures",
    "measure_units",
    "rows_behind",
    "tell_of_period",
]
