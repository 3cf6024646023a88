"""`yanxun conformance`: whether somebody's client does what every client owes; for their own build, too."""

import asyncio
import json
import os
import shlex
import shutil
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.login import HERE, ServerUnreachable
from app.cli.output import console
from app.domain.errors import Invalid

if TYPE_CHECKING:
    from app.conformance import Client, Finding

FAILED = 3
"""The exit code where a check failed."""


class WebhookSecretMissing(Invalid):
    """A receiver is to be examined, and with what its messages are signed is not known."""

    code = "webhook_secret_missing"
    zh = "请在环境变量 YANXUN_WEBHOOK_SECRET 中给出接收端所用的密钥（whsec_…）。"
    en = "Say in YANXUN_WEBHOOK_SECRET which secret the receiver has (whsec_…)."


def conformance(
    command: Annotated[
        list[str] | None, typer.Argument(help="客户端命令 / the client's command, after --")
    ] = None,
    upstream: Annotated[str, typer.Option(help="其后的服务，如沙箱 / server behind it")] = HERE,
    check: Annotated[
        list[str] | None, typer.Option(help="只做这些检查 / these checks only, repeatable")
    ] = None,
    held: Annotated[
        str | None, typer.Option(help="列出客户端所存标识的命令 / prints the keys that it holds")
    ] = None,
    variable: Annotated[
        str, typer.Option(help="传递地址的环境变量 / variable that gives the address")
    ] = "YANXUN_URL",
    webhook: Annotated[
        str | None, typer.Option(help="事件接收地址 / address of a receiver of webhooks")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="JSON 格式 / as JSON")] = False,
) -> None:
    """检查客户端是否符合对接要求 / run a client through what goes wrong in the world, and judge it.

    退出码：0 无一失败，1 服务未应答，2 用法有误，3 有检查失败 / exits with 0 where nothing failed, 1 where no
    server answers, 2 for a wrong use, 3 where a check failed.
    """
    from app.conformance import CHECKS, Client

    unknown = set(check or ()) - set(CHECKS)
    if unknown or not (command or webhook):
        raise typer.BadParameter(f"--webhook URL / -- COMMAND; --check {' '.join(CHECKS)}")
    for first in (*(command or ())[:1], *shlex.split(held or "")[:1]):
        if shutil.which(first) is None:
            raise typer.BadParameter(f"没有这个命令 / there is no such command: {first}")
    client = Client(command or (), shlex.split(held or ""), variable)
    findings = asyncio.run(_examine(client, upstream, list(check or CHECKS), webhook))
    _tell(findings, as_json=as_json)
    if any(each.outcome == "failed" for each in findings):
        raise typer.Exit(FAILED)


async def _examine(
    client: "Client", upstream: str, names: list[str], webhook: str | None
) -> "list[Finding]":
    import httpx2

    from app.cli.serving import listen
    from app.conformance import examine, examine_receiver

    findings: list[Finding] = []
    if client.command:
        await _check_answers(upstream)
        with listen("127.0.0.1", 0) as door:
            findings += [each async for each in examine(client, upstream, door, names)]
    if webhook is not None:
        secret = os.environ.get("YANXUN_WEBHOOK_SECRET")
        if not secret:
            raise WebhookSecretMissing
        try:
            findings += await examine_receiver(webhook, secret)
        except httpx2.TransportError:
            raise ServerUnreachable(url=webhook) from None
    return findings


async def _check_answers(upstream: str) -> None:
    import httpx2

    try:
        async with httpx2.AsyncClient(trust_env=False) as http:
            await http.get(f"{upstream}/healthz")
    except httpx2.TransportError:
        raise ServerUnreachable(url=upstream) from None


_MARKS = {"passed": "✓", "failed": "✗", "unseen": "–"}


def _tell(findings: "list[Finding]", *, as_json: bool) -> None:
    if as_json:
        told = [asdict(each) for each in findings]
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
        return
    for each in findings:
        console.print(f"{_MARKS[each.outcome]} {each.check:18} {each.zh}", markup=False)
        console.print(f"  {'':18} {each.en}", markup=False)
