"""A period (统计期) of which forms, orders and figures count: it is over, and no longer than a cycle."""

from datetime import date

_EARLIEST, _LONGEST_DAYS = date(2000, 1, 1), 5 * 366
"""What may be counted: no more than a cycle of five years."""


def is_period(since: date, until: date) -> bool:
    """Whether a period begins before it ends, and lasts five years at most."""
    return _EARLIEST <= since <= until and (until - since).days <= _LONGEST_DAYS


def is_countable(since: date, until: date, today: date) -> bool:
    """Whether it is such a period, and over."""
    return is_period(since, until) and until <= today
