"""`yanxun import`: a file is handed in, looked at and entered from a script, over a running server.

It is resumable: interrupted, the work goes on at the server, and `--resume` with the key of the import
goes on from there. Exits with 0 where every row could be entered (or needed nothing), with 1 where the
server refused, with 2 for a wrong use, and with 3 where rows were refused.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from app.cli.login import HERE
from app.cli.output import console, errors, progress_bar
from app.cli.remote import Server
from app.domain.errors import Conflict

ROWS_REFUSED = 3
"""The exit code where the work was done, and rows were refused."""
_WRITTEN = (".xlsx", ".csv", ".jsonl")
_MOST_SHOWN = 20
_PIECE = 1_000_000

Run = dict[str, Any]
Kind = Literal[
    "units",
    "people",
    "careers",
    "groups",
    "activities",
    "outside_training",
    "national_study",
    "claims",
    "national_roster",
    "courses",
    "trainers",
    "topics",
    "resources",
    "documents",
    "indicators",
    "budgets",
    "expenses",
]


class ImportFailed(Conflict):
    """The work on the import failed, and the server says why."""

    code = "import_failed"
    zh = "{zh}"
    en = "{en}"


def import_file(
    file: Annotated[
        Path | None, typer.Argument(exists=True, dir_okay=False, help="CSV、XLSX、JSON Lines")
    ] = None,
    subject: Annotated[
        Kind,
        typer.Option("--kind", help="文件内容 / what it is about"),
    ] = "people",
    unit: Annotated[str | None, typer.Option(help="导入范围（单位标识） / key of the unit")] = None,
    resume: Annotated[str | None, typer.Option(help="继续该导入 / go on with this import")] = None,
    shrink_share: Annotated[
        int, typer.Option(min=0, max=100, help="完整名册允许缺少的比例（%） / what it may lack")
    ] = 10,
    url: Annotated[str, typer.Option(help="服务地址 / address")] = HERE,
    *,
    apply: Annotated[
        bool, typer.Option("--apply/--dry-run", help="核对后写入，默认仅核对 / enter, or only look")
    ] = False,
    overwrite: Annotated[bool, typer.Option(help="覆盖人工更正 / over corrections")] = False,
    full_roster: Annotated[bool, typer.Option(help="完整名册 / names everybody")] = False,
    returned: Annotated[
        Path | None,
        typer.Option(help="有行被拒绝时，将其退回到该文件 / refused rows go into this file"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出 / as JSON")] = False,
) -> None:
    """导入文件：先核对，再写入 / take a file over: looked at first, entered with --apply.

    退出码：0 全部可导入，1 被服务拒绝，2 用法有误，3 有行被拒绝 / exits with 0 if every row could be entered,
    1 if the server refused, 2 for a wrong use, 3 if rows were refused.
    """
    if (file is None) == (resume is None) or (file is not None and unit is None):
        raise typer.BadParameter("FILE --unit …, / 或 --resume …")
    if returned is not None and returned.suffix not in _WRITTEN:
        raise typer.BadParameter("--returned …" + "|".join(_WRITTEN))
    with Server(url) as server:
        code = run_import(
            server, file, resume, apply=apply, as_json=as_json, returned=returned, subject=subject,
            unit_id=unit, overwrite=overwrite, full_roster=full_roster, shrink_share=shrink_share,
        )  # fmt: skip
    raise typer.Exit(code)


def save_template(
    subject: Annotated[Kind, typer.Argument(metavar="KIND", help="文件内容 / what it is about")],
    out: Annotated[Path, typer.Argument(dir_okay=False, help="写入的工作簿 / workbook, .xlsx")],
    url: Annotated[str, typer.Option(help="服务地址 / address")] = HERE,
) -> None:
    """下载导入模板 / a workbook to be filled in, with drop-downs and examples."""
    with Server(url) as server:
        server.save(f"/import-templates/{subject}", out)
    console.print(str(out), markup=False)


def run_import(
    server: Server,
    file: Path | None,
    resume: str | None,
    *,
    apply: bool,
    as_json: bool,
    returned: Path | None = None,
    wait: Callable[[float], None] = time.sleep,
    **said: Any,
) -> int:
    """Hand a file in, or go on with an import; the exit code."""
    run = server.ask("GET", f"/imports/{resume}") if resume else _hand_in(server, file, said)
    if not as_json:
        errors.print(f"导入 / import {run['id']}", markup=False)
    run = _follow(server, run, wait)
    if apply and run["stage"] == "checked":
        if run["work"] != "apply" or run["state"] != "done":
            run = server.ask("POST", f"/imports/{run['id']}/apply")
        run = _follow(server, run, wait)
    refused = _refused(server, run)
    if returned is not None and run["rejects"]:
        asked = {"format": returned.suffix.removeprefix(".")}
        server.save(f"/imports/{run['id']}/returned-file", returned, **asked)
    if as_json:
        sys.stdout.write(json.dumps(run | {"refused": refused}, ensure_ascii=False) + "\n")
    else:
        _tell(run, refused)
    return ROWS_REFUSED if run["rejects"] else 0


def _hand_in(server: Server, file: Path | None, said: Run) -> Run:
    if file is None:
        raise ValueError("a file, or the import to go on with")
    params = {name: value for name, value in said.items() if value is not None}
    with file.open("rb") as content:
        pieces = iter(lambda: content.read(_PIECE), b"")
        run: Run = server.ask(
            "POST", "/imports", params=params | {"file_name": file.name}, content=pieces
        )
    return run


def _follow(server: Server, run: Run, wait: Callable[[float], None]) -> Run:
    """The import once no work on it is under way; refused where the work failed."""
    words = {"check": "核对 / checking", "apply": "导入 / entering", "undo": "撤回 / taking back"}
    with progress_bar(words[run["work"]]) as show:
        run = server.follow(f"/imports/{run['id']}", run, show, wait)
    if run["state"] == "failed":
        raise ImportFailed(zh=run["failure_zh"], en=run["failure_en"])
    return run


def _refused(server: Server, run: Run) -> list[Run]:
    """The first of the rows that were refused, with the reasons."""
    params = {"action": "reject", "limit": _MOST_SHOWN}
    if not run["rejects"]:
        return []
    page = server.ask("GET", f"/imports/{run['id']}/rows", params=params)
    return [
        {"number": row["number"], "label": row["label"], "reasons": row["reasons"]}
        for row in page["items"]
    ]


def _tell(run: Run, refused: list[Run]) -> None:
    console.print(
        f"新增 / create {run['creates']}  变更 / change {run['changes']}"
        f"  无变化 / unchanged {run['unchanged']}  拒绝 / refused {run['rejects']}"
        f"  已导入 / entered {run['applied']}"
    )
    if run["unknown"]:
        console.print(f"未识别的列 / unknown columns: {'、'.join(run['unknown'])}", markup=False)
    for row in refused:
        because = "；".join(reason["zh"] for reason in row["reasons"] if not reason["note"])
        console.print(f"  {row['number']}  {row['label']}  {because}", markup=False)
    if run["rejects"] > len(refused):
        console.print(f"  … {run['rejects'] - len(refused)}")
