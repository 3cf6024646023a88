"""What every client owes, beneath the generated one: tokens, keys for what is sent again, and patience.

    client = AuthenticatedClient(url, token="", httpx_args={"transport": Patient.of_environment()})

The generated client knows the interface and nothing of what goes wrong on the way. This transport gets tokens
for an application that acts for itself (docs/sign-in.md), sends an unsafe request again under the same
`Idempotency-Key`, and waits for as long as `Retry-After` says; the conformance kit examines it (`sync.py`).
"""

import os
import secrets
import time

import httpx

TRIES = 6
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_BUSY = frozenset({429, 502, 503, 504})


class Patient(httpx.BaseTransport):
    """A transport that asks as a registered application, and asks again where that is right."""

    def __init__(self, url: str, client_id: str, secret: str) -> None:
        self._url = httpx.URL(url)
        self._known = {"client_id": client_id, "client_secret": secret}
        self._network = httpx.HTTPTransport()
        self._token: str | None = None

    @classmethod
    def of_environment(cls) -> "Patient":
        """As `YANXUN_URL`, `YANXUN_CLIENT_ID` and `YANXUN_CLIENT_SECRET` say."""
        known = ("YANXUN_URL", "YANXUN_CLIENT_ID", "YANXUN_CLIENT_SECRET")
        return cls(*(os.environ[name] for name in known))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, after as many tries as it takes; the last one as it came, or as it failed."""
        request.read()
        if request.method not in _SAFE:
            request.headers.setdefault("Idempotency-Key", secrets.token_hex(16))
        renewed = False
        for attempt in range(TRIES):
            is_last = attempt == TRIES - 1
            try:
                answer = self._send(request)
            except httpx.TransportError:
                # It may have taken effect: the same key makes that harmless.
                if is_last:
                    raise
                time.sleep(0.1 * 2**attempt)
                continue
            if answer.status_code == httpx.codes.UNAUTHORIZED and not renewed:
                self._token, renewed = None, True
            elif answer.status_code in _BUSY and not is_last:
                time.sleep(float(answer.headers.get("Retry-After", 2**attempt)))
            else:
                return answer
        raise AssertionError("the last try returns or raises")

    def _send(self, request: httpx.Request) -> httpx.Response:
        if self._token is None:
            form = {"grant_type": "client_credentials", **self._known}
            asked = httpx.Request("POST", self._url.join("/oauth/token"), data=form)
            told = self._network.handle_request(asked)
            told.read()
            if told.is_error:
                return told
            self._token = told.json()["access_token"]
        request.headers["Authorization"] = f"Bearer {self._token}"
        answer = self._network.handle_request(request)
        answer.read()  # here, so that an answer that is lost on its way is asked for again
        return answer

    def close(self) -> None:
        """Give back the connections."""
        self._network.close()
