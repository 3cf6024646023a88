"""A period (统计期) of which forms, orders and figures count: it is over, and no longer than a cycle."""

from datetime import date

EARLIEST, LONGEST_DAYS = date(2000, 1, 1), 5 * 366
"""What may be counted: no more than a cycle of five years."""


def is_countable(since: date, until: date, today: date) -> bool:
    """Whether a period begins before it ends, lasts five years at most, and is over."""
    return EARLIEST <= since <= until <= today and (until - since).days <= LONGEST_DAYS
