"""Time travel (X-Yanxun-Now): in a sandbox a request says what time it is; anywhere else it may not."""

import re
from datetime import UTC, datetime

from app.database.sandbox import SandboxPool
from app.domain.errors import Invalid
from app.request import Resources

HEADER = b"x-yanxun-now"
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_FORM = re.compile(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,15}(Z|[+-][0-9]{2}:[0-9]{2})")


class TimeTravelRefused(Invalid):
    """Here the time is what the clock says: only a sandbox believes a request."""

    code = "time_travel_refused"
    zh = "X-Yanxun-Now 仅在沙箱（yanxun sandbox）中可用。"
    en = "X-Yanxun-Now is for a sandbox alone (yanxun sandbox)."


class MomentUnreadable(Invalid):
    """The header is a moment with its offset, in this century."""

    code = "moment_unreadable"
    zh = "X-Yanxun-Now 须为带时区的时刻，如 2030-12-31T08:00:00+08:00（2000 年至 2099 年）。"
    en = (
        "X-Yanxun-Now is a moment with its offset, such as 2030-12-31T08:00:00+08:00, from 2000 to"
        " 2099."
    )


def moment_of(held: Resources | None, said: bytes) -> datetime:
    """The moment that a request names; refused outside a sandbox, whatever it says."""
    if held is None or not isinstance(held.pool, SandboxPool):
        raise TimeTravelRefused
    if not _FORM.fullmatch(said):
        raise MomentUnreadable
    try:
        moment = datetime.fromisoformat(said.decode("ascii"))
    except ValueError:
        raise MomentUnreadable from None
    if not _EARLIEST <= moment < _LATEST:
        raise MomentUnreadable
    return moment.astimezone(UTC)
