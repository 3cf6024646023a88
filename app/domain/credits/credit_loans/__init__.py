"""Credit loans (学分预借): the credit bank advances credit before it is earned, where a pack lends.

What is lent counts from that day on (an entry `lend`), and what is repaid counts no more (`repay`): a later
window makes good what an earlier one lacked. A loan comes back by itself when it falls due, or before.
"""

from app.domain.credits.credit_loans.lending import (
    LendingTooMuch,
    LendingTooShort,
    LoanRepaid,
    NothingLent,
    collect_due_loans,
    lend_credit,
    repay_credit_loan,
)
from app.domain.credits.credit_loans.loan import (
    CREDIT_LOANS,
    CreditLoan,
    CreditLoanNotFound,
    CreditLoanView,
    NewCreditLoan,
    get_credit_loan,
    list_credit_loans,
)

__all__ = [
    "CREDIT_LOANS",
    "CreditLoan",
    "CreditLoanNotFound",
    "CreditLoanView",
    "LendingTooMuch",
    "LendingTooShort",
    "LoanRepaid",
    "NewCreditLoan",
    "NothingLent",
    "collect_due_loans",
    "get_credit_loan",
    "lend_credit",
    "list_credit_loans",
    "repay_credit_loan",
]
