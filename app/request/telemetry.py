"""What OpenTelemetry is told of a request: its method, the template of its address, its status; no person.

FastAPI's own support writes path and query of each request into its span. In a query stand names that
somebody searches for, in some paths the secret of a link. It looks before any of our layers, so both are
taken away before it looks (`hide`) and given back to the first layer after it (`reveal`). Its log records
quote what validation refused, and messages of exceptions: they are off.
"""

from typing import Final

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from opentelemetry import trace
from starlette.types import Receive, Scope, Send

__all__ = ["OFF", "ON", "TracedApplication", "hide", "reveal", "tell_route"]

OFF: Final[TelemetryConfig] = {"tracing": False, "metrics": False, "logs": False}
ON: Final[TelemetryConfig] = {"logs": False}
"""Traces and figures, sent where OpenTelemetry's own variables say."""

_HIDDEN = "yanxun.hidden"


def hide(scope: Scope) -> None:
    """Take away what may quote somebody."""
    if scope["type"] in {"http", "websocket"}:
        scope[_HIDDEN] = (scope["path"], scope["query_string"])
        scope["path"], scope["query_string"] = "", b""


def reveal(scope: Scope) -> None:
    """Give back what was taken away, if something was."""
    if _HIDDEN in scope:
        scope["path"], scope["query_string"] = scope.pop(_HIDDEN)


def tell_route(scope: Scope, template: str) -> None:
    """Name the span after the route that was found; FastAPI does so for routes that it finds itself."""
    told = scope.get("fastapi.telemetry")
    if told is not None:
        told.route = template
        span = trace.get_current_span()
        span.set_attribute("http.route", template)
        span.update_name(f"{scope['method']} {template}")


class TracedApplication(FastAPI):
    """FastAPI whose telemetry sees neither path nor query; the first layer has to `reveal` them."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        hide(scope)
        await super().__call__(scope, receive, send)
