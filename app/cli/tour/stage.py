"""The stage of the tour: requests over HTTP, each printed with its outcome, none of them unchecked."""

import re
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self

import httpx2
from rich.console import Console

from app.demo.listed import Account
from app.domain.errors import NotFound, Unavailable

_PATIENCE = 30
"""Seconds that the server has for an answer."""

_UNAUTHORISED = 401

_MOST_PAGES = 100
"""How many pages of the change feed are read: enough for the demo city, not for one of full size."""

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
    secret: str = ""
    """What the player signed in with; an application that a person allowed has none."""


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

    def scene(self, zh: str, en: str, requirements: Sequence[str] = ()) -> None:
        """Say what comes next, in both languages, and which requirements it meets."""
        self._scene += 1
        self._console.print(f"\n[bold]{self._scene:>2}  {zh}[/bold]\n    {en}")
        if requirements:
            self._console.print(f"    [magenta]{' '.join(requirements)}[/magenta]")

    def note(self, words: str) -> None:
        """Say what was learnt from an answer."""
        self._console.print(f"    [cyan]{words}[/cyan]")

    def sign_in(self, name: str, password: str | None = None) -> Player:
        """Sign in at the token endpoint, a client by its secret and a person by the password.

        The password of an account that the story itself has opened is told by the story.
        """
        account = self._accounts.get(name)
        if account is None and password is None:
            raise NotInTheCast(name=name)
        secret = password or (account.secret if account else "")
        if account is not None and account.kind == "client":
            form = {"grant_type": "client_credentials", "client_id": name, "client_secret": secret}
        else:
            form = {"grant_type": "password", "username": name, "password": secret}
        answer = self.submit(name, "/oauth/token", form)
        return Player(name, answer.json()["access_token"], secret)

    def submit(
        self, name: str, path: str, form: Mapping[str, str], *, expect: int = 200, **more: Any
    ) -> httpx2.Response:
        """A form, sent by whoever is not signed in yet; the whole answer."""
        return self._send(name, "POST", path, expect=expect, data=dict(form), **more)

    def visit(
        self, name: str, method: str, path: str, *, expect: int | str = 200, **more: Any
    ) -> httpx2.Response:
        """A request of somebody without an account; the whole answer."""
        return self._send(name, method, path, expect=expect, **more)

    def wait(self, seconds: float) -> None:
        """Let time pass, as the server has asked."""
        time.sleep(seconds)

    def follow(
        self, player: Player, kinds: str, cursor: str | None = None
    ) -> tuple[list[dict[str, Any]], str | None]:
        """The changes from a cursor on, and the cursor after them; only the first request is shown."""
        found: list[dict[str, Any]] = []
        path = "/changes?limit=500" + "".join(f"&kinds={kind}" for kind in kinds.split())
        for page in range(_MOST_PAGES):
            after = f"&after={cursor}" if cursor else ""
            answer = self.call(player, "GET", f"{path}{after}", quiet=page > 0)
            found += answer["items"]
            cursor = answer["next"]
            if not answer["more"]:
                break
        return found, cursor

    def call(
        self, player: Player, method: str, path: str, *, expect: int | str = 200, **more: Any
    ) -> Any:
        """One request of a player below /api/v1; the content of its answer.

        What is expected is a status, or the code of a refusal.
        """
        answer = self.fetch(player, method, f"/api/v1{path}", expect=expect, **more)
        return answer.json() if answer.content else None

    def fetch(
        self, player: Player, method: str, path: str, *, expect: int | str = 200, **more: Any
    ) -> httpx2.Response:
        """One request of a player, to any path; the whole answer."""
        headers = {"Authorization": f"Bearer {player.token}"} | more.pop("headers", {})
        return self._send(player.name, method, path, expect=expect, headers=headers, **more)

    def call_in_vain(self, player: Player, path: str) -> None:
        """A request below /api/v1 with a token that has just been ended: it is refused within seconds."""
        headers = {"Authorization": f"Bearer {player.token}"}
        for _ in range(_PATIENCE):
            if self._client.get(f"/api/v1{path}", headers=headers).status_code == _UNAUTHORISED:
                break
            time.sleep(1)
        self.call(player, "GET", path, expect=_UNAUTHORISED)

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
        self,
        name: str,
        method: str,
        path: str,
        *,
        expect: int | str,
        quiet: bool = False,
        **more: Any,
    ) -> httpx2.Response:
        try:
            answer = self._client.request(method, path, **more)
        except httpx2.TransportError as error:
            raise ServerNotReached(url=self._url, reason=error) from error
        problem = _problem(answer)
        is_right = expect == (
            problem.get("code") if isinstance(expect, str) else answer.status_code
        )
        colour = "green" if is_right else "red"
        if not quiet:
            told = f"[{colour}]{answer.status_code}[/{colour}] {problem.get('code', '')}"
            shown = _LONG.sub(lambda found: f"…{found[0][-6:]}", path)
            self._console.print(f"    {name:<16} {method:<5} {shown}  {told}")
        if not is_right:
            detail = " ".join(
                [problem.get("detail") or answer.text[:300], *map(str, problem.get("errors", []))]
            )
            raise Unexpected(f"{method} {path}: {answer.status_code}, not {expect}: {detail}")
        return answer


def _problem(answer: httpx2.Response) -> dict[str, Any]:
    """The problem document of a refusal, or nothing."""
    if answer.is_error:
        with suppress(ValueError):
            content: dict[str, Any] = answer.json()
            return content
    return {}
