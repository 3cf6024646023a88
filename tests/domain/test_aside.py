"""What a duty fails with is told by its key and left alone, and everything else has its turn."""

import logging
from collections.abc import Sequence
from datetime import timedelta

import asyncpg
import pytest
from sqlalchemy import text

from app.domain.aside import RESTS, SetAside
from app.domain.errors import Unavailable
from app.sql import Connection, Row, Statement, new_id
from tests.make import NOW

_MARK = Statement(
    text(
        "SELECT set_config('tests.marked',"
        " current_setting('tests.marked', true) || CAST(:mark AS text), true)"
    )
)
_MARKED = Statement(text("SELECT current_setting('tests.marked', true)"))
_BROKEN = Statement(text("SELECT 1 / 0"))


def rows(number: int) -> list[Row]:
    return [{"id": new_id(), "n": n} for n in range(number)]


class Duty:
    """Marks rows by their letters; it cannot do with some of them."""

    def __init__(self, db: Connection, *poison: int) -> None:
        self.db, self.poison, self.calls = db, poison, 0

    async def __call__(self, some: Sequence[Row]) -> int:
        self.calls += 1
        for row in some:
            await self.db.value(_MARK, mark=chr(ord("a") + row["n"]))
            if row["n"] in self.poison:
                await self.db.value(_BROKEN)
        return len(some)


async def test_all_others_have_their_turn_and_nothing_of_what_failed_stays(
    db: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    await db.value(Statement(text("SELECT set_config('tests.marked', '', true)")))
    aside, duty, given = SetAside("thing"), Duty(db, 3, 9), rows(20)
    assert await aside.work(db, given, duty, now=NOW) == 18
    assert await db.value(_MARKED) == "abcefghijklmnopqrst".replace("j", "")
    told = [each.getMessage() for each in caplog.records if each.levelno == logging.ERROR]
    poison = [given[3]["id"], given[9]["id"]]
    assert told == [f"thing {key} fails, and is set aside" for key in poison]
    assert aside.keys(NOW + RESTS - timedelta(seconds=1)) == poison
    assert aside.keys(NOW + RESTS) == []


async def test_what_does_not_fail_is_done_at_once(db: Connection) -> None:
    duty = Duty(db)
    assert await SetAside("thing").work(db, rows(20), duty, now=NOW) == 20
    assert duty.calls == 1


async def test_what_takes_too_long_keeps_nobody_waiting(db: Connection) -> None:
    aside, given = SetAside("thing"), rows(4)

    async def hang(some: Sequence[Row]) -> int:
        if given[2] in some:
            raise asyncpg.QueryCanceledError
        return len(some)

    assert await aside.work(db, given, hang, now=NOW) == 3
    assert aside.keys(NOW) == [given[2]["id"]]


@pytest.mark.parametrize(
    "passing",
    [Unavailable(), OSError(), asyncpg.SerializationError(), asyncpg.AdminShutdownError()],
)
async def test_what_may_be_over_soon_is_nobodys_fault(db: Connection, passing: Exception) -> None:
    aside = SetAside("thing")

    async def fail(_: Sequence[Row]) -> int:
        raise passing

    with pytest.raises(type(passing)):
        await aside.work(db, rows(4), fail, now=NOW)
    assert aside.keys(NOW) == []
