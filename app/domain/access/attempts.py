"""Attempts (登录尝试): how often something may be tried, over all processes together.

Signing in and typing a device's code are bounded by who tries, whatever process serves them. A row
holds one moment (GCRA, the leaky bucket without a bucket): until when the attempts made so far last,
if they are spread evenly. The table is unlogged: it is lost with a crash, and costs no disk.
"""

from datetime import datetime, timedelta

from sqlalchemy import Interval, LargeBinary, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col

from app.domain.base import MOMENT, Table
from app.domain.errors import TooMany
from app.sql import Connection, Statement


class Attempt(Table, table=True):
    """Until when the attempts of somebody last; the key is a hash of who tried what."""

    __table_args__ = {"prefixes": ["UNLOGGED"]}  # noqa: RUF012  SQLAlchemy's own form

    key: bytes = Field(primary_key=True, sa_type=LargeBinary)
    lasts_until: datetime = Field(sa_type=MOMENT)


# What can be refused.


class TooManyAttempts(TooMany):
    """Too many attempts from there; later ones are looked at again."""

    code = "too_many_attempts"
    zh = "尝试次数过多，请在 {retry_after} 秒后重试。"
    en = "Too many attempts: try again in {retry_after} seconds."


# What may be done.

_NOW = bindparam("now", type_=MOMENT)
_EVERY = bindparam("every", type_=Interval)
_COUNT = insert(Attempt).values(key=bindparam("key", type_=LargeBinary), lasts_until=_NOW + _EVERY)
_COUNTED = Statement(
    _COUNT.on_conflict_do_update(
        index_elements=[col(Attempt.key)],
        set_={"lasts_until": func.greatest(col(Attempt.lasts_until), _NOW) + _EVERY},
        where=col(Attempt.lasts_until) <= _NOW + bindparam("room", type_=Interval),
    ).returning(col(Attempt.lasts_until))
)
_LASTS = Statement(
    select(col(Attempt.lasts_until)).where(col(Attempt.key) == bindparam("key", type_=LargeBinary))
)


async def count_attempt(
    db: Connection, *, key: bytes, at_once: int, every: timedelta, now: datetime
) -> None:
    """Count one attempt of `key`, or refuse it: `at_once` may come together, then one `every`.

    A refused attempt does not count, so that whoever goes on trying is let in as soon as others.
    """
    room = every * (at_once - 1)
    if await db.value(_COUNTED, key=key, every=every, room=room, now=now) is not None:
        return
    lasts_until = await db.value(_LASTS, key=key) or now
    wait = (lasts_until - room - now).total_seconds()
    raise TooManyAttempts(retry_after=max(1, round(wait + 0.5)))


_TIDY = Statement(delete(Attempt).where(col(Attempt.lasts_until) < _NOW))


async def tidy_attempts(db: Connection, *, now: datetime) -> None:
    """Forget those whose attempts have run out: a new row says the same."""
    await db.run(_TIDY, now=now)
