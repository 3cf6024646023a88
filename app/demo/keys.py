"""Keys that are the same at every load: UUID version 7 with a counter for a clock."""

from itertools import count
from uuid import UUID

_FIRST_MILLISECOND = 1_767_196_800_000
"""Midnight of 1 January 2026 in China: keys made while the application runs sort after these."""

_TAILS = 1 << 62
_SPREAD = 0x1E3779B97F4A7C15
"""An odd number, by which the tails of keys that follow each other come to look different."""


class Keys:
    """A series of keys in ascending order; every series is the same."""

    def __init__(self) -> None:
        self._numbers = count()

    def __call__(self) -> UUID:
        """The next key."""
        number = next(self._numbers)
        # 48 bits of milliseconds, version 7, 12 bits, variant 2, 62 bits (RFC 9562).
        time, tail = _FIRST_MILLISECOND + number, number * _SPREAD % _TAILS
        return UUID(int=time << 80 | 0x7 << 76 | 0x2 << 62 | tail)
