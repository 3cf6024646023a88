"""What every application on a server of its own needs: tokens, patience, lists, and a mirror by the feed.

`province.py` and `nightly.py` begin with it. An application acts for itself (`client_credentials`,
docs/sign-in.md); what it keeps is one SQLite file, which holds the cursor of the change feed beside what was
read up to there, so that it can be ended anywhere. Needs `httpx2` alone.
"""

import json
import os
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2

TRIES = 6
BEGIN_ANEW = "change_epoch_raised"


class Refused(Exception):
    """The server says no, and would say it again: `code` is stable, `str()` is for people."""

    def __init__(self, problem: dict[str, Any]) -> None:
        self.code = problem.get("code") or problem.get("error")
        super().__init__(
            f"{self.code}: {problem.get('detail') or problem.get('error_description')}"
        )


class Application:
    """The server, asked as a registered application."""

    def __init__(self, url: str, client_id: str, secret: str) -> None:
        self.http = httpx2.Client(base_url=url, timeout=60)
        self.known = {"client_id": client_id, "client_secret": secret}
        self.token: str | None = None

    @classmethod
    def of_environment(cls) -> "Application":
        """As `YANXUN_URL`, `YANXUN_CLIENT_ID` and `YANXUN_CLIENT_SECRET` say."""
        known = ("YANXUN_URL", "YANXUN_CLIENT_ID", "YANXUN_CLIENT_SECRET")
        return cls(*(os.environ[name] for name in known))

    def ask(self, method: str, path: str, *, key: str | None = None, **more: Any) -> Any:
        """The answer below `/api/v1`; a refusal is raised as `Refused`.

        `key` names the intention of an unsafe request: the same key for the same intention, also when the
        program is started again. Without one a key is drawn, which serves while this call lasts.
        """
        headers = {} if method == "GET" else {"Idempotency-Key": key or secrets.token_hex(16)}
        for attempt in range(TRIES):
            try:
                answer = self._send(method, f"/api/v1{path}", headers, more)
            except httpx2.TransportError:
                # It may have taken effect: the same key makes that harmless.
                time.sleep(0.1 * 2**attempt)
                continue
            if answer.status_code in (429, 502, 503, 504):
                time.sleep(float(answer.headers.get("Retry-After", 2**attempt)))
            elif answer.status_code == httpx2.codes.UNAUTHORIZED and attempt == 0:
                self.token = None
            elif answer.is_success:
                return answer.json()
            else:
                raise Refused(answer.json())
        raise SystemExit(f"{method} {path}: no answer after {TRIES} tries")

    def _send(
        self, method: str, path: str, headers: dict[str, str], more: dict[str, Any]
    ) -> httpx2.Response:
        if self.token is None:
            form = {"grant_type": "client_credentials", **self.known}
            told = self.http.post("/oauth/token", data=form)
            if not told.is_success:
                return told
            self.token = told.json()["access_token"]
        bearer = {"Authorization": f"Bearer {self.token}"}
        return self.http.request(method, path, headers=headers | bearer, **more)

    def every(self, path: str, **asked: Any) -> Iterator[dict[str, Any]]:
        """Everything of a list, page after page."""
        while True:
            page = self.ask("GET", path, params=asked)
            yield from page["items"]
            if page["next"] is None:
                return
            asked["cursor"] = page["next"]


class Mirror:
    """What the application may see, as the feed told it: one row a thing, and the cursor behind it."""

    def __init__(self, path: str) -> None:
        # What is kept is about people: nobody else on this machine has to read it.
        Path(path).touch(mode=0o600)
        self.db = sqlite3.connect(path)
        self.db.executescript(
            """
            CREATE TABLE IF NOT EXISTS thing (
                kind TEXT, id TEXT, lies_in TEXT, content TEXT, PRIMARY KEY (kind, id));
            CREATE INDEX IF NOT EXISTS thing_by_id ON thing (id);
            CREATE TABLE IF NOT EXISTS place (one INTEGER PRIMARY KEY CHECK (one = 1), cursor TEXT);
            """
        )

    def follow(self, application: Application, kinds: list[str]) -> int:
        """Read until nothing is left at once; how many changes there were."""
        told = 0
        while True:
            asked: dict[str, Any] = {"limit": 500, "kinds": kinds}
            if (cursor := self.cursor()) is not None:
                asked["after"] = cursor
            try:
                part = application.ask("GET", "/changes", params=asked)
            except Refused as refused:
                if refused.code != BEGIN_ANEW:
                    raise
                # The server was restored from a copy: what was told since is not so.
                with self.db:
                    self.db.execute("DELETE FROM thing")
                    self.db.execute("DELETE FROM place")
                continue
            self._apply(part)
            told += len(part["items"])
            if not part["more"]:
                return told

    def cursor(self) -> str | None:
        """Where the feed goes on; None before its beginning."""
        found = self.db.execute("SELECT cursor FROM place").fetchone()
        return None if found is None else str(found[0])

    def rows(self, kind: str) -> Iterator[dict[str, Any]]:
        """What is held of a kind."""
        with closing(self.db.execute("SELECT content FROM thing WHERE kind = ?", (kind,))) as found:
            for (content,) in found:
                yield json.loads(content)

    def holds(self, kind: str, key: str) -> bool:
        """Whether a thing is held."""
        asked = "SELECT 1 FROM thing WHERE kind = ? AND id = ?"
        return self.db.execute(asked, (kind, key)).fetchone() is not None

    def keys(self) -> list[str]:
        """The key of everything that is held."""
        return [key for (key,) in self.db.execute("SELECT id FROM thing ORDER BY id")]

    def _apply(self, part: dict[str, Any]) -> None:
        """A part and its cursor in one transaction: whoever is ended between gets the part again."""
        with self.db:
            for item in part["items"]:
                if item["gone"]:
                    self._drop(item["id"])
                    continue
                kind = item["kind"]
                row = (kind, item["id"], json.dumps(item["lies_in"]), json.dumps(item[kind]))
                self.db.execute("REPLACE INTO thing VALUES (?, ?, ?, ?)", row)
            told_of = json.dumps(part["kinds"])
            self.db.execute(
                "DELETE FROM thing WHERE kind NOT IN (SELECT value FROM json_each(?))", (told_of,)
            )
            self.db.execute("REPLACE INTO place VALUES (1, ?)", (part["next"],))

    def _drop(self, key: str) -> None:
        """Forget a thing, what lies in it, what lies in that."""
        inside = self.db.execute(
            "SELECT thing.id FROM thing, json_each(lies_in) AS within WHERE within.value = ?",
            (key,),
        ).fetchall()
        self.db.execute("DELETE FROM thing WHERE id = ?", (key,))
        for (each,) in inside:
            if each != key:
                self._drop(each)
