"""Rate limits of general traffic: how fast one account, or one address without a token, may ask.

Each process counts for itself, in memory, by GCRA: one moment for each who asks, the time until when
the requests made so far would last if they were spread evenly. What must be counted over all
processes together, sign-ins above all, is in `app.domain.access.attempts`.
"""

import time
from collections.abc import Callable
from typing import Final, NamedTuple

MOST_KEPT: Final = 65_536
"""How many who ask are remembered; then those are forgotten of whom nothing is left to remember."""


class Verdict(NamedTuple):
    """Whether a request may pass, and what is left: for the headers of its answer."""

    passes: bool
    remaining: int
    reset: int
    """Seconds until a request more may pass, or until the whole quota is there again."""


class Limit:
    """At most `at_once` requests together, and `per_second` in the long run, for each key."""

    def __init__(
        self, per_second: float, at_once: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._every = 1 / per_second
        self._room = (at_once - 1) * self._every
        self._clock = clock
        self._lasts_until: dict[str, float] = {}
        self._swept = -1.0
        window = max(1, round(at_once * self._every))
        self.policy = f'"default";q={at_once};w={window}'.encode()
        """The header `RateLimit-Policy`: how many requests, in how many seconds."""

    def count(self, key: str) -> Verdict:
        """Count a request of this key; a refused one does not count."""
        now = self._clock()
        begins = self._lasts_until.get(key, now)
        begins = max(begins, now)
        left = self._room - (begins - now)
        if left < -1e-9:
            return Verdict(passes=False, remaining=0, reset=int(-left) + 1)
        if len(self._lasts_until) >= MOST_KEPT and key not in self._lasts_until:
            self._forget(now)
        self._lasts_until[key] = begins + self._every
        return Verdict(
            passes=True,
            remaining=int(left / self._every + 1e-9),
            reset=int(begins + self._every - now) + 1,
        )

    def _forget(self, now: float) -> None:
        """Make room: forget those who have everything left, else the one who came first."""
        if now >= self._swept + 1:
            self._swept = now
            kept = {key: until for key, until in self._lasts_until.items() if until > now}
            self._lasts_until = kept
        if len(self._lasts_until) >= MOST_KEPT:
            del self._lasts_until[next(iter(self._lasts_until))]
