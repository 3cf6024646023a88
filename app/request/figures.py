"""The figures of requests, for a monitoring system: by the template of their address, never by the address."""

import logging
from typing import Final

from prometheus_client import Counter, Histogram
from starlette.types import Scope

__all__ = ["ACCESS", "count_request"]

ACCESS = logging.getLogger("yanxun.access")
"""One line for each request, where the settings ask for it: templates and keys, no names."""

_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

REQUESTS = Counter("http_requests", "Requests that were answered", ["method", "route", "status"])
SECONDS = Histogram(
    "http_request_seconds", "From the first byte asked to the last answered",
    ["method", "route"], buckets=_BUCKETS,
)  # fmt: skip

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_UNKNOWN: Final = "unknown"
"""Whatever has no route, or is no method: what strangers make up must not make figures of its own."""


def _template_of(scope: Scope) -> str:
    """The template of the route that served a request, such as `/api/v1/units/{unit_id}`."""
    found = scope.get("directory") or scope.get("route")
    return getattr(found, "path", None) or _UNKNOWN


def count_request(scope: Scope, status: int, seconds: float) -> None:
    """Count one request that is over; `status` is 0 for one that was broken off before an answer."""
    method = "HEAD" if scope.get("is_head") else scope["method"]
    if method not in _METHODS:
        method = _UNKNOWN
    route = _template_of(scope)
    REQUESTS.labels(method, route, str(status)).inc()
    SECONDS.labels(method, route).observe(seconds)
    if ACCESS.isEnabledFor(logging.INFO):
        actor = scope.get("actor")
        ACCESS.info(
            "%s %s %d",
            method,
            route,
            status,
            extra={
                "milliseconds": round(seconds * 1000, 1),
                "account_id": None if actor is None else actor.account_id,
            },
        )
