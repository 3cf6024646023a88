"""`yanxun login`: a device code from the command line, against the application itself."""

import asyncio
import html
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from app.cli.login import LoginRefused, ServerUnreachable, obtain_token
from app.database.embedded import Urls
from app.domain.access.clients import ClientKind
from app.settings import Settings
from app.sql import Row
from tests.conftest import empty
from tests.make import Person
from tests.oauth import PASSWORD, commit_registered
from tests.pages.test_pages import origin, settings

__all__ = ["origin", "settings"]


class Somebody:
    """Who reads what the command says, and decides about it while the command waits."""

    def __init__(self, decide: Callable[[str], Any]) -> None:
        self.decide = decide
        self.said: list[str] = []
        self.waited: list[float] = []

    def wait(self, seconds: float) -> None:
        """Decide instead of letting time pass, the second time."""
        self.waited.append(seconds)
        if len(self.waited) == 2:
            self.decide(html.unescape(re.findall(r"http\S+", self.said[0])[0]))


def obtain(origin: str, client: Row, somebody: Somebody) -> str:
    with httpx2.Client(base_url=origin, trust_env=False) as http:
        return obtain_token(
            http, client["name"], "unit:read", say=somebody.said.append, wait=somebody.wait
        )


@pytest.fixture
def public(settings: Settings, urls: Urls) -> Iterator[tuple[Row, Person]]:
    """A public application and a person, in a city with real commits."""
    yield asyncio.run(commit_registered(settings, kind=ClientKind.PUBLIC))
    asyncio.run(empty(urls.owner))


def test_a_token_comes_when_somebody_allows_it(origin: str, public: tuple[Row, Person]) -> None:
    client, person = public

    def allow(address: str) -> None:
        code = address.rpartition("=")[2]
        form = {"user_code": code, "username": person.name, "password": PASSWORD}
        headers = {"Sec-Fetch-Site": "same-origin"}
        answer = httpx2.post(
            f"{origin}/oauth/device", data=form | {"decision": "allow"}, headers=headers
        )
        assert answer.status_code == 200

    somebody = Somebody(allow)
    token = obtain(origin, client, somebody)
    headers = {"Authorization": f"Bearer {token}"}
    assert httpx2.get(f"{origin}/api/v1/units", headers=headers).status_code == 200
    # It asked faster than it may, since nobody really waited, and was told so.
    assert somebody.waited == [5.0, 5.0]


def decide_nothing(_: str) -> None:
    raise AssertionError("there is nothing to decide")


def test_a_refusal_is_told_in_the_words_of_the_server(
    origin: str, public: tuple[Row, Person]
) -> None:
    client, _ = public

    def deny(address: str) -> None:
        form = {"user_code": address.rpartition("=")[2], "decision": "deny"}
        httpx2.post(f"{origin}/oauth/device", data=form, headers={"Sec-Fetch-Site": "same-origin"})

    with pytest.raises(LoginRefused) as denied:
        obtain(origin, client, Somebody(deny))
    assert denied.value.details == {"permission": "access_denied"}
    with pytest.raises(LoginRefused) as unknown:
        obtain(origin, {"name": "nobody"}, Somebody(decide_nothing))
    assert unknown.value.details == {"permission": "invalid_client"}


def test_nobody_is_there() -> None:
    with pytest.raises(ServerUnreachable):
        obtain("http://127.0.0.1:1", {"name": "nobody"}, Somebody(decide_nothing))
