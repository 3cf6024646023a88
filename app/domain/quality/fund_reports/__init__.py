"""Reports of the funds (经费报表): execution, the bureaus' guarantee, and efficiency."""

from app.domain.quality.fund_reports.efficiency import (
    FundEfficiencyView,
    SpentPerCredit,
    SpentPerPerson,
    SpentPerPersonTime,
    get_fund_efficiency,
)
from app.domain.quality.fund_reports.execution import (
    BudgetYearUnfit,
    FundExecutionView,
    list_fund_execution,
)
from app.domain.quality.fund_reports.guarantee import FundGuaranteeView, list_fund_guarantees

__all__ = [
    "BudgetYearUnfit",
    "FundEfficiencyView",
    "FundExecutionView",
    "FundGuaranteeView",
    "SpentPerCredit",
    "SpentPerPerson",
    "SpentPerPersonTime",
    "get_fund_efficiency",
    "list_fund_execution",
    "list_fund_guarantees",
]
