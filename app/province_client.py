"""The HTTP client of the provincial platform, as the simulator speaks it (`docs/province.md`).

The interface of a real platform is not public: a deployment that is connected to one replaces this file
by a class with the same methods. Every request may be repeated, for each names what it is about by a
key; so a lost answer is asked for again, a few times at once and then by the queue. No redirection is
followed, certificates are verified, each request is bounded in time, each answer in size.
"""

import asyncio
import random
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

import httpx2
import msgspec

from app.domain.exchange.submissions import (
    ArrivalPage,
    Held,
    HeldPage,
    PlatformDown,
    PlatformRefused,
    Receipt,
    RecordState,
)
from app.settings import Settings

_PATIENCE: Final = 20.0
"""Seconds that one request may take."""
_AT_ONCE: Final = 3
"""Times that a request is sent before its errand is put off."""
_MOST_BYTES: Final = 8_000_000
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_WINDOW_CLOSED: Final = "window_closed"

_encode = msgspec.json.Encoder(order="sorted").encode


class PlatformAddressUnfit(ValueError):
    """The address of the platform is not https, and not of this machine where that is allowed."""


class HttpPlatform:
    """The provincial platform over HTTP."""

    def __init__(
        self,
        url: str,
        secret: str,
        *,
        loopback: bool = False,
        patience: float = _PATIENCE,
        pause: float = 0.3,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        parts = urlsplit(url)
        is_near = loopback and parts.hostname in _LOOPBACK
        if parts.scheme != "https" and not (parts.scheme == "http" and is_near):
            raise PlatformAddressUnfit("the address of the province must be https")
        self._pause, self._patience = pause, patience
        self._http = httpx2.AsyncClient(
            base_url=url,
            timeout=patience,
            follow_redirects=False,
            trust_env=False,
            transport=transport,
            headers={"Authorization": f"Bearer {secret}", "Accept": "application/json"},
        )

    async def close(self) -> None:
        """Give back its connections."""
        await self._http.aclose()

    async def open(self, submission_id: UUID, manifest: bytes, signature: str) -> None:
        """Announce a submission under its key."""
        body = {"manifest": msgspec.json.decode(manifest), "signature": signature}
        await self._ask("PUT", f"/submissions/{submission_id}", body)

    async def hand_over(
        self, submission_id: UUID, records: Sequence[Mapping[str, Any]]
    ) -> list[Receipt]:
        """Hand over records under their keys."""
        body = {"records": [dict(each) for each in records]}
        told = await self._ask("POST", f"/submissions/{submission_id}/records", body)
        return _receipts(told)

    async def receipts(self, submission_id: UUID, keys: Sequence[str]) -> list[Receipt]:
        """Ask what became of records."""
        body = {"keys": list(keys)}
        return _receipts(await self._ask("POST", f"/submissions/{submission_id}/receipts", body))

    async def held(self, city_id: UUID, *, after: str, limit: int) -> HeldPage:
        """What it holds of a city, after a key."""
        asked = {"city_id": str(city_id), "after": after, "limit": str(limit)}
        told = await self._ask("GET", "/records", params=asked)
        try:
            held = [
                Held(_name(each["key"], 120), _name(each["digest"], 64), RecordState(each["state"]))
                for each in told["records"]
            ]
            page = HeldPage(held, bool(told["more"]) and bool(held))
        except (KeyError, TypeError, ValueError):
            raise PlatformDown("platform_answer_unknown") from None
        if any(one >= other for one, other in pairwise([after, *(each.key for each in held)])):
            raise PlatformDown("platform_answer_unordered")  # it would never come to its end
        return page

    async def arrivals(self, city_id: UUID, *, after: int, limit: int) -> ArrivalPage:
        """What it has for a city, after a number."""
        asked = {"city_id": str(city_id), "after": str(after), "limit": str(limit)}
        told = await self._ask("GET", "/arrivals", params=asked)
        try:
            return ArrivalPage([dict(each) for each in told["arrivals"]], int(told["reached"]))
        except (KeyError, TypeError, ValueError):
            raise PlatformDown("platform_answer_unknown") from None

    async def _ask(
        self, method: str, path: str, body: Any = None, params: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """The answer to a request that may be sent again; raises what the domain knows."""
        for attempt in range(1, _AT_ONCE + 1):
            try:
                return await self._ask_once(method, path, body, params)
            except PlatformDown as down:
                if attempt == _AT_ONCE or down.code == _WINDOW_CLOSED:
                    raise
            spread = random.uniform(0.5, 1.5)  # noqa: S311  nothing secret is drawn
            await asyncio.sleep(self._pause * 2 ** (attempt - 1) * spread)
        raise AssertionError("the last attempt returns or raises")

    async def _ask_once(
        self, method: str, path: str, body: Any, params: Mapping[str, str] | None
    ) -> dict[str, Any]:
        content = None if body is None else _encode(body)
        headers = {} if body is None else {"Content-Type": "application/json"}
        request = self._http.build_request(
            method, path, content=content, headers=headers, params=params
        )
        try:
            # The client's own patience is that of each byte: this is that of the whole request.
            async with asyncio.timeout(self._patience):
                answer = await self._http.send(request, stream=True)
                try:
                    told = await _bounded(answer)
                finally:
                    await answer.aclose()
        except (httpx2.RequestError, OSError):
            raise PlatformDown from None
        if answer.status_code == 200:
            return told
        problem = (_text(told.get("code")) or f"status_{answer.status_code}")[:60]
        if answer.status_code in {408, 425, 429} or answer.status_code >= 500:
            raise PlatformDown(problem, _seconds(answer.headers.get("retry-after")))
        if answer.status_code in {401, 403}:
            # A wrong secret is ours to put right: nothing is lost by it.
            raise PlatformDown("platform_denies_us")
        if answer.status_code in {400, 409, 413, 422}:
            raise PlatformRefused(problem, (_text(told.get("reason")) or "")[:400])
        raise PlatformDown(problem)


async def _bounded(answer: httpx2.Response) -> dict[str, Any]:
    """The JSON of an answer, as far as one is believed; an empty object for anything else."""
    pieces, size = [], 0
    async for piece in answer.aiter_bytes():
        size += len(piece)
        if size > _MOST_BYTES:
            raise PlatformDown("platform_answer_large")
        pieces.append(piece)
    try:
        told = msgspec.json.decode(b"".join(pieces))
    except msgspec.DecodeError:
        told = None
    if isinstance(told, dict):
        return told
    if answer.status_code == 200:
        raise PlatformDown("platform_answer_unknown")
    return {}


def _receipts(told: Mapping[str, Any]) -> list[Receipt]:
    try:
        return [
            Receipt(
                _name(each["key"], 120),
                RecordState(each["state"]),
                _text(each.get("code")),
                _text(each.get("reason")),
                _text(each.get("number")),
            )
            for each in told["receipts"]
        ]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise PlatformDown("platform_answer_unknown") from None


def _text(told: Any) -> str | None:
    """What is told in words, without the character that the database has not."""
    return None if told is None else str(told).replace("\x00", "")


def _name(told: Any, longest: int) -> str:
    """A key or a digest, as long as ours at most; raises `ValueError` for anything else."""
    name = str(told)
    if not 0 < len(name) <= longest or "\x00" in name:
        raise ValueError
    return name


def _seconds(header: str | None) -> float | None:
    return float(header) if header is not None and header.isdecimal() else None


def open_platform(settings: Settings) -> HttpPlatform | None:
    """The platform that the settings name, if they name one."""
    if settings.province_url is None:
        return None
    secret = settings.province_secret
    return HttpPlatform(
        settings.province_url,
        "" if secret is None else secret.get_secret_value(),
        loopback=settings.province_loopback,
    )
