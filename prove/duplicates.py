"""Requests that are sent again and again, at once, by clients who hang up: each has one effect."""

import asyncio
from contextlib import suppress
from functools import partial

from bench.load import Request
from prove.asking import LOST, Answer, Caller, Insistent
from prove.ground import Found, Ground, each
from prove.town import transfer
from prove.writers import check_documents, verify

COPIES = 4
AT_ONCE = 32


def prove_duplicates(ground: Ground) -> Found:
    """Each request goes out several times at once; some hang up before the answer, some in its midst."""
    effects = ground.times(250, 2_500)
    headers = ground.town.token(ground.town.city.city_admin)
    requests = {
        number: transfer(ground.town.crowd[each % 100]["id"], number, headers)
        for each in range(effects)
        for number in [f"twice-{each}-{ground.seed}"]
    }
    found, said = Found(repetitions=effects * COPIES), dict[str, str]()
    dropped, answered = asyncio.run(_send_all(ground, requests, found, said))
    check_documents(ground, found, f"twice-%-{ground.seed}", said)
    kept = ground.town.value(
        "SELECT count(*) FROM idempotent_answer WHERE key LIKE $1", f"twice-%-{ground.seed}"
    )
    found.expect_equal("answers kept", kept, effects)
    found.figures = {"effects": effects, "answers dropped": dropped, "answers compared": answered}
    verify(ground, found)
    return found


async def _send_all(
    ground: Ground, requests: dict[str, Request], found: Found, said: dict[str, str]
) -> tuple[int, int]:
    room: list[Caller] = []
    dropped = answered = 0

    async def copy(request: Request, cut: int | None) -> Answer | None:
        nonlocal dropped
        caller = room.pop() if room else Caller(ground.house.port)
        try:
            if cut is None:
                # A connection that rested is closed by the server, perhaps just now.
                with suppress(*LOST):
                    return await caller.ask(request)
                return None
            dropped += 1
            await caller.ask_and_drop(request, cut)
            return None
        finally:
            room.append(caller)

    async def one(number: str, cuts: list[int | None]) -> None:
        nonlocal answered
        request = requests[number]
        got = await asyncio.gather(*(copy(request, cut) for cut in cuts))
        insistent = Insistent(lambda: ground.house.port)
        last = await insistent.ask(request)
        insistent.close()
        said[number] = last.content.get("id", "")
        answered += _judge(found, number, [answer for answer in got if answer is not None], last)

    cuts: list[int | None] = [None, 0, 0, 20]
    calls = [partial(one, number, ground.draw.choices(cuts, k=COPIES)) for number in requests]
    await each(calls, AT_ONCE // COPIES)
    for caller in room:
        caller.close()
    return dropped, answered


def _judge(found: Found, number: str, answers: list[Answer], last: Answer) -> int:
    """Compare the answers to one request with the last one; how many told of its effect."""
    final = [answer for answer in [*answers, last] if answer.status == 201]
    found.expect(last.status == 201, f"{number}: {last.status} {last.body[:200]!r}")
    found.expect(len({answer.body for answer in final}) == 1, f"{number}: answered in two ways")
    others = {answer.status for answer in answers} - {201}
    found.expect(others <= {409, 503}, f"{number}: answered with {others}")
    found.expect(
        last.headers.get("idempotent-replayed") == "true" or len(final) == 1,
        f"{number}: the last answer was not kept from the first",
    )
    return len(final)
