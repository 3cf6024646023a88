"""Schools compared by a measure (校际比较): how unequal they are, and designated schools beside the others.

`inequality` is the arithmetic, `comparison` what may be asked. What is compared are the measures that
evaluations use; nothing is counted anew here, and every percentage has its numerator, its denominator and the
day as of which it was computed.
"""

from app.domain.quality.school_comparisons.comparison import (
    DesignationComparisonView,
    InequalityOfShare,
    SchoolGroup,
    SchoolInequalityView,
    beside,
    get_school_inequality,
    list_designation_comparison,
    measure_schools,
    schools_compared,
    spread,
)
from app.domain.quality.school_comparisons.inequality import Inequality, inequality_of

__all__ = [
    "DesignationComparisonView",
    "Inequality",
    "InequalityOfShare",
    "SchoolGroup",
    "SchoolInequalityView",
    "beside",
    "get_school_inequality",
    "inequality_of",
    "list_designation_comparison",
    "measure_schools",
    "schools_compared",
    "spread",
]
