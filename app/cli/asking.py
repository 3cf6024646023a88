"""Asking a server over HTTP from a script: with a token, or as an application that gets its own.

`YANXUN_TOKEN` is a token; otherwise `YANXUN_CLIENT_ID` names the application, and its secret is in
`YANXUN_CLIENT_SECRET`, or in the file that `YANXUN_CLIENT_SECRET_FILE` names, which others cannot read.
"""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

from app.cli.login import ServerUnreachable
from app.domain.errors import DomainError, Unauthenticated
from app.security import secret_file

_PATIENCE = 60.0
_TRIED = 6
"""How often a server that does not answer, or is busy, is asked: within about a minute."""
_BUSY = frozenset({429, 502, 503, 504})


class NoCredentials(Unauthenticated):
    """Neither a token nor an application with its secret is in the environment."""

    code = "no_credentials"
    zh = "未提供凭据：请设置 YANXUN_TOKEN，或 YANXUN_CLIENT_ID 与 YANXUN_CLIENT_SECRET(_FILE)。"
    en = "Set YANXUN_TOKEN, or YANXUN_CLIENT_ID with YANXUN_CLIENT_SECRET or YANXUN_CLIENT_SECRET_FILE."


class ServerRefuses(DomainError):
    """The server's own refusal, in its words."""

    code = "server_refuses"
    zh = "{refusal}（{code}）"
    en = "{refusal} ({code})"


class Server:
    """One server as a script asks it: GET is asked again where nobody answers, and tokens are renewed."""

    def __init__(self, url: str, environment: Mapping[str, str]) -> None:
        self._http = httpx2.Client(base_url=url, timeout=_PATIENCE, trust_env=False)
        self._environment = environment
        self._url = url
        self._token = environment.get("YANXUN_TOKEN", "")

    def get(self, path: str, **parameters: Any) -> Any:
        """The content at an address below `/api/v1`."""
        for attempt in range(_TRIED):
            try:
                answer = self._ask("GET", path, params=parameters)
            except httpx2.TransportError:
                answer = None
            if answer is not None and answer.status_code not in _BUSY:
                return _content(answer)
            time.sleep(min(2.0**attempt, 30.0))
        raise ServerUnreachable(url=self._url)

    def post(self, path: str, content: Any = None) -> Any:
        """The answer to what is asked once."""
        try:
            return _content(self._ask("POST", path, json=content))
        except httpx2.TransportError:
            raise ServerUnreachable(url=self._url) from None

    def close(self) -> None:
        """Give up its connections."""
        self._http.close()

    def _ask(self, method: str, path: str, **sent: Any) -> httpx2.Response:
        self._token = self._token or self._new_token()
        answer = self._send(method, path, sent)
        if answer.status_code == 401 and "YANXUN_TOKEN" not in self._environment:
            self._token = self._new_token()
            answer = self._send(method, path, sent)
        return answer

    def _send(self, method: str, path: str, sent: Mapping[str, Any]) -> httpx2.Response:
        headers = {"authorization": f"Bearer {self._token}"}
        return self._http.request(method, f"/api/v1{path}", headers=headers, **sent)

    def _new_token(self) -> str:
        name = self._environment.get("YANXUN_CLIENT_ID")
        secret = self._environment.get("YANXUN_CLIENT_SECRET")
        file = self._environment.get("YANXUN_CLIENT_SECRET_FILE")
        if file and not secret:
            secret = secret_file.read(Path(file)).strip()
        if not name or not secret:
            raise NoCredentials
        form = {"grant_type": "client_credentials", "client_id": name, "client_secret": secret}
        told = self._http.post("/oauth/token", data=form).json()
        if not isinstance(told, dict) or "access_token" not in told:
            word = str(told.get("error", "")) if isinstance(told, dict) else ""
            raise ServerRefuses(refusal="/oauth/token", code=word)
        return str(told["access_token"])


@contextmanager
def server(url: str, environment: Mapping[str, str] = os.environ) -> Iterator[Server]:
    """The server at an address, with what the environment says."""
    asked = Server(url, environment)
    try:
        yield asked
    finally:
        asked.close()


def _content(answer: httpx2.Response) -> Any:
    try:
        content = answer.json()
    except ValueError:
        raise ServerUnreachable(url=str(answer.request.url)) from None
    if answer.status_code >= 400:
        refusal = content if isinstance(content, dict) else {}
        told = str(refusal.get("detail") or refusal.get("title") or answer.status_code)
        raise ServerRefuses(refusal=told, code=str(refusal.get("code", "")))
    return content
