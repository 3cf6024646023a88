"""Turns: who does what no row stands for does it one after the other, by a name for it."""

from sqlalchemy import String, bindparam, func, select

from app.sql import Connection, Statement

_WAIT = Statement(
    select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("name", type_=String), 0)))
)


async def take_turn(db: Connection, name: str) -> None:
    """Wait until nobody else has this turn, and have it until the transaction ends."""
    await db.value(_WAIT, name=name)
