"""Statements (学分银行账户对账单): a teacher's account in one cycle, line by line.

岳市教发〔2013〕18号 speaks of recognised credits, the twelfth five-year plan of a credit bank (学分银行):
each teacher's ledger is the account, and a statement is its extract. `views` is what it shows,
`account` the pure way from the ledger to its lines, `reading` the read, `sheet` the same as XLSX, `printed`
as PDF/A.
"""

from app.domain.credits.statements.reading import (
    get_statement,
    get_statement_document,
    get_statement_sheet,
)
from app.domain.credits.statements.views import BalanceView, LineState, LineView, StatementView

__all__ = [
    "BalanceView",
    "LineState",
    "LineView",
    "StatementView",
    "get_statement",
    "get_statement_document",
    "get_statement_sheet",
]
