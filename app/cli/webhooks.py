"""`yanxun webhooks`: where applications are told of changes, and whether a message was really ours."""

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from standardwebhooks import Webhook, WebhookVerificationError

from app.cli.login import HERE
from app.cli.remote import Server, given
from app.domain.errors import Unauthenticated

webhooks = typer.Typer(help="变更推送 / webhooks", no_args_is_help=True)

Url = Annotated[str, typer.Option(help="服务地址 / address")]


class SignatureWrong(Unauthenticated):
    """The message was not signed with this secret, or not just now."""

    code = "webhook_signature_wrong"
    zh = "签名无效，或消息已过时：{reason}"
    en = "The signature is wrong, or the message too old: {reason}"


class WebhookSecretMissing(Unauthenticated):
    """The secret of the webhook was not given."""

    code = "webhook_secret_missing"
    zh = "请在环境变量 YANXUN_WEBHOOK_SECRET 或 YANXUN_WEBHOOK_SECRET_FILE（仅本人可读的文件）中提供推送密钥。"
    en = "Give the secret in YANXUN_WEBHOOK_SECRET, or a file of it in YANXUN_WEBHOOK_SECRET_FILE."


def _say(content: Any) -> None:
    typer.echo(msgspec.json.encode(content).decode())


@webhooks.command("list")
def list_webhooks(
    *,
    messages: Annotated[bool, typer.Option(help="列出消息 / their messages instead")] = False,
    url: Url = HERE,
) -> None:
    """列出推送或消息，每行一个 JSON / one JSON object a line."""
    with Server(url) as server:
        for item in server.all("/webhook-messages" if messages else "/webhooks"):
            _say(item)


@webhooks.command()
def add(
    client: Annotated[str, typer.Argument(help="应用标识 / key of the application")],
    address: Annotated[str, typer.Argument(help="接收地址 / address that is told")],
    kind: Annotated[list[str] | None, typer.Option(help="类别 / kinds, repeatable")] = None,
    unit: Annotated[str | None, typer.Option(help="单位范围 / unit it is told of")] = None,
    url: Url = HERE,
) -> None:
    """登记推送并输出一次性显示的密钥 / register one; the answer has the secret, this once."""
    new = {"client_id": client, "url": address, "kinds": kind or None, "unit_id": unit}
    with Server(url) as server:
        _say(server.ask("POST", "/webhooks", json=new))


@webhooks.command()
def replay(
    message: Annotated[str, typer.Argument(help="消息标识 / key of the message")],
    url: Url = HERE,
) -> None:
    """重新推送一条消息 / send a message once more, under the same key."""
    with Server(url) as server:
        _say(server.ask("POST", f"/webhook-messages/{message}/replay"))


@webhooks.command()
def verify(
    message_id: Annotated[str, typer.Option("--id", help="webhook-id")],
    timestamp: Annotated[str, typer.Option(help="webhook-timestamp")],
    signature: Annotated[str, typer.Option(help="webhook-signature")],
    body: Annotated[Path | None, typer.Argument(help="正文文件，默认标准输入 / body")] = None,
) -> None:
    """核验收到的消息 / whether a message is ours; secret: YANXUN_WEBHOOK_SECRET, or …_FILE."""
    received = sys.stdin.buffer.read() if body is None else body.read_bytes()
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": signature,
    }
    try:
        Webhook(_secret()).verify(received, headers, json_parse=False)
    except (WebhookVerificationError, ValueError) as problem:
        raise SignatureWrong(reason=str(problem)) from None
    typer.echo("有效 / valid")


def _secret() -> str:
    secret = given(os.environ, "YANXUN_WEBHOOK_SECRET")
    if secret is None:
        raise WebhookSecretMissing
    return secret
