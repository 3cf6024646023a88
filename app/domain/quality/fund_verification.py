"""Verification of the funds (经费账核验): the journal is summed again and compared with all that rests on it.

The database refuses what would make any of this wrong; a finding says that somebody went past it.
"""

from typing import NamedTuple

from msgspec import Struct
from sqlalchemy import text

from app.domain.base import Finding
from app.sql import Connection, Row, Statement


class FundVerification(Struct):
    """How much was read, and the first thing found; nothing found means that the books are right."""

    lines: int = 0
    entries: int = 0
    finding: Finding | None = None


class _Check(NamedTuple):
    """What may be wrong with a table's rows: the first that is, by its key, as a query."""

    table: str
    zh: str
    en: str
    query: str


_MOVED = """
SELECT x.id FROM {table} x WHERE {holds} <> (
    SELECT count(*) FROM fund_entry e
        JOIN fund_posting p ON p.entry_id = e.id AND p.account = '{account}'
            AND p.amount = {sign}x.amount
    WHERE e.{subject} = x.id AND e.kind = '{kind}'
) ORDER BY x.id LIMIT 1
"""


def _moved(table: str, subject: str, kind: str, account: str, holds: str, sign: str = "") -> str:
    return _MOVED.format(
        table=table, subject=subject, kind=kind, account=account, holds=f"({holds})::int", sign=sign
    )


_OWN = (
    "SELECT 1 FROM budget_line l WHERE l.id IN (x.from_line_id, x.to_line_id) AND l.source = 'own'"
)
_CHECKS = (
    _Check(
        "fund_entry", "分录借贷不平", "the postings do not come to nothing in sum",
        """SELECT e.id FROM fund_entry e LEFT JOIN fund_posting p ON p.entry_id = e.id
        GROUP BY e.id HAVING coalesce(sum(p.amount), 1) <> 0 ORDER BY e.id LIMIT 1""",
    ),
    _Check(
        "fund_balance", "科目余额与分录不符", "the balances are not the sums of the postings",
        """SELECT b.line_id AS id FROM fund_balance b LEFT JOIN fund_posting p USING (line_id)
        GROUP BY b.line_id HAVING (b.available, b.committed, b.spent, b.transit) IS DISTINCT FROM (
            coalesce(sum(p.amount) FILTER (WHERE account = 'available'), 0),
            coalesce(sum(p.amount) FILTER (WHERE account = 'committed'), 0),
            coalesce(sum(p.amount) FILTER (WHERE account = 'spent'), 0),
            coalesce(sum(p.amount) FILTER (WHERE account = 'transit'), 0)
        ) ORDER BY b.line_id LIMIT 1""",
    ),
    _Check(
        "budget_line", "科目没有余额", "the line has no balances",
        """SELECT id FROM budget_line
        WHERE NOT EXISTS (SELECT FROM fund_balance WHERE line_id = budget_line.id)
        ORDER BY id LIMIT 1""",
    ),
    _Check(
        "budget", "批复数与入账数不符", "what was approved is not what was posted",
        """SELECT b.id FROM budget b WHERE (
            SELECT coalesce(sum(planned), 0) FROM budget_line
            WHERE budget_id = b.id AND source = 'own' AND b.state IN ('approved', 'closed')
        ) <> (
            SELECT coalesce(sum(p.amount), 0) FROM fund_entry e
                JOIN fund_posting p ON p.entry_id = e.id AND p.account = 'available'
            WHERE e.budget_id = b.id
        ) ORDER BY b.id LIMIT 1""",
    ),
    _Check(
        "budget", "已关账的预算仍有资金", "the budget is closed, and money is left in it",
        """SELECT b.id FROM budget b JOIN budget_line l ON l.budget_id = b.id
            JOIN fund_balance f ON f.line_id = l.id
        WHERE b.state = 'closed' AND f.available + f.committed + f.transit <> 0
        ORDER BY b.id LIMIT 1""",
    ),
    _Check(
        "expense", "支出与分录不符", "the expense is not as it was posted",
        _moved("expense", "expense_id", "expense", "spent", "x.state IN ('approved', 'reversed')"),
    ),
    _Check(
        "expense", "冲销与分录不符", "the reversal is not as it was posted",
        _moved("expense", "expense_id", "reversal", "spent", "x.state = 'reversed'", "-"),
    ),
    _Check(
        "appropriation", "拨付与分录不符", "the appropriation is not as it was posted",
        _moved("appropriation", "appropriation_id", "appropriation", "transit", "true"),
    ),
    _Check(
        "appropriation", "收款与分录不符", "the receipt is not as it was posted",
        _moved(
            "appropriation", "appropriation_id", "receipt", "available", "x.state = 'acknowledged'"
        ),
    ),
    _Check(
        "appropriation", "退款与分录不符", "the return is not as it was posted",
        _moved("appropriation", "appropriation_id", "return", "available", "x.state = 'returned'"),
    ),
    _Check(
        "budget_amendment", "预算调整与分录不符", "the amendment is not as it was posted",
        f"""SELECT x.id FROM budget_amendment x
        WHERE (x.state = 'approved' AND EXISTS ({_OWN})) <> EXISTS (
            SELECT FROM fund_entry e JOIN fund_posting p ON p.entry_id = e.id AND abs(p.amount) = x.amount
            WHERE e.amendment_id = x.id
        ) ORDER BY x.id LIMIT 1""",  # noqa: S608  both parts are ours
    ),
    _Check(
        "fund_commitment", "预留与分录不符", "the commitment is not as it was posted",
        _moved("fund_commitment", "commitment_id", "commitment", "committed", "true"),
    ),
    _Check(
        "fund_commitment", "预留余额为负，或撤销后仍有余额",
        "more was paid than was committed, or something is left after its release",
        """SELECT c.id FROM fund_commitment c LEFT JOIN fund_posting p ON p.commitment_id = c.id
        GROUP BY c.id HAVING coalesce(sum(p.amount), 0) < 0
            OR (c.released_at IS NOT NULL AND coalesce(sum(p.amount), 0) <> 0)
        ORDER BY c.id LIMIT 1""",
    ),
)  # fmt: skip
_READ = tuple((check, Statement(text(check.query))) for check in _CHECKS)
_COUNTS = Statement(
    text(
        "SELECT (SELECT count(*) FROM budget_line) AS lines, (SELECT count(*) FROM fund_entry) AS entries"
    )
)


async def verify_funds(db: Connection) -> FundVerification:
    """Recompute every balance from the journal and compare every document; stop at the first finding.

    Needs a transaction that sees one state of the database, and reads the books of all units.
    """
    counted: Row = await db.one(_COUNTS) or {}
    done = FundVerification(**counted)
    for check, statement in _READ:
        found = await db.value(statement)
        if found is not None:
            done.finding = Finding(check.table, {"id": str(found)}, check.zh, check.en)
            break
    return done
