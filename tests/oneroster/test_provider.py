"""A provider that goes wrong: what it sends is bounded, and refused in words."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from app.oneroster import Provider, Roster, Unreadable

BASE = "https://provider.example/ims/oneroster/rostering/v1p2"


def provider(orgs: Callable[[httpx2.Request], list[Any]]) -> Provider:
    """A provider that answers so."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/oauth/token":
            return httpx2.Response(200, json={"access_token": "t"})
        return httpx2.Response(200, json={"orgs": orgs(request)})

    made = Provider(BASE, "https://provider.example/oauth/token", "yanxun", "secret")
    made._http.close()
    made._http = httpx2.Client(transport=httpx2.MockTransport(answer))
    return made


def org(key: object, **more: Any) -> dict[str, Any]:
    return {"sourcedId": key, "name": "一小", "type": "school", **more}


def test_one_that_knows_no_offset_is_not_asked_for_ever() -> None:
    asked: list[str] = []

    def always_the_first(request: httpx2.Request) -> list[Any]:
        asked.append(str(request.url))
        assert len(asked) < 5
        return [org(str(number)) for number in range(1000)]

    with provider(always_the_first) as made, pytest.raises(Unreadable, match="no end"):
        made.read(Roster())


@pytest.mark.parametrize(
    "wrong", [org(7), org("1", identifier=7), org("1", parent="2"), {"name": "一小"}, 7]
)
def test_what_is_not_as_the_standard_says_is_refused(wrong: Any) -> None:
    with provider(lambda _: [wrong]) as made, pytest.raises(Unreadable, match="standard"):
        made.read(Roster())
