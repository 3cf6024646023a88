"""The main flows of an application with the generated Python client: lists, an unsafe request, the feed.

    export YANXUN_URL=https://yanxun.example YANXUN_CLIENT_ID=… YANXUN_CLIENT_SECRET=…
    PYTHONPATH=sdk/build python sdk/python/sync.py kept.json
    PYTHONPATH=sdk/build python sdk/python/sync.py kept.json --keys      # what is held, one key a line

It counts the teachers page after page, asks for an export and cancels it, and keeps up with the change feed:
what it holds stands in one file with the cursor behind it. It ends with 0, or with 1 and the code of what was
refused.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from patient import Patient
from yanxun_client import AuthenticatedClient
from yanxun_client.api.exchange import cancel_export, create_export, list_changes
from yanxun_client.api.people import list_teachers
from yanxun_client.models import (
    ChangesView,
    ExportView,
    NewExport,
    PageOfTeacherView,
    Problem,
    TeacherView,
)
from yanxun_client.types import UNSET

BEGIN_ANEW = "change_epoch_raised"
OVER = "work_over"
T = TypeVar("T")


class Kept:
    """The things that the feed told, each with the keys of what it lies in, and the cursor behind them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.cursor: str | None = None
        self.things: dict[str, list[str]] = {}
        if path.exists():
            kept = json.loads(path.read_text("utf-8"))
            self.cursor, self.things = kept["cursor"], kept["things"]

    def apply(self, part: ChangesView) -> None:
        """Take what was told, in its order; what is gone goes with all that lies in it."""
        for item in part.items:
            key = str(item.id)
            if not item.gone:
                self.things[key] = [str(each) for each in item.lies_in]
                continue
            going = {key}
            while going:
                for each in going:
                    self.things.pop(each, None)
                going = {name for name, lies_in in self.things.items() if going & {*lies_in}}
        self.cursor = part.next_
        self.save()

    def save(self) -> None:
        """Keep all of it, whole or not at all."""
        written = self.path.with_suffix(".part")
        written.touch(mode=0o600)
        written.write_text(json.dumps({"cursor": self.cursor, "things": self.things}), "utf-8")
        written.replace(self.path)


def wanted(answer: object, kind: type[T]) -> T:
    """The answer, if it is what was asked for; a refusal ends the program with its code."""
    if isinstance(answer, kind):
        return answer
    if isinstance(answer, Problem):
        raise SystemExit(f"{answer.code}: {answer.detail}")
    raise SystemExit(f"an answer that the client does not know: {answer!r}")


def every_teacher(client: AuthenticatedClient) -> Iterator[TeacherView]:
    """The teachers in reach, page after page."""
    page = wanted(list_teachers.sync(client=client, limit=100), PageOfTeacherView)
    yield from page.items
    while page.next_ is not None:
        answer = list_teachers.sync(client=client, limit=100, cursor=page.next_)
        page = wanted(answer, PageOfTeacherView)
        yield from page.items


def ask_for_export(client: AuthenticatedClient) -> UUID:
    """Have the teachers made into a file, and think better of it."""
    asked = wanted(
        create_export.sync(client=client, body=NewExport(list_="list_teachers")), ExportView
    )
    cancelled = cancel_export.sync(asked.id, client=client)
    if not (isinstance(cancelled, Problem) and cancelled.code == OVER):
        wanted(cancelled, ExportView)
    return asked.id


def follow(client: AuthenticatedClient, kept: Kept) -> int:
    """Read the feed until nothing is left at once; how many changes there were."""
    told = 0
    while True:
        answer = list_changes.sync(client=client, limit=500, after=kept.cursor or UNSET)
        if isinstance(answer, Problem) and answer.code == BEGIN_ANEW:
            # The server was restored from a copy: what was told since is not so.
            kept.cursor, kept.things = None, {}
            kept.save()
            continue
        part = wanted(answer, ChangesView)
        kept.apply(part)
        told += len(part.items)
        if not part.more:
            return told


def main(path: str, *words: str) -> None:
    """One round; or what is held."""
    kept = Kept(Path(path))
    if words == ("--keys",):
        print("\n".join(kept.things))
        return
    client = AuthenticatedClient(
        os.environ["YANXUN_URL"], token="", httpx_args={"transport": Patient.of_environment()}
    )
    print("teachers:", sum(1 for _ in every_teacher(client)))
    print("export:", ask_for_export(client))
    print("changes:", follow(client, kept))


if __name__ == "__main__":
    main(*sys.argv[1:])
