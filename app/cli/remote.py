"""The REST face of a running server, for commands that do something there: as somebody, or as an application.

A token comes from `YANXUN_TOKEN`, or from the file that `YANXUN_TOKEN_FILE` names. An application gets its
own: `YANXUN_CLIENT_ID` names it, and its secret is in `YANXUN_CLIENT_SECRET`, or in the file that
`YANXUN_CLIENT_SECRET_FILE` names. Others may not read such a file. None of it is an argument, since
arguments are seen by everybody on the machine.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any, Self

import httpx2

from app.cli.login import ServerUnreachable
from app.cli.output import errors
from app.domain.errors import DomainError, Unauthenticated
from app.security import secret_file

_PATIENCE = 60.0
_TRIED = 6
"""How often a server that does not answer, or is busy, is asked the same: within about a minute."""
_LOOKED_EVERY = 0.5
"""Seconds between two looks at work that is followed and not streamed."""
_EVENTS = "text/event-stream"
_BUSY = frozenset({429, 502, 503, 504})


class NoCredentials(Unauthenticated):
    """Neither a token nor an application with its secret is in the environment."""

    code = "no_credentials"
    zh = (
        "未提供凭据：请设置环境变量 YANXUN_TOKEN(_FILE)，"
        "或 YANXUN_CLIENT_ID 与 YANXUN_CLIENT_SECRET(_FILE)；文件须仅本人可读。"
    )
    en = (
        "Set YANXUN_TOKEN or YANXUN_TOKEN_FILE, or YANXUN_CLIENT_ID with YANXUN_CLIENT_SECRET or"
        " YANXUN_CLIENT_SECRET_FILE; nobody else may read such a file."
    )


class ServerRefused(DomainError):
    """The server's own refusal, in its words; `refusal` is its code."""

    code = "server_refused"
    zh = "{said}（{refusal}）"
    en = "{said} ({refusal})"


class Server:
    """A running server, asked within a `with`; a token that has run out is renewed where it can be."""

    def __init__(
        self,
        url: str,
        token: str | None = None,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self._url = url
        self._environment = environment
        self._http = httpx2.Client(base_url=url, timeout=_PATIENCE, trust_env=False)
        self._given = token or given(environment, "YANXUN_TOKEN")
        self._token = self._given

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def ask(self, method: str, path: str, **more: Any) -> Any:
        """The answer at an address below `/api/v1`; refusals are raised in the server's own words.

        What only reads is asked again where nobody answers or the server is busy; all else is asked once.
        """
        for attempt in range(_TRIED if method == "GET" else 1):
            if attempt:
                time.sleep(2.0 ** (attempt - 1))
            try:
                answer = self._ask(method, path, more)
            except httpx2.TransportError:
                continue
            if answer.status_code not in _BUSY:
                break
        else:
            raise ServerUnreachable(url=self._url)
        return self._content(answer)

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

    def follow(
        self,
        path: str,
        row: dict[str, Any],
        show: Callable[[float], None],
        wait: Callable[[float], None] = time.sleep,
    ) -> dict[str, Any]:
        """The row of background work at an address, once that is over; `show` is told how far it is.

        A server that streams tells of each step; one that does not is asked now and then.
        """
        while row["finished_at"] is None:
            show(row["done"] / row["total"] if row["total"] else 0.0)
            wait(_LOOKED_EVERY)
            with closing(self._told(path)) as told:
                for step in told:
                    show(step["done"] / step["total"] if step["total"] else 0.0)
                    if step["finished_at"] is not None:
                        break
            row = self.ask("GET", path)
        return row

    def save(self, path: str, out: Path, **params: Any) -> None:
        """Keep the file at an address under this name, once it has come whole."""
        part = out.with_name(f"{out.name}.part")
        try:
            with self._streamed(path, "*/*", params) as answer:
                if answer.status_code >= httpx2.codes.BAD_REQUEST:
                    answer.read()
                    self._content(answer)
                with part.open("wb") as file:
                    for piece in answer.iter_bytes():
                        file.write(piece)
        except httpx2.TransportError:
            raise ServerUnreachable(url=self._url) from None
        part.replace(out)

    def _told(self, path: str) -> Generator[dict[str, Any]]:
        """The row each time that the server tells of it, until it ends; once where it streams nothing."""
        try:
            with self._streamed(path, _EVENTS) as answer:
                if answer.headers.get("content-type", "").startswith(_EVENTS):
                    for line in answer.iter_lines():
                        if line.startswith("data: ") and "finished_at" in line:
                            yield json.loads(line.removeprefix("data: "))
        except httpx2.TransportError:
            return

    def _streamed(
        self, path: str, accepted: str, params: Mapping[str, Any] | None = None
    ) -> AbstractContextManager[httpx2.Response]:
        self._token = self._token or self._new_token()
        headers = {"Authorization": f"Bearer {self._token}", "Accept": accepted}
        return self._http.stream("GET", f"/api/v1{path}", headers=headers, params=params)

    def _ask(self, method: str, path: str, more: Mapping[str, Any]) -> httpx2.Response:
        self._token = self._token or self._new_token()
        answer = self._send(method, path, more)
        if answer.status_code == httpx2.codes.UNAUTHORIZED and self._given is None:
            self._token = self._new_token()
            answer = self._send(method, path, more)
        return answer

    def _send(self, method: str, path: str, more: Mapping[str, Any]) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {self._token}"}
        return self._http.request(method, f"/api/v1{path}", headers=headers, **more)

    def _new_token(self) -> str:
        name = self._environment.get("YANXUN_CLIENT_ID")
        secret = given(self._environment, "YANXUN_CLIENT_SECRET")
        if not name or secret is None:
            raise NoCredentials
        form = {"grant_type": "client_credentials", "client_id": name, "client_secret": secret}
        told = self._content(self._http.post("/oauth/token", data=form))
        return str(told["access_token"])

    def _content(self, answer: httpx2.Response) -> Any:
        try:
            content = answer.json()
        except ValueError:
            raise ServerUnreachable(url=self._url) from None
        if answer.status_code >= httpx2.codes.BAD_REQUEST:
            told = content if isinstance(content, dict) else {}
            # OAuth names its refusals otherwise (RFC 6749, 5.2).
            refusal = str(told.get("code") or told.get("error") or answer.status_code)
            said = str(told.get("detail") or told.get("error_description") or answer.reason_phrase)
            raise ServerRefused(refusal=refusal, said=said)
        return content


def end_unless_done(row: Mapping[str, Any]) -> None:
    """End the command with the code 1 where work is over and was not done, and say why."""
    if row["state"] != "done":
        errors.print(f"{row['state']}: {row['failure_zh']} / {row['failure_en']}", markup=False)
        sys.exit(1)


def given(environment: Mapping[str, str], name: str) -> str | None:
    """A secret that the environment gives, itself or by the name of a file; None where it gives none."""
    secret, path = environment.get(name), environment.get(f"{name}_FILE")
    if not secret and path:
        secret = secret_file.read(Path(path))
    return (secret or "").strip() or None
