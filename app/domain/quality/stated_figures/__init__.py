"""Stated figures (文中数据): what a document states, checked against the register and against itself.

    open ──explain──▶ explained ──conclude──▶ closed
      └──── check again: agrees ────▶ agreed

A report, a provincial file or a form says that there are 21 schools; the register, or the report itself two
clauses later, says otherwise. What was said is kept in its own words with a cleaned copy beside it, what was
read of it is kept as numbers, dates and names, and each answer with the rows behind it is kept as it was
given. Nothing is corrected: the unit explains, and the bureau over it concludes. Where the words themselves
are damaged or undefined the answer says so; what only people can judge is left to them.

Read `vocabulary`, then `comparing` (what is compared how; pure), `registered` (what the register says),
`checking`, `stating`, `concluding`. `shipped` holds what the source documents of this project state.
"""

from app.domain.quality.stated_figures.checking import StatedFigureClosed, check_stated_figure
from app.domain.quality.stated_figures.concluding import (
    FigureConcludedByAuthor,
    FigureConclusion,
    FigureExplainedElsewhere,
    FigureExplanation,
    FigureWithoutStanding,
    StatedFigureWrongState,
    conclude_stated_figure,
    explain_stated_figure,
)
from app.domain.quality.stated_figures.figure import (
    FIGURE_CHECKS,
    STATED_FIGURES,
    FigureCheckNotFound,
    FigureCheckRowView,
    FigureCheckView,
    FigureReasonView,
    StatedFigureNotFound,
    StatedFigureView,
    get_figure_check,
    get_stated_figure,
    list_figure_check_rows,
    list_figure_checks,
    list_stated_figures,
    stated_figures_by_id,
)
from app.domain.quality.stated_figures.shipped import FigureExampleView, list_figure_examples
from app.domain.quality.stated_figures.stating import (
    FigureDuePast,
    FigurePeriodUnfit,
    NewStatedFigure,
    state_figure,
)
from app.domain.quality.stated_figures.table import (
    FigureCheck,
    FigureCheckRow,
    FigureOutcome,
    FigureState,
    StatedFigure,
)
from app.domain.quality.stated_figures.vocabulary import (
    FigureBound,
    FigureComparison,
    FigureCount,
    FigureLine,
    FigureReason,
    FigureSource,
    FigureUnit,
    FigureVerdict,
    NewStatedValue,
    StatedValue,
    ValueRole,
)

__all__ = [
    "FIGURE_CHECKS",
    "STATED_FIGURES",
    "FigureBound",
    "FigureCheck",
    "FigureCheckNotFound",
    "FigureCheckRow",
    "FigureCheckRowView",
    "FigureCheckView",
    "FigureComparison",
    "FigureConcludedByAuthor",
    "FigureConclusion",
    "FigureCount",
    "FigureDuePast",
    "FigureExampleView",
    "FigureExplainedElsewhere",
    "FigureExplanation",
    "FigureLine",
    "FigureOutcome",
    "FigurePeriodUnfit",
    "FigureReason",
    "FigureReasonView",
    "FigureSource",
    "FigureState",
    "FigureUnit",
    "FigureVerdict",
    "FigureWithoutStanding",
    "NewStatedFigure",
    "NewStatedValue",
    "StatedFigure",
    "StatedFigureClosed",
    "StatedFigureNotFound",
    "StatedFigureView",
    "StatedFigureWrongState",
    "StatedValue",
    "ValueRole",
    "check_stated_figure",
    "conclude_stated_figure",
    "explain_stated_figure",
    "get_figure_check",
    "get_stated_figure",
    "list_figure_check_rows",
    "list_figure_checks",
    "list_figure_examples",
    "list_stated_figures",
    "state_figure",
    "stated_figures_by_id",
]
