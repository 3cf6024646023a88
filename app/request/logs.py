"""What is logged: one line for each event, with the request it belongs to and without personal data.

The message of an exception may quote what somebody typed, or a whole row (PostgreSQL's detail of a
violated key). So a trace says which exceptions there were and where they came from; of their words
only those are kept that we wrote ourselves, or that PostgreSQL says of tables and not of rows.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any, Final, Literal

import asyncpg

from app.domain.errors import DomainError
from app.request.figures import ACCESS
from app.tracing import REQUEST_ID

__all__ = ["JsonLines", "PlainLines", "configure_logs"]

Format = Literal["plain", "json"]

_FRAMES: Final = 12
"""How many of the innermost calls are told: what is further out is the same for every request."""
_STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


def configure_logs(kind: Format, *, access: bool = False) -> None:
    """Have everything that is logged from now on written to the standard error in one form.

    `access`: with a line for each request.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if kind == "json" else PlainLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("yanxun").setLevel(logging.INFO)
    ACCESS.setLevel(logging.INFO if access else logging.WARNING)
    # Uvicorn brings handlers of its own, which know nothing of all this.
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True


class JsonLines(logging.Formatter):
    """One JSON object in each line: `at`, `level`, `logger`, `message`, `request_id`, `errors`."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of one event."""
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": REQUEST_ID.get(),
        }
        told |= {name: each for name, each in vars(record).items() if name not in _STANDARD}
        if record.exc_info and record.exc_info[1] is not None:
            told["errors"] = [
                {"error": _told(error), "trace": _frames(error)}
                for error in _chain(record.exc_info[1])
            ]
        return json.dumps(told, ensure_ascii=False, default=str)


class PlainLines(logging.Formatter):
    """The same for people: a line, and below it what went wrong."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of one event, and the lines of its exceptions."""
        name = REQUEST_ID.get()
        moment = datetime.fromtimestamp(record.created, UTC).strftime("%H:%M:%S")
        lines = [
            f"{moment} {record.levelname.lower()} {record.getMessage()}"
            + (f" [{name}]" if name else "")
        ]
        if record.exc_info and record.exc_info[1] is not None:
            for error in _chain(record.exc_info[1]):
                lines.append(f"  {_told(error)}")
                lines += [f"    {each}" for each in _frames(error)]
        return "\n".join(lines)


def _chain(error: BaseException) -> list[BaseException]:
    """An exception and what it came from, the first cause first."""
    found: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in found:
        found.append(current)
        current = current.__cause__ or (
            None if current.__suppress_context__ else current.__context__
        )
    return found[::-1]


def _told(error: BaseException) -> str:
    """The kind of an exception, and what can be said of it without quoting anybody."""
    kind = type(error).__name__
    if isinstance(error, DomainError):
        return f"{kind}: {error.code}"
    if isinstance(error, asyncpg.PostgresError):
        about = (error.sqlstate, error.table_name, error.constraint_name)
        return f"{kind}: {' '.join(each for each in about if each)}"
    if isinstance(error, OSError):
        return f"{kind}: {error.strerror or error.errno or ''}".rstrip(": ")
    return kind


def _frames(error: BaseException) -> list[str]:
    return [
        f"{frame.filename}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    ]
