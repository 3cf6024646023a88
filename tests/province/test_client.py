"""The HTTP client of the province: what it believes, what it tries again, what it never does."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx2
import pytest

from app.domain.exchange.submissions import PlatformDown, PlatformRefused, RecordState
from app.province_client import HttpPlatform, PlatformAddressUnfit, open_platform
from app.request.upkeep.province import read_arrival
from app.settings import Settings
from app.sql import new_id

ID = new_id()


def platform(answer: Callable[[httpx2.Request], httpx2.Response]) -> HttpPlatform:
    return HttpPlatform(
        "https://province.example", "a secret", pause=0.0, transport=httpx2.MockTransport(answer)
    )


@pytest.mark.parametrize(
    "url", ["http://province.example", "ftp://province.example", "http://127.0.0.1:1"]
)
def test_it_goes_over_https_alone(url: str) -> None:
    with pytest.raises(PlatformAddressUnfit):
        HttpPlatform(url, "a secret")


async def test_the_settings_choose_it() -> None:
    assert open_platform(Settings(province_url=None)) is None
    opened = open_platform(Settings(province_url="http://127.0.0.1:1", province_loopback=True))
    assert opened is not None
    await opened.close()


async def test_what_failed_is_asked_again_and_then_given_back() -> None:
    asked: list[httpx2.Request] = []

    def fail(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(500, json={"code": "internal_error"})

    with pytest.raises(PlatformDown) as down:
        await platform(fail).hand_over(ID, [])
    assert down.value.code == "internal_error"
    assert len(asked) == 3
    assert {each.headers["authorization"] for each in asked} == {"Bearer a secret"}


async def test_a_closed_window_is_waited_for() -> None:
    asked = []

    def closed(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(503, json={"code": "window_closed"}, headers={"Retry-After": "90"})

    with pytest.raises(PlatformDown) as down:
        await platform(closed).receipts(ID, ["credit:1"])
    assert (down.value.code, down.value.retry_after, len(asked)) == ("window_closed", 90.0, 1)


async def test_no_redirection_is_followed() -> None:
    asked = []

    def elsewhere(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.host)
        return httpx2.Response(302, headers={"Location": "https://elsewhere.example/"})

    with pytest.raises(PlatformDown):
        await platform(elsewhere).held(ID, after="", limit=1)
    assert set(asked) == {"province.example"}


@pytest.mark.parametrize(
    "content",
    [
        b"not json",
        b"[]",
        b"{}",
        b'{"receipts": [{"key": "a", "state": "perhaps"}]}',
        b'{"receipts": [1]}',
        b'{"receipts": ["' + b"x" * 9_000_000 + b'"]}',
    ],
    ids=["text", "list", "empty", "state", "number", "large"],
)
async def test_what_is_no_answer_is_not_believed(content: bytes) -> None:
    with pytest.raises(PlatformDown):
        await platform(lambda _: httpx2.Response(200, content=content)).hand_over(ID, [])


async def test_who_sends_the_same_part_again_is_not_followed_for_ever() -> None:
    same = {"records": [{"key": "a", "digest": "d", "state": "accepted"}], "more": True}
    answering = platform(lambda _: httpx2.Response(200, json=same))
    assert (await answering.held(ID, after="", limit=1)).more
    with pytest.raises(PlatformDown):
        await answering.held(ID, after="a", limit=1)


async def test_what_the_database_would_not_take_is_not_handed_on() -> None:
    told = {"key": "credit:1", "state": "rejected", "code": 7, "reason": "a\x00b", "number": [1]}
    [receipt] = await platform(lambda _: httpx2.Response(200, json={"receipts": [told]})).hand_over(
        ID, []
    )
    assert receipt[2:] == ("7", "ab", "[1]")
    long = {"records": [{"key": "k" * 121, "digest": "d", "state": "accepted"}], "more": False}
    with pytest.raises(PlatformDown):
        await platform(lambda _: httpx2.Response(200, json=long)).held(ID, after="", limit=1)


@pytest.mark.parametrize(
    "headers", [{"Content-Encoding": "gzip"}, {"Retry-After": "³"}], ids=["packed", "pause"]
)
async def test_a_broken_answer_is_no_defect_of_ours(headers: dict[str, str]) -> None:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]

    def broken(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(503, stream=Dripping(b"not packed", 0.0), headers=raw)

    with pytest.raises(PlatformDown):
        await platform(broken).receipts(ID, ["credit:1"])


class Dripping(httpx2.AsyncByteStream):
    """A body that comes byte by byte."""

    def __init__(self, content: bytes, pause: float) -> None:
        self.content, self.pause = content, pause

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for each in self.content:
            await asyncio.sleep(self.pause)
            yield bytes([each])


async def test_who_answers_byte_by_byte_is_not_waited_for() -> None:
    slow = HttpPlatform(
        "https://province.example", "a secret", pause=0.0, patience=0.02,
        transport=httpx2.MockTransport(
            lambda _: httpx2.Response(200, stream=Dripping(b"{" * 500, 0.01))
        ),
    )  # fmt: skip
    async with asyncio.timeout(2):
        with pytest.raises(PlatformDown) as down:
            await slow.receipts(ID, [])
    assert down.value.code == "platform_down"


async def test_a_refusal_says_why_and_is_not_repeated() -> None:
    asked = []

    def refuse(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(409, json={"code": "manifest_differs", "reason": "another one"})

    with pytest.raises(PlatformRefused) as refused:
        await platform(refuse).open(ID, b"{}", "a.b.c")
    assert (refused.value.code, refused.value.reason) == ("manifest_differs", "another one")
    assert len(asked) == 1


async def test_a_wrong_secret_loses_nothing() -> None:
    with pytest.raises(PlatformDown) as down:
        await platform(lambda _: httpx2.Response(401, json={})).open(ID, b"{}", "a.b.c")
    assert down.value.code == "platform_denies_us"


async def test_receipts_are_read() -> None:
    told: dict[str, Any] = {
        "receipts": [
            {"key": "credit:1", "state": "accepted", "number": "S1"},
            {"key": "credit:2", "state": "rejected", "code": "no", "reason": "why"},
        ]
    }
    first, second = await platform(lambda _: httpx2.Response(200, json=told)).hand_over(ID, [])
    assert (first.state, first.number) == (RecordState.ACCEPTED, "S1")
    assert (second.code, second.reason) == ("no", "why")


@pytest.mark.parametrize(
    "more", [{"name": "a\x00b"}, {"sequence": 2**31}, {"sequence": -1}, {"hours": "many"}], ids=str
)
def test_an_arrival_that_cannot_be_kept_keeps_no_other_out(more: dict[str, Any]) -> None:
    told = {"sequence": 1, "kind": "roster", "number": "S-1", "name": "测试甲"}
    assert read_arrival(ID, told) is not None
    assert read_arrival(ID, told | more) is None
