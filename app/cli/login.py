"""`yanxun login`: a token for a person on any host, by a code that they allow in a browser (RFC 8628)."""

import time
from collections.abc import Callable
from typing import Annotated, Any

import httpx2
import typer

from app.cli.output import errors
from app.domain.errors import NotAllowed, Unavailable

HERE = "http://127.0.0.1:8000"
"""Where a server of this host listens unless told otherwise."""
_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_LATER = 5.0
"""Seconds by which a server's *slow down* makes the wait longer (RFC 8628, 3.5)."""


class ServerUnreachable(Unavailable):
    """Nothing answers there, or something else than Yanxun."""

    code = "server_unreachable"
    zh = "{url} 没有响应，或不是研训服务。"
    en = "Nothing answers at {url}, or it is not Yanxun."


class LoginRefused(NotAllowed):
    """The server refuses the application, or the person did; `permission` is its word for why."""

    code = "login_refused"
    zh = "未获授权：{permission}。"
    en = "This was not allowed: {permission}."


def login(
    client_id: Annotated[
        str, typer.Argument(metavar="CLIENT", help="公开应用 / public application")
    ],
    url: Annotated[str, typer.Option(help="服务地址 / address")] = HERE,
    scope: Annotated[str, typer.Option(help="权限范围 / scopes, by blanks")] = "",
) -> None:
    """用设备码登录并输出访问令牌 / an access token for a person, allowed in a browser."""
    with httpx2.Client(base_url=url, timeout=10, trust_env=False) as http:
        typer.echo(obtain_token(http, client_id, scope, say=errors.print))


def obtain_token(
    http: httpx2.Client,
    client_id: str,
    scope: str,
    *,
    say: Callable[[str], None],
    wait: Callable[[float], None] = time.sleep,
) -> str:
    """Ask for a code, say where to allow it, and wait until somebody has."""
    named = {"client_id": client_id}
    codes = _post(http, "/oauth/device_authorization", named | {"scope": scope})
    if "error" in codes:
        raise LoginRefused(codes["error"])
    say(
        f"请在浏览器打开 / open {codes['verification_uri_complete']}\n"
        f"并核对代码 / and compare the code {codes['user_code']}"
    )
    interval = float(codes["interval"])
    while True:
        wait(interval)
        asked = {"grant_type": _GRANT, "device_code": codes["device_code"]}
        answer = _post(http, "/oauth/token", named | asked)
        match answer.get("error"):
            case None:
                return str(answer["access_token"])
            case "authorization_pending":
                continue
            case "slow_down":
                interval += _LATER
            case word:
                raise LoginRefused(str(word))


def _post(http: httpx2.Client, path: str, form: dict[str, str]) -> dict[str, Any]:
    """The answer of an address of OAuth, a refusal included."""
    try:
        content: Any = http.post(path, data=form).json()
    except (httpx2.TransportError, ValueError):
        raise ServerUnreachable(url=str(http.base_url)) from None
    if not isinstance(content, dict) or not content.keys() & {
        "error",
        "access_token",
        "device_code",
    }:
        raise ServerUnreachable(url=str(http.base_url))
    return content
