"""`yanxun feed`: what changed, as JSON Lines for a script; its place in the feed is kept in a file."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, TextIO

import msgspec
import typer

from app.cli.login import HERE
from app.cli.remote import Server

feed = typer.Typer(help="变更流 / the change feed", no_args_is_help=True)

_PART = 500
_PAUSE = 2.0
"""Seconds between two reads where nothing was left."""

Url = Annotated[str, typer.Option(help="服务地址 / address")]
Kinds = Annotated[list[str] | None, typer.Option("--kind", help="类别，可多个 / kinds, repeatable")]
Cursor = Annotated[
    Path, typer.Option(help="游标文件 / file that keeps the place, replaced after each part")
]


@feed.command()
def snapshot(
    cursor: Cursor,
    kind: Kinds = None,
    url: Url = HERE,
) -> None:
    """从头读取全部现状，之后用 follow 继续 / everything there is; `follow` goes on from there."""
    with Server(url) as asked:
        copy(asked, cursor, kind or [], sys.stdout, after=None)


@feed.command()
def follow(
    cursor: Cursor,
    kind: Kinds = None,
    *,
    once: Annotated[bool, typer.Option(help="读完即止 / end where nothing is left")] = False,
    url: Url = HERE,
) -> None:
    """自游标起输出变更，持续跟随 / what changed since, one a line, and what changes from now on."""
    with Server(url) as asked:
        while True:
            copy(asked, cursor, kind or [], sys.stdout, after=_read(cursor))
            if once:
                return
            time.sleep(_PAUSE)


def copy(asked: Server, cursor: Path, kinds: list[str], out: TextIO, *, after: str | None) -> None:
    """Write what follows a cursor, line by line; after each part the file has the place behind it.

    Whoever is ended between the two gets that part once more: nothing is lost.
    """
    for part in parts(asked, kinds, after):
        out.writelines(msgspec.json.encode(item).decode() + "\n" for item in part["items"])
        out.flush()
        beside = cursor.with_name(f"{cursor.name}.new")
        beside.write_text(part["next"], encoding="ascii")
        beside.replace(cursor)


def parts(asked: Server, kinds: list[str], after: str | None) -> Iterator[dict[str, Any]]:
    """The parts of the feed after a cursor until nothing is left at once."""
    more = True
    while more:
        params: dict[str, Any] = {"limit": _PART}
        params |= {} if after is None else {"after": after}
        params |= {"kinds": kinds} if kinds else {}
        part = asked.ask("GET", "/changes", params=params)
        yield part
        after, more = part["next"], part["more"]


def _read(cursor: Path) -> str | None:
    try:
        return cursor.read_text(encoding="ascii").strip() or None
    except FileNotFoundError:
        return None
