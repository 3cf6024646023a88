"""`yanxun export`: a list as a file, from a running server; what broke off goes on where it was.

While a file is on its way there are two beside it: `FILE.part` with the bytes that have come, and
`FILE.export` with the key of the export and what was asked for. Whoever gives the same command again
has the rest fetched, and nothing made twice.
"""

import json
import sys
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import httpx2
import typer

from app.cli.login import HERE, ServerUnreachable
from app.cli.output import console, progress_bar
from app.cli.remote import Server, ServerRefused, end_unless_done
from app.domain.errors import Conflict

_PIECE: Final = 1_000_000
_KINDS: Final = ("csv", "xlsx", "jsonl")


class DownloadDamaged(Conflict):
    """What has come is not the file: it is thrown away."""

    code = "download_damaged"
    zh = "下载的内容与校验值不符，已丢弃，请重新执行命令。"
    en = "What has come does not have the checksum of the file: give the command again."


def export(
    list_name: Annotated[
        str, typer.Argument(metavar="LIST", help="清单 / id of the list's operation")
    ],
    out: Annotated[Path, typer.Option(help="写入文件 / file to be written")],
    filters: Annotated[
        list[str] | None, typer.Option("--filter", help="筛选条件 参数=取值 / name=value")
    ] = None,
    columns: Annotated[str | None, typer.Option(help="列，逗号分隔 / only these")] = None,
    sort: Annotated[str | None, typer.Option(help="排序，前加 - 为降序 / order")] = None,
    form: Annotated[
        Literal["csv", "xlsx", "jsonl"] | None,
        typer.Option("--format", help="格式，默认按文件名 / by the file's name without"),
    ] = None,
    url: Annotated[str, typer.Option(help="服务地址 / address")] = HERE,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出 / as JSON")] = False,
) -> None:
    """导出清单为文件，中断后重复命令即续传 / a list as a file; the same command again resumes it.

    令牌取自 YANXUN_TOKEN 或 YANXUN_TOKEN_FILE。退出码：0 完成，1 被拒绝或失败 / the token comes from
    there; exits with 1 where it is refused or fails.
    """
    ending = out.suffix.removeprefix(".")
    parted = [each.partition("=") for each in filters or []]
    asked = {
        "list": list_name,
        "parameters": [{"name": name, "value": value} for name, _, value in parted],
        "columns": None if columns is None else columns.split(","),
        "sort": sort,
        "format": form or (ending if ending in _KINDS else "csv"),
    }
    with Server(url) as server, progress_bar("导出 / exporting") as show:
        row = _begun(server, out, asked)
        row = server.follow(f"/exports/{row['id']}", row, show)
        if row["state"] == "done":
            _fetch(server, row, out, url)
    _beside(out, "export").unlink(missing_ok=True)
    if as_json:
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    elif row["state"] == "done":
        console.print(f"{out}: {row['done']} 行 / rows", markup=False)
    end_unless_done(row)


def _beside(out: Path, kind: str) -> Path:
    return out.with_name(f"{out.name}.{kind}")


def _begun(server: Server, out: Path, asked: dict[str, Any]) -> dict[str, Any]:
    """The export that was begun for this file by the same command, or else a new one."""
    kept = _beside(out, "export")
    if kept.exists():
        begun = json.loads(kept.read_text("utf-8"))
        if begun["asked"] == asked:
            try:
                row: dict[str, Any] = server.ask("GET", f"/exports/{begun['id']}")
            except ServerRefused:
                row = {"state": "gone"}
            if row["state"] in {"waiting", "running", "done"}:
                return row
    _beside(out, "part").unlink(missing_ok=True)
    made: dict[str, Any] = server.ask("POST", "/exports", json=asked)
    kept.write_text(json.dumps({"id": made["id"], "asked": asked}), "utf-8")
    return made


def _fetch(server: Server, row: dict[str, Any], out: Path, url: str) -> None:
    """Fetch what has not come yet, and give the file its name once it is whole."""
    part = _beside(out, "part")
    have = part.stat().st_size if part.exists() else 0
    if have < row["size"]:
        link = server.ask("POST", f"/exports/{row['id']}/link")["url"]
        headers = {"Range": f"bytes={have}-"} if have else {}
        try:
            with (
                httpx2.Client(timeout=60, trust_env=False) as http,
                http.stream("GET", f"{url.rstrip('/')}{link}", headers=headers) as answer,
                part.open("ab" if answer.status_code == 206 else "wb") as file,
            ):
                if answer.status_code not in {200, 206}:
                    raise ServerUnreachable(url=url)
                for piece in answer.iter_bytes(_PIECE):
                    file.write(piece)
        except httpx2.TransportError:
            raise ServerUnreachable(url=url) from None
    with part.open("rb") as file:
        digest = sha256()
        while piece := file.read(_PIECE):
            digest.update(piece)
    if digest.hexdigest() != row["sha256"]:
        part.unlink()
        raise DownloadDamaged
    part.replace(out)
