"""Which pages of other origins may ask here from a browser (CORS): those of registered applications.

A page gets an answer to what it asked with a token of its own application, or without one; never to
what it asked with the token of another. Cookies play no part. Every process keeps the origins in
memory and is told when the register changes.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from uuid import UUID

from app.domain.access.actors import Actor

_PREFLIGHT = [
    (b"access-control-allow-methods", b"GET, HEAD, POST, PUT, PATCH, DELETE"),
    (
        b"access-control-allow-headers",
        # The last is believed in a sandbox alone, and refused by name anywhere else.
        (
            b"authorization, content-type, accept-language, idempotency-key, if-match, if-none-match,"
            b" x-yanxun-seen, x-yanxun-now"
        ),
    ),
    (b"access-control-max-age", b"600"),
]
_EXPOSED = (
    b"access-control-expose-headers",
    b"etag, link, location, retry-after, ratelimit, x-request-id, x-yanxun-seen, idempotent-replayed",
)
_VARY = (b"vary", b"Origin")

Header = tuple[bytes, bytes]


class Origins:
    """The origins of registered applications, and the headers that let their pages in."""

    def __init__(self) -> None:
        self._clients: dict[bytes, AbstractSet[UUID]] = {}

    def learn(self, origins: Mapping[str, AbstractSet[UUID]]) -> None:
        """Take the register as it is now."""
        self._clients = {origin.encode(): clients for origin, clients in origins.items()}

    def preflight(self, headers: Mapping[bytes, bytes]) -> list[Header] | None:
        """What a browser is told that asks beforehand; None where no page of that origin may ask."""
        origin = headers.get(b"origin", b"")
        if b"access-control-request-method" not in headers or origin not in self._clients:
            return None
        return [(b"access-control-allow-origin", origin), *_PREFLIGHT, _VARY]

    def answer(self, headers: Mapping[bytes, bytes], actor: Actor | None) -> list[Header]:
        """What is added to an answer; `actor` is who asked, as far as that is known."""
        if not self._clients:
            return []
        origin = headers.get(b"origin", b"")
        clients = self._clients.get(origin)
        if clients is None or (actor is not None and actor.client_id not in clients):
            return [_VARY]
        return [(b"access-control-allow-origin", origin), _EXPOSED, _VARY]
