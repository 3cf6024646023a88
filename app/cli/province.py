"""`yanxun province …`: handing over to the province from scripts, over the REST face of a running server.

Who asks, the environment says (`app.cli.remote`). Exits with 0, with 1 where something
was refused or cannot be reached, with 2 for a wrong use, and with 3 where records were rejected or the
two sides differ.
"""

import json
import sys
import time
from typing import Annotated, Any, Literal

import typer

from app.cli.login import HERE
from app.cli.output import console, progress_bar
from app.cli.remote import Server
from app.domain.errors import Conflict, Invalid

province = typer.Typer(help="省平台报送 / the exchange with the province", no_args_is_help=True)

Address = Annotated[str, typer.Option("--url", help="服务地址 / address")]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出 / as JSON")]
DIFFERS = 3
_LOOKED_EVERY = 2.0


class GatheringStopped(Conflict):
    """What is to be handed over is not gathered further, mostly for want of codes of the province."""

    code = "gathering_stopped"
    zh = "汇集已停止（{failure}）{gaps}。排除原因（补录代码）后运行 yanxun province hasten {submission}。"
    en = (
        "Gathering has stopped ({failure}) {gaps}. Once that is put right (codes are entered):"
        " yanxun province hasten {submission}."
    )


class CityUnclear(Invalid):
    """The token reaches several cities, or none."""

    code = "city_unclear"
    zh = "令牌可及 {count} 个市，请用 --city 指定。"
    en = "The token reaches {count} cities: name one by --city."


def _city(server: Server, given: str | None) -> str:
    """The city that is meant: the one given, or the only one that the token reaches."""
    if given is not None:
        return given
    found = [each["id"] for each in server.all("/units", level="city")]
    if len(found) != 1:
        raise CityUnclear(count=len(found))
    return str(found[0])


def _show(content: Any, line: str, *, as_json: bool) -> None:
    console.print(json.dumps(content, ensure_ascii=False) if as_json else line, markup=False)


def _show_submission(row: dict[str, Any], *, as_json: bool) -> None:
    counts = " ".join(
        f"{name}={row[name]}" for name in ("waiting", "pending", "accepted", "rejected")
    )
    failure = f" 最近失败 / last failure: {row['failure']}" if row["failure"] else ""
    if row["expected"] is not None:
        counts = f"汇集 / gathered {row['records']} / {row['expected']}"
    line = f"{row['id']} 第{row['number']}号 {row['kind']} {row['state']} {counts}{failure}"
    _show(row, line, as_json=as_json)


@province.command()
def send(
    kind: Annotated[
        Literal["roster", "credits", "certificates"], typer.Argument(help="报送内容 / what")
    ],
    city: Annotated[str | None, typer.Option(help="市标识 / key of the city")] = None,
    wait: Annotated[
        float, typer.Option(min=0, help="等待办结的秒数 / seconds to wait until it is settled")
    ] = 0,
    url: Address = HERE,
    *,
    as_json: AsJson = False,
) -> None:
    """报送尚未报送的内容 / hand over what no submission holds yet."""
    with Server(url) as server:
        new = {"city_id": _city(server, city), "kind": kind}
        row = server.ask("POST", "/province/submissions", json=new)
        _settle(server, row, wait, as_json=as_json)


@province.command()
def resend(
    submission: Annotated[str, typer.Argument(help="报送标识 / key of the submission")],
    wait: Annotated[float, typer.Option(min=0, help="等待秒数 / seconds to wait")] = 0,
    url: Address = HERE,
    *,
    as_json: AsJson = False,
) -> None:
    """补报被退回的记录 / send again what was rejected."""
    with Server(url) as server:
        row = server.ask("POST", f"/province/submissions/{submission}/resend")
        _settle(server, row, wait, as_json=as_json)


def _until(
    state: str, server: Server, path: str, row: dict[str, Any], wait: float
) -> dict[str, Any]:
    """The row once it is in that state, or as it is after so many seconds."""
    ends = time.monotonic() + wait
    while row["state"] != state and time.monotonic() < ends:
        time.sleep(_LOOKED_EVERY)
        row = server.ask("GET", path)
    return row


def _gathered(server: Server, row: dict[str, Any]) -> dict[str, Any]:
    """The submission once all that it holds is put down; interrupted, the server goes on with that."""
    path = f"/province/submissions/{row['id']}"
    with progress_bar("汇集 / gathering") as show:
        while row["state"] == "gathering" and row["failure"] is None:
            show(row["records"] / row["expected"])
            time.sleep(_LOOKED_EVERY)
            row = server.ask("GET", path)
    if row["state"] == "gathering":
        gaps = "、".join(row["gaps"])
        raise GatheringStopped(failure=row["failure"], gaps=gaps, submission=row["id"])
    return row


def _settle(server: Server, row: dict[str, Any], wait: float, *, as_json: bool) -> None:
    row = _gathered(server, row)
    row = _until("settled", server, f"/province/submissions/{row['id']}", row, wait)
    _show_submission(row, as_json=as_json)
    if row["rejected"]:
        sys.exit(DIFFERS)


@province.command()
def hasten(
    submission: Annotated[str, typer.Argument(help="报送标识 / key of the submission")],
    wait: Annotated[float, typer.Option(min=0, help="等待秒数 / seconds to wait")] = 0,
    url: Address = HERE,
    *,
    as_json: AsJson = False,
) -> None:
    """立即处理：继续汇集，或不等下次重试 / take it up at once: gather on, or hand over without a pause."""
    with Server(url) as server:
        row = server.ask("POST", f"/province/submissions/{submission}/hasten")
        _settle(server, row, wait, as_json=as_json)


@province.command()
def status(
    submission: Annotated[
        str | None, typer.Argument(help="报送标识，不填则列出全部 / one submission, or all")
    ] = None,
    url: Address = HERE,
    *,
    as_json: AsJson = False,
) -> None:
    """查看报送进度 / how far submissions have come."""
    with Server(url) as server:
        if submission is None:
            rows = list(server.all("/province/submissions"))
        else:
            rows = [server.ask("GET", f"/province/submissions/{submission}")]
    for row in rows:
        _show_submission(row, as_json=as_json)


@province.command()
def receipts(
    submission: Annotated[str, typer.Argument(help="报送标识 / key of the submission")],
    state: Annotated[
        Literal["waiting", "pending", "accepted", "rejected"] | None,
        typer.Option(help="只看此回执 / only these"),
    ] = None,
    url: Address = HERE,
    *,
    as_json: AsJson = False,
) -> None:
    """逐条列出回执 / the receipt of each record."""
    rejected = 0
    with Server(url) as server:
        for row in server.all(f"/province/submissions/{submission}/records", state=state):
            rejected += row["state"] == "rejected"
            why = [str(row[name]) for name in ("receipt_code", "receipt_reason") if row[name]]
            _show(row, " ".join([row["key"], row["state"], *why]), as_json=as_json)
    if rejected:
        sys.exit(DIFFERS)


@province.command()
def reconcile(
    city: Annotated[str | None, typer.Option(help="市标识 / key of the city")] = None,
    wait: Annotated[float, typer.Option(min=0, help="等待秒数 / seconds to wait")] = 600,
    url: Address = HERE,
    *,
    as_json: AsJson = False,
) -> None:
    """与省平台对账 / compare both sides, and list what does not agree."""
    with Server(url) as server:
        new = {"city_id": _city(server, city)}
        row = server.ask("POST", "/province/reconciliations", json=new)
        path = f"/province/reconciliations/{row['id']}"
        row = _until("done", server, path, row, wait)
        line = f"{row['id']} {row['state']} 一致 / agreeing={row['agreeing']} 差异 / differing="
        _show(row, f"{line}{row['differing']}", as_json=as_json)
        for each in server.all(f"{path}/differences"):
            said = f"{each['kind']} {each['key']} {each['our_state']} | {each['their_state']}"
            _show(each, said, as_json=as_json)
    if row["differing"] or row["state"] != "done":
        sys.exit(DIFFERS)
