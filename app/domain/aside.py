"""What is set aside: one thing with which a duty fails again and again must not keep all others waiting."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, all_, bindparam

from app.domain.errors import TooMany, Unavailable
from app.sql import PASSING, Connection, QueryCanceledError, Row

log = logging.getLogger("yanxun")

RESTS = timedelta(hours=1)
"""How long a thing is left alone before it is tried, and told of, once more."""


def not_among(key: Any) -> ColumnElement[bool]:
    """The predicate 'this is not set aside', over the bound keys of `SetAside.keys`, `aside`."""
    rests: ColumnElement[bool] = key != all_(bindparam("aside", type_=ARRAY(Uuid)))
    return rests


class SetAside:
    """The things of one kind with which one duty of a process has failed lately.

    It is the process's own: another finds out for itself, and one that begins anew tries everything.
    """

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._until: dict[UUID, datetime] = {}

    def keys(self, now: datetime) -> list[UUID]:
        """What is not to be looked at for now."""
        self._until = {key: until for key, until in self._until.items() if until > now}
        return list(self._until)

    async def work(
        self,
        db: Connection,
        rows: Sequence[Row],
        do: Callable[[Sequence[Row]], Awaitable[int]],
        *,
        now: datetime,
    ) -> int:
        """Do it with all these rows (each has its key as `id`), or where that fails with those that can be.

        Halves of what failed are tried by themselves; a row that fails alone is logged by its key and
        set aside, one that takes too long too. What may be over a little later is raised. The sum of what
        `do` answers.
        """
        try:
            async with db.transaction():
                return await do(rows)
        except Exception as problem:
            # What takes too long takes as long the next time: it is no reason to begin with all of them again.
            passes = isinstance(problem, (*PASSING, TooMany, Unavailable))
            if passes and not isinstance(problem, QueryCanceledError):
                raise
            if len(rows) == 1:
                log.exception("%s %s fails, and is set aside", self._kind, rows[0]["id"])
                self._until[rows[0]["id"]] = now + RESTS
                return 0
        half = len(rows) // 2
        done = await self.work(db, rows[:half], do, now=now)
        return done + await self.work(db, rows[half:], do, now=now)
