"""More requests than connections, while those connections are held up: told to come back, and served later."""

import asyncio
import time
from collections import Counter
from functools import partial

from bench.load import Request
from prove.asking import Answer, ask_once
from prove.ground import Found, Ground, each
from prove.town import transfer, transfers_held_up
from prove.writers import check_documents
from tests.ports import free_port

CLIENTS, POOL, PATIENCE = 200, 5, 1.0
NAME = "application-small"


def prove_exhaustion(ground: Ground) -> Found:
    """With every connection held up, others hear 503 in time, and what needs none is answered."""
    rounds = ground.times(1, 20)
    found, port = Found(repetitions=rounds), free_port()
    seen, longest = Counter[int](), 0.0
    small = {"YANXUN_POOL_SIZE": str(POOL), "YANXUN_POOL_PATIENCE": str(PATIENCE)}
    with ground.house.serving(NAME, port, **small):
        for turn in range(rounds):
            said = _requests(ground, turn)
            answers, waited = asyncio.run(_exhaust(ground, found, port, list(said.values())))
            seen.update(answer.status for answer in answers)
            longest = max(longest, waited)
            _check_all_done(ground, found, port, said)
    found.expect(set(seen) <= {201, 503}, f"answered with {dict(seen)}")
    found.expect(seen[503] >= rounds * (CLIENTS - POOL - 1), f"few were put off: {dict(seen)}")
    found.figures = {
        "clients": CLIENTS, "connections": POOL, "told to come back": seen[503],
        "seconds until told, most": round(longest, 2),
    }  # fmt: skip
    return found


def _requests(ground: Ground, turn: int) -> dict[str, Request]:
    headers = ground.town.token(ground.town.city.city_admin)
    teacher = ground.town.crowd[0]["id"]
    numbers = [f"many-{turn}-{each}-{ground.seed}" for each in range(CLIENTS)]
    return {number: transfer(teacher, number, headers) for number in numbers}


async def _exhaust(
    ground: Ground, found: Found, port: int, requests: list[Request]
) -> tuple[list[Answer], float]:
    """All ask for one person's ledger, which somebody else holds."""
    longest = 0.0

    async def ask(request: Request) -> Answer:
        nonlocal longest
        began = time.monotonic()
        answer = await ask_once(port, request)
        if answer.status == 503:
            longest = max(longest, time.monotonic() - began)
            found.expect("retry-after" in answer.headers, f"without Retry-After: {answer.body!r}")
        return answer

    async with transfers_held_up(ground.house.urls.owner):
        asked = [asyncio.create_task(ask(request)) for request in requests]
        await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        await _check_others(ground, found, port)
        while sum(task.done() for task in asked) < CLIENTS - POOL:
            await asyncio.sleep(0.02)
    return await asyncio.gather(*asked), longest


async def _check_others(ground: Ground, found: Found, port: int) -> None:
    """What is refused or answered without the database is so all the same."""
    token = ground.town.token(ground.town.city.city_admin)
    for request, status in (
        (Request("GET", "/healthz"), 200),
        (Request("GET", "/api/v1/units"), 401),
        (Request("GET", "/api/v1/nothing", token), 404),
        (Request("DELETE", "/api/v1/units", token), 405),
        (Request("OPTIONS", "/api/v1/units", token), 204),
    ):
        answer = await ask_once(port, request)
        found.expect_equal(f"{request.method} {request.path}", answer.status, status)


def _check_all_done(ground: Ground, found: Found, port: int, said: dict[str, Request]) -> None:
    """Asked again, each is done, once."""
    calls = [partial(ask_once, port, request) for request in said.values()]
    answers = asyncio.run(each(calls, POOL))
    found.expect_equal("done later", {answer.status for answer in answers}, {201})
    keys = {
        number: answer.content.get("id", "") for number, answer in zip(said, answers, strict=True)
    }
    turn = next(iter(said)).split("-")[1]
    check_documents(ground, found, f"many-{turn}-%-{ground.seed}", keys)
