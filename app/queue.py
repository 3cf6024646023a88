"""The queue of background work, on the ground floor beside `sql`: what is put in, and what is forgotten.

The tables are those of pgqueuer, whose worker takes jobs out (`app.jobs`). A job is a name and the key of
the one row that it is about: whatever else it needs stands in that row.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import DateTime, Integer, LargeBinary, Text, bindparam, delete, func, literal_column
from sqlalchemy import column as bare_column
from sqlalchemy import table as bare_table
from sqlalchemy.dialects.postgresql import JSONB, insert

from app.sql import Connection, Statement
from app.tracing import REQUEST_ID

__all__ = ["REQUEST", "enqueue", "tidy_queue"]

REQUEST = "request_id"
"""Under which word a job says for which request it is done."""

_MOMENT = DateTime(timezone=True)
_HEADERS = JSONB(none_as_null=True)
_KEPT = timedelta(days=7)
"""For how long pgqueuer's log says what became of a job; the row that it was about says it for ever."""

_QUEUE = bare_table(
    "pgqueuer",
    bare_column("priority", Integer),
    bare_column("status"),
    bare_column("entrypoint", Text),
    bare_column("payload", LargeBinary),
    bare_column("dedupe_key", Text),
    bare_column("headers", _HEADERS),
    bare_column("execute_after", _MOMENT),
)
_LOG = bare_table("pgqueuer_log", bare_column("created", _MOMENT))

_ENQUEUE = Statement(
    insert(_QUEUE)
    .values(
        priority=0,
        status=literal_column("'queued'"),
        entrypoint=bindparam("job", type_=Text),
        payload=bindparam("about", type_=LargeBinary),
        dedupe_key=bindparam("key", type_=Text),
        headers=bindparam("headers", type_=_HEADERS),
        execute_after=func.coalesce(bindparam("after", type_=_MOMENT), func.pg_catalog.now()),
    )
    .on_conflict_do_nothing()
)
_FORGET = Statement(delete(_LOG).where(_LOG.c.created < bindparam("before", type_=_MOMENT)))


async def enqueue(
    db: Connection, job: str, *, about: UUID, key: str | None = None, after: datetime | None = None
) -> None:
    """Have this job done about this row, not before `after`.

    Without one it is done at once, by the clock of the system, as the worker reads it. It is queued by
    the caller's transaction, and is not if that is undone. While a job with this `key` waits or is being
    done, another is not queued; without a key each is. It is done under the id of this request.
    """
    asked_by = REQUEST_ID.get()
    headers = None if asked_by is None else {REQUEST: asked_by}
    await db.run(_ENQUEUE, job=job, about=about.bytes, key=key, after=after, headers=headers)


async def tidy_queue(db: Connection, *, now: datetime) -> None:
    """Forget what pgqueuer has logged more than a week ago."""
    await db.run(_FORGET, before=now - _KEPT)
