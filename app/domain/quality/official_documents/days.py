"""The days of documents, regulations and campaigns: which years matter, and which days may follow which."""

from datetime import date

from app.domain.errors import Unfit
from app.domain.training.activities.organising import FIRST_YEAR, LAST_YEAR


def check_years(*days: date | None) -> None:
    """Refuse days of no year that matters."""
    if any(day and not FIRST_YEAR <= day.year <= LAST_YEAR for day in days):
        raise Unfit(
            f"日期须在 {FIRST_YEAR} 至 {LAST_YEAR} 年之间。",
            f"Dates lie in the years {FIRST_YEAR} to {LAST_YEAR}.",
        )


def check_order(first: date | None, last: date | None, *, zh: str, en: str) -> None:
    """Refuse two days, both known, of which the second comes before the first, saying which they are."""
    if first is not None and last is not None and last < first:
        raise Unfit(zh, en)
