"""A mobile client, step by step: sign in, find today's training, check in without a network, keep up.

    export YANXUN_URL=https://yanxun.example YANXUN_CLIENT=… YANXUN_REDIRECT=http://127.0.0.1/back
    YANXUN_USER=… YANXUN_PASSWORD=… python docs/integrate/mobile.py

`YANXUN_CLIENT` is a public application with the flow `authorization_code` (docs/sign-in.md). This program
plays the browser, too: it fills in our page where a phone would show it. Needs `httpx2` alone.
"""

import base64
import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2

SCOPE = "activity:read activity:participate attendance:read credit:read teacher:read"
TRIES = 5


class Phone:
    """What the program on a phone keeps: its tokens, and what could not be sent yet."""

    def __init__(self, url: str, client_id: str, redirect: str) -> None:
        self.http = httpx2.Client(base_url=url, timeout=20, headers={"Accept-Language": "zh-CN"})
        self.client_id, self.redirect = client_id, redirect
        self.tokens: dict[str, Any] = {}
        self.unsent: list[tuple[str, dict[str, Any], str]] = []

    def sign_in(self, user: str, password: str) -> None:
        """Authorisation code with PKCE (RFC 7636): the password is seen by our page alone."""
        verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        asked = {
            "response_type": "code", "client_id": self.client_id, "redirect_uri": self.redirect,
            "scope": SCOPE, "state": state,
            "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        # From here to the answer it is the browser that speaks.
        typed = {"username": user, "password": password, "decision": "allow"}
        page = self.http.post(
            "/oauth/authorize", data=asked | typed, headers={"Sec-Fetch-Site": "same-origin"}
        )
        if page.status_code != httpx2.codes.SEE_OTHER:
            raise SystemExit(f"sign-in: {page.status_code}")
        told = parse_qs(urlsplit(page.headers["location"]).query)
        if "error" in told or told["state"] != [state]:
            raise SystemExit(f"sign-in was refused: {told}")
        self._take_tokens(
            grant_type="authorization_code", code=told["code"][0],
            redirect_uri=self.redirect, code_verifier=verifier,
        )  # fmt: skip

    def _take_tokens(self, **proof: str) -> None:
        answer = self.http.post("/oauth/token", data={"client_id": self.client_id, **proof})
        if answer.status_code != httpx2.codes.OK:
            raise SystemExit(f"tokens: {answer.json()}")
        self.tokens = answer.json()

    def ask(self, method: str, path: str, **more: Any) -> httpx2.Response:
        """A request with what every client owes: fresh tokens, patience when told to wait.

        An unsafe request has an `Idempotency-Key`, so that it may be sent again after a lost answer. Without
        a network the last failure is raised.
        """
        headers = more.pop("headers", {})
        if method != "GET" and not path.endswith("/graphql"):
            headers = {"Idempotency-Key": secrets.token_hex(16), **headers}
        for attempt in range(TRIES):
            bearer = {"Authorization": f"Bearer {self.tokens['access_token']}"}
            try:
                answer = self.http.request(method, path, headers=headers | bearer, **more)
            except httpx2.TransportError:
                # It may have taken effect: the same key makes that harmless.
                if attempt == TRIES - 1:
                    raise
                time.sleep(0.1 * 2**attempt)
                continue
            if answer.status_code == httpx2.codes.UNAUTHORIZED:
                # Each refresh token is good for one use and brings the next: keep it before going on.
                self._take_tokens(
                    grant_type="refresh_token", refresh_token=self.tokens["refresh_token"]
                )
            elif answer.status_code in (429, 503):
                time.sleep(float(answer.headers.get("Retry-After", "1")))
            else:
                return answer
        raise SystemExit(f"{method} {path}: no answer after {TRIES} tries")

    def read(self, path: str, **more: Any) -> httpx2.Response:
        """What is there to be read; what is refused is told by its code, and ends the program."""
        answer = self.ask("GET", path, **more)
        if answer.is_error:
            problem = answer.json()
            raise SystemExit(f"{path}: {problem['code']}: {problem.get('detail')}")
        return answer

    def every(self, path: str, **asked: str) -> Iterator[dict[str, Any]]:
        """Everything of a list, page after page."""
        while True:
            page = self.read(path, params=asked).json()
            yield from page["items"]
            if page["next"] is None:
                return
            asked["cursor"] = page["next"]

    def note_code(self, session_id: str, code: str, seen_at: datetime) -> None:
        """Keep a code that was scanned without a network; its key is drawn now, not when it is sent."""
        given = {"code": code, "seen_at": seen_at.isoformat()}
        path = f"/api/v1/sessions/{session_id}/check-in-offline"
        self.unsent.append((path, given, secrets.token_hex(16)))

    def hand_in(self) -> list[str]:
        """Send what was kept; what is refused for good is told, the rest stays for the next time."""
        said, waiting = [], []
        for path, given, key in self.unsent:
            try:
                answer = self.ask("POST", path, json=given, headers={"Idempotency-Key": key})
            except httpx2.TransportError:
                waiting.append((path, given, key))
                continue
            found = answer.json()
            said.append(found["status"] if answer.is_success else found["code"])
        self.unsent = waiting
        return said


STANDING = """
query ($id: UUID!) {
  standing(teacherId: $id) { cycleEnd countedCredits verdict requirements { titleZh missing } }
}
"""


def main() -> None:
    """Play a teacher's afternoon."""
    phone = Phone(
        os.environ["YANXUN_URL"], os.environ["YANXUN_CLIENT"], os.environ["YANXUN_REDIRECT"]
    )
    phone.sign_in(os.environ["YANXUN_USER"], os.environ.pop("YANXUN_PASSWORD"))
    profile = phone.read("/api/v1/me").json()
    print("signed in:", profile["display_name"])

    for activity in phone.every("/api/v1/offered-activities", limit="20"):
        # What is kept on the phone and has not changed is not sent again.
        path = f"/api/v1/activities/{activity['id']}"
        kept = phone.read(path)
        now = phone.read(path, headers={"If-None-Match": kept.headers["ETag"]})
        print("training:", kept.json()["title"], now.status_code)
        for session in phone.read(f"{path}/sessions").json():
            if code := os.environ.get("YANXUN_SCANNED"):
                seen_at = os.environ.get("YANXUN_SEEN_AT") or datetime.now(UTC).isoformat()
                phone.note_code(session["id"], code, datetime.fromisoformat(seen_at))
    print("checked in:", ", ".join(phone.hand_in()) or "nothing scanned")

    print("tasks:", sum(1 for _ in phone.every("/api/v1/me/tasks")))

    asked = {"query": STANDING, "variables": {"id": profile["teacher_id"]}}
    answer = phone.ask("POST", "/graphql", json=asked).json()
    if "errors" in answer:
        print("standing:", answer["errors"][0]["extensions"]["code"])
    else:
        print("standing:", answer["data"]["standing"]["countedCredits"])


if __name__ == "__main__":
    main()
