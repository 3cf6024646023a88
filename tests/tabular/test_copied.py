"""Files that the database writes: whatever stands in a cell, they are as our own writers have them."""

import asyncio
from contextlib import aclosing

import pytest
from asyncpg.exceptions import DivisionByZeroError
from sqlalchemy import text

from app.sql import Connection, Statement
from app.tabular import Column, TabularFormat, copying_of, writer_of
from app.tabular.copied import CsvLines

WORDS = [
    "", " ", "plain", "\n=1", "=1+1", "+8613800000000", "-1", "@cmd", "\tx", "\rx", "＝1", "＋1", "－1", "＠x",
    "a=b", "'=1", "'", '"', '""', '"=1', "a,b", "a;b", "a\nb", "a\r\nb", "\n", "\r", '"\n",\n"', "\\",
    "\\.", "\\N", "NULL", "{x}", "$1", "%s", "\x01\x02\x1f\x7f", "\u2028\u2029", "研训", "𠮷", "</script>",
    "/", "\b\f",
]  # fmt: skip
ROWS = Statement(
    text(
        """
        SELECT n, word, CASE WHEN n % 3 = 0 THEN NULL ELSE word::varchar(90) END AS maybe,
            ARRAY[word, 'x'] AS words, ARRAY[]::text[] AS none, ARRAY[word]::varchar[] AS one,
            n % 2 = 0 AS even, (n - 9) * 1.5::numeric(8, 2) AS amount, -n::smallint AS small,
            (n - 9)::bigint * 10000000000 AS large, md5(word)::uuid AS key,
            date '1999-12-31' + n::int AS day, NULL::date AS never,
            timestamptz '2026-01-01 00:00+08' + n * interval '0.25 s' AS moment
        FROM unnest(CAST(:words AS text[])) WITH ORDINALITY AS listed (word, n) ORDER BY n
        """
    )
)


def columns(*names: str) -> list[Column]:
    return [Column(name, name) for name in names]


@pytest.mark.parametrize("kind", [TabularFormat.CSV, TabularFormat.JSONL])
async def test_whatever_stands_in_a_cell_the_bytes_are_the_same(
    db: Connection, kind: TabularFormat
) -> None:
    kinds = await db.kinds(ROWS)
    chosen = columns(*kinds)
    copying = copying_of(kind, kinds, chosen)
    assert copying is not None
    lines, written, rows = copying.lines(), b"", 0
    async for piece in db.copied(ROWS, copying.cells, copying.options, words=WORDS):
        taken, ended = lines.take(piece)
        written, rows = written + taken, rows + ended
    writer = writer_of(kind, chosen)
    assert written.split(b"\n") == writer.add(await db.all(ROWS, words=WORDS)).split(b"\n")
    assert rows == len(WORDS)


def test_what_only_a_writer_knows_is_left_to_it() -> None:
    kinds = {"a": "text", "b": "uuid", "nested": "jsonb", "measured": "float8"}
    assert copying_of(TabularFormat.XLSX, kinds, columns("a", "b")) is None
    assert copying_of(TabularFormat.CSV, kinds, columns("a")) is None
    for kind in (TabularFormat.CSV, TabularFormat.JSONL):
        assert copying_of(kind, kinds, columns("a", "b")) is not None
        for name in ("nested", "measured", "unknown"):
            assert copying_of(kind, kinds, columns("a", name)) is None


def test_lines_end_as_they_should_wherever_the_pieces_part() -> None:
    copied = b'a,b\n"x\ny","say ""\n"""\n"""",\n,"\r\n"\n'
    whole = b'a,b\r\n"x\ny","say ""\n"""\r\n"""",\r\n,"\r\n"\r\n'
    for size in range(1, len(copied) + 1):
        lines = CsvLines()
        taken = [lines.take(copied[at : at + size]) for at in range(0, len(copied), size)]
        assert b"".join(piece for piece, _ in taken) == whole
        assert sum(rows for _, rows in taken) == 4


NUMBERS = Statement(text("SELECT n FROM generate_series(1, 3000000) AS n"))


async def take(db: Connection, cells: str, *, at_most: int = 1000, pause: float = 0) -> bytes:
    """So many pieces of what is copied, with a pause after each."""
    async with db.transaction(), aclosing(db.copied(NUMBERS, cells, {})) as copied:
        async for piece in copied:
            await asyncio.sleep(pause)
            at_most -= 1
            if not at_most:
                raise _EnoughError(piece)
    return b""


class _EnoughError(Exception):
    """Who copies wants no more."""


async def test_a_query_that_fails_on_its_way_says_so(db: Connection) -> None:
    with pytest.raises(DivisionByZeroError):
        await take(db, "1 / (n - 200000)")
    assert await db.value(Statement(text("SELECT 1"))) == 1


async def test_who_leaves_early_leaves_nothing_behind(db: Connection) -> None:
    with pytest.raises(_EnoughError, match=r"1.n2.n3"):
        await take(db, "n", at_most=1)
    assert await db.value(Statement(text("SELECT 1"))) == 1


async def test_who_takes_nothing_does_not_keep_the_server_for_ever(
    db: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.copying.PATIENCE", 0.05)
    with pytest.raises(TimeoutError):
        await take(db, "n", pause=0.3)
