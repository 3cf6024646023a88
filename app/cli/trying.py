"""`yanxun packs what-if`: what a draft would mean for the teachers of a running server."""

import json
import sys
from pathlib import Path
from typing import Any

from rich.table import Table

from app.cli.output import console, errors, progress_bar
from app.cli.packs import UNREADABLE
from app.cli.remote import Server, end_unless_done
from app.domain.access.roles import SUBJECT, Role, SubjectKind
from app.domain.credits.what_ifs import WhatIfGrouping
from app.domain.errors import Invalid

_COLUMNS = {
    "teachers": "教师 / teachers",
    "satisfied_before": "现达标 / met now",
    "satisfied_after": "试算达标 / would be",
    "gained": "新达标 / gain",
    "fell": "不再达标 / fall",
    "unclear": "待定 / unclear",
}


class NoUnitOfOnesOwn(Invalid):
    """Whoever asks has no role for a unit: which one is meant has to be said."""

    code = "no_own_unit"
    zh = "当前账号没有任何单位的角色，请用 --unit 指明单位。"
    en = "This account has no role for a unit: name one with --unit."


def try_out(file: Path, unit: str | None, day: str | None, url: str, *, as_json: bool) -> None:
    """Have the draft tried out, and tell who would gain and who would fall below.

    Exits with 1 where it is refused or fails, with 2 where the file is no JSON.
    """
    try:
        document = json.loads(file.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        errors.print(f"无法读取 / not readable: {file}: {error}", style="red", markup=False)
        sys.exit(UNREADABLE)
    with Server(url) as server:
        asked = {"unit_id": unit or own_unit(server), "document": document, "as_of": day}
        with progress_bar("试算 / trying it out") as show:
            row = server.ask("POST", "/what-ifs", json=asked)
            path = f"/what-ifs/{row['id']}"
            row = server.follow(path, row, show)
        groups = {
            by.value: server.ask("GET", f"{path}/groups", params={"by": by.value})
            for by in WhatIfGrouping
        }
    if as_json:
        sys.stdout.write(json.dumps(row | {"groups": groups}, ensure_ascii=False, indent=2) + "\n")
    else:
        _tell(groups)
    end_unless_done(row)


def own_unit(server: Server) -> str:
    """The unit of whoever asks: of the first role that is for a unit."""
    for grant in server.ask("GET", "/me")["grants"]:
        if SUBJECT[Role(grant["role"])] is SubjectKind.UNIT:
            return str(grant["subject_id"])
    raise NoUnitOfOnesOwn


def _tell(groups: dict[str, list[dict[str, Any]]]) -> None:
    for by in WhatIfGrouping:
        table = Table(by.value, *_COLUMNS.values())
        for each in groups[by]:
            name = each["name"] or each["group"] or "—"
            table.add_row(name, *(str(each[column]) for column in _COLUMNS))
        console.print(table)
