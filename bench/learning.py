"""What teachers learn from, in a city that has much of it: the catalogue, the search, the rush, the players.

python -m bench.learning [--only rush,catalogue,search,statements] [--each]

In a city of its own with 5,000 teachers, and as rows of `make bench` in its city. `--each` says what each
question of the catalogue and the search takes, so that one sees which to mend.
"""

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import cycle, islice
from typing import Any

import asyncpg

from app.database.pool import Pool
from app.domain.access.actors import Actor, Grant
from app.domain.access.roles import Role, SubjectKind
from app.domain.learning.courses import list_courses, list_published_courses
from app.domain.learning.resources import search_resources
from app.domain.paging import PageRequest
from app.settings import Settings
from app.sql import Connection, prepare_connection
from bench.asking import Spent
from bench.city import Chosen, teacher_actor
from bench.crowd import found_city
from bench.direct import Timed
from bench.library import COURSES, RESOURCES, stock
from bench.meter import ran
from bench.rush import rush
from bench.serving import OURS, own_database, servers
from bench.statements import over_http

TEACHERS = 5_000
_ASKED = 40
"""How often each question is asked, by one after another."""

Ask = Callable[[Connection, Actor], Awaitable[Any]]

_PAGE = PageRequest(limit=20)
CATALOGUE: Mapping[str, Mapping[str, Any]] = {
    "all": {}, "level": {"level": "county"}, "kind": {"kind": "workshop", "content": "ethics"},
    "stratum": {"stratum": "young_teacher", "level": "school"}, "title": {"title": "整本书"},
    "one title": {"title": "第4711号"}, "nothing": {"title": "没有这样的课程"},
    "hours": {"least_hours": 10, "most_hours": 12, "is_practical": True},
    "last": {"page": PageRequest(limit=20, sort="-created")},
}  # fmt: skip
SEARCHED: Mapping[str, Mapping[str, Any]] = {
    "one character": {"q": "书"}, "two": {"q": "阅读"}, "a theme": {"q": "整本书阅读"},
    "several": {"q": "小学语文整本书阅读"}, "one title": {"q": "第47110号"},
    "nothing": {"q": "没有这样的资源"}, "a pair apart": {"q": "学语"},
    "filtered": {"q": "课例", "kind": "electronic", "stage": "primary"},
}  # fmt: skip


def _catalogue(asked: Mapping[str, Any]) -> Ask:
    return partial(_call, list_published_courses, {"page": _PAGE, **asked})


def _register(asked: Mapping[str, Any]) -> Ask:
    kept = {name: value for name, value in asked.items() if not name.endswith("_hours")}
    return partial(_call, list_courses, {"page": _PAGE, **kept})


def _search(asked: Mapping[str, Any]) -> Ask:
    return partial(_call, search_resources, asked)


async def _call(
    ask: Callable[..., Awaitable[Any]], asked: Mapping[str, Any], db: Connection, actor: Actor
) -> Any:
    return await ask(db, actor, **asked)


async def _spend(pool: Pool, ask: Ask, actors: Sequence[Actor]) -> Spent:
    """What a question takes, put as each of these actors; it is one statement."""
    waits: list[float] = []
    async with pool.connection() as db:
        for actor in actors[:6]:
            await ask(db, actor)  # planned, and planned for all
        backend, before = db._driver.get_server_pid(), db.statements  # noqa: SLF001
        own, database = time.process_time_ns(), ran(backend)
        for actor in actors:
            began = time.perf_counter()
            await ask(db, actor)
            waits.append(1000 * (time.perf_counter() - began))
        if db.statements - before != len(actors):
            raise SystemExit("it takes more than one statement")
        count = 1e6 * len(waits)
        return Spent(
            waits, (time.process_time_ns() - own) / count, (ran(backend) - database) / count
        )


async def _whole(
    pool: Pool, name: str, promised: str, asks: Mapping[str, Ask], actors: Sequence[Actor], *,
    each: bool,
) -> Timed:  # fmt: skip
    """The p95 over all questions, and which of them takes most."""
    spent = {
        what: await _spend(pool, ask, list(islice(cycle(actors), _ASKED)))
        for what, ask in asks.items()
    }
    if each:
        for what, one in spent.items():
            print(
                f"{name}, {what}: p95 {one.percentile(0.95):.1f} ms,"
                f" {one.own:.2f} ms of our time, {one.database:.2f} of PostgreSQL's"
            )
    whole = Spent([wait for one in spent.values() for wait in one.waits], 0, 0).percentile(0.95)
    dearest = max(spent, key=lambda what: spent[what].own + spent[what].database)
    compared = (
        f"processor time of the dearest, '{dearest}': {spent[dearest].own:.2f} ms ours,"
        f" {spent[dearest].database:.2f} PostgreSQL's"
    )
    return Timed(name, whole, compared, promised)


def _over(rows: Sequence[Mapping[str, Any]], role: Role, level: str, chosen: Chosen) -> list[Actor]:
    """Those who have a role over the units of a level in which these teachers are."""
    return [
        Actor(account_id=chosen.account_id, grants=(grant,))
        for row in rows
        for grant in [
            Grant(
                role, SubjectKind.UNIT, row[level], row["city_id"], row["county_id"],
                row["school_id"] if level == "school_id" else None,
            )
        ]
    ]  # fmt: skip


async def learning(
    settings: Settings, chosen: Chosen, *, only: Sequence[str] = (), each: bool = False
) -> list[Timed]:
    """The catalogue and the search, as teachers, a school and the city ask."""
    await stock(str(settings.database_owner_url))
    pool = await Pool.open(str(settings.database_url), size=1, patience=5.0, statement_timeout=60)
    found: list[Timed] = []
    try:
        async with pool.connection() as db:
            rows = await db._driver.fetch(_PEOPLE)  # noqa: SLF001
        people = {
            "teachers": [teacher_actor(chosen.account_id, row) for row in rows],
            "schools": _over(rows, Role.SCHOOL_ADMIN, "school_id", chosen),
            "the city": _over(rows[:1], Role.CITY_ADMIN, "city_id", chosen),
        }
        for whose, actors in people.items():
            whole = partial(_whole, pool, actors=actors, each=each)
            if not only or "catalogue" in only:
                asking = _catalogue if whose == "teachers" else _register
                asks = {what: asking(asked) for what, asked in CATALOGUE.items()}
                name, promised = f"课程目录 catalogue of {COURSES}, {whose}: p95", "< 30 ms"
                found.append(await whole(name, promised, asks))
            if not only or "search" in only:
                asks = {what: _search(asked) for what, asked in SEARCHED.items()}
                name, promised = f"资源检索 search of {RESOURCES}, {whose}: p95", "< 100 ms"
                found.append(await whole(name, promised, asks))
    finally:
        await pool.close()
    return found


_PEOPLE = "SELECT id, city_id, county_id, school_id FROM teacher ORDER BY id LIMIT 40"


async def _found(settings: Settings) -> Chosen:
    driver = await asyncpg.connect(settings.database_url)
    try:
        await prepare_connection(driver)
        async with driver.transaction():
            return (await found_city(Connection(driver), TEACHERS))[0]
    finally:
        await driver.close()


def crowds(settings: Settings, chosen: Chosen, *, only: Sequence[str] = ()) -> Iterator[Timed]:
    """The rush for places and what players tell, over HTTP, by a server of its own."""
    asked = {"rush": rush, "statements": over_http}
    wanted = [ask for name, ask in asked.items() if not only or name in only]
    if wanted:
        with servers(settings, chosen.for_floor(), [OURS]) as served:
            for ask in wanted:
                yield ask(settings, chosen, served[OURS])


def _tell(timed: Timed) -> None:
    print(
        f"{timed.name}: {timed.milliseconds:.1f} ms ({timed.promised}); {timed.compared}",
        flush=True,
    )


def main() -> None:
    """Build the city in a folder of its own and measure."""
    parser = argparse.ArgumentParser(prog="python -m bench.learning")
    parser.add_argument("--only", default="", help="rush, catalogue, search, statements")
    parser.add_argument("--each", action="store_true", help="say what each question takes")
    asked = parser.parse_args()
    only = [word for word in asked.only.split(",") if word]
    with own_database() as settings:
        chosen = asyncio.run(_found(settings))
        for timed in crowds(settings, chosen, only=only):
            _tell(timed)
        if not only or {"catalogue", "search"} & set(only):
            for timed in asyncio.run(learning(settings, chosen, only=only, each=asked.each)):
                _tell(timed)


if __name__ == "__main__":
    main()
