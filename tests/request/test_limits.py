import random
import timeit
from dataclasses import replace

import httpx2
import pytest
from fastapi import FastAPI

from app.request import Resources
from app.request.limits import MOST_KEPT, Limit
from tests.make import City, Client


class Clock:
    """A clock to turn by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_so_many_at_once_and_then_at_the_rate(clock: Clock) -> None:
    limit = Limit(10, 3, clock)
    verdicts = [limit.count("a") for _ in range(5)]
    assert [each.passes for each in verdicts] == [True, True, True, False, False]
    assert [each.remaining for each in verdicts] == [2, 1, 0, 0, 0]
    clock.now += 0.1
    assert [limit.count("a").passes for _ in range(2)] == [True, False]
    clock.now += 60
    assert [limit.count("a").passes for _ in range(4)] == [True, True, True, False]


def test_everybody_is_counted_for_themselves(clock: Clock) -> None:
    limit = Limit(1, 1, clock)
    assert limit.count("a").passes
    assert not limit.count("a").passes
    assert limit.count("b").passes


def test_whoever_waits_as_long_as_told_is_let_in(clock: Clock) -> None:
    limit = Limit(0.5, 4, clock)
    while (verdict := limit.count("a")).passes:
        pass
    clock.now += verdict.reset
    assert limit.count("a").passes


def test_never_more_than_promised_whatever_the_moments(clock: Clock) -> None:
    limit, moments = Limit(5, 20, clock), random.Random(7)
    passed: list[float] = []
    for _ in range(5000):
        clock.now += moments.choice([0, 0, 0, 0.01, 0.3])
        if limit.count("a").passes:
            passed.append(clock.now)
    for first, moment in enumerate(passed):
        within = sum(1 for each in passed[first:] if each < moment + 10)
        assert within <= 20 + 5 * 10


def test_the_policy_says_how_many_in_how_many_seconds() -> None:
    assert Limit(100, 1000).policy == b'"default";q=1000;w=10'


def test_memory_is_bounded_also_against_those_who_are_many(clock: Clock) -> None:
    limit = Limit(0.001, 1, clock)
    for each in range(MOST_KEPT + 100):
        limit.count(str(each))
    assert len(limit._lasts_until) == MOST_KEPT
    assert not limit.count(str(MOST_KEPT)).passes, "those who came last are remembered"
    clock.now += 2000
    limit.count("another")
    assert len(limit._lasts_until) == 1


def test_a_count_takes_microseconds() -> None:
    limit = Limit(1e9, 1000)
    rounds = 20_000
    assert min(timeit.repeat(lambda: limit.count("a"), number=rounds, repeat=3)) / rounds < 20e-6


@pytest.fixture
def limited(application: FastAPI, http: httpx2.AsyncClient, clock: Clock) -> None:
    held: Resources = application.state.resources
    application.state.resources = replace(held, limit=Limit(1, 2, clock))


async def test_a_request_too_many_is_refused_with_words_and_numbers(
    limited: None, client: Client, city: City, clock: Clock
) -> None:
    answers = [await client.get(city.auditor, "/me") for _ in range(4)]
    # The first was counted for its address: its token was not known yet.
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[1].headers["ratelimit"] == '"default";r=1;t=2'
    assert {answer.headers["ratelimit-policy"] for answer in answers} == {'"default";q=2;w=2'}
    refused = answers[3]
    assert refused.headers["content-type"] == "application/problem+json"
    assert (refused.json()["code"], refused.json()["status"]) == ("too_many_requests", 429)
    assert refused.json()["request_id"] == refused.headers["x-request-id"]
    clock.now += int(refused.headers["retry-after"])
    assert (await client.get(city.auditor, "/me")).status_code == 200


async def test_one_account_takes_nothing_from_another(
    limited: None, client: Client, city: City
) -> None:
    for _ in range(5):
        await client.get(city.auditor, "/me")
    assert (await client.get(city.auditor, "/me")).status_code == 429
    held: Resources = client.http._transport.app.state.resources  # type: ignore[attr-defined]
    token = client.headers(city.city_admin)["Authorization"].removeprefix("Bearer ")
    held.tokens.read(token)
    assert (await client.get(city.city_admin, "/me")).status_code == 200


async def test_without_a_token_an_address_is_counted_and_a_supervisor_is_not(
    limited: None, client: Client
) -> None:
    paths = ["//.well-known/jwks.json", "//nothing", "//.well-known/jwks.json", "//healthz"]
    statuses = [(await client.get(None, path)).status_code for path in paths]
    assert statuses == [200, 404, 429, 200]


async def test_a_stolen_name_of_a_token_counts_for_the_address(
    limited: None, client: Client
) -> None:
    """A token that nobody has verified is nobody's: else whoever invents tokens is never refused."""
    statuses = [
        (
            await client.http.get(
                "/api/v1/me", headers={"Authorization": f"Bearer invented{number}"}
            )
        ).status_code
        for number in range(3)
    ]
    assert statuses == [401, 401, 429]
