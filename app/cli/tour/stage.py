"""The stage of the tour: requests over HTTP, each printed with its outcome, none of them unchecked."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self

import httpx2
from rich.console import Console

from app.demo.accounts import Account
from app.domain.errors import NotFound, Unavailable

_PATIENCE = 30
"""Seconds that the server has for an answer."""

_LONG = re.compile(r"[0-9a-f-]{36}|(?<=after=)\S+")
"""What fills an address without telling a reader much: keys and cursors."""


class ServerNotReached(Unavailable):
    """Nobody answers at the address; `reason` is what the system said."""

    code = "server_not_reached"
    zh = "无法连接 {url}：{reason}。请先执行 yanxun run，或用 --url 指定地址。"
    en = "Nothing answers at {url}: {reason}. Start `yanxun run` first, or say where with --url."


class NotInTheCast(NotFound):
    """The story needs an account that the file of accounts does not name."""

    code = "account_not_in_cast"
    zh = "账号文件中没有 {name}。"
    en = "The file of accounts does not name {name}."


class Unexpected(Exception):
    """The server answered otherwise than the story goes."""


@dataclass
class Player:
    """Somebody who takes part in the story, signed in."""

    name: str
    token: str


class Stage:
    """Where the story is played: it prints each request with its outcome and stops at a surprise."""

    def __init__(self, url: str, accounts: Mapping[str, Account], console: Console) -> None:
        self._client = httpx2.Client(base_url=url, timeout=_PATIENCE, trust_env=False)
        self._url = url
        self._accounts = accounts
        self._console = console
        self._scene = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def scene(self, zh: str, en: str) -> None:
        """Say what comes next, in both languages."""
        self._scene += 1
        self._console.print(f"\n[bold]{self._scene:>2}  {zh}[/bold]\n    {en}")

    def note(self, words: str) -> None:
        """Say what was learnt from an answer."""
        self._console.print(f"    [cyan]{words}[/cyan]")

    def sign_in(self, name: str) -> Player:
        """Sign in at the token endpoint, a client by its secret and a person by the password."""
        account = self._accounts.get(name)
        if account is None:
            raise NotInTheCast(name=name)
        if account.kind == "client":
            form = {
                "grant_type": "client_credentials",
                "client_id": name,
                "client_secret": account.secret,
            }
        else:
            form = {"grant_type": "password", "username": name, "password": account.secret}
        answer = self._send(name, "POST", "/oauth/token", expect=200, data=form)
        return Player(name, answer.json()["access_token"])

    def call(
        self, player: Player, method: str, path: str, *, expect: int = 200, **more: Any
    ) -> Any:
        """One request of a player below /api/v1; the content of its answer."""
        answer = self.fetch(player, method, f"/api/v1{path}", expect=expect, **more)
        return answer.json() if answer.content else None

    def fetch(
        self, player: Player, method: str, path: str, *, expect: int = 200, **more: Any
    ) -> httpx2.Response:
        """One request of a player, to any path; the whole answer."""
        headers = {"Authorization": f"Bearer {player.token}"}
        return self._send(player.name, method, path, expect=expect, headers=headers, **more)

    def ask(self, player: Player, query: str, **variables: Any) -> Any:
        """One GraphQL operation of a player; its data."""
        content = self.fetch(
            player, "POST", "/graphql", json={"query": query, "variables": variables}
        ).json()
        if content.get("errors"):
            raise Unexpected(f"GraphQL: {content['errors'][0].get('message')}")
        return content["data"]

    def check(self, holds: bool, words: str) -> None:
        """Stop unless what the story says of an answer is so."""
        if not holds:
            raise Unexpected(words)

    def _send(
        self, name: str, method: str, path: str, *, expect: int, quiet: bool = False, **more: Any
    ) -> httpx2.Response:
        try:
            answer = self._client.request(method, path, **more)
        except httpx2.TransportError as error:
            raise ServerNotReached(url=self._url, reason=error) from error
        is_right = answer.status_code == expect
        colour = "green" if is_right else "red"
        problem = _problem(answer)
        if not quiet:
            told = f"[{colour}]{answer.status_code}[/{colour}] {problem.get('code', '')}"
            shown = _LONG.sub(lambda found: f"…{found[0][-6:]}", path)
            self._console.print(f"    {name:<16} {method:<5} {shown}  {told}")
        if not is_right:
            detail = problem.get("detail") or answer.text[:300]
            raise Unexpected(f"{method} {path}: {answer.status_code}, not {expect}: {detail}")
        return answer


def _problem(answer: httpx2.Response) -> dict[str, Any]:
    """The problem document of a refusal, or nothing."""
    if answer.is_error:
        with suppress(ValueError):
            content: dict[str, Any] = answer.json()
            return content
    return {}
