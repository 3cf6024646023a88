"""Which request something is done for, on the ground floor: in logs, in queued work, in the trail.

A request has an id from its first moment; what it queues is done with the same id, in whichever
process. So one word finds in all logs what one request set going.
"""

from contextvars import ContextVar

REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The id of the request that is being served, or for which a job is being done; None for neither."""
