"""The REST face of a running server, for commands that do something as somebody.

The token comes from `YANXUN_TOKEN`, or from a file that nobody else can read (`YANXUN_TOKEN_FILE`): it is
no argument, since arguments are seen by everybody on the machine.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import httpx2

from app.cli.login import ServerUnreachable
from app.domain.errors import NotAllowed, Unauthenticated
from app.security import secret_file

_PATIENCE = 60


class TokenMissing(Unauthenticated):
    """No token was given."""

    code = "token_missing"
    zh = "请在环境变量 YANXUN_TOKEN 或 YANXUN_TOKEN_FILE（仅本人可读的文件）中提供访问令牌。"
    en = "Give an access token in YANXUN_TOKEN, or a file of it in YANXUN_TOKEN_FILE."


class ServerRefused(NotAllowed):
    """The server refused, and said why; `permission` is its code."""

    code = "server_refused"
    zh = "{said}（{permission}）"
    en = "{said} ({permission})"


class Server:
    """A running server, asked with a token within a `with`."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self._url = url
        self._http = httpx2.Client(
            base_url=f"{url.rstrip('/')}/api/v1",
            timeout=_PATIENCE,
            trust_env=False,
            headers={"Authorization": f"Bearer {token or given_token()}"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def ask(self, method: str, path: str, **more: Any) -> Any:
        """The answer; refusals are raised with the server's own words."""
        try:
            answer = self._http.request(method, path, **more)
            content: Any = answer.json()
        except (httpx2.TransportError, ValueError):
            raise ServerUnreachable(url=self._url) from None
        if answer.status_code >= 400:
            raise ServerRefused(
                str(content.get("code", answer.status_code)), said=content.get("detail", "")
            )
        return content

    def all(self, path: str, **params: Any) -> Iterator[dict[str, Any]]:
        """Every row of a list, page after page."""
        asked = {name: value for name, value in params.items() if value is not None}
        asked["limit"] = 100
        while True:
            page = self.ask("GET", path, params=asked)
            yield from page["items"]
            if page["next"] is None:
                return
            asked["cursor"] = page["next"]


def given_token() -> str:
    """The token that the environment gives, itself or as a file; refused where it gives none."""
    given, path = os.environ.get("YANXUN_TOKEN"), os.environ.get("YANXUN_TOKEN_FILE")
    if given is None and path is not None:
        given = secret_file.read(Path(path))
    if not given or not given.strip():
        raise TokenMissing
    return given.strip()
